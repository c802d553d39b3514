import type { Access } from '../model/open-flags.ts';
import type { LineSpan } from '../model/trace.ts';
import type { Candidate } from './candidates.ts';
import type { Clause } from './clause.ts';
import type { Explanation } from './explain.ts';
import type { Limit } from './limits.ts';
import { type OpenRecord, pathOf } from './open-records.ts';
import { type Place, type Process, programOf } from './process.ts';

const MAX_ANCESTORS = 64;

/** A file that was opened, as reported. Texts are latin1 bytes. */
export interface OpenedFile {
  readonly path: string;
  readonly printed: string;
  readonly call: string;
  readonly place: Place;
  readonly tid: number | null;
  readonly fd: number | null;
  /** At the fault point; null where the log shows no closes. */
  readonly stillOpen: boolean | null;
  readonly access: Access;
}

export interface Ancestor {
  readonly pid: number | null;
  readonly program: string | null;
  readonly argv: readonly string[] | null;
}

/** A process that sent a signal. */
export interface Sender {
  readonly pid: number;
  /** Null where it is not in the log. */
  readonly program: string | null;
  /** Its call; null where the log does not show it. */
  readonly place: Place | null;
}

/** A parent that exited with a failure after its child had died. */
export interface FailedParent {
  readonly pid: number | null;
  readonly program: string | null;
  /** Null where the log does not show it. */
  readonly status: number | null;
  readonly place: Place;
}

export interface Crash {
  readonly pid: number | null;
  readonly tid: number | null;
  readonly program: string | null;
  readonly argv: readonly string[] | null;
  readonly cwd: string | null;
  /** Where it was when it began to run its program. */
  readonly startedIn: string | null;
  /** Nearest first; a parent that is not known ends the list. */
  readonly ancestors: readonly Ancestor[];
  readonly signal: string;
  /** `inferred`: the log shows no death, only what leads to one. */
  readonly how: 'killed' | 'handled' | 'inferred';
  readonly coreDumped: boolean | null;
  readonly exitStatus: number | null;
  readonly fault: {
    readonly place: Place;
    /** The first signal, where the process died of another (a handler that calls abort). */
    readonly signal: string | null;
    readonly code: string | null;
    readonly address: string | null;
    /** Who sent the first signal; null where the machine or nobody known did. */
    readonly sender: Sender | null;
  };
  /** Whether lines of its own are in the log; otherwise only its parent's tell of it. */
  readonly traced: boolean;
  readonly end: Place | null;
  /** The parents that failed after it, nearest first, up to the first that did not. */
  readonly travelled: readonly FailedParent[];
  /** Resource limits set before, by it or its ancestors, oldest first. */
  readonly limits: readonly Limit[];
  /** Where its lines are, for a second look; see `lifeOf`. */
  readonly life: readonly LineSpan[];
  /** The last one that has a name. */
  readonly lastOpened: OpenedFile | null;
  /** A later open of a file that the log does not name; null where there is none. */
  readonly unnamedOpen: Place | null;
  readonly lastFailedOpen: { readonly path: string; readonly errno: string | null; readonly place: Place } | null;
  readonly culprit: Candidate | null;
  /** The runners-up, best first. */
  readonly candidates: readonly Candidate[];
  /** What a second look told; null before it, and where the lines were gone. */
  readonly explanation: Explanation | null;
}

export interface Kill {
  readonly pid: number | null;
  readonly program: string | null;
  readonly signal: string | null;
  readonly place: Place | null;
  /** Who sent it, as far as the log shows. */
  readonly sender: Sender | null;
  /** The limit that was exceeded, for signals that tell of one. */
  readonly limit: Limit | null;
  /** The limit in words. */
  readonly limitClause: Clause | null;
  readonly lastOpened: OpenedFile | null;
}

export interface SurvivedSignal {
  readonly pid: number | null;
  readonly program: string | null;
  readonly signal: string;
  readonly place: Place;
  readonly count: number;
}

/** A process that exited with another status than 0, without a fault. */
export interface FailedExit {
  readonly pid: number | null;
  readonly program: string | null;
  readonly status: number;
  readonly place: Place;
}

export interface BlameResult {
  readonly processes: number;
  readonly crashes: readonly Crash[];
  readonly killed: readonly Kill[];
  readonly survived: readonly SurvivedSignal[];
  /** The first of them, and how many there were. */
  readonly failedExits: readonly FailedExit[];
  readonly failedExitCount: number;
  /** Processes created and never seen. */
  readonly untraced: number;
}

/** An open as it is reported. */
export function openedFile(record: OpenRecord, stillOpen: boolean | null): OpenedFile {
  return {
    path: pathOf(record),
    printed: record.printed,
    call: record.call,
    place: record.place,
    tid: record.tid,
    fd: record.fd,
    stillOpen,
    access: record.access,
  };
}

/** The processes above one, nearest first, as far as they are known. */
export function ancestorsOf(process: Process): Ancestor[] {
  const ancestors: Ancestor[] = [];
  let above = process;
  while (above.parent !== null && ancestors.length < MAX_ANCESTORS) {
    above = above.parent;
    ancestors.push({ pid: above.pid, program: programOf(above), argv: above.exec?.argv ?? null });
  }
  if (above.parent === null && above.parentPid !== null) {
    ancestors.push({ pid: above.parentPid, program: null, argv: null });
  }
  return ancestors;
}

/** The answer with what explains its crashes, in their order. */
export function withExplanations(result: BlameResult, explanations: readonly (Explanation | null)[]): BlameResult {
  const crashes = result.crashes.map((crash, index) => ({ ...crash, explanation: explanations[index] ?? null }));
  return { ...result, crashes };
}
