import { resultId } from '../model/accessors.ts';
import type { DiagnosticCode } from '../model/diagnostic.ts';
import { type DialectTraits, dialectTraits, type Platform } from '../model/dialect.ts';
import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';

/** Whether `Recording` needs the events of the call with this printed name. */
export function recordingNeeds(name: string, platform: Platform): boolean {
  const role = syscallOf(name, platform)?.role;
  return role === 'spawn' || role === 'exit';
}

/** Children remembered until a line of one of them shows. */
const MAX_CHILDREN = 1024;

/** Notices what a recording leaves out as a whole. One `add` an event, then `finish`. */
export class Recording {
  readonly #traits: DialectTraits;
  readonly #joined: boolean;
  #input = 0;
  #firstPid: number | null = null;
  #hasSeveral = false;
  #showsBirths = false;
  #showsAttaching = false;
  #showsEnds = false;
  #showsCalls = false;
  #showsChild = false;
  readonly #children = new Set<number>();

  constructor({ dialect, joined }: TraceHeader) {
    this.#traits = dialectTraits[dialect];
    this.#joined = joined;
  }

  add(event: TraceEvent): void {
    this.#addPid(event.pid, event.input);
    switch (event.kind) {
      case 'syscall':
        this.#addCall(event);
        break;
      case 'process-start':
        if (event.via === 'attach') this.#showsAttaching = true;
        else this.#showsBirths = true;
        this.#showsChild ||= event.via !== 'attach' && event.via !== 'thread';
        break;
      case 'detach':
      case 'exit':
      case 'killed':
        this.#showsEnds = true;
        break;
      case 'signal':
        this.#showsEnds ||= this.#traits.deathIsSignalLine && event.disposition === 'default';
        break;
    }
  }

  /**
   * Whether children were followed: a line of one shows, or a column that tracers of one process leave out. Several that
   * were attached have the column too.
   */
  get follows(): boolean {
    return this.#showsChild || (this.#traits.followedHaveColumn && this.#firstPid !== null && !this.#hasSeveral);
  }

  /** What the whole log lacks. */
  finish(): readonly DiagnosticCode[] {
    const codes: DiagnosticCode[] = [];
    if (this.#hasSeveral && !this.#showsBirths && !this.#showsAttaching) codes.push('parents-unknown');
    if (this.#showsCalls && !this.#showsEnds && this.#traits.showsEnds) codes.push('ends-unseen');
    return codes;
  }

  /** A pid of one log is nothing to that of another which is not joined to it. */
  #addPid(pid: number | null, input: number): void {
    if (input !== this.#input && !this.#joined) {
      this.#firstPid = null;
      this.#children.clear();
    }
    this.#input = input;
    if (pid === null) return;
    this.#firstPid ??= pid;
    this.#hasSeveral ||= pid !== this.#firstPid;
    this.#showsChild ||= this.#children.has(pid);
  }

  #addCall(event: SyscallEvent): void {
    this.#showsCalls = true;
    const role = syscallOf(event.name, this.#traits.platform)?.role;
    if (role === 'spawn') this.#addBirth(event);
    // Exits may be put off and never read, but for the first: the first line of each name is.
    if (role === 'exit') this.#showsEnds = true;
  }

  #addBirth(event: SyscallEvent): void {
    this.#showsBirths = true;
    const child = resultId(event);
    if (child !== null && !this.#showsChild && this.#children.size < MAX_CHILDREN) this.#children.add(child);
  }
}
