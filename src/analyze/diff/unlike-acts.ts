import type { ActAt, Hunk, ProcessPair, Side, UnlikeAct } from './result.ts';
import type { Act, Vocabulary } from './run.ts';

/** The acts that have no like in the other process, hunk by hunk, those of A before those of B. */
export function* unlikeActs({ a, b, threads }: ProcessPair): Generator<UnlikeAct, undefined> {
  for (const pair of threads) {
    for (const hunk of pair.hunks) {
      for (const index of unlikeIn(hunk, 'a')) yield { side: 'a', at: { process: a, thread: pair.a ?? 0, index } };
      for (const index of unlikeIn(hunk, 'b')) yield { side: 'b', at: { process: b, thread: pair.b ?? 0, index } };
    }
  }
}

/** What was done there. */
export function actAt({ process, thread, index }: ActAt, vocabulary: Vocabulary): Act {
  const acts = process.threads[thread]?.acts;
  if (acts === undefined) throw new RangeError(`the process has no thread ${thread}`);
  return vocabulary.act(acts.id(index));
}

function* unlikeIn(hunk: Hunk, side: Side): Generator<number, undefined> {
  if (hunk.kind === 'unordered') yield* side === 'a' ? hunk.loneA : hunk.loneB;
  if (hunk.kind !== 'changed' && hunk.kind !== `only-${side}`) return;
  const [from, to] = side === 'a' ? [hunk.aFrom, hunk.aTo] : [hunk.bFrom, hunk.bTo];
  for (let index = from; index < to; index++) yield index;
}
