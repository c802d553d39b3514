import type { AlignedThreads } from './aligned-threads.ts';

/** In `loneA` and `loneB`: the act is in one run alone. */
export const ONLY = 1;
/** The other run has it too, elsewhere. */
export const MOVED = 2;

/**
 * Marks the acts without a partner that both sides have: what was done in another place of the order, or by another
 * thread. Gives how many there are of each side.
 */
export function markMoved(threads: readonly AlignedThreads[]): number {
  const common = commonActs(threads);
  let moved = 0;
  const leftB = new Map(common);
  for (const { idsA, idsB, loneA, loneB } of threads) {
    moved += mark(idsA, loneA, common);
    mark(idsB, loneB, leftB);
  }
  return moved;
}

/** How many acts without a partner are on both sides, by their ids. */
function commonActs(threads: readonly AlignedThreads[]): Map<number, number> {
  const inA = new Map<number, number>();
  const common = new Map<number, number>();
  for (const { idsA, loneA } of threads) {
    for (const [index, id] of idsA.entries()) if (loneA[index] === ONLY) inA.set(id, (inA.get(id) ?? 0) + 1);
  }
  for (const { idsB, loneB } of threads) {
    for (const [index, id] of idsB.entries()) {
      if (loneB[index] !== ONLY) continue;
      const already = common.get(id) ?? 0;
      if (already < (inA.get(id) ?? 0)) common.set(id, already + 1);
    }
  }
  return common;
}

function mark(ids: Int32Array, lone: Uint8Array, left: Map<number, number>): number {
  let marked = 0;
  for (const [index, id] of ids.entries()) {
    const count = left.get(id) ?? 0;
    if (lone[index] !== ONLY || count === 0) continue;
    lone[index] = MOVED;
    left.set(id, count - 1);
    marked++;
  }
  return marked;
}
