import { argumentsOf, resultNumber, stringArgument } from '../model/accessors.ts';
import { dialectTraits, type Platform } from '../model/dialect.ts';
import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import { type Syscall, syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';
import { detach } from '../scan/detach.ts';
import type { Crash } from './blame-result.ts';
import { placeOf } from './clause.ts';
import { Directory, join } from './directory.ts';
import { kindOf, notAnInput } from './input-files.ts';
import { FileState, fileAt, fileNamed, OpenFiles } from './open-files.ts';
import { type OpenRecord, pathOf, printedThread } from './open-records.ts';
import { createProcess, type Place, type Task } from './process.ts';
import { isInterrupted } from './process-calls.ts';

/** A file on the way to the culprit. Latin1 bytes. */
export interface Step {
  readonly path: string;
  readonly place: Place;
}

/** A path that was looked at and not opened. */
export interface Look extends Step {
  /** Null where it is there. */
  readonly errno: string | null;
}

/** What was done with the culprit from its open to the fault. */
export interface Use {
  /** Calls of the faulting thread since; of its process where threads are not told apart. */
  readonly callsSince: number;
  /** Null where the log shows no reads. */
  readonly readBytes: number | null;
  /** Whether it was read to its end; null where that cannot be told. */
  readonly toEnd: boolean | null;
  /** Where it was first mapped to memory; null where it was not, or that does not show. */
  readonly mapped: Place | null;
  /** Where it was closed; null where it was not, or that does not show. */
  readonly closed: Place | null;
}

/** A call that had not returned. */
export interface CallInFlight {
  readonly name: string;
  /** As printed. */
  readonly args: string;
  readonly place: Place;
}

/** What a process was doing when it died. */
export interface Work {
  /** Null where there is no culprit, or its open is not among the lines looked at. */
  readonly use: Use | null;
  /** Opens of inputs of the culprit's kind, from the main input, or else the first, to the culprit itself. */
  readonly chain: readonly Step[];
  /** Steps left out behind the first of the chain. */
  readonly chainLeftOut: number;
  /** The faulting thread's call at the fault. */
  readonly inFlight: CallInFlight | null;
  /** Paths the faulting thread looked at after its last open, the first of them, and how many there were. */
  readonly looks: readonly Look[];
  readonly lookCount: number;
}

const MAX_STEPS = 64;
const MAX_LOOKS = 16;
const SIZE = /\bstx?_size=(\d+)/;

/** Follows the events of a crashed process up to its fault. */
export class WorkFold {
  readonly #crash: Crash;
  readonly #mainInput: string | null;
  readonly #platform: Platform;
  readonly #files: OpenFiles;
  readonly #state = new FileState();
  /** Stands for all threads: who opened what is told by the ids printed. */
  readonly #task: Task;
  /** Who opened the culprit; null: threads are not told apart. */
  readonly #opener: number | null;
  readonly #kind: string | null;
  #chain: OpenRecord[] = [];
  #leftOut = 0;
  #target: OpenRecord | null = null;
  #callsSince = 0;
  #seesReads = false;
  #readBytes = 0;
  #sizeBytes: number | null = null;
  #sawEnd = false;
  /** Whether it was read elsewhere than where the last read ended: then a number of bytes says nothing of its end. */
  #jumped = false;
  #mapped: Place | null = null;
  #closed: Place | null = null;
  #looks: Look[] = [];
  #lookCount = 0;
  #inFlight: CallInFlight | null = null;

  /** `mainInput`: as the command line names it. */
  constructor(crash: Crash, mainInput: string | null, header: TraceHeader) {
    const { platform } = dialectTraits[header.dialect];
    const { culprit, lastOpened, startedIn, tid } = crash;
    this.#crash = crash;
    this.#task = { id: null, process: createProcess(crash.pid, crash.fault.place, null), line: 0 };
    this.#mainInput = mainInput;
    this.#platform = platform;
    this.#files = new OpenFiles(platform, (record) => notAnInput(record) === null);
    if (startedIn !== null) this.#state.cwd.at = Directory.at(startedIn);
    this.#opener = lastOpened !== null && isAt(lastOpened.place, culprit?.place) ? lastOpened.tid : tid;
    this.#kind = culprit === null ? null : kindOf(culprit.path);
  }

  add(event: TraceEvent): void {
    if (event.kind !== 'syscall') return;
    const { place } = this.#crash.fault;
    const isFaulting = this.#crash.tid === null || printedThread(event) === this.#crash.tid;
    if (event.outcome === 'unfinished') {
      const isBefore = event.input === place.input && event.line < place.line && event.endLine >= place.line;
      if (isFaulting && isBefore) this.#inFlight = inFlight(event);
      return;
    }
    if (event.input === place.input && event.line >= place.line) return;
    if (isFaulting) {
      if (this.#target !== null) this.#callsSince++;
      // The signal itself cuts short the call that it comes into.
      this.#inFlight = isInterrupted(event) ? inFlight(event) : null;
    }
    const call = syscallOf(event.name, this.#platform);
    if (call === null) return;
    this.#use(event, call);
    if (call.role === 'exec' && event.outcome === 'returned') this.#files.exec(this.#state);
    const wasOpen = this.#target !== null && this.#target.descriptors > 0;
    const opened = this.#files.add(event, this.#state, this.#task);
    if (wasOpen && this.#target?.descriptors === 0) this.#closed = placeOf(event);
    if (opened !== null) this.#opened(opened, isFaulting);
    else if (call.role === 'stat' && isFaulting) this.#look(event, call);
  }

  finish(): Work {
    const target = this.#target;
    const steps = target === null ? [] : this.#chain;
    return {
      use: target === null ? null : this.#useOf(),
      chain: steps.map((record) => ({ path: pathOf(record), place: record.place })),
      chainLeftOut: this.#leftOut,
      inFlight: this.#inFlight,
      looks: this.#looks,
      lookCount: this.#lookCount,
    };
  }

  #useOf(): Use {
    const isRead = this.#seesReads || this.#mapped !== null;
    const whole = !this.#jumped && this.#sizeBytes !== null && this.#readBytes >= this.#sizeBytes;
    const toEnd = this.#sawEnd || whole || (this.#jumped ? null : false);
    return {
      callsSince: this.#callsSince,
      readBytes: this.#seesReads ? this.#readBytes : null,
      toEnd: isRead && this.#mapped === null ? toEnd : null,
      mapped: this.#mapped,
      closed: this.#closed,
    };
  }

  #opened(record: OpenRecord, isFaulting: boolean): void {
    if (isFaulting) {
      this.#looks = [];
      this.#lookCount = 0;
    }
    if (this.#target !== null || (this.#opener !== null && record.tid !== this.#opener)) return;
    const path = pathOf(record);
    if (this.#isMainInput(record)) {
      this.#chain = [];
      this.#leftOut = 0;
    }
    const isCulprit = isAt(record.place, this.#crash.culprit?.place);
    if (isCulprit) this.#target = record;
    else if (notAnInput(record) !== null || kindOf(path) !== this.#kind) return;
    this.#chain = this.#chain.filter((earlier) => pathOf(earlier) !== path);
    this.#chain.push(record);
    if (this.#chain.length <= MAX_STEPS) return;
    this.#chain.splice(1, 1);
    this.#leftOut++;
  }

  #isMainInput(record: OpenRecord): boolean {
    const main = this.#mainInput;
    if (main === null) return false;
    if (record.printed === main) return true;
    const { startedIn } = this.#crash;
    return startedIn !== null && !main.startsWith('/') && pathOf(record) === join(startedIn, main);
  }

  /** What the call does with the culprit. */
  #use(event: SyscallEvent, call: Syscall): void {
    if (call.role === 'read' && call.canonical === 'read') this.#seesReads = true;
    const target = this.#target;
    if (target === null || event.outcome !== 'returned') return;
    const pieces = argumentsOf(event);
    const stands = (index: number | null): boolean => {
      const file = index === null ? null : fileAt(pieces[index], this.#state);
      if (file === null || file === 'none') return false;
      // Where the kernel names what a descriptor stands for (strace -y), it is known by that name.
      return file === target || (file.kernelPath !== null && file.kernelPath === target.kernelPath);
    };
    switch (call.role) {
      case 'read':
      case 'copy': {
        if (!stands(call.path)) break;
        const bytes = resultNumber(event) ?? 0;
        this.#readBytes += bytes;
        if (isPositional(event)) this.#jumped = true;
        // A read of nothing gives nothing.
        else if (bytes === 0 && !/^(?:0x)?0$/.test(pieces[call.role === 'read' ? 2 : -1] ?? '')) this.#sawEnd = true;
        break;
      }
      case 'seek':
        if (stands(call.path ?? 0)) this.#jumped = true;
        break;
      case 'map':
        if (stands(call.path)) this.#mapped ??= placeOf(event);
        break;
      case 'stat-open':
        if (stands(call.path)) this.#size(event);
        break;
      case 'stat':
        // statx(3, "", AT_EMPTY_PATH, …)
        if (pieces[call.path ?? 0] === '""' && stands(call.directory)) this.#size(event);
        break;
    }
  }

  #size(event: SyscallEvent): void {
    const digits = SIZE.exec(event.args)?.[1];
    if (digits !== undefined) this.#sizeBytes = Number(digits);
  }

  #look(event: SyscallEvent, call: Syscall): void {
    const pieces = argumentsOf(event);
    const piece = pieces[call.path ?? 0];
    if ((stringArgument(piece, event.dialect) ?? '') === '') return;
    const from = call.directory === null ? undefined : pieces[call.directory];
    const file = fileNamed(piece, from, event.dialect, this.#state);
    if (file === null) return;
    this.#lookCount++;
    if (this.#looks.length >= MAX_LOOKS) return;
    const errno = event.outcome === 'failed' ? (event.errno?.name ?? 'an error') : null;
    this.#looks.push({ path: pathOf(file), errno, place: placeOf(event) });
  }
}

function inFlight(event: SyscallEvent): CallInFlight {
  return { name: event.name, args: detach(event.args), place: placeOf(event) };
}

/** Whether a read takes its bytes from where it says, and not from where the last one ended. */
function isPositional({ name }: SyscallEvent): boolean {
  return name.includes('pread');
}

function isAt(a: Place, b: Place | undefined): boolean {
  return b !== undefined && a.input === b.input && a.line === b.line;
}
