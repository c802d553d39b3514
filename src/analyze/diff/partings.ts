import { isSuccess } from './outcomes.ts';
import type { ActAt, Hunk, Parting, ProcessPair, Side, ThreadPair } from './result.ts';
import type { ActList, RunProcess, Vocabulary } from './run.ts';

/**
 * The partings of the pairs that end differently: crashes first; then what no child explains; then what a child may be
 * the cause of, children before parents.
 */
export function partingsOf(pairs: readonly ProcessPair[], vocabulary: Vocabulary): Parting[] {
  const ended = pairs.filter(({ endsAlike }) => !endsAlike);
  const causes = causesOf(ended);
  return ended.map((pair) => new PartingSearch(pair, vocabulary).run(causes.get(pair.a) ?? null)).sort(byCause);
}

/** By process of A: its child that ended differently, a crashed one rather than another. */
function causesOf(ended: readonly ProcessPair[]): Map<RunProcess, ProcessPair> {
  const causes = new Map<RunProcess, ProcessPair>();
  for (const pair of ended) {
    const { parent } = pair.a;
    if (parent === null || parent.end.crashed) continue;
    const known = causes.get(parent);
    if (known === undefined || (hasCrash(pair) && !hasCrash(known))) causes.set(parent, pair);
  }
  return causes;
}

function hasCrash({ a, b }: ProcessPair): boolean {
  return a.end.crashed || b.end.crashed;
}

function byCause(one: Parting, other: Parting): number {
  const [rank, otherRank] = [rankOf(one), rankOf(other)];
  const order = one.pair.a.index - other.pair.a.index;
  return rank - otherRank || (rank === CONSEQUENCE ? -order : order);
}

const CONSEQUENCE = 2;

function rankOf({ pair, cause }: Parting): number {
  if (hasCrash(pair)) return 0;
  return cause === null ? 1 : CONSEQUENCE;
}

/** The place in two threads behind the acts they have in common. */
interface Split {
  readonly a: number;
  readonly b: number;
  /** Whether the next hunk holds the same call with another outcome. */
  readonly sameCall: boolean;
}

class PartingSearch {
  readonly #pair: ProcessPair;
  readonly #threads: ThreadPair;
  readonly #vocabulary: Vocabulary;

  constructor(pair: ProcessPair, vocabulary: Vocabulary) {
    this.#pair = pair;
    this.#threads = deciding(pair);
    this.#vocabulary = vocabulary;
  }

  run(cause: ProcessPair | null): Parting {
    const { hunks } = this.#threads;
    const split = splitOf(hunks, hasCrash(this.#pair));
    const last = lastCommon(hunks, split, () => true);
    const lastFile = lastCommon(hunks, split, (index) => this.#isFound('a', index));
    return {
      pair: this.#pair,
      lastAlike: last === null ? null : this.#both(last),
      lastFile: lastFile === null ? null : this.#both(lastFile),
      firstApart: { a: this.#next('a', split.a, () => true), b: this.#next('b', split.b, () => true) },
      sameCall: split.sameCall,
      actsAfter: { a: this.#countFrom('a', split.a), b: this.#countFrom('b', split.b) },
      nextFile: {
        a: this.#next('a', split.a, (index) => this.#isFile('a', index)),
        b: this.#next('b', split.b, (index) => this.#isFile('b', index)),
      },
      cause,
    };
  }

  #both({ a, b }: { readonly a: number; readonly b: number }): { a: ActAt; b: ActAt } {
    return { a: this.#at('a', a), b: this.#at('b', b) };
  }

  #at(side: Side, index: number): ActAt {
    return { process: this.#pair[side], thread: this.#threads[side] ?? 0, index };
  }

  #acts(side: Side): ActList | null {
    const thread = this.#threads[side];
    return thread === null ? null : (this.#pair[side].threads[thread]?.acts ?? null);
  }

  #next(side: Side, from: number, test: (index: number) => boolean): ActAt | null {
    const length = this.#acts(side)?.length ?? 0;
    for (let index = from; index < length; index++) if (test(index)) return this.#at(side, index);
    return null;
  }

  #countFrom(side: Side, from: number): number {
    const acts = this.#acts(side);
    let count = 0;
    for (let index = from; acts !== null && index < acts.length; index++) count += acts.count(index);
    return count;
  }

  #isFile(side: Side, index: number): boolean {
    const acts = this.#acts(side);
    return acts !== null && this.#vocabulary.act(acts.id(index)).kind === 'file';
  }

  #isFound(side: Side, index: number): boolean {
    const acts = this.#acts(side);
    if (acts === null) return false;
    const { kind, outcome } = this.#vocabulary.act(acts.id(index));
    return kind === 'file' && isSuccess(outcome);
  }
}

/** The threads whose acts tell why the two ended differently: those that crashed, else the first. */
function deciding({ a, b, threads }: ProcessPair): ThreadPair {
  const ofA = a.end.crashed ? threads.find((pair) => pair.a !== null && pair.a === a.end.thread) : undefined;
  const ofB = b.end.crashed ? threads.find((pair) => pair.b !== null && pair.b === b.end.thread) : undefined;
  return ofA ?? ofB ?? threads[0] ?? { a: null, b: null, hunks: [] };
}

/**
 * Where two threads parted: behind the stretch up to which they had most in common, what they did differently on the way
 * taken off. A detour early on is none, and a few calls that all programs end with do not hide where they went apart.
 * Where that is the end of both, and none crashed, the last difference before it tells more.
 */
function splitOf(hunks: readonly Hunk[], isCrash: boolean): Split {
  let best = 0;
  let bestScore = 0;
  let lastDifference: number | null = null;
  let score = 0;
  for (const [index, { kind, aFrom, aTo, bFrom, bTo }] of hunks.entries()) {
    const length = Math.max(aTo - aFrom, bTo - bFrom);
    if (kind === 'same') score += length;
    else if (kind === 'changed' || kind === 'only-a' || kind === 'only-b') {
      score -= length;
      lastDifference = index;
    }
    if (kind !== 'same' || score < bestScore) continue;
    best = index + 1;
    bestScore = score;
  }
  if (best === hunks.length && !isCrash && lastDifference !== null) best = lastDifference;
  const next = hunks[best];
  if (next === undefined) return { a: hunks.at(-1)?.aTo ?? 0, b: hunks.at(-1)?.bTo ?? 0, sameCall: false };
  return { a: next.aFrom, b: next.bFrom, sameCall: next.kind === 'changed' };
}

/** The last acts before the split that both did alike, of those the test takes. */
function lastCommon(
  hunks: readonly Hunk[],
  split: Split,
  test: (inA: number) => boolean,
): { readonly a: number; readonly b: number } | null {
  for (const { kind, aFrom, aTo, bFrom } of hunks.toReversed()) {
    if (kind !== 'same' || aTo > split.a) continue;
    for (let index = aTo - 1; index >= aFrom; index--) {
      if (test(index)) return { a: index, b: bFrom + index - aFrom };
    }
  }
  return null;
}
