import stringWidth from 'string-width';
import type { Selection, Theme, Tone } from './theme.ts';

/** Text in one tone. It must be printable. */
export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}

/** What one row of the screen shows, from left to right. */
export type Line = readonly Piece[];

/** One piece. */
export function piece(text: string, tone: Tone = 'plain'): Piece {
  return { text, tone };
}

/** The text of all its pieces. */
export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** Of one column: ASCII, signs of our own, Latin, Greek and Cyrillic letters. */
const NARROW = '\\x20-\\x7e─│…–·µ✗†○▸▾↑↓←→\\u00c0-\\u024f\\u0391-\\u03a1\\u03a3-\\u03ce\\u0400-\\u045f';
/** Of two: kana, ideographs, Hangul. */
const WIDE = '\\u3041-\\u3096\\u30a1-\\u30fa\\u4e00-\\u9fff\\uac00-\\ud7a3';
const ALL_NARROW = new RegExp(`^[${NARROW}]*$`);
const ALL_KNOWN = new RegExp(`^[${NARROW}${WIDE}]*$`);
const EACH_WIDE = new RegExp(`[${WIDE}]`, 'g');

/**
 * Columns that the text takes. Nearly all is measured here: before `string-width` looks at its first emoji V8 compiles
 * an expression for 20 to 50 ms, and again when it was not used for a while.
 */
export function widthOf(text: string): number {
  if (ALL_NARROW.test(text)) return text.length;
  if (ALL_KNOWN.test(text)) return text.length + (text.match(EACH_WIDE)?.length ?? 0);
  return stringWidth(text);
}

/** Columns that the line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + widthOf(text), 0);
}

const segmenter = new Intl.Segmenter();

/** The beginning of the text that takes no more columns, in whole characters. */
export function startOf(text: string, width: number): string {
  if (width <= 0) return '';
  if (ALL_NARROW.test(text)) return text.slice(0, width);
  let columns = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    columns += widthOf(segment);
    if (columns > width) return text.slice(0, index);
  }
  return text;
}

/** The text without its beginning of so many columns; a wide character that is cut in two leaves a blank. */
function restOf(text: string, width: number): string {
  if (width <= 0) return text;
  const start = startOf(text, width);
  if (widthOf(start) === width || start === text) return text.slice(start.length);
  const [cut] = segmenter.segment(text.slice(start.length));
  return ` ${text.slice(start.length + (cut?.segment.length ?? 0))}`;
}

/** The text cut to a width, with `…` for its end. */
export function cutEnd(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${startOf(text, width - 1)}${width > 0 ? '…' : ''}`;
}

/** The text cut to a width, with `…` for its beginning: the end of a path tells more. */
export function cutStart(text: string, width: number): string {
  const columns = widthOf(text);
  return columns <= width ? text : `${width > 0 ? '…' : ''}${restOf(text, columns - width + 1)}`;
}

/** The text cut to a width, with `…` for its middle: both ends of arguments tell something. */
export function cutMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const tail = Math.floor((width - 1) / 2);
  return `${startOf(text, width - 1 - tail)}…${tail > 0 ? restOf(text, widthOf(text) - tail) : ''}`;
}

/** The text with blanks behind it up to a width. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The text with blanks before it up to a width. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** The line without its first columns. */
export function shifted(line: Line, columns: number): Line {
  let left = columns;
  const rest: Piece[] = [];
  for (const { text, tone } of line) {
    rest.push({ text: restOf(text, left), tone });
    left = Math.max(0, left - widthOf(text));
  }
  return rest;
}

/** The line in exactly so many columns: cut with `…`, or with blanks behind it. */
export function fittedLine(line: Line, width: number): Line {
  const fitted: Piece[] = [];
  let left = width;
  for (const [index, { text, tone }] of line.entries()) {
    const columns = widthOf(text);
    const isLast = line.slice(index + 1).every((other) => other.text === '');
    if (columns < left || (columns === left && isLast)) {
      fitted.push({ text, tone });
      left -= columns;
      continue;
    }
    const start = startOf(text, left - 1);
    fitted.push({ text: left > 0 ? `${start}…` : '', tone });
    left -= widthOf(start) + 1;
    break;
  }
  if (left > 0) fitted.push(piece(' '.repeat(left)));
  return fitted;
}

/** Two lines at the left and the right edge of a width; what is on the left gives way. */
export function apart(left: Line, right: Line, width: number): Line {
  const room = width - lineWidth(right);
  return room < 2 ? fittedLine(left, width) : [...fittedLine(left, room - 1), piece(' '), ...right];
}

/** The text in lines of a width; words are kept together where they fit. */
export function wrappedText(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > width && width > 0) {
    const start = startOf(rest, width);
    const blank = start.lastIndexOf(' ');
    const end = blank > width / 2 ? blank + 1 : Math.max(1, start.length);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end);
  }
  return [...lines, rest];
}

/** The line as it is written to the terminal, in `width` columns. */
export function paintedLine(line: Line, width: number, theme: Theme, selection: Selection = null): string {
  return fittedLine(line, width)
    .map(({ text, tone }) => theme.paint(text, tone, selection))
    .join('');
}
