import type { Aligner } from './align.ts';
import { alignThreads } from './aligned-threads.ts';
import { hunksOf } from './hunks.ts';
import { markFirstExec, markSplitRepeats } from './implied-acts.ts';
import { matchThreads } from './match-threads.ts';
import { markMoved } from './moved-acts.ts';
import type { ActCounts, Hunk, ThreadPair } from './result.ts';
import type { RunProcess, Vocabulary } from './run.ts';

/** What two processes did, side by side. */
export interface ComparedThreads {
  readonly threads: readonly ThreadPair[];
  readonly counts: ActCounts;
  /** Acts that another thread did in the other run. */
  readonly pooled: number;
}

/**
 * Compares two processes thread by thread. What is left over of one thread and was done by another in the other run has
 * moved: threads share work out as they come to it. `countsMatter`: see `hunksOf`.
 */
export function compareThreads(
  a: RunProcess,
  b: RunProcess,
  vocabulary: Vocabulary,
  aligner: Aligner,
  countsMatter: boolean,
): ComparedThreads {
  const matches = matchThreads(a.threads, b.threads);
  const aligned = matches.map((match) => alignThreads(threadOf(a, match.a), threadOf(b, match.b), vocabulary, aligner));
  for (const threads of aligned) markSplitRepeats(threads, countsMatter);
  const [first] = aligned;
  if (first !== undefined && a.parent === null && b.parent !== null) markFirstExec(first.idsB, first.loneB, vocabulary);
  if (first !== undefined && b.parent === null && a.parent !== null) markFirstExec(first.idsA, first.loneA, vocabulary);
  for (const threads of aligned) markMoved([threads]);
  const pooled = aligned.length > 1 ? markMoved(aligned) : 0;
  const threads = aligned.map((pair, place) => ({
    a: matches[place]?.a ?? null,
    b: matches[place]?.b ?? null,
    hunks: hunksOf(pair, countsMatter),
  }));
  return { threads, counts: sumOf(countsOf(threads)), pooled };
}

/** Counts together. */
export function sumOf(counts: Iterable<ActCounts>): ActCounts {
  let { same, changed, onlyA, onlyB, moved } = NO_ACTS;
  for (const some of counts) {
    same += some.same;
    changed += some.changed;
    onlyA += some.onlyA;
    onlyB += some.onlyB;
    moved += some.moved;
  }
  return { same, changed, onlyA, onlyB, moved };
}

function* countsOf(threads: readonly ThreadPair[]): Generator<ActCounts, undefined> {
  for (const { hunks } of threads) for (const hunk of hunks) yield countsOfHunk(hunk);
}

const NO_ACTS: ActCounts = { same: 0, changed: 0, onlyA: 0, onlyB: 0, moved: 0 };

function countsOfHunk({ kind, aFrom, aTo, bFrom, bTo, loneA, loneB }: Hunk): ActCounts {
  switch (kind) {
    case 'same':
      return { ...NO_ACTS, same: aTo - aFrom };
    case 'changed':
      return { ...NO_ACTS, changed: aTo - aFrom };
    case 'only-a':
      return { ...NO_ACTS, onlyA: aTo - aFrom };
    case 'only-b':
      return { ...NO_ACTS, onlyB: bTo - bFrom };
    case 'moved-a':
      return { ...NO_ACTS, moved: aTo - aFrom };
    case 'moved-b':
    case 'implied-a':
    case 'implied-b':
      return NO_ACTS;
    case 'unordered':
      return { ...NO_ACTS, same: aTo - aFrom - loneA.length, onlyA: loneA.length, onlyB: loneB.length };
    default:
      return kind satisfies never;
  }
}

function threadOf({ threads }: RunProcess, index: number | null) {
  return index === null ? null : (threads[index] ?? null);
}
