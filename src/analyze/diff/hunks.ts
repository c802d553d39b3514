import type { AlignedThreads } from './aligned-threads.ts';
import { IMPLIED } from './implied-acts.ts';
import { MOVED } from './moved-acts.ts';
import { piecesOf } from './pieces.ts';
import type { Hunk, HunkKind } from './result.ts';
import type { RunThread } from './run.ts';
import type { Stretch } from './stretch.ts';

const NOBODY: readonly number[] = [];

/** Two aligned threads told in hunks. `countsMatter`: whether an act done once and one done twice are unlike. */
export function hunksOf(threads: AlignedThreads, countsMatter: boolean): Hunk[] {
  const hunks: Hunk[] = [];
  for (const { kind, ...stretch } of piecesOf(threads, threads.idsB.length)) {
    if (kind === 'heap') hunks.push(heapHunk(threads, stretch));
    else if (kind === 'paired') addPaired(hunks, threads, stretch, countsMatter);
    else addLone(hunks, threads, stretch);
  }
  return hunks;
}

function addPaired(hunks: Hunk[], threads: AlignedThreads, stretch: Stretch, countsMatter: boolean): void {
  const offset = stretch.bFrom - stretch.aFrom;
  const isSame = (inA: number) => isAlike(threads, inA, inA + offset, countsMatter);
  for (const { from, to, is } of runsOf(stretch.aFrom, stretch.aTo, isSame)) {
    const kind = is ? 'same' : 'changed';
    hunks.push(hunkOf(kind, { aFrom: from, aTo: to, bFrom: from + offset, bTo: to + offset }));
  }
}

function isAlike(threads: AlignedThreads, inA: number, inB: number, countsMatter: boolean): boolean {
  const { a, b, idsA, idsB, repeatsA, repeatsB } = threads;
  if (idsA[inA] !== idsB[inB] || !countsMatter) return idsA[inA] === idsB[inB];
  return countOf(a, inA, repeatsA) === countOf(b, inB, repeatsB);
}

function countOf(thread: RunThread | null, index: number, repeats: ReadonlyMap<number, number>): number {
  return (thread?.acts.count(index) ?? 0) + (repeats.get(index) ?? 0);
}

function addLone(hunks: Hunk[], { loneA, loneB }: AlignedThreads, { aFrom, aTo, bFrom, bTo }: Stretch): void {
  for (const { from, to, is } of runsOf(aFrom, aTo, (index) => loneKind(loneA[index]))) {
    hunks.push(hunkOf(`${is}-a`, { aFrom: from, aTo: to, bFrom, bTo: bFrom }));
  }
  for (const { from, to, is } of runsOf(bFrom, bTo, (index) => loneKind(loneB[index]))) {
    hunks.push(hunkOf(`${is}-b`, { aFrom: aTo, aTo, bFrom: from, bTo: to }));
  }
}

function loneKind(mark: number | undefined): 'only' | 'moved' | 'implied' {
  if (mark === MOVED) return 'moved';
  return mark === IMPLIED ? 'implied' : 'only';
}

/** What is left of each side of a heap when like is taken from like. */
function heapHunk({ idsA, idsB }: AlignedThreads, heap: Stretch): Hunk {
  const inA = countsOf(idsA, heap.aFrom, heap.aTo);
  const inB = countsOf(idsB, heap.bFrom, heap.bTo);
  return {
    kind: 'unordered',
    ...heap,
    loneA: beyond(idsA, heap.aFrom, heap.aTo, inB),
    loneB: beyond(idsB, heap.bFrom, heap.bTo, inA),
  };
}

function countsOf(ids: Int32Array, from: number, to: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids.subarray(from, to)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** Indices of the acts that are there oftener than `counts` has them. */
function beyond(ids: Int32Array, from: number, to: number, counts: ReadonlyMap<number, number>): number[] {
  const left = new Map(counts);
  const found: number[] = [];
  for (let index = from; index < to; index++) {
    const id = ids[index] ?? 0;
    const count = left.get(id) ?? 0;
    if (count === 0) found.push(index);
    else left.set(id, count - 1);
  }
  return found;
}

/** Runs of indices that are the same in some way. */
function* runsOf<Way>(
  from: number,
  to: number,
  wayOf: (index: number) => Way,
): Generator<{ readonly from: number; readonly to: number; readonly is: Way }, undefined> {
  for (let start = from; start < to; ) {
    const is = wayOf(start);
    let end = start + 1;
    while (end < to && wayOf(end) === is) end++;
    yield { from: start, to: end, is };
    start = end;
  }
}

function hunkOf(kind: HunkKind, stretch: Stretch): Hunk {
  return { kind, ...stretch, loneA: NOBODY, loneB: NOBODY };
}
