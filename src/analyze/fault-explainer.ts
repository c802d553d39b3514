import { argumentsOf } from '../model/accessors.ts';
import { dialectTraits, type Platform } from '../model/dialect.ts';
import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';
import { AddressSpace } from './address-space.ts';
import type { Crash } from './blame-result.ts';
import { type Clause, placeOf, sizeText } from './clause.ts';
import type { FaultReason } from './fault-reason.ts';
import { LastWords } from './last-words.ts';
import { limitClause } from './limits.ts';
import { MappedFiles } from './mapped-files.ts';
import { numberOf } from './memory-calls.ts';
import { explainMemoryFault } from './memory-fault.ts';
import { printedThread } from './open-records.ts';
import type { Place } from './process.ts';
import { instructionClause, isOfMachine, refusedCall, senderClause } from './signal-reason.ts';
import { Stacks } from './stacks.ts';

/** What of a crash its explanation starts from. */
export type CrashedProcess = Pick<Crash, 'pid' | 'tid' | 'program' | 'signal' | 'fault' | 'limits' | 'life'>;

/** A call for memory that failed this many calls before the fault has to do with it; one before that need not. */
const NEARBY_CALLS = 32;

/** A call that is remembered until the fault. */
interface NotedCall {
  readonly thread: number | null;
  /** Calls of the process up to it. */
  readonly order: number;
  readonly place: Place;
}

/**
 * Explains one crash. It is given every event of the process, of all its threads, from its last successful exec to its
 * end, in the order of the log; before them those of the processes it was forked from, from their exec to the fork.
 */
export class FaultExplainer {
  readonly #crash: CrashedProcess;
  readonly #platform: Platform;
  readonly #files: MappedFiles;
  readonly #space: AddressSpace;
  readonly #stacks: Stacks;
  readonly #words = new LastWords();
  /** Whether the events have come to those of the process itself. */
  #isOwn = false;
  #isPast = false;
  /** What it had said by the time of the fault. */
  #said: Clause | null = null;
  #pc: bigint | null = null;
  #siginfo: string | null = null;
  /** Name of the machine fault (truss). */
  #fault: string | null = null;
  #calls = 0;
  /** The last call for memory that there was none for. */
  #noMemory: (NotedCall & { readonly text: string }) | null = null;
  #filter: Clause | null = null;
  /** The last call with which it sent a signal. */
  #kill: NotedCall | null = null;
  /** The last call of the crashed thread. */
  #last: (NotedCall & { readonly name: string }) | null = null;

  constructor(crash: CrashedProcess, { dialect }: TraceHeader) {
    this.#crash = crash;
    this.#platform = dialectTraits[dialect].platform;
    this.#files = new MappedFiles(this.#platform);
    this.#space = new AddressSpace(this.#platform, (descriptor) => this.#files.pathOf(descriptor));
    this.#stacks = new Stacks(this.#platform, this.#space);
  }

