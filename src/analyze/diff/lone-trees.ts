import type { LoneTree, ProcessPair } from './result.ts';
import type { RunProcess } from './run.ts';

/**
 * The processes of a run that are not paired, each topmost one with those below it. `pairOf`: the pair of a process, or
 * undefined.
 */
export function loneTrees(
  processes: readonly RunProcess[],
  pairOf: (process: RunProcess) => ProcessPair | undefined,
): LoneTree[] {
  const trees: LoneTree[] = [];
  for (const root of processes) {
    const below = root.parent === null ? undefined : pairOf(root.parent);
    if (pairOf(root) !== undefined || (root.parent !== null && below === undefined)) continue;
    const members = [root];
    for (const process of members) {
      for (const child of process.children) if (pairOf(child) === undefined) members.push(child);
    }
    trees.push({
      root,
      below: below ?? null,
      processes: members.length,
      acts: members.reduce((sum, member) => sum + actsOf(member), 0),
      crashed: members.filter(({ end }) => end.crashed).length,
    });
  }
  return trees;
}

/** Acts of a process, repeats counted once. */
export function actsOf({ threads }: RunProcess): number {
  return threads.reduce((sum, { acts }) => sum + acts.length, 0);
}
