import type { ActAt, Hunk, ProcessPair, Side, ThreadPair } from '../../analyze/diff/result.ts';
import type { RunProcess } from '../../analyze/diff/run.ts';
import { actsOf, type Comparison, range, type ToldAct, toldAct } from '../comparison.ts';
import { actText, changeText } from './act-words.ts';
import { type DiffView, pairName, placed, printedLines, SIDE_NAMES, SIDE_TONES, SIDES, whereIn } from './diff-page.ts';
import { count, counted, cut, paint, type Tone, widthOf } from './style.ts';

/** Acts alike that stand around those that are not. */
const CONTEXT = 3;
/** Rows of one thread that a person reads. */
const SHOWN = 60;

/** Whether an act needs no row of its own here. */
export type IsTold = (told: ToldAct) => boolean;

/** A row of two aligned threads. */
type Row =
  | { readonly kind: 'same' | 'changed'; readonly a: ToldAct; readonly b: ToldAct }
  | { readonly kind: 'lone'; readonly told: ToldAct; readonly moved: boolean }
  | { readonly kind: 'words'; readonly text: string };

/** The calls of a pair on which the two differ, with some alike around them; nothing where there are none to tell. */
export function renderCalls(pair: ProcessPair, isTold: IsTold, comparison: Comparison, view: DiffView): string[] {
  const lines: string[] = [];
  for (const thread of pair.threads) {
    const rows = rowsOf(pair, thread, isTold, comparison);
    if (rows.every(({ kind }) => kind === 'same' || kind === 'words')) continue;
    const heading = threadWords(pair, thread);
    lines.push(paint(`@@ ${pairName(pair)}${heading} @@`, 'changed', view));
    const shown = view.full ? rows : rows.slice(0, SHOWN);
    lines.push(
      ...shown.flatMap((row) => (view.sideBySide ? beside(row, comparison, view) : below(row, comparison, view))),
    );
    if (rows.length > shown.length)
      lines.push(`  and ${count(rows.length - shown.length)} rows more; --full shows them`);
  }
  return lines;
}

function threadWords({ a, b }: ProcessPair, thread: ThreadPair): string {
  if (a.threads.length < 2 && b.threads.length < 2) return '';
  const named = [tidOf('a', a, thread.a), tidOf('b', b, thread.b)].filter((words) => words !== null);
  return `, thread ${named.join(', ')}`;
}

function tidOf(side: Side, process: RunProcess, thread: number | null): string | null {
  if (thread === null) return null;
  return `${SIDE_NAMES[side]} ${process.threads[thread]?.tid ?? thread + 1}`;
}

// ---- rows

/** Rows that tell a difference, or a range of acts that are alike. */
type Stretch =
  | { readonly kind: 'alike'; readonly hunk: Hunk }
  | { readonly kind: 'apart'; readonly rows: readonly Row[] };

function rowsOf(pair: ProcessPair, thread: ThreadPair, isTold: IsTold, comparison: Comparison): Row[] {
  const acts = new ThreadActs(pair, thread, comparison);
  const stretches: Stretch[] = [];
  for (const hunk of thread.hunks) {
    if (hunk.kind === 'same') {
      stretches.push({ kind: 'alike', hunk });
      continue;
    }
    if (hunk.kind === 'implied-a' || hunk.kind === 'implied-b') continue;
    const rows = acts.rowsApart(hunk, isTold);
    if (rows.length > 0) stretches.push({ kind: 'apart', rows });
  }
  return stretches.flatMap((stretch, index) => {
    if (stretch.kind === 'apart') return stretch.rows;
    const after = stretches[index - 1]?.kind === 'apart' ? CONTEXT : 0;
    const before = stretches[index + 1]?.kind === 'apart' ? CONTEXT : 0;
    return acts.rowsAlike(stretch.hunk, after, before);
  });
}

/** The acts of two aligned threads. */
class ThreadActs {
  readonly #pair: ProcessPair;
  readonly #thread: ThreadPair;
  readonly #comparison: Comparison;

  constructor(pair: ProcessPair, thread: ThreadPair, comparison: Comparison) {
    this.#pair = pair;
    this.#thread = thread;
    this.#comparison = comparison;
  }

  /** The first `after` and the last `before` of acts alike, and how many are left out between. */
  rowsAlike({ aFrom, aTo, bFrom }: Hunk, after: number, before: number): Row[] {
    const length = aTo - aFrom;
    const row = (index: number): Row[] => this.#both('same', aFrom + index, bFrom + index);
    if (length <= after + before) return range(0, length).flatMap(row);
    const between =
      after > 0 && before > 0 ? [wordsRow(`… ${counted(length - after - before, 'act', 'acts')} alike`)] : [];
    return [...range(0, after).flatMap(row), ...between, ...range(length - before, length).flatMap(row)];
  }

