/**
 * To FreeBSD 10.2 truss can lose step with a child whose exec failed: from then on it takes each return for an entry
 * and each entry for a return. The line then names the call whose number is what the call before gave, and its result is the number
 * of the call that comes next.
 *
 *   8974: execve("/sbin/unzoo",<missing argument>,<missing argument>) ERR#2 'No such file or directory'
 *   8974: fork()⇥⇥⇥⇥⇥ = 59 (0x3b)         2 is ENOENT and the number of fork, 59 is execve: the search goes on
 *   8974: fork()⇥⇥⇥⇥⇥ = 4 (0x4)           and the next call is write
 */
import type { CallText } from './truss-freebsd-call.ts';

/** What a search of PATH fails with, and the calls of these numbers: ENOENT, EACCES, ENOTDIR. */
const CALL_OF_ERRNO: ReadonlyMap<number, string> = new Map([
  [2, 'fork'],
  [13, 'fchdir'],
  [20, 'getpid'],
]);
/** Lower pids are the kernel's own: fork gives them to nobody. */
const LOWEST_PID = 100;

/** Keeps the processes that truss has lost step with. */
export class Steps {
  readonly #out = new Set<number | null>();
  /** What the latest call failed with, of those whose latest call is an exec that failed. */
  readonly #failedExecs = new Map<number | null, number>();

  /** Whether this call of the process, the next in order, says nothing of what the process does. */
  isOut(pid: number | null, call: CallText): boolean {
    // A return that is taken for an entry cannot fail.
    if (this.#out.has(pid)) return call.outcome !== 'failed' || !this.#out.delete(pid);
    const errno = this.#failedExecs.get(pid);
    if (errno !== undefined) {
      this.#failedExecs.delete(pid);
      const result = Number(call.result);
      const isNumber = call.result !== null && result > 0 && result < LOWEST_PID;
      if (isNumber && call.name === CALL_OF_ERRNO.get(errno)) {
        this.#out.add(pid);
        return true;
      }
    }
    if (call.name === 'execve' && typeof call.errno?.number === 'number') this.#failedExecs.set(pid, call.errno.number);
    return false;
  }

  /** Whether the next call of the process may be out of step. */
  mayBeOut(pid: number | null): boolean {
    return this.#failedExecs.has(pid) || this.#out.has(pid);
  }

  /** The process is over. */
  end(pid: number | null): void {
    this.#out.delete(pid);
    this.#failedExecs.delete(pid);
  }
}
