import type { Dialect, Platform } from '../../model/dialect.ts';
import type { Verdict } from '../crash.ts';
import type { NamedFile } from '../open-records.ts';
import type { Process, Task } from '../process.ts';
import type { ActColumns } from './act-columns.ts';
import type { Measure } from './measures.ts';
import type { RecordedActs } from './recorded-acts.ts';
import type { ActKind, RunQuestion } from './run.ts';
import type { Subject } from './subjects.ts';
import type { Texts } from './texts.ts';

/** What an act did, whatever it was done to. */
export interface RecordedDeed {
  readonly kind: ActKind;
  readonly operation: string;
  /** 'ok', the name of an error, or 'unfinished'. */
  readonly outcome: string;
  /** At level raw: the result and the arguments as printed, without what is chance. */
  readonly detail: string;
  /** At level raw: what means the same whichever tracer printed it. */
  readonly measures: readonly Measure[];
}

/** An act as the log has it: its names are no symbols yet, for what they are called in the other run is not known. */
export interface RecordedAct extends RecordedDeed {
  readonly subjects: readonly Subject[];
}

export interface RecordedThread {
  /** The one that goes on with it: an exec may give it another. */
  task: Task;
  /** Ids are indices into the acts of the run. */
  readonly acts: ActColumns;
  /** Calls so far. */
  calls: number;
}

/** One process of a run that was read to its end. */
export interface RecordedProcess {
  readonly process: Process;
  readonly verdict: Verdict | null;
  readonly threads: readonly RecordedThread[];
}

/** A file or directory that the run made, or emptied. */
export interface MadeFile {
  readonly file: NamedFile;
  /** Whether the name was nobody's before, as those of temporary files are. */
  isNew: boolean;
  /** Whether it took the name away again. */
  isGone: boolean;
}

/** One run, read to its end; `makeRuns` makes two of them comparable. */
export interface RecordedRun {
  readonly dialect: Dialect;
  readonly platform: Platform;
  readonly question: RunQuestion;
  readonly acts: RecordedActs;
  /** Where the acts' names are kept; two runs may share it. */
  readonly texts: Texts;
  /** Parents before their children, siblings in the order they were made. */
  readonly processes: readonly RecordedProcess[];
  /** Children that were created and never traced. */
  readonly untraced: number;
  readonly made: readonly MadeFile[];
  /** Where the directory that the first process began in leads back to; see `Directory.way`. */
  readonly origin: object | null;
  /** The path of that directory, latin1 bytes; null where nothing tells. */
  readonly workingDirectory: string | null;
  /** Operations that the log shows, by name. */
  readonly operations: ReadonlySet<string>;
  /** Whether calls of all kinds are in the log; false where it was recorded with some calls only. */
  readonly isWhole: boolean;
  /** Calls that were left out, by the reasons that are known while reading. */
  readonly hidden: { readonly housekeeping: number; readonly level: number };
}
