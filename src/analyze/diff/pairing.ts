/** Two of which one is of each run. */
export interface Pair<Member> {
  readonly a: Member;
  readonly b: Member;
}

interface Candidate {
  readonly inA: number;
  readonly inB: number;
  readonly score: number;
}

/** Of longer lists only these many are compared with these many, window by window. */
const WINDOW = 100;

/**
 * Pairs the members of two lists, the most alike first; of equally alike ones those whose places are nearest. Nobody is
 * paired whose score is below `least`. The cost is that of at most a hundred scores for each member.
 */
export function pairByScore<Member>(
  a: readonly Member[],
  b: readonly Member[],
  score: (a: Member, b: Member) => number,
  least: number,
): Pair<Member>[] {
  const pairs: Pair<Member>[] = [];
  for (let from = 0; from < a.length && from < b.length; from += WINDOW) {
    const [someA, someB] = [a.slice(from, from + WINDOW), b.slice(from, from + WINDOW)];
    const candidates = someA.flatMap((one, inA) => someB.map((other, inB) => ({ inA, inB, score: score(one, other) })));
    const [takenA, takenB] = [new Set<number>(), new Set<number>()];
    for (const { inA, inB, score: found } of candidates.sort(byScore)) {
      const [one, other] = [someA[inA], someB[inB]];
      if (found < least || takenA.has(inA) || takenB.has(inB) || one === undefined || other === undefined) continue;
      takenA.add(inA);
      takenB.add(inB);
      pairs.push({ a: one, b: other });
    }
  }
  return pairs;
}

/** Pairs the first with the first, and so on. */
export function pairInOrder<Member>(a: readonly Member[], b: readonly Member[]): Pair<Member>[] {
  return a.slice(0, b.length).flatMap((one, place) => {
    const other = b[place];
    return other === undefined ? [] : [{ a: one, b: other }];
  });
}

/** The members of two lists that have the same key, of keys that are in both; those without a key are left out. */
export function groupsInBoth<Member>(
  a: readonly Member[],
  b: readonly Member[],
  keyOf: (member: Member) => string | null,
): Pair<Member[]>[] {
  const groups = new Map<string, Pair<Member[]>>();
  for (const member of a) {
    const key = keyOf(member);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { a: [member], b: [] });
    else group.a.push(member);
  }
  for (const member of b) {
    const key = keyOf(member);
    if (key !== null) groups.get(key)?.b.push(member);
  }
  return [...groups.values()].filter((group) => group.b.length > 0);
}

function byScore(one: Candidate, other: Candidate): number {
  const [near, far] = [Math.abs(one.inA - one.inB), Math.abs(other.inA - other.inB)];
  return other.score - one.score || near - far || one.inA - other.inA;
}
