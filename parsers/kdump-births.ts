/**
 * How processes and threads begin: with the return of a call they did not make.
 *
 *      901 100202 make     RET   vfork 0        a child
 *      900 100102 make     RET   thr_new 0      a thread; OpenBSD: __tfork
 *      900 100102 make     RET   fork 0         a thread too, on FreeBSD to 12 at least, where all that begins returns from fork
 */
import { type Role, syscallOf } from '../src/model/syscalls.ts';

const STATEFUL: ReadonlySet<Role> = new Set(['spawn', 'exec', 'exit', 'exit-thread']);
/** Calls that make threads, whose own first return is of the same name. */
const THREAD_CALLS: ReadonlySet<string> = new Set(['thr_new', 'thr_create', '__tfork', '_lwp_create', 'lwp_create2']);
/** Returns 0 to the new thread alone. */
const TELLS_APART = '__tfork';
/** What a thread seems to return from where its system knows of nothing else. */
const ANY_BIRTH = 'fork';
/** Processes whose threads are awaited. */
const MAX_AWAITED = 65_536;

/** Whether a call makes or ends processes or threads: the parser itself needs it. */
export function changesProcess(name: string): boolean {
  const role = syscallOf(name, 'bsd')?.role;
  return THREAD_CALLS.has(name) || (role !== undefined && STATEFUL.has(role));
}

/** The threads that were made and not seen to begin. */
export class Births {
  readonly #awaited = new Map<number, number>();

  /** A call began. */
  called(pid: number, name: string): void {
    if (!THREAD_CALLS.has(name)) return;
    if (this.#awaited.size >= MAX_AWAITED) this.#awaited.clear();
    this.#awaited.set(pid, (this.#awaited.get(pid) ?? 0) + 1);
  }

  /** A call failed. */
  failed(pid: number, name: string): void {
    if (THREAD_CALLS.has(name)) this.#settle(pid);
  }

  /** Whether a return of 0 from this call is a thread's first sign, even where a call of the name is open. */
  isThread(pid: number, name: string): boolean {
    return name === TELLS_APART || (name === ANY_BIRTH && this.#awaited.has(pid));
  }

  /** Whether a return of 0 from this call, where none is open, is a thread's first sign. It is no longer awaited. */
  begins(pid: number, name: string): boolean {
    if (!THREAD_CALLS.has(name) && !this.isThread(pid, name)) return false;
    this.#settle(pid);
    return true;
  }

  /** Another process has this pid. */
  forget(pid: number): void {
    this.#awaited.delete(pid);
  }

  #settle(pid: number): void {
    const left = (this.#awaited.get(pid) ?? 0) - 1;
    if (left > 0) this.#awaited.set(pid, left);
    else this.#awaited.delete(pid);
  }
}
