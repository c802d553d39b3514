import { longestIncreasing } from './longest-increasing.ts';
import { NO_TOKENS, type Stretch } from './stretch.ts';

/** Places in two lists: token `a[i]` of A beside token `b[i]` of B. */
export interface Anchors {
  readonly a: Int32Array;
  readonly b: Int32Array;
}

/** How often each token is in a stretch of A and in one of B. One table serves one stretch after the other. */
export class Occurrences {
  #a = NO_TOKENS;
  #b = NO_TOKENS;
  #stretch: Stretch = { aFrom: 0, aTo: 0, bFrom: 0, bTo: 0 };
  #inA = NO_TOKENS;
  #inB = NO_TOKENS;
  /** Where in B a token is last. */
  #placeInB = NO_TOKENS;

  /** Makes room for the tokens of two lists, and goes over to them. */
  take(a: Int32Array, b: Int32Array): void {
    this.#forget();
    this.#a = a;
    this.#b = b;
    const tokens = 1 + Math.max(largest(a), largest(b));
    if (tokens <= this.#inA.length) return;
    this.#inA = new Int32Array(2 * tokens);
    this.#inB = new Int32Array(2 * tokens);
    this.#placeInB = new Int32Array(2 * tokens);
  }

  /** Counts those of the stretch, and forgets the stretch before. */
  count(stretch: Stretch): void {
    this.#forget();
    this.#stretch = stretch;
    for (let index = stretch.aFrom; index < stretch.aTo; index++) increment(this.#inA, this.#a[index] ?? 0);
    for (let index = stretch.bFrom; index < stretch.bTo; index++) {
      const token = this.#b[index] ?? 0;
      increment(this.#inB, token);
      this.#placeInB[token] = index;
    }
  }

  #forget(): void {
    const { aFrom, aTo, bFrom, bTo } = this.#stretch;
    for (let index = aFrom; index < aTo; index++) this.#inA[this.#a[index] ?? 0] = 0;
    for (let index = bFrom; index < bTo; index++) this.#inB[this.#b[index] ?? 0] = 0;
    this.#stretch = { aFrom: 0, aTo: 0, bFrom: 0, bTo: 0 };
  }

  /**
   * Tokens that are once in each stretch, as many as are in one order in both: patience, as Bram Cohen's diff has it.
   * What is unique to both is the least likely to be taken for another.
   */
  anchors(): Anchors {
    const { aFrom, aTo } = this.#stretch;
    const placesA: number[] = [];
    const placesB: number[] = [];
    for (let index = aFrom; index < aTo; index++) {
      const token = this.#a[index] ?? 0;
      if (this.#inA[token] !== 1 || this.#inB[token] !== 1) continue;
      placesA.push(index);
      placesB.push(this.#placeInB[token] ?? 0);
    }
    const inB = Int32Array.from(placesB);
    const chain = longestIncreasing(inB);
    return { a: chain.map((place) => placesA[place] ?? 0), b: chain.map((place) => inB[place] ?? 0) };
  }

  /** Places of the tokens of A's stretch that B's has too, and the other way round: no others can be aligned. */
  shared(): Anchors {
    const { aFrom, aTo, bFrom, bTo } = this.#stretch;
    return { a: placesOf(this.#a, aFrom, aTo, this.#inB), b: placesOf(this.#b, bFrom, bTo, this.#inA) };
  }
}

function placesOf(tokens: Int32Array, from: number, to: number, inOther: Int32Array): Int32Array {
  const places: number[] = [];
  for (let index = from; index < to; index++) if (inOther[tokens[index] ?? 0] !== 0) places.push(index);
  return Int32Array.from(places);
}

function increment(counts: Int32Array, token: number): void {
  counts[token] = (counts[token] ?? 0) + 1;
}

function largest(tokens: Int32Array): number {
  let found = -1;
  for (const token of tokens) if (token > found) found = token;
  return found;
}
