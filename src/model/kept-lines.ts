import type { TraceEvent } from './event.ts';

/** Lines that were put off: recognised as complete calls, or halves of calls, and not read yet. The latest of a log. */
export interface KeptLines {
  /** Whether there are any of this task (pid column). */
  has(task: number | null): boolean;
  /** Takes those of the tasks out; null where there are none. */
  detach(tasks: Iterable<number | null>): DetachedLines | null;
}

export interface DetachedLines {
  /** Reads those that the log's latest text still holds, in its order. */
  read(onEvent: (event: TraceEvent) => void): void;
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

export const NO_KEPT_LINES: KeptLines = { has: () => false, detach: () => null };
