import { type Stretch, sizeOf, trimmed } from './stretch.ts';
import type { Work } from './work.ts';

/**
 * Notes in `partner`, by index into A, which token of B each token of A is: those of a shortest edit from A to B.
 * Myers, "An O(ND) difference algorithm and its variations" (1986), in its form with linear memory: the middle of a
 * shortest edit is searched from both ends at once, and then each half. False where the work was used up: then what was
 * noted is of no use.
 */
export function shortestEdit(a: Int32Array, b: Int32Array, partner: Int32Array, work: Work): boolean {
  const search = new MiddleSearch(a, b, work);
  const open: Stretch[] = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { aFrom, aTo, bFrom, bTo } = trimmed(a, b, next, partner);
    work.steps += sizeOf(next) - (aTo - aFrom) - (bTo - bFrom) + 1;
    if (aFrom === aTo || bFrom === bTo) continue;
    if (!search.run({ aFrom, aTo, bFrom, bTo })) {
      if (work.isOver) return false;
      continue;
    }
    const { x, y } = search;
    open.push({ aFrom, aTo: aFrom + x, bFrom, bTo: bFrom + y }, { aFrom: aFrom + x, aTo, bFrom: bFrom + y, bTo });
  }
  return true;
}

/**
 * One of the two searches that run towards each other: by diagonal, how far into A a path of so many edits can come.
 * The one from the end counts both from the end.
 */
interface Front {
  readonly reached: Int32Array;
  /** Diagonals at either edge that have left the field. */
  low: number;
  high: number;
}

/** Searches the point at which two halves of a shortest edit meet. */
class MiddleSearch {
  /** Where they meet, counted from the beginning of the stretch. */
  x = 0;
  y = 0;
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  readonly #work: Work;
  /** Index of diagonal 0. */
  readonly #zero: number;
  readonly #forward: Front;
  readonly #backward: Front;

  constructor(a: Int32Array, b: Int32Array, work: Work) {
    this.#a = a;
    this.#b = b;
    this.#work = work;
    this.#zero = Math.ceil((a.length + b.length) / 2) + 1;
    this.#forward = { reached: new Int32Array(2 * this.#zero + 1), low: 0, high: 0 };
    this.#backward = { reached: new Int32Array(2 * this.#zero + 1), low: 0, high: 0 };
  }

  /** False where the two have nothing in common, or the work is used up. */
  run(stretch: Stretch): boolean {
    const mostEdits = Math.ceil(sizeOf(stretch) / 2);
    for (const front of [this.#forward, this.#backward]) {
      front.low = 0;
      front.high = 0;
      front.reached[this.#zero + 1] = 0;
      front.reached[this.#zero - 1] = -1;
    }
    for (let edits = 0; edits <= mostEdits; edits++) {
      if (this.#advance(this.#forward, this.#backward, stretch, edits, false)) return true;
      if (this.#advance(this.#backward, this.#forward, stretch, edits, true)) return true;
      if (this.#work.isOver) return false;
    }
    return false;
  }

  /** Goes on by one edit on every diagonal; true where a path meets one of the `other` front. */
  #advance(front: Front, other: Front, { aFrom, aTo, bFrom, bTo }: Stretch, edits: number, isBack: boolean): boolean {
    const [a, b, zero, { reached }] = [this.#a, this.#b, this.#zero, front];
    const [width, height] = [aTo - aFrom, bTo - bFrom];
    const delta = width - height;
    // The fronts can meet only where their diagonals have the same parity: then the forward one steps onto the other's.
    const canMeet = (delta % 2 === 0) === isBack;
    const otherEdits = isBack ? edits : edits - 1;
    if (edits > 0) {
      reached[zero + edits + 1] = -1;
      reached[zero - edits - 1] = -1;
    }
    for (let diagonal = -edits + front.low; diagonal <= edits - front.high; diagonal += 2) {
      const left = reached[zero + diagonal - 1] ?? -1;
      const right = reached[zero + diagonal + 1] ?? -1;
      let x = diagonal === -edits || (diagonal !== edits && left < right) ? right : left + 1;
      const start = x;
      let y = x - diagonal;
      while (x < width && y < height && (isBack ? a[aTo - 1 - x] === b[bTo - 1 - y] : a[aFrom + x] === b[bFrom + y])) {
        x++;
        y++;
      }
      this.#work.steps += x - start + 1;
      reached[zero + diagonal] = x;
      if (x > width) front.high += 2;
      else if (y > height) front.low += 2;
      else if (canMeet) {
        const opposite = delta - diagonal;
        if (opposite < -otherEdits || opposite > otherEdits) continue;
        const met = other.reached[zero + opposite] ?? -1;
        if (met === -1 || x < width - met) continue;
        this.x = isBack ? width - x : x;
        this.y = isBack ? height - y : y;
        return true;
      }
    }
    return false;
  }
}
