import { type Anchors, Occurrences } from './occurrences.ts';
import { longerPhrases, type Phrases } from './phrases.ts';
import { shortestEdit } from './shortest-edit.ts';
import { NONE, type Stretch, sizeOf, trimmed } from './stretch.ts';
import { Work } from './work.ts';

/** Which token of B each token of A is. */
export interface Alignment {
  /** By index into A: index into B, ascending, or NONE. Tokens of a heap have none. */
  readonly partner: Int32Array;
  /** Stretches too unlike to be aligned at a bounded cost, in order. */
  readonly heaps: readonly Stretch[];
  /** Steps that were taken. */
  readonly steps: number;
}

/** How much may be spent: at most `base` steps and `perToken` for each token. */
export interface Bound {
  readonly base: number;
  readonly perToken: number;
}

/** Of the whole: a second of work, about (measured at 300 million steps a second), and 64 looks at each token. */
const WHOLE: Bound = { base: 2 ** 28, perToken: 64 };
/** Of one stretch between anchors: room for 2,000 edits, or for 16 in any number of tokens. */
const STRETCH: Bound = { base: 2 ** 22, perToken: 16 };

/** A stretch with no more tokens in either list needs no other anchors than single tokens. */
const SHORT = 1000;
/** Longest phrase that is looked for; with ten kinds of token, one of this length is chance in a list of any size. */
const LONGEST_PHRASE = 32;

/**
 * Tokens that are in both lists in one order: anchored on what is unique to both, tokens or else phrases, and shortest
 * edits between.
 */
export function align(a: Int32Array, b: Int32Array, whole: Bound = WHOLE, stretch: Bound = STRETCH): Alignment {
  return new Aligner(a, b, whole, stretch).run();
}

class Aligner {
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  readonly #partner: Int32Array;
  readonly #heaps: Stretch[] = [];
  readonly #occurrences: Occurrences;
  readonly #work: Work;
  readonly #bound: Bound;

  constructor(a: Int32Array, b: Int32Array, whole: Bound, stretch: Bound) {
    this.#a = a;
    this.#b = b;
    this.#partner = new Int32Array(a.length).fill(NONE);
    this.#occurrences = new Occurrences(a, b);
    this.#work = new Work(whole.base + whole.perToken * (a.length + b.length));
    this.#bound = stretch;
  }

  run(): Alignment {
    const open: Stretch[] = [{ aFrom: 0, aTo: this.#a.length, bFrom: 0, bTo: this.#b.length }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      this.#work.steps += sizeOf(next);
      const inner = trimmed(this.#a, this.#b, next, this.#partner);
      if (inner.aFrom === inner.aTo || inner.bFrom === inner.bTo) continue;
      if (this.#work.isOver) this.#heaps.push(inner);
      else this.#anchor(inner, open);
    }
    this.#heaps.sort((one, other) => one.aFrom - other.aFrom);
    return { partner: this.#partner, heaps: this.#heaps, steps: this.#work.steps };
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
    const work = new Work(Math.min(room, this.#bound.base + this.#bound.perToken * (a.length + b.length)));
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

const NO_ANCHORS: Anchors = { a: new Int32Array(0), b: new Int32Array(0) };

function anchorsOf({ a, b }: Phrases): Anchors {
  const occurrences = new Occurrences(a, b);
  occurrences.count({ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length });
  return occurrences.anchors();
}

function isShort({ aFrom, aTo, bFrom, bTo }: Stretch): boolean {
  return Math.min(aTo - aFrom, bTo - bFrom) <= SHORT;
}
