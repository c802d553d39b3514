import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { explore } from '../explore/reading.ts';
import { samples } from '../sample-list.ts';
import { ENTER, TAB, viewOf } from './viewing.ts';

/** Named as a person in the project's folder would: its name is on the screen. */
const STACK = 'samples/strace/rustc-stack.strace';
const SIZES = [
  [80, 24],
  [120, 40],
  [300, 60],
] as const;

describe.each(SIZES)('on %i columns and %i rows', (columns, height) => {
  test.each([
    ['story', []],
    ['events', [TAB, '1', 'e']],
    ['files', [TAB, '2', 'j', 'j']],
    ['all', ['g']],
    ['help', ['?']],
  ] as const)('the %s of a crash', async (name, keys) => {
    const viewing = await viewOf(await explore(STACK), columns, height);
    await viewing.press(...keys);
    const rows = viewing.rows().map((row) => stripVTControlCharacters(row).trimEnd());
    await viewing.close();
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`frames/${name}-${columns}x${height}.txt`);
  });
});

/** Logs with names that are made to do harm, and with text that is not ASCII. */
const HOSTILE = samples.filter(({ name }) => /hostile|names|forge|escapes|utf|bytes/.test(name));

test.each(HOSTILE.map(({ name, path }) => [name, path] as const))('%s does no harm', async (_, path) => {
  const viewing = await viewOf(await explore(path), 61, 15);
  for (const keys of [['g', '1'], [TAB, 'G', ENTER], ['2'], [TAB, 'G', '3']]) {
    await viewing.press(...keys);
    const rows = viewing.rows().map((row) => row.replaceAll(LOOKS, ''));
    expect(rows).toHaveLength(15);
    expect(rows.filter((row) => stringWidth(row) > 61 || CONTROL.test(row))).toEqual([]);
  }
  await viewing.close();
});

/** The sequences of bold, underlined and inverse text: all that a screen without colours has. */
const LOOKS = /\x1b\[(?:0|1|4|7|22|24|27)m/g;
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;