  add(event: TraceEvent): void {
    // What the parent said and did is not its child's.
    if (!this.#isOwn && this.#crash.life.at(-1)?.tasks.has(event.pid) === true) {
      this.#isOwn = true;
      this.#begin();
    }
    if (event.kind === 'syscall') {
      this.#words.add(event);
      if (!this.#isPast) this.#call(event);
    }
    const { place } = this.#crash.fault;
    if (this.#isPast || event.line !== place.line || event.input !== place.input) return;
    this.#reach();
    if (event.kind === 'fault') {
      this.#fault = event.fault;
      this.#pc = numberOf(event.pc ?? undefined);
    }
    if (event.kind === 'signal') this.#siginfo = event.siginfo;
  }

  /** Null where the log shows nothing that explains the signal. */
  finish(): FaultReason | null {
    if (!this.#isOwn) return null;
    if (!this.#isPast) this.#reach();
    const reason = this.#explain() ?? this.#explainFault();
    return reason === null ? null : { ...reason, clauses: [...reason.clauses, ...this.#besides(reason)] };
  }

  /** The fault point: what comes is the work of handlers. */
  #reach(): void {
    this.#isPast = true;
    this.#said = this.#words.last();
    this.#words.clear();
  }

  /** A new program, or a new process. */
  #begin(): void {
    this.#words.clear();
    this.#noMemory = null;
    this.#kill = null;
  }

  #call(event: SyscallEvent): void {
    const thread = printedThread(event);
    this.#calls++;
    this.#files.add(event);
    this.#space.add(event);
    this.#stacks.add(event, thread);
    const noted = { thread, order: this.#calls, place: placeOf(event) };
    const { tid } = this.#crash;
    if (tid === null || tid === thread) this.#last = { ...noted, name: event.name };
    const role = syscallOf(event.name, this.#platform)?.role;
    if (role === 'exec' && event.outcome === 'returned') this.#begin();
    else if ((role === 'map' || role === 'remap') && event.errno?.name === 'ENOMEM')
      this.#noMemory = { ...noted, text: refusalText(event, role) };
    else if (role === 'kill') this.#kill = noted;
    else if (setsFilter(event)) this.#filter = { text: 'the filter was set', place: placeOf(event) };
  }

  #explain(): FaultReason | null {
    const { signal: last, fault } = this.#crash;
    const signal = fault.signal ?? last;
    const seccomp = signal === 'SIGSYS' ? this.#explainSeccomp() : null;
    if (seccomp !== null) return seccomp;
    const told = instructionClause(fault.code);
    if (told !== null) return plain('instruction', [told]);
    if (signal === 'SIGSEGV' || signal === 'SIGBUS') {
      const reason = this.#explainMemory(signal);
      if (reason !== null) return reason;
    }
    return this.#explainSender(signal);
  }

  /** A filter that kills does so without a signal: then the call is the last of the thread. */
  #explainSeccomp(): FaultReason | null {
    const filter = this.#filter;
    const told = this.#siginfo === null ? null : refusedCall(this.#siginfo);
    const call = told ?? (this.#siginfo === null && filter !== null ? this.#last?.name : undefined);
    if (call === undefined) return null;
    const place = this.#last?.name === call ? this.#last.place : null;
    return plain('seccomp', [
      { text: `seccomp forbids the call ${call}`, place },
      ...(filter === null ? [] : [filter]),
    ]);
  }

  #explainMemory(signal: string): FaultReason | null {
    const { tid, pid, program, fault } = this.#crash;
    const address = numberOf(fault.address ?? undefined);
    if (address === null) {
      if (fault.code !== 'SI_KERNEL') return null;
      return plain('no-address', [{ text: 'the kernel gave no address (SI_KERNEL)', place: null }]);
    }
    const own = this.#stacks.of(tid).some((stack) => stack.kind === 'thread');
    const isFirst = this.#platform === 'linux' ? tid === pid : tid === 1;
    const isMain = tid === null ? null : isFirst && !own;
    const scene = { space: this.#space, stacks: this.#stacks, files: this.#files };
    return explainMemoryFault({ address, code: fault.code, signal, pc: this.#pc, thread: tid, isMain, program }, scene);
  }

  #explainSender(signal: string): FaultReason | null {
    const { pid, tid, fault } = this.#crash;
    // What a handler sends later is not the reason.
    if (isOfMachine(fault)) return null;
    const { sender } = fault;
    if (sender !== null && sender.pid !== pid) return plain('sent', [senderClause(sender)]);
    if (signal === 'SIGABRT' && this.#said !== null) {
      return plain('abort', [{ text: `abort after: ${this.#said.text}`, place: this.#said.place }]);
    }
    // Its own call is the last of the thread before the signal came.
    const kill = this.#kill?.thread === tid && this.#kill.order === this.#calls ? this.#kill : null;
    if (kill === null && sender === null) return null;
    const text = `it sent ${signal} to itself`;
    return plain(signal === 'SIGABRT' ? 'abort' : 'raised', [{ text, place: kill?.place ?? null }]);
  }

  /** The system's own word for the fault (truss). */
  #explainFault(): FaultReason | null {
    if (this.#fault !== 'FLTSTACK') return null;
    return plain('below-stack', [{ text: 'the system calls it a stack fault (FLTSTACK)', place: null }]);
  }

  /** What else bears on it: memory that was refused, what a crash handler said. */
  #besides({ kind }: FaultReason): Clause[] {
    const clauses: Clause[] = [];
    const stackFault = kind === 'below-stack' ? null : this.#explainFault();
    if (stackFault !== null) clauses.push(...stackFault.clauses);
    const refused = this.#noMemory;
    if (
      refused !== null &&
      (kind === 'null-pointer' || kind === 'abort') &&
      this.#calls - refused.order < NEARBY_CALLS
    ) {
      clauses.push({ text: refused.text, place: refused.place });
      const limit = this.#crash.limits.findLast(({ resource }) => /^RLIMIT_(?:AS|VMEM|DATA)$/.test(resource));
      if (limit !== undefined) clauses.push(limitClause(limit));
    }
    const handler = this.#words.message();
    if (handler !== null) clauses.push({ text: `it said: ${handler.text}`, place: handler.place });
    return clauses;
  }
}

// mmap(NULL, 1073741824, …) = -1 ENOMEM
function refusalText(event: SyscallEvent, role: 'map' | 'remap'): string {
  const bytes = numberOf(argumentsOf(event)[role === 'map' ? 1 : 2]);
  return `${event.name}${bytes === null ? '' : ` of ${sizeText(bytes)}`} failed before: ENOMEM`;
}

function plain(kind: FaultReason['kind'], clauses: readonly Clause[]): FaultReason {
  return { kind, clauses, mapping: null };
}

// prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, …) = 0; seccomp(SECCOMP_SET_MODE_FILTER, 0, …) = 0
function setsFilter({ name, args, outcome }: SyscallEvent): boolean {
  if (outcome !== 'returned') return false;
  return name === 'seccomp' ? args.includes('SECCOMP_SET_MODE_') : name === 'prctl' && args.includes('PR_SET_SECCOMP');
}
