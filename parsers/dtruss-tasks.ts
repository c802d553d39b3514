import type { StartVia } from '../src/model/event.ts';
import { readDecimal, skipDigits } from '../src/scan/cursor.ts';
import type { CallText } from './dtruss-call.ts';
import { MAX_PID_DIGITS } from './dtruss-front.ts';

/** Calls that return the child's id; of Solaris and FreeBSD too, for the toolkit. */
const FORKS: ReadonlySet<string> = new Set(['fork', 'vfork', 'forksys', 'fork1', 'rfork']);
/** Calls that return the id of a child that is over. */
const WAITS: ReadonlySet<string> = new Set(['wait4', 'wait4_nocancel']);
const POSIX_SPAWN = 'posix_spawn';
const SPAWNED = ' -> PID ';

/** Most processes, and most threads, remembered. Ends are not printed, so they would pile up for ever. */
const MAX_REMEMBERED = 65_536;
const NO_CHILD = -1;

/** What a line says: a call returned, a process was first seen, or what is known already. */
export type Sign = 'call' | 'start' | 'nothing-new';

/**
 * Who was seen in a log: dtruss prints lines of several kinds for one fork, and which of them tells something new
 * depends on that.
 */
export class Tasks {
  /** Latest child of each process. */
  readonly #children = new Map<number | null, number>();
  /** The child that each process was last told of to be over. */
  readonly #waited = new Map<number | null, number>();
  /** Process of the latest line of each thread, where ids of threads are the system's. */
  readonly #threads = new Map<number, number>();

  /** Whether a line of the process was seen. */
  has(pid: number | null): boolean {
    return this.#children.has(pid);
  }

  /**
   * Whether a further line of the task changes nothing here. `tid` is null where thread ids are the process's own.
   */
  isCurrent(pid: number | null, tid: number | null): boolean {
    return this.#children.has(pid) && (tid === null || this.#threads.get(tid) === pid);
  }

  /** The process whose line was the latest on this thread, or null. */
  latestOn(tid: number | null): number | null {
    return tid === null ? null : (this.#threads.get(tid) ?? null);
  }

  /** The child that the process was last told of to be over, or null. */
  waitedBy(pid: number | null): number | null {
    return this.#waited.get(pid) ?? null;
  }

  /** Takes note of a child that is over. */
  wait(call: CallText, pid: number | null): void {
    const child = Number(call.result);
    if (!WAITS.has(call.name) || call.outcome !== 'returned' || !(child > 0)) return;
    if (this.#waited.size >= MAX_REMEMBERED) this.#waited.clear();
    this.#waited.set(pid, child);
  }

  /** Takes note of a line of the task. */
  see(pid: number | null, tid: number | null): void {
    if (!this.#children.has(pid)) {
      if (this.#children.size >= MAX_REMEMBERED) this.#children.clear();
      this.#children.set(pid, NO_CHILD);
    }
    if (tid === null || pid === null || this.#threads.get(tid) === pid) return;
    if (this.#threads.size >= MAX_REMEMBERED) this.#threads.clear();
    this.#threads.set(tid, pid);
  }

  /** The process that the thread is borrowed from, for a vfork; null where it is this one's own. */
  lenderOf(pid: number | null, tid: number | null): number | null {
    const latest = this.latestOn(tid);
    return latest === pid ? null : latest;
  }

  /**
   * What a call's line tells, and takes note of a fork's result. `fork() = 0 0` is printed when a thread is first seen.
   * A vfork is printed with the pid of the child, on the thread it borrows, then once or twice with that of its parent;
   * the toolkit prints each fork twice.
   *
   *   3970/0x3cd01:  vfork()⇥⇥ = 3970 0
   *   3968/0x3cd01:  vfork()⇥⇥ = 3970 0
   *   3968/0x3cd01:  vfork()⇥⇥ = 3970 Err#2
   */
  signOf(call: CallText, pid: number | null, tid: number | null): Sign {
    if (!FORKS.has(call.name) || call.outcome !== 'returned') return 'call';
    const child = Number(call.result);
    if (child !== 0 && child !== pid) {
      if (this.#children.get(pid) === child) return 'nothing-new';
      this.see(pid, tid);
      this.#children.set(pid, child);
      return 'call';
    }
    // Where no line names its process, each of these may be another's.
    const isNew = pid === null || !this.has(pid) || this.lenderOf(pid, tid) !== null;
    return isNew ? 'start' : 'nothing-new';
  }

  /** Another run begins. */
  clear(): void {
    this.#children.clear();
    this.#waited.clear();
    this.#threads.clear();
  }
}

/** Whether the call makes processes or waits for them: of those, no line is passed over. */
export function isOfProcesses(name: string): boolean {
  return name === POSIX_SPAWN || FORKS.has(name) || WAITS.has(name);
}

/** How a process began whose first sign is a fork's line. Apple's `fork()` says nothing: the command has one too. */
export function viaOf(call: CallText, pid: number | null): StartVia | null {
  if (Number(call.result) === pid) return 'vfork';
  return call.args === '' ? null : 'fork';
}

// posix_spawn(0x7FFEE -> PID 123, "/bin/ls\0" (0x10F), 0x0)⇥⇥ = 0 0
//                            ^^^
/** The process a posix_spawn made, or null: only a rewritten script prints it. */
export function spawnedPid({ name, args, outcome }: CallText): number | null {
  if (name !== POSIX_SPAWN || outcome !== 'returned') return null;
  const comma = args.indexOf(',');
  const arrow = args.indexOf(SPAWNED);
  const pid = arrow + SPAWNED.length;
  const isPid = arrow > 0 && pid < comma && comma - pid <= MAX_PID_DIGITS && skipDigits(args, pid) === comma;
  return isPid ? readDecimal(args, pid, comma) : null;
}
