import { type Anchors, Occurrences } from './occurrences.ts';
import { longerPhrases, type Phrases } from './phrases.ts';
import { shortestEdit } from './shortest-edit.ts';
import { NO_TOKENS, NONE, type Stretch, sizeOf, trimmed, wholeOf } from './stretch.ts';
import { Work } from './work.ts';

/** Which token of B each token of A is. */
export interface Alignment {
  /** By index into A: index into B, ascending, or NONE. Tokens of a heap have none. */
  readonly partner: Int32Array;
  /** Stretches too unlike to be aligned at a bounded cost, in order. */
  readonly heaps: readonly Stretch[];
}

/** How much may be spent: at most `base` steps and `perToken` for each token. */
export interface Bound {
  readonly base: number;
  readonly perToken: number;
}

/** Of the whole: some four seconds (measured: 15 million steps of an edit in one), and 32 looks at each token. */
const WHOLE: Bound = { base: 2 ** 26, perToken: 32 };
/** Of one stretch between anchors: room for 2,000 edits, or for 16 in any number of tokens. */
const STRETCH: Bound = { base: 2 ** 22, perToken: 16 };

/** A stretch with no more tokens in either list needs no other anchors than single tokens. */
const SHORT = 1000;
/** Longest phrase that is looked for; with ten kinds of token, one of this length is chance in a list of any size. */
const LONGEST_PHRASE = 32;

/**
 * Aligns lists of tokens two by two: anchored on what is unique to both, tokens or else phrases, with shortest edits
 * between. The cost of all that one aligner does is bounded together.
 */
export class Aligner {
  readonly #work: Work;
  readonly #whole: Bound;
  readonly #stretch: Bound;
  readonly #occurrences = new Occurrences();
  #a = NO_TOKENS;
  #b = NO_TOKENS;
  #partner = NO_TOKENS;
  #heaps: Stretch[] = [];

  constructor(whole: Bound = WHOLE, stretch: Bound = STRETCH) {
    this.#whole = whole;
    this.#stretch = stretch;
    this.#work = new Work(whole.base);
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.#work.steps;
  }

  /** Tokens that are in both lists in one order; of `stretches` of them alone, where some are given. */
  align(a: Int32Array, b: Int32Array, stretches: readonly Stretch[] = [wholeOf(a, b)]): Alignment {
    this.#a = a;
    this.#b = b;
    this.#partner = new Int32Array(a.length).fill(NONE);
    this.#heaps = [];
    this.#occurrences.take(a, b);
    const open = [...stretches];
    for (const stretch of stretches) this.#work.limit += this.#whole.perToken * sizeOf(stretch);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      this.#work.steps += sizeOf(next);
      const inner = trimmed(a, b, next, this.#partner);
      if (inner.aFrom === inner.aTo || inner.bFrom === inner.bTo) continue;
      if (this.#work.isOver) this.#heaps.push(inner);
      else this.#anchor(inner, open);
    }
    this.#heaps.sort((one, other) => one.aFrom - other.aFrom);
    return { partner: this.#partner, heaps: this.#heaps };
  }

  /** Notes the anchors of the stretch and adds what is between them to `open`; aligns it where it has none. */
  #anchor(stretch: Stretch, open: Stretch[]): void {
    this.#work.steps += sizeOf(stretch);
    this.#occurrences.count(stretch);
    const tokens = this.#occurrences.anchors();
    const anchors = tokens.a.length > 0 || isShort(stretch) ? tokens : this.#phraseAnchors(stretch);
    if (anchors.a.length === 0) {
      this.#alignStretch(stretch);
      return;
    }
    let { aFrom, bFrom } = stretch;
    for (let index = 0; index < anchors.a.length; index++) {
      const [aTo, bTo] = [anchors.a[index] ?? 0, anchors.b[index] ?? 0];
      this.#partner[aTo] = bTo;
      if (aFrom < aTo && bFrom < bTo) open.push({ aFrom, aTo, bFrom, bTo });
      [aFrom, bFrom] = [aTo + 1, bTo + 1];
    }
    if (aFrom < stretch.aTo && bFrom < stretch.bTo) open.push({ ...stretch, aFrom, bFrom });
  }

  /** The beginnings of phrases that are once in each stretch: the shortest there are, as in a loop they are many. */
  #phraseAnchors({ aFrom, aTo, bFrom, bTo }: Stretch): Anchors {
    let phrases: Phrases = { a: this.#a.subarray(aFrom, aTo), b: this.#b.subarray(bFrom, bTo) };
    for (let length = 1; length < LONGEST_PHRASE; length *= 2) {
      phrases = longerPhrases(phrases, length);
      this.#work.steps += phrases.a.length + phrases.b.length;
      const anchors = anchorsOf(phrases);
      if (anchors.a.length === 0) continue;
      return { a: anchors.a.map((place) => place + aFrom), b: anchors.b.map((place) => place + bFrom) };
    }
    return NO_ANCHORS;
  }

  #alignStretch(stretch: Stretch): void {
    const places = this.#occurrences.shared();
    if (places.a.length === 0 || places.b.length === 0) return;
    const a = places.a.map((place) => this.#a[place] ?? 0);
    const b = places.b.map((place) => this.#b[place] ?? 0);
    const partner = new Int32Array(a.length).fill(NONE);
    const room = this.#work.limit - this.#work.steps;
    const work = new Work(Math.min(room, this.#stretch.base + this.#stretch.perToken * (a.length + b.length)));
    const isDone = shortestEdit(a, b, partner, work);
    this.#work.steps += work.steps;
    if (!isDone) {
      this.#heaps.push(stretch);
      return;
    }
    for (const [index, found] of partner.entries()) {
      if (found !== NONE) this.#partner[places.a[index] ?? 0] = places.b[found] ?? 0;
    }
  }
}

const NO_ANCHORS: Anchors = { a: NO_TOKENS, b: NO_TOKENS };

function anchorsOf({ a, b }: Phrases): Anchors {
  const occurrences = new Occurrences();
  occurrences.take(a, b);
  occurrences.count(wholeOf(a, b));
  return occurrences.anchors();
}

function isShort({ aFrom, aTo, bFrom, bTo }: Stretch): boolean {
  return Math.min(aTo - aFrom, bTo - bFrom) <= SHORT;
}
