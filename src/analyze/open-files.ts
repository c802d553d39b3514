import {
  argumentsOf,
  descriptorArgument,
  resultNumber,
  resultPath,
  secondResult,
  stringArgument,
} from '../model/accessors.ts';
import { type Dialect, dialectTraits, type Platform } from '../model/dialect.ts';
import type { SyscallEvent } from '../model/event.ts';
import { type Syscall, syscallOf } from '../model/syscalls.ts';
import { splitArguments } from '../scan/arguments.ts';
import { detach } from '../scan/detach.ts';
import { Directory, join } from './directory.ts';
import type { Place, Task } from './process.ts';

export type Access = 'read' | 'write' | 'both' | 'path-only' | 'unknown';

/** A file as a call names it. */
export interface NamedFile {
  /** Decoded to latin1 bytes. */
  readonly printed: string;
  /** The kernel's own name, where the log shows it. */
  readonly kernelPath: string | null;
  readonly base: Directory;
}

/** One open that succeeded. */
export interface OpenRecord extends NamedFile {
  readonly place: Place;
  readonly call: string;
  readonly task: Task;
  /** As printed. */
  readonly tid: number | null;
  readonly fd: number | null;
  readonly access: Access;
  readonly directory: boolean;
  readonly truncates: boolean;
  /** Number of execs the process had done before. */
  readonly generation: number;
  /** Counts all opens of the trace: a later one is larger, whatever input it is in. */
  readonly order: number;
  /** Whether its process had opened no input of this name before. */
  readonly isNew: boolean;
  closed: boolean;
}

/** Absolute path of a file where the log allows it, else as printed; latin1 bytes. */
export function pathOf(file: NamedFile): string {
  if (file.kernelPath !== null) return file.kernelPath;
  if (file.printed.startsWith('/')) return file.printed;
  const base = file.base.path;
  return base === null ? file.printed : join(base, file.printed);
}

export interface FailedOpen extends NamedFile {
  readonly place: Place;
  readonly errno: string | null;
}

/** The thread's id as the log prints it: in a column of its own, or in that of the pid. */
export function printedThread(event: {
  readonly dialect: Dialect;
  readonly pid: number | null;
  readonly tid: number | null;
}): number | null {
  return dialectTraits[event.dialect].pidColumn === 'task' ? event.pid : event.tid;
}

interface Descriptor {
  /** What is open there; null where it is no file but a pipe, a socket or the like. */
  readonly file: NamedFile | null;
  readonly directory: Directory;
  /** Whether its open said so. */
  readonly isDirectory: boolean;
  /** The open that made it; null in a process that inherited it, whose closing it changes nothing for the opener. */
  readonly record: OpenRecord | null;
  readonly closeOnExec: boolean;
}

/** Latest opens kept for each thread, and for each process; more are looked at by nobody. */
const RECENT = 16;

/** What one thread opened, latest last. Inputs are kept apart, so that a flood of libraries does not wash them out. */
export class RecentOpens {
  readonly all: OpenRecord[] = [];
  readonly inputs: OpenRecord[] = [];
  lastFailed: FailedOpen | null = null;

  add(record: OpenRecord, isInput: boolean): void {
    push(this.all, record);
    if (isInput) push(this.inputs, record);
  }

  /** Takes in what others opened. */
  join(others: RecentOpens): void {
    for (const record of others.all) push(this.all, record);
    for (const record of others.inputs) push(this.inputs, record);
    this.all.sort(inOrder);
    this.inputs.sort(inOrder);
    this.lastFailed ??= others.lastFailed;
  }

  /** As it is now. */
  copy(): RecentOpens {
    const copy = new RecentOpens();
    copy.all.push(...[...this.all].sort(inOrder));
    copy.inputs.push(...[...this.inputs].sort(inOrder));
    copy.lastFailed = this.lastFailed;
    return copy;
  }
}

function push(list: OpenRecord[], record: OpenRecord): void {
  list.push(record);
  if (list.length > RECENT) list.shift();
}

interface Cwd {
  at: Directory;
}

