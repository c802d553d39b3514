import type { Dialect } from './dialect.ts';

/**
 * The common event model: what every tracer's text becomes.
 *
 * Events are plain objects; every key is always there, null where the log does not say. Text stays as printed
 * (escaped, in the tracer's number bases); `accessors.ts` decodes it when an analysis asks.
 */
export interface EventBase {
  readonly dialect: Dialect;
  /** Index of the input the lines are in, into the trace's list of inputs; 0 when there is only one. */
  readonly input: number;
  /** First line in that input, counted from 1. */
  readonly line: number;
  /** Last line: greater than `line` when a call was interrupted or a siginfo line follows. */
  readonly endLine: number;
  /**
   * Process id column. strace prints the kernel's task id, so a thread shows its own. Null where the line has no
   * column; a strace parser that knows which task is the only one alive fills that task in.
   */
  readonly pid: number | null;
  /** Thread or LWP id where printed beside the pid (truss `pid/lwp`). */
  readonly tid: number | null;
  /** Timestamp text as printed: '1700000000.123456', '14:32:01'. Of the call's entry where it was split. */
  readonly time: string | null;
  /** Nanoseconds since the trace's first timestamp; exact below 2^53 ns (104 days). */
  readonly atNs: number | null;
}

export interface Errno {
  /** 'ENOENT'. */
  readonly name: string | null;
  /** In the numbering of the traced system: 11 is EAGAIN on illumos. */
  readonly number: number | null;
}

/**
 * How a call ended. `returned` and `failed` came back; `unfinished`: the log ends, the process dies or the call
 * itself ends it (exit_group) before it returns; `restarted`: a signal interrupted it and the kernel starts it again.
 */
export type Outcome = 'returned' | 'failed' | 'unfinished' | 'restarted';

export interface SyscallEvent extends EventBase {
  readonly kind: 'syscall';
  /** As printed: 'openat', 'open64', 'open_nocancel'. Roles and canonical names: `syscalls.ts`. */
  readonly name: string;
  /** Text between the call's own parentheses, still escaped. */
  readonly args: string;
  /** As printed, with the decoration the tracer glued to it: '3', '-1', '3</etc/passwd>', '?'. Null when none was. */
  readonly result: string | null;
  /** What stands after the result or in its place: '(Timeout)', '[26559]', 'argc = 2', '(INJECTED)'. */
  readonly detail: string | null;
  readonly errno: Errno | null;
  readonly durationNs: number | null;
  readonly outcome: Outcome;
}

/** What happens to a signal when it is delivered, where the tracer says so (truss). */
export type Disposition = 'default' | 'caught' | 'ignored';

/** A signal was delivered to a task. Not a death by itself: it may be caught. */
export interface SignalEvent extends EventBase {
  readonly kind: 'signal';
  /** 'SIGSEGV'. */
  readonly signal: string;
  readonly disposition: Disposition | null;
  /** As printed, without the tracer's frame around it; see `siginfo.ts`. */
  readonly siginfo: string | null;
}

/** A machine trap, before it becomes a signal (truss `Incurred fault`). */
export interface FaultEvent extends EventBase {
  readonly kind: 'fault';
  /** 'FLTBOUNDS'. */
  readonly fault: string;
  /** Program counter as printed: '0xFE887CF8'. */
  readonly pc: string | null;
  readonly siginfo: string | null;
}

/** A task ended by itself. */
export interface ExitEvent extends EventBase {
  readonly kind: 'exit';
  readonly status: number | null;
}

/** A task was ended by a signal. */
export interface KilledEvent extends EventBase {
  readonly kind: 'killed';
  /** Null where the tracer says only that the process was killed. */
  readonly signal: string | null;
  readonly coreDumped: boolean | null;
}

/**
 * A task is first seen. `thread`: it shares its creator's process. `attach`: the tracer took hold of it, which says
 * nothing about its parent. `clone`: a new task, process or thread not yet known.
 */
export type StartVia = 'fork' | 'vfork' | 'clone' | 'thread' | 'attach';

export interface ProcessStartEvent extends EventBase {
  readonly kind: 'process-start';
  readonly parentPid: number | null;
  readonly via: StartVia | null;
}

/**
 * The task whose events carried no pid so far is `pid`. A log without a pid column at the start names its first
 * process only once a second one appears.
 */
export interface IdentityEvent extends EventBase {
  readonly kind: 'identity';
}

/**
 * The short name of the program the process runs, from a column of its own (kdump). Given where a process is first
 * seen, and after an exec whose path the log does not show.
 */
export interface ProgramEvent extends EventBase {
  readonly kind: 'program';
  readonly program: string;
}

/**
 * The kernel looked up a path for a call under way. The call's own event has the path in its arguments as well; this
 * one tells the line it is printed on (the NAMI record of kdump).
 */
export interface LookupEvent extends EventBase {
  readonly kind: 'lookup';
  /** First line of the call. */
  readonly callLine: number;
  /** A C string with its quotes, as in `args`. */
  readonly path: string;
}

/** The tracer let go of the task: from here on the log does not show what it does. */
export interface DetachEvent extends EventBase {
  readonly kind: 'detach';
}

/**
 * The tracer says that it lost calls, of this process or, where it names none, of any. They are missing before its
 * line: how far, it does not say.
 */
export interface LostEvent extends EventBase {
  readonly kind: 'lost';
  /** Name of the call, where only one was lost; null where they may have been any. */
  readonly call: string | null;
  readonly text: string;
}

/** Understood, and carries nothing an analysis uses: column headers, '(sleeping...)', stack frames, dumps. */
export interface NoteEvent extends EventBase {
  readonly kind: 'note';
  readonly text: string;
}

/** Nothing understood the line: most often the traced program's own output. Kept as it is. */
export interface UnparsedEvent extends EventBase {
  readonly kind: 'unparsed';
  readonly text: string;
}

export type TraceEvent =
  | SyscallEvent
  | SignalEvent
  | FaultEvent
  | ExitEvent
  | KilledEvent
  | ProcessStartEvent
  | IdentityEvent
  | ProgramEvent
  | LookupEvent
  | DetachEvent
  | LostEvent
  | NoteEvent
  | UnparsedEvent;
