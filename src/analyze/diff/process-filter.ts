import { toBytes } from '../../scan/unescape.ts';
import type { RunProcess } from './run.ts';

/** Which processes a comparison is to tell of; null: all. */
export interface ProcessChoice {
  /** As printed, in either log. */
  readonly pid: number | null;
  /** The path of a program or its last name. */
  readonly program: string | null;
}

/** Whether a process was chosen. */
export function processFilter({ pid, program }: ProcessChoice): (process: RunProcess) => boolean {
  return (process) =>
    (pid === null || process.pid === pid) &&
    (program === null || isProgram(process.program ?? process.symbol, program));
}

function isProgram(path: string, wanted: string): boolean {
  const bytes = toBytes(wanted);
  return path === bytes || path.slice(path.lastIndexOf('/') + 1) === bytes;
}
