import { Aligner } from './align.ts';
import { type ComparedThreads, compareThreads, sumOf } from './compare-processes.ts';
import { endsAlike } from './ends.ts';
import { fileDifferences } from './file-differences.ts';
import { loneTrees } from './lone-trees.ts';
import { longestIncreasing } from './longest-increasing.ts';
import { matchProcesses } from './match-processes.ts';
import { partingsOf } from './partings.ts';
import type { ActCounts, DiffNote, DiffResult, LoneTree, ProcessMatch, ProcessPair, Side } from './result.ts';
import type { Run, RunProcess } from './run.ts';
import { actAt, unlikeActs } from './unlike-acts.ts';

/**
 * What two runs of one vocabulary and level did differently, as far as processes are concerned that are `isWanted`:
 * pairs of which one is, and trees with one in them.
 */
export function compareRuns(a: Run, b: Run, isWanted: (process: RunProcess) => boolean): DiffResult {
  const { vocabulary, level } = a;
  const matches = matchProcesses(a, b);
  const wanted = matches.filter((match) => isWanted(match.a) || isWanted(match.b));
  const reordered = reorderedOf(matches);
  const aligner = new Aligner();
  const pairs: ProcessPair[] = [];
  const notes: DiffNote[] = [];
  for (const match of wanted) {
    const compared = compareThreads(match.a, match.b, vocabulary, aligner, level === 'raw');
    const pair = pairOf(match, compared, reordered.has(match.a));
    pairs.push(pair);
    notes.push(...notesOf(pair, compared));
  }
  const partings = partingsOf(pairs, vocabulary);
  const onlyA = loneTrees(a.processes, new Map(matches.map((match) => [match.a, match])), isWanted);
  const onlyB = loneTrees(b.processes, new Map(matches.map((match) => [match.b, match])), isWanted);
  const counts = sumOf(pairs.map((pair) => pair.counts));
  const inOtherOrder = counts.moved + pairs.filter((pair) => pair.reordered).length;
  const unlike = counts.changed + counts.onlyA + counts.onlyB + (level === 'files' ? 0 : inOtherOrder);
  const treesAlike = onlyA.length + onlyB.length === 0;
  return {
    alike: treesAlike && unlike === 0 && pairs.every((pair) => pair.endsAlike),
    similarity: similarityOf(counts, [...onlyA, ...onlyB]),
    counts,
    partings,
    pairs,
    onlyA,
    onlyB,
    ...fileDifferences(pairs, partings, vocabulary),
    signals: pairs.flatMap((pair) => [...unlikeActs(pair)].filter(({ at }) => actAt(at, vocabulary).kind === 'signal')),
    notes: [...notes, ...unseenEnds(pairs, 'a'), ...unseenEnds(pairs, 'b')],
  };
}

function pairOf(match: ProcessMatch, { threads, counts }: ComparedThreads, reordered: boolean): ProcessPair {
  return { ...match, reordered, threads, counts, endsAlike: endsAlike(match.a.end, match.b.end) };
}

/** The processes of A that began in another order among their siblings than their matches did: as few as explain it. */
function reorderedOf(matches: readonly ProcessMatch[]): Set<RunProcess> {
  const families = new Map<RunProcess | null, ProcessMatch[]>();
  for (const match of matches) {
    if (match.elsewhere) continue;
    const siblings = families.get(match.a.parent);
    if (siblings === undefined) families.set(match.a.parent, [match]);
    else siblings.push(match);
  }
  const reordered = new Set<RunProcess>();
  for (const siblings of families.values()) {
    const inOrder = new Set(longestIncreasing(Int32Array.from(siblings, ({ b }) => b.index)));
    for (const [place, { a }] of siblings.entries()) if (!inOrder.has(place)) reordered.add(a);
  }
  return reordered;
}

/** What is implied counts on neither side. */
function similarityOf({ same, changed, onlyA, onlyB, moved }: ActCounts, lone: readonly LoneTree[]): number {
  const ofBoth = same + moved;
  const acts = 2 * (ofBoth + changed) + onlyA + onlyB + lone.reduce((sum, tree) => sum + tree.acts, 0);
  return acts === 0 ? 1 : (2 * ofBoth) / acts;
}

function notesOf(pair: ProcessPair, { pooled }: ComparedThreads): DiffNote[] {
  const notes: DiffNote[] = [];
  const heaps = pair.threads.flatMap(({ hunks }) => hunks.filter(({ kind }) => kind === 'unordered'));
  if (heaps.length > 0) {
    const acts = heaps.reduce((sum, { aFrom, aTo, bFrom, bTo }) => sum + aTo - aFrom + bTo - bFrom, 0);
    notes.push({ kind: 'unordered', pair, stretches: heaps.length, acts });
  }
  if (pooled > 0) {
    const [threadsA, threadsB] = [pair.a.threads.length, pair.b.threads.length];
    notes.push({ kind: 'threads-pooled', pair, threadsA, threadsB });
  }
  return notes;
}

function unseenEnds(pairs: readonly ProcessPair[], side: Side): DiffNote[] {
  const other = side === 'a' ? 'b' : 'a';
  const unseen = pairs.filter((pair) => pair[side].end.how === 'unknown' && pair[other].end.how !== 'unknown');
  return unseen.length === 0 ? [] : [{ kind: 'ends-unseen', side, processes: unseen.length }];
}
