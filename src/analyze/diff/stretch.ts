/** A stretch of two token lists: of A from `aFrom` up to but without `aTo`, of B likewise. */
export interface Stretch {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** All of two lists. */
export function wholeOf(a: Int32Array, b: Int32Array): Stretch {
  return { aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length };
}

/** An empty list. */
export const NO_TOKENS: Int32Array = new Int32Array(0);

/** In `partner`: the token has no counterpart. */
export const NONE = -1;

/** What is left of the stretch when its like beginnings and endings are noted in `partner`. */
export function trimmed(a: Int32Array, b: Int32Array, stretch: Stretch, partner: Int32Array): Stretch {
  let { aFrom, aTo, bFrom, bTo } = stretch;
  while (aFrom < aTo && bFrom < bTo && a[aFrom] === b[bFrom]) partner[aFrom++] = bFrom++;
  while (aFrom < aTo && bFrom < bTo && a[aTo - 1] === b[bTo - 1]) partner[--aTo] = --bTo;
  return { aFrom, aTo, bFrom, bTo };
}

/** Tokens in it, of both lists. */
export function sizeOf({ aFrom, aTo, bFrom, bTo }: Stretch): number {
  return aTo - aFrom + (bTo - bFrom);
}
