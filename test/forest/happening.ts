import type { SpawnVia } from './plan.ts';
import type { SimProcess } from './process.ts';

/** A call as the kernel sees it, whatever a tracer makes of it. */
export type Request =
  | {
      readonly name: 'open';
      readonly directory: number | null;
      readonly path: string;
      readonly flags: readonly string[];
    }
  | { readonly name: 'close' | 'dup' | 'fchdir' | 'read'; readonly fd: number }
  | { readonly name: 'chdir'; readonly path: string }
  | { readonly name: Birth }
  | { readonly name: 'exec'; readonly path: string; readonly argv: readonly string[] }
  | { readonly name: 'wait4' | 'waitid'; readonly pid: number | null }
  | { readonly name: 'exit-group'; readonly status: number }
  | { readonly name: 'exit-thread' | 'sigreturn' | 'pause' | 'getpid' | 'gettid' | 'brk' | 'join' }
  | { readonly name: 'sigaction'; readonly signal: string }
  | { readonly name: 'sigprocmask' }
  | { readonly name: 'tgkill'; readonly pid: number; readonly tid: number; readonly signal: string }
  | { readonly name: 'kill'; readonly pid: number; readonly signal: string }
  | { readonly name: 'write'; readonly text: string };

/** How a call ended. */
export type Result =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'error'; readonly errno: string }
  /** A signal interrupted it; it starts again unless the signal is deadly. */
  | { readonly kind: 'interrupted' }
  /** A wait call's. */
  | { readonly kind: 'child'; readonly report: ChildReport };

export interface ChildReport {
  /** Whose end it is: pids are used again. */
  readonly process: object;
  readonly pid: number;
  readonly status: number | null;
  readonly signal: string | null;
  readonly coreDumped: boolean;
}

export interface Siginfo {
  /** 'SEGV_MAPERR', 'SI_TKILL', 'SI_USER', 'CLD_EXITED'. */
  readonly code: string;
  readonly address: string | null;
  readonly pid: number | null;
  readonly child: ChildReport | null;
}

/** One call, by identity: what it became is told by the happenings that refer to it. */
export interface Call {
  readonly request: Request;
  /** The file's own absolute path, of an open that succeeds. */
  readonly kernelPath: string | null;
  /** The working directory when it was entered. */
  readonly cwd: string;
  /** Absolute path of the directory descriptor it starts from. */
  readonly base: string | null;
}

/** Whose line it is, with the ids as they are at that moment. */
export interface Who {
  /** Whose it is: pids are used again. */
  readonly process: SimProcess;
  readonly pid: number;
  /** Kernel's task id: the pid for the first thread. */
  readonly tid: number;
  /** Counts from 1 in each process (illumos). */
  readonly lwp: number;
  /** Counts the threads of the run from 1; no exec changes it. */
  readonly serial: number;
  /** Threads the process has at that moment. */
  readonly threads: number;
  readonly parentPid: number;
}

/** The call a task is made by. */
export type Birth = SpawnVia | 'thread';

/** What happened to a task. */
export type What =
  | { readonly kind: 'born'; readonly via: Birth }
  | { readonly kind: 'enter'; readonly call: Call }
  | { readonly kind: 'return'; readonly call: Call; readonly result: Result }
  /** The task is torn out of its call by the end of its process. */
  | { readonly kind: 'abandon'; readonly call: Call }
  | {
      readonly kind: 'signal';
      readonly signal: string;
      readonly siginfo: Siginfo;
      readonly disposition: 'default' | 'caught';
      /** The call it was asleep in. */
      readonly during: Call | null;
    }
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly coreDumped: boolean }
  /** Its id is from now on that of the thread that executes another program. */
  | { readonly kind: 'superseded'; readonly by: number };

/** What a tracer may show, in the order it happened. */
export type Happening = Who & { readonly index: number } & What;
