import type { Aligner } from './align.ts';
import { ONLY } from './moved-acts.ts';
import { piecesOf } from './pieces.ts';
import type { RunThread, Vocabulary } from './run.ts';
import { slideGaps } from './sliding-gaps.ts';
import { NO_TOKENS, NONE, type Stretch } from './stretch.ts';

/** Two threads side by side; a thread beside none has no act on the other side. */
export interface AlignedThreads {
  readonly a: RunThread | null;
  readonly b: RunThread | null;
  /** Their acts, of the vocabulary. */
  readonly idsA: Int32Array;
  readonly idsB: Int32Array;
  /** By index into A: the act of B that is its like, or the same call with another outcome; ascending, or NONE. */
  readonly partner: Int32Array;
  readonly heaps: readonly Stretch[];
  /** By index: what an act without a partner that is not in a heap is, see `moved-acts.ts` and `implied-acts.ts`; 0 for all others. */
  readonly loneA: Uint8Array;
  readonly loneB: Uint8Array;
  /** By index of an act with a partner: how often it was done besides, in acts that are implied by it. */
  readonly repeatsA: Map<number, number>;
  readonly repeatsB: Map<number, number>;
}

/** Aligns the acts of two threads, and what is left between them by what was called. */
export function alignThreads(
  a: RunThread | null,
  b: RunThread | null,
  vocabulary: Vocabulary,
  aligner: Aligner,
): AlignedThreads {
  const [idsA, idsB] = [idsOf(a), idsOf(b)];
  const { partner, heaps } = aligner.align(idsA, idsB);
  const gaps = [...piecesOf({ partner, heaps }, idsB.length)].filter(isGap);
  if (gaps.length > 0) {
    const callOf = (id: number) => vocabulary.call(id);
    const calls = aligner.align(idsA.map(callOf), idsB.map(callOf), gaps);
    for (const [inA, inB] of calls.partner.entries()) if (inB !== NONE) partner[inA] = inB;
  }
  if (a !== null && b !== null) slideGaps({ ids: idsA, acts: a.acts }, { ids: idsB, acts: b.acts }, { partner, heaps });
  const [loneA, loneB] = [new Uint8Array(idsA.length), new Uint8Array(idsB.length)];
  for (const { kind, aFrom, aTo, bFrom, bTo } of piecesOf({ partner, heaps }, idsB.length)) {
    if (kind !== 'lone') continue;
    loneA.fill(ONLY, aFrom, aTo);
    loneB.fill(ONLY, bFrom, bTo);
  }
  return { a, b, idsA, idsB, partner, heaps, loneA, loneB, repeatsA: new Map(), repeatsB: new Map() };
}

function isGap({ kind, aFrom, aTo, bFrom, bTo }: { readonly kind: string } & Stretch): boolean {
  return kind === 'lone' && aFrom < aTo && bFrom < bTo;
}

function idsOf(thread: RunThread | null): Int32Array {
  if (thread === null) return NO_TOKENS;
  const ids = new Int32Array(thread.acts.length);
  for (let index = 0; index < ids.length; index++) ids[index] = thread.acts.id(index);
  return ids;
}