  /** What differs and is not told elsewhere. */
  rowsApart(hunk: Hunk, isTold: IsTold): Row[] {
    const { kind, aFrom, aTo, bFrom, bTo } = hunk;
    if (kind === 'changed') {
      const rows = range(0, aTo - aFrom).flatMap((index) => this.#both(kind, aFrom + index, bFrom + index));
      return rows.filter((row) => row.kind !== 'changed' || !(isTold(row.a) && isTold(row.b)));
    }
    const moved = kind === 'moved-a' || kind === 'moved-b';
    const rows = SIDES.flatMap((side) => this.#lone(side, actsOf(side, hunk), moved, isTold));
    if (kind !== 'unordered' || rows.length === 0) return rows;
    const sizes = `${counted(aTo - aFrom, 'act', 'acts')} of A and ${count(bTo - bFrom)} of B`;
    return [wordsRow(`${sizes}, compared in any order:`), ...rows];
  }

  #both(kind: 'same' | 'changed', indexA: number, indexB: number): Row[] {
    const a = this.#told('a', indexA);
    const b = this.#told('b', indexB);
    return a === null || b === null ? [] : [{ kind, a, b }];
  }

  #lone(side: Side, indices: readonly number[], moved: boolean, isTold: IsTold): Row[] {
    return indices.flatMap((index): Row[] => {
      const told = this.#told(side, index);
      return told === null || isTold(told) ? [] : [{ kind: 'lone', told, moved }];
    });
  }

  #told(side: Side, index: number): ToldAct | null {
    const thread = this.#thread[side];
    const at: ActAt | null = thread === null ? null : { process: this.#pair[side], thread, index };
    return toldAct(side, at, this.#comparison);
  }
}

function wordsRow(text: string): Row {
  return { kind: 'words', text };
}

// ---- one below the other

//   open src/lib.rs
// - open src/old.rs                                                  a.strace:353
//   openat(AT_FDCWD, "src/old.rs", O_RDONLY) = 3
function below(row: Row, comparison: Comparison, view: DiffView): string[] {
  switch (row.kind) {
    case 'words':
      return [paint(`  ${row.text}`, 'dim', view)];
    case 'same':
      return [paint(`  ${actText(row.a)}`, 'dim', view)];
    case 'changed': {
      const places = [whereIn('a', row.a.place, comparison), whereIn('b', row.b.place, comparison)];
      return [
        ...placed(paint(`~ ${changeText(row.a, row.b)}`, 'doubtful', view), places, view),
        ...[row.a, row.b].flatMap((told) => printedLines(told, comparison, `  ${SIDE_NAMES[told.side]} `, view)),
      ];
    }
    case 'lone': {
      const { told, moved } = row;
      const text = `${told.side === 'a' ? '-' : '+'} ${actText(told)}${moved ? '  (moved)' : ''}`;
      return [
        ...placed(paint(text, SIDE_TONES[told.side], view), [whereIn(told.side, told.place, comparison)], view),
        ...printedLines(told, comparison, '  ', view),
      ];
    }
    default:
      return row satisfies never;
  }
}

// ---- beside one another

/** Between the two runs: alike, the same call with another result, of one run alone. */
const GUTTERS = { same: '   ', changed: ' | ', a: ' < ', b: ' > ' } as const;

function beside(row: Row, comparison: Comparison, view: DiffView): string[] {
  const room = Math.floor((view.width - GUTTERS.same.length) / 2);
  const cell = (told: ToldAct | null, tone: Tone): string[] => {
    if (told === null) return [];
    const at = `:${told.place.line}`;
    const { inputs } = comparison[told.side].trace;
    const place = inputs.length === 1 ? at : whereIn(told.side, told.place, comparison);
    const text = cut(actText(told), Math.max(20, room - widthOf(place) - 2));
    const line = paint(text, tone, view) + ' '.repeat(Math.max(2, room - widthOf(text) - widthOf(place)));
    const printed = row.kind === 'same' ? [] : printedLines(told, comparison, '  ', { ...view, width: room });
    return [line + paint(place, 'dim', view), ...printed];
  };
  switch (row.kind) {
    case 'words':
      return [paint(`  ${row.text}`, 'dim', view)];
    case 'same':
      return joined(cell(row.a, 'dim'), GUTTERS.same, cell(row.b, 'dim'), room);
    case 'changed':
      return joined(cell(row.a, 'doubtful'), GUTTERS.changed, cell(row.b, 'doubtful'), room);
    case 'lone': {
      const { told } = row;
      const own = cell(told, SIDE_TONES[told.side]);
      return told.side === 'a' ? joined(own, GUTTERS.a, [], room) : joined([], GUTTERS.b, own, room);
    }
    default:
      return row satisfies never;
  }
}

function joined(left: readonly string[], gutter: string, right: readonly string[], room: number): string[] {
  return range(0, Math.max(left.length, right.length)).map((index) => {
    const cell = left[index] ?? '';
    const between = index === 0 ? gutter : GUTTERS.same;
    return `${cell}${' '.repeat(Math.max(0, room - widthOf(cell)))}${between}${right[index] ?? ''}`.trimEnd();
  });
}
