import type { Blame } from '../analyze/blame.ts';
import { type Process, programOf } from '../analyze/process.ts';
import type { Actors } from './actors.ts';
import type { ProcessRow } from './exploration.ts';

/** The tree as it stands, parents before children. `isOver`: no more is read. */
export function processRows(blame: Blame, actors: Actors, isOver: boolean): ProcessRow[] {
  const rows: ProcessRow[] = [];
  // Iterative, so that a chain of a hundred thousand forks is no deeper here than any other tree.
  const stack: { process: Process; parentKey: number | null; depth: number }[] = [];
  const push = (processes: readonly Process[], parentKey: number | null, depth: number): void => {
    for (const process of processes.toReversed()) stack.push({ process, parentKey, depth });
  };
  push(blame.tree.roots, null, 0);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { process, parentKey, depth } = next;
    const key = actors.keyOf(process);
    rows.push(rowOf(process, { key, parentKey, depth }, blame, isOver));
    push(process.children, key, depth + 1);
  }
  return rows;
}

function rowOf(
  process: Process,
  position: Pick<ProcessRow, 'key' | 'parentKey' | 'depth'>,
  blame: Blame,
  isOver: boolean,
): ProcessRow {
  const { pid, start, exec, threads, traced } = process;
  const fate = fateOf(process, blame, isOver);
  const verdict = blame.verdicts.get(process);
  const judged = verdict?.kind === 'crash' || verdict?.kind === 'killed' ? verdict.signal : null;
  const end = process.end?.place ?? (fate === 'crashed' ? process.pendingSignal?.place : null) ?? null;
  return {
    ...position,
    pid,
    program: programOf(process),
    argv: exec?.argv ?? null,
    fate,
    status: process.end?.status ?? null,
    signal: judged,
    coreDumped: process.end?.coreDumped ?? null,
    start,
    end,
    durationNs: end === null || end.atNs === null || start.atNs === null ? null : end.atNs - start.atNs,
    threads: threads.length,
    traced: traced || process.parent?.mixed === true,
  };
}

function fateOf(process: Process, blame: Blame, isOver: boolean): ProcessRow['fate'] {
  const verdict = blame.verdicts.get(process);
  switch (verdict?.kind) {
    case 'crash':
      return 'crashed';
    case 'killed':
      return 'killed';
    case 'exited':
      return (process.end?.status ?? 0) === 0 ? 'exited' : 'failed';
    default:
      return isOver || verdict !== undefined ? 'unknown' : 'running';
  }
}
