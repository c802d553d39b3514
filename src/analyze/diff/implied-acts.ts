import type { AlignedThreads } from './aligned-threads.ts';
import { ONLY } from './moved-acts.ts';
import { isSuccess } from './outcomes.ts';
import { piecesOf } from './pieces.ts';
import type { ActList, Vocabulary } from './run.ts';

/** In `loneA` and `loneB`: the act has no partner, and yet what was done is no difference. */
export const IMPLIED = 3;

/**
 * Marks acts that repeat the act beside which they stand in both runs, where the other run did it several times in a row
 * and this one did something else in between: that alone is the difference. `countsMatter`: only where both did it
 * equally often.
 */
export function markSplitRepeats(threads: AlignedThreads, countsMatter: boolean): void {
  const { a, b, idsA, idsB, partner, loneA, loneB, repeatsA, repeatsB } = threads;
  if (a === null || b === null) return;
  const sideA: Marking = { acts: a.acts, ids: idsA, lone: loneA, repeats: repeatsA };
  const sideB: Marking = { acts: b.acts, ids: idsB, lone: loneB, repeats: repeatsB };
  const areAlike = (inA: number, inB: number) => partner[inA] === inB && idsA[inA] === idsB[inB];
  for (const { kind, aFrom, aTo, bFrom, bTo } of piecesOf(threads, idsB.length)) {
    if (kind !== 'lone') continue;
    const [beforeA, beforeB] = [aFrom - 1, bFrom - 1];
    if (areAlike(beforeA, beforeB)) {
      markRepeats(sideA, beforeA, aTo, b.acts.count(beforeB), countsMatter);
      markRepeats(sideB, beforeB, bTo, a.acts.count(beforeA), countsMatter);
    }
    if (areAlike(aTo, bTo)) {
      markRepeats(sideA, aTo, beforeA, b.acts.count(bTo), countsMatter);
      markRepeats(sideB, bTo, beforeB, a.acts.count(aTo), countsMatter);
    }
  }
}

/** What is marked of one of two threads. */
interface Marking {
  readonly acts: ActList;
  readonly ids: Int32Array;
  readonly lone: Uint8Array;
  /** By index of the act they repeat: how often it was done in acts that are implied. */
  readonly repeats: Map<number, number>;
}

/** Of the act at `first`, going from there up or down to `end`; the other run did it `otherCount` times in a row. */
function markRepeats(
  { acts, ids, lone, repeats }: Marking,
  first: number,
  end: number,
  otherCount: number,
  countsMatter: boolean,
): void {
  if (otherCount < 2) return;
  const step = first < end ? 1 : -1;
  const found: number[] = [];
  for (let index = first + step; index !== end; index += step) {
    // What is implied by another act is no difference that could part these.
    if (lone[index] !== ONLY) break;
    if (ids[index] === ids[first]) found.push(index);
  }
  const again = found.reduce((sum, index) => sum + acts.count(index), 0);
  if (countsMatter && acts.count(first) + again !== otherCount) return;
  for (const index of found) lone[index] = IMPLIED;
  if (again > 0) repeats.set(first, again);
}

/**
 * Marks the exec with which a process began, and the looking for its program before, in a run in which it has a parent.
 * The other recording begins with the process: there it is the tracer that did so.
 */
export function markFirstExec(ids: Int32Array, lone: Uint8Array, vocabulary: Vocabulary): void {
  for (const [index, id] of ids.entries()) {
    const { operation, outcome } = vocabulary.act(id);
    if (operation !== 'exec') continue;
    if (lone[index] === ONLY) lone[index] = IMPLIED;
    if (isSuccess(outcome)) return;
  }
}
