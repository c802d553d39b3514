import { likeness, type Sketch, sketchOf } from './likeness.ts';
import { groupsInBoth, type Pair, pairByScore, pairInOrder } from './pairing.ts';
import type { RunThread } from './run.ts';

/** Two threads that are compared, by their indices; null on the side that has none for it. */
export interface ThreadMatch {
  readonly a: number | null;
  readonly b: number | null;
}

interface Member {
  readonly index: number;
  readonly sketch: Sketch;
}

/**
 * Which thread of B each thread of A is: the first is the first; of the others those that did the same, then the most
 * alike, then by order of creation. In the order of A, with those of B alone at the end.
 */
export function matchThreads(a: readonly RunThread[], b: readonly RunThread[]): ThreadMatch[] {
  if (a.length === 1 && b.length === 1) return [{ a: 0, b: 0 }];
  const partner = new Map<number, number>();
  const take = (pairs: readonly Pair<Member>[]) => {
    for (const pair of pairs) partner.set(pair.a.index, pair.b.index);
  };
  const [membersA, membersB] = [a.map(memberOf), b.map(memberOf)];
  const leftA = () => membersA.filter(({ index }) => !partner.has(index));
  const leftB = () => {
    const taken = new Set(partner.values());
    return membersB.filter(({ index }) => !taken.has(index));
  };
  take(pairInOrder(membersA.slice(0, 1), membersB.slice(0, 1)));
  for (const twins of groupsInBoth(leftA(), leftB(), ({ sketch }) => String(sketch.digest))) {
    take(pairInOrder(twins.a, twins.b));
  }
  take(pairByScore(leftA(), leftB(), (one, other) => likeness(one.sketch, other.sketch), 0));
  take(pairInOrder(leftA(), leftB()));
  return [
    ...membersA.map(({ index }) => ({ a: index, b: partner.get(index) ?? null })),
    ...leftB().map(({ index }) => ({ a: null, b: index })),
  ];
}

function memberOf(thread: RunThread, index: number): Member {
  return { index, sketch: sketchOf([thread]) };
}
