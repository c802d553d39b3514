import { Aligner } from './align.ts';
import { compareThreads, sumOf } from './compare-processes.ts';
import { endsAlike } from './ends.ts';
import { fileDifferences, unlikeIn } from './file-differences.ts';
import { actsOf, loneTrees } from './lone-trees.ts';
import { longestIncreasing } from './longest-increasing.ts';
import { type Match, matchProcesses } from './match-processes.ts';
import { partingsOf } from './partings.ts';
import type { ActCounts, DiffNote, DiffResult, LoneTree, ProcessPair, Side, SignalDifference } from './result.ts';
import type { Run, RunProcess, Vocabulary } from './run.ts';

/**
 * What two runs of one vocabulary and level did differently, as far as processes that are `isWanted` are concerned:
 * pairs of which one is, and trees with one in it.
 */
export function compareRuns(a: Run, b: Run, isWanted: (process: RunProcess) => boolean): DiffResult {
  const compared = comparedPairs(a, b, isWanted);
  const pairs = compared.map(({ pair }) => pair);
  const [onlyA, onlyB] = [compared.loneA, compared.loneB];
  const counts = sumOf(pairs.map((pair) => pair.counts));
  const orderMatters = a.level !== 'files';
  const differs =
    onlyA.length + onlyB.length > 0 ||
    counts.changed + counts.onlyA + counts.onlyB > 0 ||
    (orderMatters && counts.moved > 0) ||
    pairs.some((pair) => !pair.endsAlike);
  return {
    alike: !differs,
    similarity: similarityOf(pairs, onlyA, onlyB, counts),
    counts,
    partings: partingsOf(pairs, a.vocabulary),
    pairs,
    onlyA,
    onlyB,
    ...fileDifferences(pairs, a.vocabulary),
    signals: pairs.flatMap((pair) => signalDifferences(pair, a.vocabulary)),
    notes: notesOf(compared),
  };
}
