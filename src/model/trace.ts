import type { DiagnosticCount } from './diagnostic.ts';
import type { Dialect } from './dialect.ts';

/** What is known of a trace before its first event. */
export interface TraceHeader {
  readonly dialect: Dialect;
  /** Names of the inputs as given; '-' is standard input. Events point into this list. */
  readonly inputs: readonly string[];
  /**
   * Whether the inputs are one recording with one set of pids (a set of `strace -ff` files, or a single input).
   * False for several logs read one after another: a pid in one is nothing to the same pid in the next.
   */
  readonly joined: boolean;
}

/** Lines of one input that tell of some tasks. */
export interface LineSpan {
  readonly input: number;
  /** First and last line, both included. */
  readonly from: number;
  readonly to: number;
  /** Ids in the pid column. */
  readonly tasks: ReadonlySet<number | null>;
}

/** What was counted while a trace was read. */
export interface TraceCounts {
  /** Physical lines, blank ones included. */
  readonly lines: number;
  /** Events the lines gave, counting those that were passed over because the analysis did not need them. */
  readonly events: number;
  /** Events of kind `unparsed` among them. */
  readonly unparsed: number;
}

/** A trace that was read, as the answers name it. */
export interface TraceSummary extends TraceHeader, TraceCounts {
  readonly diagnostics: readonly DiagnosticCount[];
}
