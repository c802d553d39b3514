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
 * The one from the end has both lists reversed.
 */
interface Front {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly reached: Int32Array;
  /** Where the stretch begins in its lists. */
  aFrom: number;
  bFrom: number;
  /** Diagonals at either edge that have left the field. */
  low: number;
  high: number;
}

function frontOf(a: Int32Array, b: Int32Array): Front {
  return { a, b, reached: new Int32Array(a.length + b.length + 5), aFrom: 0, bFrom: 0, low: 0, high: 0 };
}

/** Searches the point at which two halves of a shortest edit meet. */
class MiddleSearch {
  /** Where they meet, counted from the beginning of the stretch. */
  x = 0;
  y = 0;
  readonly #work: Work;
  /** Index of diagonal 0. */
  readonly #zero: number;
  readonly #forward: Front;
  readonly #backward: Front;
  #width = 0;
  #height = 0;

  constructor(a: Int32Array, b: Int32Array, work: Work) {
    this.#work = work;
    this.#zero = Math.ceil((a.length + b.length) / 2) + 1;
    this.#forward = frontOf(a, b);
    this.#backward = frontOf(a.toReversed(), b.toReversed());
  }

  /** False where the two have nothing in common, or the work is used up. */
  run({ aFrom, aTo, bFrom, bTo }: Stretch): boolean {
    this.#width = aTo - aFrom;
    this.#height = bTo - bFrom;
    this.#begin(this.#forward, aFrom, bFrom);
    this.#begin(this.#backward, this.#backward.a.length - aTo, this.#backward.b.length - bTo);
    const mostEdits = Math.ceil((this.#width + this.#height) / 2);
    // Diagonals of the two are the same ones only every other time: then the forward front steps onto the other's, or not.
    const forwardMeets = (this.#width - this.#height) % 2 !== 0;
    for (let edits = 0; edits <= mostEdits; edits++) {
      const onForward = this.#advance(this.#forward, edits, forwardMeets ? this.#backward : null, edits - 1);
      if (onForward !== null) return this.#meet(this.#forward, onForward);
      const onBackward = this.#advance(this.#backward, edits, forwardMeets ? null : this.#forward, edits);
      if (onBackward !== null) return this.#meet(this.#forward, this.#width - this.#height - onBackward);
      if (this.#work.isOver) return false;
    }
    return false;
  }

  #begin(front: Front, aFrom: number, bFrom: number): void {
    front.aFrom = aFrom;
    front.bFrom = bFrom;
    front.low = 0;
    front.high = 0;
    front.reached[this.#zero + 1] = 0;
  }

  #meet({ reached }: Front, diagonal: number): true {
    this.x = reached[this.#zero + diagonal] ?? 0;
    this.y = this.x - diagonal;
    return true;
  }

  /**
   * Goes on by one edit on every diagonal. Gives the diagonal on which it meets the `other` front, which has made
   * `otherEdits`; null where it meets none.
   */
  #advance(front: Front, edits: number, other: Front | null, otherEdits: number): number | null {
    const { a, b, reached, aFrom, bFrom } = front;
    const zero = this.#zero;
    const width = this.#width;
    const height = this.#height;
    let steps = 0;
    if (edits > 0) {
      reached[zero + edits + 1] = -1;
      reached[zero - edits - 1] = -1;
    }
    for (let diagonal = -edits + front.low; diagonal <= edits - front.high; diagonal += 2) {
      const left = reached[zero + diagonal - 1] ?? -1;
      const right = reached[zero + diagonal + 1] ?? -1;
      let x = diagonal === -edits || (diagonal !== edits && left < right) ? right : left + 1;
      let y = x - diagonal;
      steps += 1 - x;
      while (x < width && y < height && a[aFrom + x] === b[bFrom + y]) {
        x++;
        y++;
      }
      steps += x;
      reached[zero + diagonal] = x;
      if (x > width) front.high += 2;
      else if (y > height) front.low += 2;
      else if (other !== null) {
        const opposite = width - height - diagonal;
        if (opposite < -otherEdits || opposite > otherEdits) continue;
        const met = other.reached[zero + opposite] ?? -1;
        if (met !== -1 && x >= width - met) {
          this.#work.steps += steps;
          return diagonal;
        }
      }
    }
    this.#work.steps += steps;
    return null;
  }
}
