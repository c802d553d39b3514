import { pathArguments } from './kdump-paths.ts';

/** A call that has not returned. */
export interface OpenCall {
  readonly pid: number;
  /** Null where the log has no column for threads. */
  readonly tid: number | null;
  readonly name: string;
  /** Null where nobody needed the call and its line was passed over. */
  readonly args: string | null;
  readonly line: number;
  readonly time: string | null;
  readonly atNs: number | null;
  /** Names the kernel looked up since, quoted. */
  readonly paths: string[];
  /** Words of the command that an exec starts, quoted; null where no record tells them. */
  words: string[] | null;
}

/** Names kept of one call: the first ones, and the last. */
const MAX_PATHS = 4;
/** Calls of one process that are open at a time: one a thread. */
const MAX_CALLS = 1024;
/** Processes remembered. Most leave at their end; those that died unseen must not pile up for ever. */
const MAX_PROCESSES = 65_536;
const MAX_DEAD = 1024;

/** The calls that are under way, by process, in the order they began. */
export class OpenCalls {
  readonly #byPid = new Map<number, OpenCall[]>();
  /** The core file of a process is looked up after its death. With the signal it died of, null for an exit. */
  readonly #dead = new Map<number, string | null>();
  readonly #onLost: (call: OpenCall) => void;

  /** `onLost` is told of each call that will never be seen to return. */
  constructor(onLost: (call: OpenCall) => void) {
    this.#onLost = onLost;
  }

  /** Whether a record of this process was seen. */
  knows(pid: number): boolean {
    return this.#byPid.has(pid);
  }

  /** Notes that a record of this process was seen. True where it is the first of one that is not dead. */
  remember(pid: number): boolean {
    if (this.#byPid.has(pid) || this.#dead.has(pid)) return false;
    this.#callsOf(pid);
    return true;
  }

  /** The process begins: whoever had its pid before is no more. */
  begin(pid: number): void {
    this.abandon(pid);
    this.#callsOf(pid);
    this.#dead.delete(pid);
  }

  /** Whether the process ended not long ago, and no other had its pid since. */
  isDead(pid: number): boolean {
    return this.#dead.has(pid);
  }

  /** The call began. One of the same thread that is still open will not return. */
  enter(call: OpenCall): void {
    const calls = this.#callsOf(call.pid);
    if (call.tid !== null) {
      for (let at = calls.length - 1; at >= 0; at--) if (calls[at]?.tid === call.tid) this.#lose(calls, at);
    }
    if (calls.length >= MAX_CALLS) this.#lose(calls, 0);
    calls.push(call);
  }

  /** Takes out the latest call of this name, or gives null. */
  take(pid: number, tid: number | null, name: string): OpenCall | null {
    const calls = this.#byPid.get(pid);
    const at = calls === undefined ? -1 : indexOf(calls, tid, name);
    return calls?.splice(at, at < 0 ? 0 : 1)[0] ?? null;
  }

  /** Takes out the latest call of this name where its line was passed over. False, and all left alone, where not. */
  takeUnneeded(pid: number, tid: number | null, name: string): boolean {
    const calls = this.#byPid.get(pid);
    const at = calls === undefined ? -1 : indexOf(calls, tid, name);
    if (calls === undefined || calls[at]?.args !== null) return false;
    calls.splice(at, 1);
    return true;
  }

  /**
   * The call a looked-up name belongs to: the thread's. Where threads are not told apart, the process's latest one
   * that takes a path.
   */
  lookingUp(pid: number, tid: number | null): OpenCall | null {
    const calls = this.#byPid.get(pid);
    if (calls === undefined) return null;
    if (calls.length === 1 && tid === null) return calls[0] ?? null;
    for (let at = calls.length - 1; at >= 0; at--) {
      const call = calls[at];
      if (call === undefined) continue;
      if (tid === null ? pathArguments(call.name).length > 0 : call.tid === tid) return call;
    }
    return tid === null ? (calls.at(-1) ?? null) : null;
  }

  /** No call of the process that is still open will return. */
  abandon(pid: number): void {
    const calls = this.#byPid.get(pid);
    if (calls === undefined) return;
    for (const call of calls) this.#onLost(call);
    calls.length = 0;
  }

  /** The process is over, by this signal or, null, without one. */
  end(pid: number, signal: string | null): void {
    this.abandon(pid);
    this.#byPid.delete(pid);
    if (this.#dead.size >= MAX_DEAD) this.#dead.clear();
    this.#dead.set(pid, signal);
  }

  /** The signal that the process of this id died of; null for one that lives or ended otherwise. */
  deathOf(pid: number): string | null {
    return this.#dead.get(pid) ?? null;
  }

  /** The log is over. */
  drain(): void {
    for (const pid of [...this.#byPid.keys()]) this.end(pid, null);
  }

  #callsOf(pid: number): OpenCall[] {
    let calls = this.#byPid.get(pid);
    if (calls === undefined) {
      calls = [];
      this.#byPid.set(pid, calls);
      // Other threads go on for a moment; whoever looks up a file now is not writing a core.
      if (this.#dead.has(pid)) this.#dead.set(pid, null);
      if (this.#byPid.size > MAX_PROCESSES) {
        for (const oldest of this.#byPid.keys()) {
          this.end(oldest, null);
          break;
        }
      }
    }
    return calls;
  }

  #lose(calls: OpenCall[], at: number): void {
    for (const call of calls.splice(at, 1)) this.#onLost(call);
  }
}

/** Index of the thread's latest call of this name, or -1. */
function indexOf(calls: readonly OpenCall[], tid: number | null, name: string): number {
  for (let at = calls.length - 1; at >= 0; at--) {
    const call = calls[at];
    if (call?.name === name && call.tid === tid) return at;
  }
  return -1;
}

/** Adds a name the kernel looked up for the call. */
export function addPath(call: OpenCall, path: string): void {
  if (call.paths.length >= MAX_PATHS) call.paths.pop();
  call.paths.push(path);
}