/** Descriptors and working directory of one process, and what its threads opened. */
export class FileState {
  cwd: Cwd = { at: Directory.unknown() };
  /** Descriptors the log showed being made. Threads, and processes made with CLONE_FILES, share it. */
  table = new Map<number, Descriptor>();
  /**
   * While its parent is not known: descriptors it closed or opened anew (null), or made copies of ones it must have
   * inherited (their number there). A vfork child does all this, and calls exec, before its parent's call returns.
   */
  early: Map<number, number | null> | null = new Map();
  /** Successful execs so far. */
  generation = 0;
  /** Since the last exec, by thread. */
  byTask = new WeakMap<Task, RecentOpens>();
  /** Since the last exec, all threads together. */
  together = new RecentOpens();
  /** Before the last exec. */
  before = new RecentOpens();
  /** Paths of inputs it opened, to tell going back to work from a crash handler's reading; bounded. */
  readonly inputs = new Set<string>();
}

const MAX_INPUTS_REMEMBERED = 512;
/** Of descriptors from this on, a child is given only those that surely are directories, unless they are few in all. */
const MAX_INHERITED = 64;
/** Of a child that closed or copied more descriptors than this before its parent was known, nothing is inherited. */
const MAX_EARLY = 256;

/** Follows descriptors and working directories, and keeps the latest opens. */
export class OpenFiles {
  readonly #platform: Platform;
  readonly #isInput: (record: OpenRecord) => boolean;
  /** Opens so far, of all processes. */
  opens = 0;
  /** Whether the log shows closes at all: without, nothing can be said of what is still open. */
  seesClose = false;

  constructor(platform: Platform, isInput: (record: OpenRecord) => boolean) {
    this.#platform = platform;
    this.#isInput = isInput;
  }

  /** A child begins with copies of its parent's, or shares them. */
  inherit(child: FileState, parent: FileState, shares: { readonly cwd: boolean; readonly files: boolean }): void {
    child.cwd.at.inherit(parent.cwd.at);
    if (shares.cwd) child.cwd = parent.cwd;
    if (shares.files) child.table = parent.table;
    else handDown(child, parent);
    child.early = null;
  }

  /** A new program: nothing is shared any more, close-on-exec descriptors are gone. */
  exec(state: FileState): void {
    state.generation++;
    state.cwd = { at: state.cwd.at };
    state.table = new Map([...state.table].filter(([, descriptor]) => !descriptor.closeOnExec));
    if (state.together.all.length > 0) {
      const inputs = state.before.inputs;
      state.before = state.together;
      // A program that read nothing but libraries hides no input of the one before it.
      if (state.before.inputs.length === 0) state.before.inputs.push(...inputs);
    }
    state.together = new RecentOpens();
    state.byTask = new WeakMap();
  }

  /** What one process turned out to have done is another's. */
  merge(from: FileState, into: FileState, tasks: Iterable<Task>): void {
    for (const task of tasks) {
      const opens = from.byTask.get(task);
      if (opens !== undefined) into.byTask.set(task, opens);
    }
    into.together.join(from.together);
    for (const [fd, descriptor] of from.table) if (!into.table.has(fd)) into.table.set(fd, descriptor);
  }

  /** The successful open the event was, or null. */
  add(event: SyscallEvent, state: FileState, task: Task): OpenRecord | null {
    const call = syscallOf(event.name, this.#platform);
    if (call === null) return null;
    switch (call.role) {
      case 'open':
        return this.#open(event, call, state, task);
      case 'close': {
        const { fd } = descriptorArgument(argumentsOf(event)[0]);
        this.seesClose = true;
        if (event.outcome === 'returned' && fd !== null) close(state, fd);
        break;
      }
      case 'close-range':
        if (event.outcome === 'returned') closeRange(event, state);
        break;
      case 'dup':
        duplicate(event, state, event.args.includes('O_CLOEXEC'));
        break;
      case 'fcntl':
        if (event.args.includes('F_DUPFD')) duplicate(event, state, event.args.includes('F_DUPFD_CLOEXEC'));
        else if (event.args.includes('F_SETFD')) setCloseOnExec(event, state);
        break;
      case 'chdir':
        this.#chdir(event, state);
        break;
      case 'fchdir': {
        const { fd, path } = descriptorArgument(argumentsOf(event)[0]);
        if (event.outcome !== 'returned') break;
        const known = fd === null ? undefined : state.table.get(fd)?.directory;
        state.cwd.at = path === null ? (known ?? Directory.unknown()) : Directory.at(path);
        break;
      }
      case 'getcwd': {
        const path = event.outcome === 'returned' ? stringArgument(argumentsOf(event)[0], event.dialect) : null;
        if (path?.startsWith('/')) state.cwd.at.learn(detach(path));
        break;
      }
    }
    return null;
  }

  /** The call made descriptors of pipes, sockets or the like, in place of whatever these numbers were before. */
  addChannel(event: SyscallEvent, call: Syscall, state: FileState): void {
    if (event.outcome !== 'returned') return;
    for (const fd of call.canonical === 'pair' ? pairOf(event) : [resultNumber(event)]) {
      if (fd === null) continue;
      close(state, fd);
      const closeOnExec = event.args.includes('_CLOEXEC');
      state.table.set(fd, {
        file: null,
        directory: Directory.unknown(),
        isDirectory: false,
        record: null,
        closeOnExec,
      });
    }
  }

  #chdir(event: SyscallEvent, state: FileState): void {
    if (event.outcome !== 'returned' || event.name !== 'chdir') return;
    const path = stringArgument(argumentsOf(event)[0], event.dialect);
    state.cwd.at = path === null ? Directory.unknown() : state.cwd.at.enter(detach(path));
  }

