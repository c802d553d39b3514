import type { RunProcess, RunThread } from './run.ts';

/** Smallest hashes that are kept of a set; of smaller sets likeness is exact, of others within a tenth, mostly. */
const KEPT = 128;

/** What somebody did, so short that any two can be compared at the same small cost. */
export interface Sketch {
  /** The smallest hashes of the different acts and traits, ascending. */
  readonly smallest: Uint32Array;
  /** Stands for all acts in their order: equal digests are equal acts. */
  readonly digest: number;
}

/** Of the acts of some threads, and of what else is known of who did them. */
export function sketchOf(threads: readonly RunThread[], traits: readonly number[] = []): Sketch {
  const digest = new Digest();
  const smallest = new SmallestHashes();
  for (const trait of traits) {
    digest.add(trait);
    smallest.add(spread(trait));
  }
  for (const { acts } of threads) {
    digest.add(acts.length);
    for (let index = 0; index < acts.length; index++) {
      const id = acts.id(index);
      digest.add(id);
      smallest.add(spread(id));
    }
  }
  return { smallest: smallest.finish(), digest: digest.value };
}

/** Share of the different acts of both that are in both, 0 to 1; 1 where neither did anything. */
export function likeness({ smallest: a }: Sketch, { smallest: b }: Sketch): number {
  let [inA, inB, seen, common] = [0, 0, 0, 0];
  while (seen < KEPT && (inA < a.length || inB < b.length)) {
    const fromA = a[inA] ?? Number.POSITIVE_INFINITY;
    const fromB = b[inB] ?? Number.POSITIVE_INFINITY;
    if (fromA === fromB) common++;
    if (fromA <= fromB) inA++;
    if (fromB <= fromA) inB++;
    seen++;
  }
  return seen === 0 ? 1 : common / seen;
}

/** Share of the arguments of both that are in both, 0 to 1; null where one log does not show them. */
export function argumentLikeness(a: RunProcess, b: RunProcess): number | null {
  if (a.argv === null || b.argv === null) return null;
  const all = new Set([...a.argv, ...b.argv]);
  const inB = new Set(b.argv);
  const common = new Set(a.argv.filter((argument) => inB.has(argument)));
  return all.size === 0 ? 1 : common.size / all.size;
}

/** Mixes numbers, in their order, into one. */
export class Digest {
  #high = 0x9e3779b1;
  #low = 0x85ebca6b;

  add(number: number): void {
    this.#high = Math.imul(this.#high ^ number, 0xcc9e2d51);
    this.#high = (this.#high << 15) | (this.#high >>> 17);
    this.#low = Math.imul(this.#low ^ spread(number ^ this.#high), 0x1b873593);
  }

  /** Of an integer below 2^53. */
  addWide(number: number): void {
    this.add(Math.floor(number / 2 ** 32));
    this.add(number >>> 0);
  }

  addText(text: string): void {
    this.add(text.length);
    for (let index = 0; index < text.length; index++) this.add(text.charCodeAt(index));
  }

  /** An integer below 2^53. */
  get value(): number {
    return (this.#high >>> 0) * 2 ** 21 + (this.#low >>> 11);
  }
}

/** Keeps the smallest of the hashes it is given, each once. */
class SmallestHashes {
  readonly #kept = new Set<number>();
  /** No smaller hash than this is missing. */
  #limit = Number.POSITIVE_INFINITY;

  add(hash: number): void {
    if (hash >= this.#limit) return;
    this.#kept.add(hash);
    if (this.#kept.size < 4 * KEPT) return;
    const smallest = this.finish();
    this.#kept.clear();
    for (const one of smallest) this.#kept.add(one);
    this.#limit = (smallest[KEPT - 1] ?? 0) + 1;
  }

  finish(): Uint32Array {
    return Uint32Array.from(this.#kept).sort().slice(0, KEPT);
  }
}

/** A number that looks like any other: the finish of MurmurHash3, in which no two of 32 bits have the same. */
function spread(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
