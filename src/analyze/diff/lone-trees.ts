import type { LoneTree, ProcessMatch } from './result.ts';
import type { RunProcess } from './run.ts';

/**
 * The processes of a run that have no match, each topmost one with those below it: of those trees that have a process
 * that is wanted.
 */
export function loneTrees(
  processes: readonly RunProcess[],
  matchOf: ReadonlyMap<RunProcess, ProcessMatch>,
  isWanted: (process: RunProcess) => boolean,
): LoneTree[] {
  const trees: LoneTree[] = [];
  for (const root of processes) {
    const below = root.parent === null ? undefined : matchOf.get(root.parent);
    if (matchOf.has(root) || (root.parent !== null && below === undefined)) continue;
    const members = [root];
    for (const process of members) {
      for (const child of process.children) if (!matchOf.has(child)) members.push(child);
    }
    if (!members.some(isWanted)) continue;
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
function actsOf({ threads }: RunProcess): number {
  return threads.reduce((sum, { acts }) => sum + acts.length, 0);
}
