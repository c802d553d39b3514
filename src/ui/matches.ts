import type { Query } from '../explore/query.ts';
import { type Line, type Piece, textOf } from './line.ts';

/** The line with what the query finds in it marked; as it is where nothing is looked for. */
export function withMatches(line: Line, query: Query | null): Line {
  if (query === null) return line;
  const marked: Piece[] = [];
  const ranges = rangesIn(textOf(line), query);
  let start = 0;
  for (const { text, tone } of line) {
    let at = 0;
    for (const { from, to } of ranges) {
      const begin = Math.max(from - start, at);
      const end = Math.min(to - start, text.length);
      if (end <= begin) continue;
      marked.push({ text: text.slice(at, begin), tone }, { text: text.slice(begin, end), tone: 'match' });
      at = end;
    }
    marked.push({ text: text.slice(at), tone });
    start += text.length;
  }
  return marked.filter(({ text }) => text !== '');
}

/** What the query finds in text as it is shown, from the left. */
function rangesIn(text: string, query: Query): { readonly from: number; readonly to: number }[] {
  const expression = expressionOf(query);
  if (expression === null) return [];
  return [...text.matchAll(expression)].flatMap(({ 0: found, index }) =>
    found === '' ? [] : { from: index, to: index + found.length },
  );
}

/** Null where an expression of bytes is none of characters. */
function expressionOf({ kind, typed, ignoresCase }: Query): RegExp | null {
  try {
    return new RegExp(kind === 'plain' ? typed.replace(SPECIAL, '\\$&') : typed, ignoresCase ? 'gi' : 'g');
  } catch {
    return null;
  }
}

const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;
