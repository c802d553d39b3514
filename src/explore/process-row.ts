import type { Blame } from '../analyze/blame.ts';
import { type Process, programOf } from '../analyze/process.ts';
import type { Fate, ProcessRow } from './exploration.ts';

/** What is known of a process by now. `isOver`: no more is read. */
export function processRow(process: Process, key: number, blame: Blame, isOver: boolean): ProcessRow {
  const { pid, start, exec, threads, traced } = process;
  const fate = fateOf(process, blame, isOver);
  const verdict = blame.verdicts.get(process);
  const judged = verdict?.kind === 'crash' || verdict?.kind === 'killed' ? verdict.signal : null;
  const end = process.end?.place ?? (fate === 'crashed' ? process.pendingSignal?.place : null) ?? null;
  return {
    key,
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
    threads: threads?.size ?? 0,
    traced: traced || process.parent?.mixed === true,
  };
}

/** How it ended, or that it did not so far. */
export function fateOf(process: Process, blame: Blame, isOver: boolean): Fate {
  const verdict = blame.verdicts.get(process);
  if (verdict !== undefined) return verdict.kind === 'crash' ? 'crashed' : 'killed';
  if (!process.closed) return isOver ? 'unknown' : 'running';
  if (process.end?.how !== 'exited') return 'unknown';
  return (process.end.status ?? 0) === 0 ? 'exited' : 'failed';
}
