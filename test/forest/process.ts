import type { Birth, Call, ChildReport, Siginfo } from './happening.ts';

// The processes and tasks of a simulated run, and the truth about each.

/** One open that succeeded. Indexes are of happenings. */
export interface SimOpen {
  readonly call: Call;
  readonly thread: SimThread;
  readonly enter: number;
  returned: number;
  readonly fd: number;
  /** As far as a log without `-y` can know it: absolute, or as printed. */
  readonly path: string;
  readonly isInput: boolean;
}

export type Fate =
  | {
      readonly kind: 'crash';
      readonly how: 'killed' | 'handled';
      readonly signal: string;
      /** First sign of the fault. */
      readonly fault: number;
      readonly thread: SimThread;
      readonly tid: number;
      readonly status: number | null;
    }
  | { readonly kind: 'killed'; readonly signal: string; readonly at: number | null; readonly thread: SimThread | null }
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'unknown' };

export interface SimProcess {
  readonly pid: number;
  readonly parent: SimProcess | null;
  /** Serial number of its first thread. */
  readonly firstSerial: number;
  /** Index of the first happening. */
  readonly start: number;
  fate: Fate;
  readonly opens: SimOpen[];
  /** Successful execs, by the index of their return. */
  readonly execs: number[];
  readonly survived: { signal: string; first: number; count: number }[];
  /** Whether a handler was at work in another thread when the process ended: what it survived is a matter of taste. */
  disputed: boolean;
  /** Whether its fate is, too. */
  unclear: boolean;
  /** Whether the call that made it returned. */
  confirmed: boolean;
  hasThreads: boolean;
}

export interface SimThread {
  readonly process: SimProcess;
  /** Counts the threads of the run from 1. */
  readonly serial: number;
}

export type Doom =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly coreDumped: boolean }
  | { readonly kind: 'superseded' };

/** What a script waits for; null: nothing, another task may go first. */
export type Turn = (() => boolean) | null;
export type Script = Generator<Turn, void>;

export interface Fault {
  readonly index: number;
  readonly signal: string;
  readonly tid: number;
  count: number;
  /** The handler gives the thread back to its work: until that shows, nobody can tell. */
  readonly recovers: boolean;
}

export class Task implements SimThread {
  tid: number;
  lwp: number;
  readonly serial: number;
  readonly via: Birth;
  readonly process: Process;
  script: Script | null = null;
  blocked: Turn = null;
  call: Call | null = null;
  /** Whether a signal can interrupt the call. */
  interruptible = false;
  doom: Doom | null = null;
  gone = false;
  /** Whether the call that made it has returned. */
  confirmed = true;
  /** Whether its first line is out. */
  born = false;
  /** Exited while threads it started live on. */
  zombie = false;
  fault: Fault | null = null;
  /** What it and its files are named after: its place among those its maker made. */
  label = '';
  /** Files, programs and tasks it has named. */
  made = 0;
  readonly inbox: { readonly signal: string; readonly siginfo: Siginfo }[] = [];

  constructor(process: Process, tid: number, lwp: number, serial: number, via: Birth) {
    this.process = process;
    this.tid = tid;
    this.lwp = lwp;
    this.serial = serial;
    this.via = via;
  }
}

export interface Directory {
  readonly path: string;
  /** Absolute only where a log without `-y` shows it. */
  readonly known: string | null;
}

export interface Descriptor extends Directory {
  readonly directory: boolean;
  readonly closeOnExec: boolean;
}

export class Process implements SimProcess {
  readonly pid: number;
  readonly parent: Process | null;
  readonly start: number;
  firstSerial = 0;
  fate: Fate = { kind: 'unknown' };
  readonly opens: SimOpen[] = [];
  readonly execs: number[] = [];
  readonly survived: { signal: string; first: number; count: number }[] = [];
  disputed = false;
  unclear = false;
  confirmed = false;
  hasThreads = false;
  readonly tasks: Task[] = [];
  readonly children: Process[] = [];
  readonly zombies: ChildReport[] = [];
  readonly descriptors = new Map<number, Descriptor>();
  cwd: Directory;
  program = '/usr/bin/sh';
  nextLwp = 1;
  /** Everybody in it is to die. */
  dying = false;
  /** A deadly signal was delivered; the others may still finish what they were at. */
  condemned = false;
  dead = false;
  quiet = false;
  /** A vfork child that has neither executed a program nor ended: its parent waits. */
  borrowed = false;

  constructor(pid: number, parent: Process | null, start: number, cwd: Directory) {
    this.pid = pid;
    this.parent = parent;
    this.start = start;
    this.cwd = cwd;
  }
}
