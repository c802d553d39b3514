import type { TraceEvent } from './event.ts';

/** Lines that were put off: recognised as complete calls, or halves of calls, and not read yet. The latest of a log. */
export interface KeptLines {
  /** Whether there are any of this task (pid column). */
  has(task: number | null): boolean;
  /** Reads those of the tasks that the log's latest text still holds, in its order, and lets go of them. */
  read(tasks: Iterable<number | null>, onEvent: (event: TraceEvent) => void): void;
  /** Lets go of those of the tasks. */
  drop(tasks: Iterable<number | null>): void;
  /** The event of the latest of the task; null where there is none, or it is a first half. Nothing is let go of. */
  latest(task: number | null): TraceEvent | null;
}

/** What an analysis does about lines that it can put off: most processes end before anybody asks for theirs. */
export interface Keeping {
  /** Whether events of the call with this printed name can wait. Must not change during a run. */
  canWait(name: string): boolean;
  /** Called before an input is read, with the lines of it that will be kept. */
  begin(lines: KeptLines): void;
  /** Lines of the task are about to be lost: the last chance to detach and read them. */
  leaving(task: number | null): void;
}

export const NO_KEPT_LINES: KeptLines = { has: () => false, read() {}, drop() {}, latest: () => null };
