/** Which processes a log has shown, and whether it has a process or thread in front of each line (-f, -H). */

/** Pids remembered as seen. Most leave at their end; those of a log without ends must not pile up for ever. */
const MAX_KNOWN_PIDS = 65_536;

/** The processes alive, as far as lines that were understood tell. Null is the one of a log without pids. */
export class Tasks {
  /** Once there was a prefix, a line without one is program output, whatever it says. */
  layout: 'unknown' | 'prefixed' | 'bare' = 'unknown';
  /** Of the last line that was understood. */
  lastPid: number | null = null;
  readonly #known = new Set<number | null>();
  #first: number | null = null;

  has(pid: number | null): boolean {
    return this.#known.has(pid);
  }

  /** Whether no other process was before this one. */
  isFirst(pid: number | null): boolean {
    return this.layout !== 'prefixed' || pid === this.#first;
  }

  /** A line of this process was understood. */
  see(pid: number | null, prefixed: boolean): void {
    if (prefixed) {
      // What was read without a prefix so far was no trace.
      if (this.layout === 'bare') this.#known.clear();
      if (this.layout !== 'prefixed') this.#first = pid;
      this.layout = 'prefixed';
    } else if (this.layout === 'unknown') {
      this.layout = 'bare';
    }
    if (this.#known.size >= MAX_KNOWN_PIDS) this.#known.clear();
    this.#known.add(pid);
    this.lastPid = pid;
  }

  /** The process is over. */
  end(pid: number | null): void {
    this.#known.delete(pid);
  }

  /** The process that a line without a prefix follows: that of the line before, or the only one left; null for none. */
  get current(): number | null {
    if (this.#known.has(this.lastPid)) return this.lastPid;
    if (this.#known.size !== 1) return null;
    for (const pid of this.#known) return pid;
    return null;
  }
}
