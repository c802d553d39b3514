import type { Crash } from '../analyze/blame-result.ts';
import type { Failure, Traffic } from '../analyze/file-use.ts';
import type { Place } from '../analyze/process.ts';
import type { Rerun } from '../analyze/rerun.ts';
import type { TraceEvent } from '../model/event.ts';
import type { TraceHeader } from '../model/trace.ts';
import type { Query } from './query.ts';

/** A trace that is looked at while it is read. All texts are latin1 bytes, as in the event model. */
export interface Exploration {
  readonly header: TraceHeader;
  /** Calls the listener when anything changed, at most some 10 times a second. Gives what ends that. */
  subscribe(listener: () => void): () => void;
  progress(): Progress;
  /** The tree of all processes so far. The same until something changes. */
  processes(): ProcessTree;
  /** What is known of a process by now; null for a key that is none. */
  process(key: number): ProcessRow | null;
  /** Keys of the processes that crashed, in the order in which that became certain. */
  crashes(): readonly number[];
  /** Events of one process (null: all of the trace) that pass every filter. To be closed when it is shown no more. */
  events(scope: EventScope): EventList;
  /** What a process did with files so far, each file once, by first use. Empty for a key that is none. */
  files(process: number): Promise<readonly FileRow[]>;
  /** Why a process crashed; null where it did not. */
  story(process: number): Promise<Story | null>;
  /** How to run a process again; null where the log does not show its whole command. */
  rerun(process: number): Promise<Rerun | null>;
  /** Ends the reading and lets go of what was kept for it. */
  close(): Promise<void>;
}

/** How far the reading is. */
export interface Progress {
  /** Of the inputs as they are on disk. */
  readonly bytes: number;
  /** Null where there is a pipe among the inputs. */
  readonly totalBytes: number | null;
  readonly lines: number;
  readonly events: number;
  /** Lines that nothing understood. */
  readonly unparsed: number;
  /** Whether the inputs are over, or reading ended in trouble. */
  readonly done: boolean;
  /** One sentence: why reading ended early; null where it did not. */
  readonly trouble: string | null;
}

/** All fates: `failed` is an exit with another status than 0. */
export const FATES = ['crashed', 'killed', 'failed', 'exited', 'running', 'unknown'] as const;

/** How a process ended. `running`: no end was seen, and there may be more to read; `unknown`: none was, and there is no more. */
export type Fate = (typeof FATES)[number];

/** A tree in rows: parents before children, siblings as they began. It never changes. */
export interface ProcessTree {
  readonly length: number;
  /** How many processes have each fate. */
  readonly fates: Readonly<Record<Fate, number>>;
  /** Names the process for as long as the trace is explored; -1 for a row that is none. */
  keyAt(row: number): number;
  /** 0 for a root. */
  depthAt(row: number): number;
  /** -1 for a root. */
  parentOf(row: number): number;
  hasChildren(row: number): boolean;
  /** Row of the process; -1 where it is not in the tree. */
  rowOf(key: number): number;
}

/** One process. */
export interface ProcessRow {
  readonly key: number;
  readonly pid: number | null;
  /** Path of the latest exec, else its parent's, else a short name. */
  readonly program: string | null;
  readonly argv: readonly string[] | null;
  readonly fate: Fate;
  /** Exit status of `failed`, `exited` and of a crash that a handler ended. */
  readonly status: number | null;
  /** What it crashed or was killed with: 'SIGSEGV'. */
  readonly signal: string | null;
  readonly coreDumped: boolean | null;
  /** Its first sign. */
  readonly start: Place;
  /** Its end, or what tells of it. */
  readonly end: Place | null;
  /** From its first sign to its end; null where either has no time. */
  readonly durationNs: number | null;
  /** Threads that were seen beside the first. */
  readonly threads: number;
  /** Whether lines of its own are in the log. */
  readonly traced: boolean;
}

/** What a list of events shows. */
export interface EventScope {
  /** Key of a process; null: every event of the trace. */
  readonly process: number | null;
  /** An event is shown if it passes all of them. */
  readonly filters: readonly Filter[];
}

/** One condition on events. `excludes` turns it round. */
export type Filter = { readonly excludes: boolean } & (
  | { readonly kind: 'call' /** As printed; any of them: ['open', 'openat']. */; readonly names: readonly string[] }
  | { readonly kind: 'path' /** Part of an argument or a result, as it is shown. */; readonly text: string }
  | { readonly kind: 'error' /** 'ENOENT'; null: whatever failed. */; readonly errno: string | null }
  /** Began at or after `fromNs`, before `toNs`, counted as `atNs`; null: no such border. */
  | { readonly kind: 'time'; readonly fromNs: number | null; readonly toNs: number | null }
  | { readonly kind: 'text'; readonly query: Query }
);

/** One event as it is listed. A call that is printed in several pieces is one event, at the line of its first. */
export interface EventRow {
  /** Line, end line, time and everything else; `unparsed` with the line's text where it cannot be read again. */
  readonly event: TraceEvent;
  /** Key of its process; null for what is of none. */
  readonly process: number | null;
  /** Among the threads of its process, in order of appearance: 0 is the first. */
  readonly thread: number;
}

/**
 * Events in the order of their first lines; files of a set, which are one recording, by time. Grows while the trace is
 * read, at its end mostly: a call that returns late comes where it began, so that an index names the same event only
 * for the moment (`indexOfLine` finds it again).
 */
export interface EventList {
  /** Events so far. */
  readonly length: number;
  /** Whether no more can come: the trace is read, and all of it has been held against the filters. */
  readonly complete: boolean;
  /** The rows [from, to), as far as there are such. */
  rows(from: number, to: number): Promise<readonly EventRow[]>;
  /** Index of the event that the line is of, else of the first one after it; -1 where none is left. */
  indexOfLine(input: number, line: number): number;
  /** Line of the event at the index; null where there is none. */
  placeAt(index: number): { readonly input: number; readonly line: number } | null;
  /**
   * Index of the nearest event after `from` (direction -1: before it) that the query fits, as far as has been read;
   * null where there is none, or the signal was aborted.
   */
  search(query: Query, from: number, direction: 1 | -1, signal: AbortSignal): Promise<number | null>;
  /** Index of the nearest call after `from` (direction -1: before it) that failed; null where there is none. */
  nextFailed(from: number, direction: 1 | -1): number | null;
  /** The event's lines as they stand in the log, without line ends; far apart ones without what is between. */
  printed(index: number): Promise<readonly string[]>;
  /**
   * Writes the events as NDJSON, as `forklore events` does, to a new file; gives their number. Throws what the file
   * system says, also where the file exists.
   */
  write(path: string, signal: AbortSignal): Promise<number>;
  /** Calls of it end here; what it kept is let go. */
  close(): void;
}

/** What a process did with one file. */
export interface FileRow {
  /** Absolute where the log allows it. */
  readonly path: string;
  /** Opens that succeeded. */
  readonly opened: number;
  /** Calls on it that failed, by kind. */
  readonly failures: readonly Failure[];
  readonly failed: number;
  readonly read: Traffic;
  readonly written: Traffic;
  /** When the process ended, or now; null where the log shows no closes. */
  readonly stillOpen: boolean | null;
  readonly isDirectory: boolean;
  /** One of libraries, catalogues, or files of the kernel. */
  readonly isSystemFile: boolean;
  readonly first: Place;
  readonly last: Place;
}

/** Why a process crashed. */
export interface Story {
  /** With its explanation where the lines could be read again. */
  readonly crash: Crash;
  /** The last events of the process up to the fault, oldest first. */
  readonly lastEvents: readonly EventRow[];
}