  #open(event: SyscallEvent, call: Syscall, state: FileState, task: Task): OpenRecord | null {
    const pieces = argumentsOf(event);
    const path = stringArgument(pieces[call.path ?? 0], event.dialect);
    const kernelPath = resultPath(event);
    const printed = path === null ? kernelPath : path;
    if (printed === null) return null;
    const base = baseOf(call.directory === null ? undefined : pieces[call.directory], state);
    const place = { input: event.input, line: event.line, atNs: event.atNs };
    const recent = recentOf(state, task);
    if (event.outcome === 'failed') {
      const failed = { place, printed: detach(printed), kernelPath: null, base, errno: event.errno?.name ?? null };
      recent.lastFailed = failed;
      state.together.lastFailed = failed;
      return null;
    }
    if (event.outcome !== 'returned') return null;
    const flags = call.flags === null ? 'O_WRONLY|O_CREAT|O_TRUNC' : (pieces[call.flags] ?? '');
    const record: OpenRecord = {
      place,
      printed: detach(printed),
      kernelPath: kernelPath === null ? null : detach(kernelPath),
      base,
      call: event.name,
      task,
      tid: printedThread(event),
      fd: resultNumber(event),
      access: accessOf(flags),
      directory: flags.includes('O_DIRECTORY'),
      truncates: flags.includes('O_TRUNC'),
      generation: state.generation,
      order: ++this.opens,
      isNew: !state.inputs.has(printed),
      closed: false,
    };
    const isInput = this.#isInput(record);
    recent.add(record, isInput);
    state.together.add(record, isInput);
    if (isInput && state.inputs.size < MAX_INPUTS_REMEMBERED) state.inputs.add(record.printed);
    if (record.fd !== null) {
      close(state, record.fd);
      const directory = base.enter(record.kernelPath ?? record.printed);
      const isDirectory = record.directory || record.access === 'path-only';
      const closeOnExec = flags.includes('O_CLOEXEC');
      state.table.set(record.fd, { file: record, directory, isDirectory, record, closeOnExec });
    }
    return record;
  }
}

