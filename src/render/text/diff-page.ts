import type { ProcessPair, Side } from '../../analyze/diff/result.ts';
import type { RunProcess } from '../../analyze/diff/run.ts';
import type { Place } from '../../analyze/process.ts';
import type { Comparison, ToldAct } from '../comparison.ts';
import { baseName } from './names.ts';
import { printable } from './printable.ts';
import { apart, count, cut, paint, type Tone, type View, where, widthOf } from './style.ts';

/** How a comparison is to look. */
export interface DiffView extends View {
  /** Whether the two runs stand beside one another; else one below the other. */
  readonly sideBySide: boolean;
  /** Every row of every list; else as many as a person reads. */
  readonly full: boolean;
}

/** Below this many columns there is no room for two runs beside one another. */
export const SIDE_BY_SIDE_COLUMNS = 120;

export const SIDES = ['a', 'b'] as const;
/** A run in running text. */
export const SIDE_NAMES: Readonly<Record<Side, string>> = { a: 'A', b: 'B' };
/** As git colours what is gone and what is new. */
export const SIDE_TONES: Readonly<Record<Side, Tone>> = { a: 'removed', b: 'added' };

const INDENT = '  ';
/** Columns of a printed line that stay, however narrow the terminal. */
const MIN_QUOTED = 20;

/** Rows of one list that a person reads. */
const SHOWN = 20;

/** The rows of a list, as many as a person reads, and how many more there are. */
export function listed<Item>(
  items: readonly Item[],
  view: DiffView,
  rowsOf: (item: Item) => readonly string[],
): string[] {
  const shown = view.full ? items : items.slice(0, SHOWN);
  const rows = shown.flatMap(rowsOf);
  const more = items.length - shown.length;
  return more === 0 ? rows : [...rows, `  and ${count(more)} more; --full lists them`];
}

/** 'build.strace:353'. */
export function whereIn(side: Side, place: Place, comparison: Comparison): string {
  return where(place, comparison[side].trace);
}

/** A text with the places it rests on at the right edge; on the next line where there is no room for them. */
export function placed(text: string, places: readonly string[], view: View, indent = INDENT): string[] {
  const right = places.join('  ');
  if (right === '') return [text];
  const dim = paint(right, 'dim', view);
  if (widthOf(text) + 2 + widthOf(right) <= view.width) return [apart(text, dim, view.width)];
  return [text, ' '.repeat(Math.max(indent.length, view.width - widthOf(right))) + dim];
}

/** The line of a log that something is told by, or both of a call that others interrupted, as far as they fit. */
export function printedLines(
  { side, place, end }: Pick<ToldAct, 'side' | 'place' | 'end'>,
  comparison: Comparison,
  lead: string,
  view: View,
): string[] {
  const room = Math.max(MIN_QUOTED, view.width - widthOf(lead));
  return [place, ...(end === null ? [] : [end])].flatMap((one) => {
    const line = comparison[side].printed(one);
    return line === null ? [] : [lead + paint(cut(printable(line.replaceAll('\t', ' ')), room), 'dim', view)];
  });
}

/** 'rustc (A pid 22403, B pid 20811)', 'gcc (A pid 12) and sh (B pid 34)'. */
export function pairName({ a, b }: ProcessPair): string {
  const pids = { a: a.pid === null ? [] : [`A pid ${a.pid}`], b: b.pid === null ? [] : [`B pid ${b.pid}`] };
  const [nameA, nameB] = [shortName(a), shortName(b)];
  if (nameA !== null && nameB !== null && nameA !== nameB) {
    return `${withPids(nameA, pids.a)} and ${withPids(nameB, pids.b)}`;
  }
  return withPids(nameA ?? nameB ?? 'a process', [...pids.a, ...pids.b]);
}

function withPids(name: string, pids: readonly string[]): string {
  return pids.length === 0 ? name : `${name} (${pids.join(', ')})`;
}

/** 'sh (pid 12)'. */
export function loneName({ pid, ...process }: RunProcess): string {
  const name = shortName(process);
  if (name === null) return pid === null ? 'a process' : `pid ${pid}`;
  return withPids(name, pid === null ? [] : [`pid ${pid}`]);
}

/** The last name of its program; null where that is not known. */
function shortName({ program, symbol }: Pick<RunProcess, 'program' | 'symbol'>): string | null {
  const path = program ?? symbol;
  return path === '' ? null : printable(baseName(path));
}
