/**
 * How a process ended, of the line that says that it did. What that line means changed with the releases:
 *
 *   SIGNAL 11                                      process exit, rval = 139    to FreeBSD 6: the raw wait status
 *   SIGNAL 11 (SIGSEGV)                            process exit, rval = 0      7 to 10.2: 0, also for a kill
 *   SIGNAL 11 (SIGSEGV)   process killed, signal = 11 (core dumped)            since then: two kinds of line
 */
import { isDeadlyByDefault, signalName } from '../src/model/signals.ts';

const PLATFORM = 'freebsd';

export type End =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly coreDumped: boolean | null };

/** What a log showed of its truss's age, and of the processes that may be dying. */
export class Deaths {
  /** Whether exit lines show the raw wait status. */
  showsRawStatus = false;
  /** Whether a death by signal has a line of its own. */
  haveLines = false;
  /** A deadly signal, by pid, while it is the last thing seen of the process. */
  readonly #fatal = new Map<number | null, string>();

  /** A signal's line was seen. */
  signalled(pid: number | null, signal: string): void {
    if (isDeadlyByDefault(signal, PLATFORM)) this.#fatal.set(pid, signal);
  }

  /** Another line of the process was seen, or its end. */
  survived(pid: number | null): void {
    if (this.#fatal.size > 0) this.#fatal.delete(pid);
  }

  /** Whether a deadly signal is the last thing seen of the process. */
  mayBeDying(pid: number | null): boolean {
    return this.#fatal.size > 0 && this.#fatal.has(pid);
  }

  // process exit, rval = 139
  //                      ^^^
  /** The end that an exit line tells of. */
  endOf(pid: number | null, rval: number): End {
    // A status above 255 is raw where it can be: truss of today prints the exit call in front of it.
    const isRaw = this.showsRawStatus || (!this.haveLines && rval > 0xff && rval <= 0xff00 && (rval & 0xff) === 0);
    if (isRaw) {
      const signal = rval & 0x7f;
      if (signal === 0) return { kind: 'exit', status: (rval >> 8) & 0xff };
      return { kind: 'killed', signal: signalName(signal, PLATFORM), coreDumped: (rval & 0x80) !== 0 };
    }
    // It exits with a call. Right behind a deadly signal, that signal did it.
    const fatal = this.#fatal.get(pid);
    if (fatal !== undefined && rval === 0 && !this.haveLines) {
      return { kind: 'killed', signal: fatal, coreDumped: null };
    }
    return { kind: 'exit', status: rval & 0xff };
  }
}
