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
  /** The core file of a process is looked up after its death. */
  readonly #dead = new Set<number>();
  readonly #onLost: (call: OpenCall) => void;

  /** `onLost` is told of each call that will never be seen to return. */
  constructor(onLost: (call: OpenCall) => void) {
    this.#onLost = onLost;
  }

  /** Whether a record of this process was seen. */
  knows(pid: number): boolean {
    return this.#byPid.has(pid);
  }

  /** Notes that a record of this process was seen. True where it is the first, and the process did not just die. */
  remember(pid: number): boolean {
    if (this.#byPid.has(pid)) return false;
    this.#callsOf(pid);
    return !this.#dead.has(pid);
  }

  /** A process with this pid begins. */
  begin(pid: number): void {
    this.end(pid);
    this.#dead.delete(pid);
    this.#callsOf(pid);
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

  /** The process is over. */
  end(pid: number): void {
    this.abandon(pid);
    this.#byPid.delete(pid);
    if (this.#dead.size >= MAX_DEAD) this.#dead.clear();
    this.#dead.add(pid);
  }

  /** The log is over. */
  drain(): void {
    for (const pid of [...this.#byPid.keys()]) this.end(pid);
  }

  #callsOf(pid: number): OpenCall[] {
    let calls = this.#byPid.get(pid);
    if (calls === undefined) {
      calls = [];
      this.#byPid.set(pid, calls);
      if (this.#byPid.size > MAX_PROCESSES) {
        for (const oldest of this.#byPid.keys()) {
          this.end(oldest);
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