// pipe2([3, 4], O_CLOEXEC) = 0
// pipe() = 3 [4]
function pairOf(event: SyscallEvent): readonly (number | null)[] {
  const pair = argumentsOf(event).find((piece) => /^[[{]\s*\d/.test(piece));
  if (pair !== undefined) return splitArguments(pair.slice(1, -1)).map((piece) => descriptorArgument(piece).fd);
  const second = secondResult(event);
  return second === null ? [] : [resultNumber(event), second];
}

/** By the line a call was entered on; across inputs, by the order they were read in. */
export function inOrder(a: OpenRecord, b: OpenRecord): number {
  return a.place.input === b.place.input ? a.place.line - b.place.line : a.order - b.order;
}

export function recentOf(state: FileState, task: Task): RecentOpens {
  let recent = state.byTask.get(task);
  if (recent === undefined) {
    recent = new RecentOpens();
    state.byTask.set(task, recent);
  }
  return recent;
}

/** The file that a path argument names; null where the log shows no path. `from`: a directory descriptor's argument. */
export function fileNamed(
  piece: string | undefined,
  from: string | undefined,
  dialect: Dialect,
  state: FileState,
): NamedFile | null {
  const printed = stringArgument(piece, dialect);
  if (printed === null) return null;
  return { printed: detach(printed), kernelPath: null, base: baseOf(from, state) };
}

/** The file that a descriptor argument stands for, `none` where it is no file, null where the log does not tell. */
export function fileAt(piece: string | undefined, state: FileState): NamedFile | 'none' | null {
  const { fd, path } = descriptorArgument(piece);
  // The kernel's word (strace -y) goes before what was opened there: a close may not show, a rename may have come.
  if (path !== null) return { printed: path, kernelPath: detach(path), base: state.cwd.at };
  if (fd === null) return null;
  if (piece !== undefined && /^\d+<[^/]/.test(piece)) return 'none';
  const known = state.table.get(fd);
  return known === undefined ? null : (known.file ?? 'none');
}

/** Where a relative path starts. `piece`: the directory descriptor's argument, where the call has one. */
function baseOf(piece: string | undefined, state: FileState): Directory {
  if (piece === undefined) return state.cwd.at;
  const { fd, isCwd, path } = descriptorArgument(piece);
  if (path !== null) {
    if (isCwd) state.cwd.at.learn(path);
    return Directory.at(path);
  }
  if (isCwd) return state.cwd.at;
  return (fd === null ? undefined : state.table.get(fd)?.directory) ?? Directory.unknown();
}

/** 0x0, 0x241, O_RDWR|O_CREAT, {flags=O_RDONLY, resolve=0}, 0x242 with its names in a comment. */
function accessOf(flags: string): Access {
  if (flags.includes('O_PATH') || flags.includes('O_SEARCH')) return 'path-only';
  if (flags.includes('O_RDWR')) return 'both';
  if (flags.includes('O_WRONLY')) return 'write';
  if (flags.includes('O_RDONLY')) return 'read';
  const number = /^0?x?[0-9a-f]+/.exec(flags)?.[0];
  if (number === undefined) return 'unknown';
  const octal = number.startsWith('0') && !number.startsWith('0x');
  const value = octal ? Number.parseInt(number, 8) : Number(number);
  return (['read', 'write', 'both', 'unknown'] as const)[value & 3] ?? 'unknown';
}

function handDown(child: FileState, parent: FileState): void {
  const early = child.early ?? new Map<number, number | null>();
  if (early.size >= MAX_EARLY) return;
  const all = parent.table.size <= MAX_INHERITED;
  for (const [fd, descriptor] of parent.table) {
    if (child.table.has(fd) || early.has(fd) || !(all || fd < MAX_INHERITED || descriptor.isDirectory)) continue;
    if (child.generation > 0 && descriptor.closeOnExec) continue;
    child.table.set(fd, { ...descriptor, record: null });
  }
  for (const [fd, from] of early) {
    const source = from === null ? undefined : parent.table.get(from);
    if (source !== undefined && !child.table.has(fd)) {
      child.table.set(fd, { ...source, record: null, closeOnExec: false });
    }
  }
}

function close(state: FileState, fd: number): void {
  if (state.early !== null && state.early.size < MAX_EARLY) state.early.set(fd, null);
  const descriptor = state.table.get(fd);
  if (descriptor === undefined) return;
  state.table.delete(fd);
  if (descriptor.record !== null) descriptor.record.closed = true;
}

function closeRange(event: SyscallEvent, state: FileState): void {
  const [first, last] = argumentsOf(event).map((piece) => descriptorArgument(piece).fd);
  if (typeof first !== 'number' || event.args.includes('CLOEXEC')) return;
  for (const fd of [...state.table.keys()])
    if (fd >= first && fd <= (last ?? Number.MAX_SAFE_INTEGER)) close(state, fd);
}

function duplicate(event: SyscallEvent, state: FileState, closeOnExec: boolean): void {
  const from = descriptorArgument(argumentsOf(event)[0]).fd;
  const to = resultNumber(event);
  if (event.outcome !== 'returned' || from === null || to === null || from === to) return;
  const source = state.table.get(from);
  const inherited = state.early?.get(from);
  close(state, to);
  if (source !== undefined) state.table.set(to, { ...source, record: null, closeOnExec });
  else if (state.early?.has(to)) state.early.set(to, inherited === undefined ? from : inherited);
}

function setCloseOnExec(event: SyscallEvent, state: FileState): void {
  const [fd, , value] = argumentsOf(event);
  const number = descriptorArgument(fd).fd;
  const descriptor = number === null ? undefined : state.table.get(number);
  if (event.outcome !== 'returned' || number === null || descriptor === undefined) return;
  state.table.set(number, { ...descriptor, closeOnExec: /FD_CLOEXEC|^0x0*1$|^1$/.test(value ?? '') });
}
