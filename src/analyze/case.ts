import type { Scene } from './candidates.ts';
import { createFaultState, type FaultState } from './crash.ts';
import type { Directory } from './directory.ts';
import type { Limit } from './limits.ts';
import { FileState } from './open-files.ts';

/** Which opens and which verdict belong to a process. */
export interface Case {
  readonly files: FileState;
  readonly faults: FaultState;
  /** What had been opened when the latest signal came that kills by default. */
  atSignal: { readonly signal: string; readonly sender: number | null; readonly scene: Scene } | null;
  /** Working directory at its last exec, or at its parent's. */
  startedIn: Directory | null;
  /** The latest of each resource, of its own and of its ancestors before it was born. */
  limits: readonly Limit[];
  /** It or a descendant crashed, and a directory is not known yet that what this process does may still tell. */
  mayTell: boolean;
}

/** Of a process that nothing is known of. */
export function createCase(): Case {
  return {
    files: new FileState(),
    faults: createFaultState(),
    atSignal: null,
    startedIn: null,
    limits: [],
    mayTell: false,
  };
}
