import type { Platform } from '../../model/dialect.ts';
import type { Place } from '../process.ts';

/** How much of what happened is compared: what is done with files; every call by its result's kind; all as it is. */
export const LEVELS = ['files', 'calls', 'raw'] as const;
export type Level = (typeof LEVELS)[number];

/** What is compared of each run. */
export interface RunQuestion {
  readonly level: Level;
  /** Whether housekeeping is compared too. */
  readonly all: boolean;
}

/**
 * What an act is about. `file`: a file by its name; `process`: births, execs and signals sent; `signal`: one that was
 * delivered; `call`: anything else; `housekeeping`: what programs do to run at all: memory, locks, signal masks,
 * identity, time, waiting, the loader's own files.
 */
export type ActKind = 'file' | 'process' | 'signal' | 'call' | 'housekeeping';

/** What an open that may change the file is called; others are 'open'. */
export const OPEN_TO_WRITE = 'open to write';

/** One event without what differs by chance: what was done, to what, and how it came out. */
export interface Act {
  readonly kind: ActKind;
  /** One name on all systems: 'open', 'stat', 'spawn'. */
  readonly operation: string;
  /** The file or process as a symbol, latin1 bytes; '' where there is none. */
  readonly object: string;
  /** 'ok', the name of an error, or 'unfinished'; at level raw the result and what was asked for as well. */
  readonly outcome: string;
}

/** Acts by number, shared by the two runs: equal numbers are equal acts. */
export interface Vocabulary {
  readonly size: number;
  id(act: Act): number;
  act(id: number): Act;
  /** The number of what was called on what, whatever came of it. */
  call(id: number): number;
}

/** What one thread did, in order. An act that follows its like is not another entry: `count` says how often it was done. */
export interface ActList {
  readonly length: number;
  /** Of the vocabulary. */
  id(index: number): number;
  count(index: number): number;
  /** Calls the thread had made before, those that are not compared too. */
  before(index: number): number;
  /** Calls the same thread made after it; where it was done again at once, after the last time. */
  after(index: number): number;
  /** Where it stands first: index of the input, first and last line. */
  input(index: number): number;
  line(index: number): number;
  endLine(index: number): number;
}

export interface RunThread {
  /** As printed. */
  readonly tid: number | null;
  readonly acts: ActList;
  /** All its calls. */
  readonly calls: number;
}

/** How a process ended. */
export interface RunEnd {
  /** `handled`: it crashed and exited out of its own crash handler. `inferred`: killed, though no line shows it. */
  readonly how: 'exited' | 'killed' | 'handled' | 'inferred' | 'unknown';
  readonly status: number | null;
  readonly signal: string | null;
  readonly crashed: boolean;
  readonly place: Place | null;
  /** The first line that shows what it crashed of. */
  readonly fault: Place | null;
  /** Index of the thread that crashed, or null. */
  readonly thread: number | null;
}

export interface RunProcess {
  /** Among the processes of its run. */
  readonly index: number;
  readonly pid: number | null;
  /** The path of its program as the log has it, latin1 bytes; null where it has none. */
  readonly program: string | null;
  /** The program as a symbol; '' where it is not known. */
  readonly symbol: string;
  /** Its arguments as symbols; null where the log does not show them. */
  readonly argv: readonly string[] | null;
  readonly parent: RunProcess | null;
  /** In the order they were made. */
  readonly children: readonly RunProcess[];
  /** In the order of their first signs. At level files all threads are one. */
  readonly threads: readonly RunThread[];
  readonly start: Place;
  readonly end: RunEnd;
}

/** Calls that are not compared. */
export interface HiddenCalls {
  /** Of memory, locks, signal masks, identity, time and waiting. */
  readonly housekeeping: number;
  /** Of the loader and the locale, where systems have other files for them. */
  readonly runtime: number;
  /** That the level does not look at, or that told what an earlier one had told. */
  readonly level: number;
  /** That the other log does not show, because it was recorded without them. */
  readonly unseen: number;
}

/** One run, ready to be compared with another of the same vocabulary. */
export interface Run {
  readonly platform: Platform;
  readonly level: Level;
  /** Parents before their children, siblings in the order they were made. */
  readonly processes: readonly RunProcess[];
  readonly roots: readonly RunProcess[];
  readonly vocabulary: Vocabulary;
  readonly hidden: HiddenCalls;
  /** Operations that the other log shows and this one, recorded without some calls, does not. */
  readonly unseen: readonly string[];
}
