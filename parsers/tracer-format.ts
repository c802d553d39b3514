import type { CallRows } from '../src/model/call-rows.ts';
import type { Clock } from '../src/model/clock.ts';
import type { Counting } from '../src/model/counting.ts';
import type { Diagnostic } from '../src/model/diagnostic.ts';
import type { Dialect } from '../src/model/dialect.ts';
import type { TraceEvent } from '../src/model/event.ts';
import type { Keeping } from '../src/model/kept-lines.ts';
import type { LinesHandler } from '../src/scan/lines.ts';
import type { Sieve } from './sieve.ts';

/**
 * A tracer's text format: one object a dialect, listed in `index.ts`. What tells its text is at hand, because all formats
 * vote on a log; what reads it is imported for the one that wins.
 */
export interface TracerFormat {
  readonly dialect: Dialect;
  /** For people: 'strace (Linux)'. */
  readonly title: string;
  /** Where the format is documented. */
  readonly reference: string;
  /** Whether this one line can be of this format and of hardly any other. Votes decide, never one line. */
  recognizes(text: string): boolean;
  /** Imports what reads it. */
  load(): Promise<LoadedFormat>;
}

/** A format that can be read: what `<dialect>.ts` exports. */
export interface LoadedFormat {
  createParser(sink: EventSink, context: ParseContext): LineParser;
}

/** Where a parser puts what it reads, synchronously and in order. */
export interface EventSink {
  event(event: TraceEvent): void;
  /** Takes calls many at once, theirs only until it returns; without it each is an event. */
  calls?(rows: CallRows): void;
  diagnostic(diagnostic: Diagnostic): void;
}

/** What the reader knows and the log may not say. */
export interface ParseContext {
  /** Index of this input, put on every event. */
  readonly input: number;
  /** strace -ff puts the pid in the file's name only. */
  readonly defaultPid: number | null;
  /** Turns stamps into `atNs`; shared by the files of one set. */
  readonly clock: Clock;
  /** What the analysis at hand needs; null: everything. */
  readonly needs: Needs | null;
}

/** What an analysis asks of a parser. A parser may give more, never less. */
export interface Needs {
  /**
   * Whether events of the call with this printed name are needed. Must not change during a run. Of waits, and of calls that
   * return the caller's id, those that tell nothing new may be left out.
   */
  call(name: string): boolean;
  /**
   * Tasks (pid column; null: the one without a pid) of which every event is needed for the moment, because a fault
   * is being followed. The analysis adds and removes them while the parser runs.
   */
  readonly watched: ReadonlySet<number | null>;
  /** Asked where lines can be put off; without it events are wanted as they come. */
  readonly keeping?: Keeping | null;
  /** Takes calls as numbers where their events are not needed; without it they are wanted as events. */
  readonly counting?: Counting | null;
}

/** One log, line by line. Holds what a line alone cannot: open calls, a signal awaiting its siginfo. */
export interface LineParser {
  /** One physical line as latin1 text, without its line end. Lines count from 1. */
  push(text: string, line: number): void;
  /** As `push`, of many lines at once; null or not there: they come one by one. */
  readonly pushLines?: LinesHandler | null;
  /**
   * False when the line in these bytes is certainly a complete call the analysis does not need, or half of one;
   * it is then counted in `skippedEvents` and must not be pushed. Called once for each line, in order.
   */
  mayMatter(buffer: Buffer, start: number, end: number): boolean;
  /** Looks at many lines at once, in the place of `mayMatter`; null where the parser has none. */
  readonly sieve: Sieve | null;
  /** The log is over: gives what is still held. */
  end(): void;
  /** Whether each line so far told by itself whose it is, so that reading may begin at any of them. */
  readonly selfContained: boolean;
  /** Events that the lines passed over by `mayMatter` would have given. */
  readonly skippedEvents: number;
}
