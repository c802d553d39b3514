import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../src/explore/query.ts';
import { piece } from '../../src/ui/line.ts';
import { withMatches } from '../../src/ui/matches.ts';

/** The pieces of a line of two, those that are marked in brackets. */
function marked(typed: string, ...texts: readonly string[]): string[] {
  const line = texts.map((text) => piece(text));
  return withMatches(line, parseQuery(typed)).map(({ text, tone }) => (tone === 'match' ? `[${text}]` : text));
}

describe('matches', () => {
  test.each([
    ['open', ['openat("open")'], ['[open]', 'at("', '[open]', '")']],
    ['OPEN', ['open OPEN'], ['open ', '[OPEN]']],
    ['a(', ['a(b', 'a('], ['[a(]', 'b', '[a(]']],
    ['atb', ['openat', 'buf'], ['open', '[at]', '[b]', 'uf']],
    ['/o.e/', ['open one'], ['[ope]', 'n ', '[one]']],
    ['/x*/', ['abc'], ['abc']],
    ['é', ['caffé né'], ['caff', '[é]', ' n', '[é]']],
    ['no', ['abc'], ['abc']],
  ])('of %s in %j', (typed, texts, shown) => {
    expect(marked(typed, ...texts)).toEqual(shown);
  });

  test('are none where nothing is looked for, or what is no expression of characters', () => {
    expect(withMatches([piece('abc')], null)).toEqual([piece('abc')]);
    expect(marked('/[ü-é]/', 'üé')).toEqual(['üé']);
  });
});
