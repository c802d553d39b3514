import {
  argumentsOf,
  descriptorArgument,
  isCutPath,
  resultNumber,
  resultPath,
  stringArgument,
} from '../model/accessors.ts';
import { type Dialect, dialectTraits, type Platform } from '../model/dialect.ts';
import type { LostEvent, SyscallEvent } from '../model/event.ts';
import { type Access, CREAT_FLAGS, type OpenFlags, readOpenFlags } from '../model/open-flags.ts';
import { type Syscall, syscallOf } from '../model/syscalls.ts';
import { detach } from '../scan/detach.ts';
import type { Place, Task } from './process.ts';

/** The directory a process was in when the log first shows it: unknown until something tells. */
interface Beginning {
  path: string | null;
  /** The parent's directory, once the parent is known. */
  inherited: Directory | null;
}

/** Longer than any path the kernel takes. */
const MAX_PATH = 8192;

/** A directory that relative paths start from: absolute, or below one that is not known yet. */
export class Directory {
  readonly #absolute: string | null;
  readonly #beginning: Beginning;
  readonly #below: string;

  private constructor(absolute: string | null, beginning: Beginning, below: string) {
    this.#absolute = absolute;
    this.#beginning = beginning;
    this.#below = below;
  }

  static unknown(): Directory {
    return new Directory(null, { path: null, inherited: null }, '');
  }

  static at(absolute: string): Directory {
    return new Directory(absolute, { path: null, inherited: null }, '');
  }

  /** The directory of this name, seen from here. */
  enter(path: string): Directory {
    if (path.startsWith('/')) return Directory.at(path);
    const here = this.path;
    if (here !== null) return here.length > MAX_PATH ? Directory.unknown() : Directory.at(join(here, path));
    if (this.#below.length > MAX_PATH) return Directory.unknown();
    return new Directory(null, this.#beginning, this.#below === '' ? path : join(this.#below, path));
  }

  /** Absolute path as latin1 bytes, or null while it is not known. */
  get path(): string | null {
    let below = '';
    let directory: Directory = this;
    for (;;) {
      if (directory.#absolute !== null) return join(directory.#absolute, below);
      below = below === '' ? directory.#below : directory.#below === '' ? below : join(directory.#below, below);
      const { path, inherited } = directory.#beginning;
      if (path !== null) return join(path, below);
      if (inherited === null || below.length > MAX_PATH) return null;
      directory = inherited;
    }
  }

  /** The same directory, seen from the beginning it goes back to. */
  #flat(): Directory {
    const { inherited } = this.#beginning;
    if (inherited === null) return this;
    const below = this.#below === '' ? inherited.#below : join(inherited.#below, this.#below);
    return new Directory(null, inherited.#beginning, below);
  }

  /** This is where the process is now, for the kernel says so. */
  learn(path: string): void {
    if (this.#absolute === null && this.#below === '') this.#beginning.path ??= path;
  }

  /** The unknown beginning is where the parent was. */
  inherit(parent: Directory): void {
    if (this.#absolute !== null || parent.#beginning === this.#beginning) return;
    const beginning = this.#beginning;
    if (beginning.path !== null || beginning.inherited !== null) return;
    // What is known is taken over, so that a long line of forks is not walked each time.
    const path = parent.path;
    if (path !== null) beginning.path = path;
    else beginning.inherited = parent.#flat();
  }
}

/** Joins without resolving `..`: what it leads to depends on symbolic links the trace does not show. */
export function join(base: string, relative: string): string {
  let rest = relative;
  while (rest.startsWith('./')) rest = rest.slice(2).replace(/^\/+/, '');
  if (rest === '.' || rest === '') return base;
  return base.endsWith('/') ? base + rest : `${base}/${rest}`;
}

/** One open that succeeded. */
export interface OpenRecord {
  readonly place: Place;
  /** As the call names it, decoded to latin1 bytes. */
  readonly printed: string;
  /** The kernel's own name, where the log shows it. */
  readonly kernelPath: string | null;
  /** Whether the log may show only the beginning of the name. */
  readonly cut: boolean;
  readonly base: Directory;
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

/** An open of a file that the log does not name, or a place where the tracer lost calls among which one may have been. */
export interface UnseenOpen {
  readonly place: Place;
  /** As of an `OpenRecord`: opens up to then. */
  readonly order: number;
}

/** Absolute path of an open where the log allows it, else as printed; latin1 bytes. */
export function pathOf(record: { kernelPath: string | null; printed: string; base: Directory }): string {
  if (record.kernelPath !== null) return record.kernelPath;
  if (record.printed.startsWith('/')) return record.printed;
  const base = record.base.path;
  return base === null ? record.printed : join(base, record.printed);
}

export interface FailedOpen {
  readonly place: Place;
  readonly printed: string;
  readonly kernelPath: null;
  readonly base: Directory;
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
  /** The latest whose path the log does not show. */
  unnamed: UnseenOpen | null = null;

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
    this.unnamed = later(this.unnamed, others.unnamed);
  }

  /** As it is now. */
  copy(): RecentOpens {
    const copy = new RecentOpens();
    copy.all.push(...[...this.all].sort(inOrder));
    copy.inputs.push(...[...this.inputs].sort(inOrder));
    copy.lastFailed = this.lastFailed;
    copy.unnamed = this.unnamed;
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
  /** Successful execs so far. */
  generation = 0;
  /** Since the last exec, by thread. */
  byTask = new WeakMap<Task, RecentOpens>();
  /** Since the last exec, all threads together. */
  together = new RecentOpens();
  /** Before the last exec. */
  before = new RecentOpens();
  /** The latest place where the tracer lost calls of it that may have been opens. */
  lost: UnseenOpen | null = null;
  /** Paths of inputs it opened, to tell going back to work from a crash handler's reading; bounded. */
  readonly inputs = new Set<string>();
}

const MAX_INPUTS_REMEMBERED = 512;
/** Of a process with more descriptors than this, a child is given only those that surely are directories. */
const MAX_INHERITED = 64;

/** Follows descriptors and working directories, and keeps the latest opens. */
export class OpenFiles {
  readonly #platform: Platform;
  readonly #isInput: (record: OpenRecord) => boolean;
  /** Opens so far, of all processes. */
  opens = 0;
  /** Whether the log shows closes at all: without, nothing can be said of what is still open. */
  seesClose = false;
  /** The latest place where the tracer lost calls that may have been opens, of whatever process. */
  lost: UnseenOpen | null = null;

  constructor(platform: Platform, isInput: (record: OpenRecord) => boolean) {
    this.#platform = platform;
    this.#isInput = isInput;
  }

  /** A child begins with copies of its parent's, or shares them. */
  inherit(child: FileState, parent: FileState, shares: { readonly cwd: boolean; readonly files: boolean }): void {
    child.cwd.at.inherit(parent.cwd.at);
    if (shares.cwd) child.cwd = parent.cwd;
    if (shares.files) child.table = parent.table;
    else {
      const all = parent.table.size <= MAX_INHERITED;
      for (const [fd, { directory, isDirectory, closeOnExec }] of parent.table) {
        if (child.table.has(fd) || !(all || isDirectory)) continue;
        child.table.set(fd, { directory, isDirectory, record: null, closeOnExec });
      }
    }
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
    } else {
      state.before.unnamed = later(state.before.unnamed, state.together.unnamed);
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
    into.lost = later(into.lost, from.lost);
    for (const [fd, descriptor] of from.table) if (!into.table.has(fd)) into.table.set(fd, descriptor);
  }

  /** The tracer lost calls: of the process, or of whatever one where that is null. */
  lose({ call, input, line, atNs }: LostEvent, state: FileState | null): void {
    if (call !== null && syscallOf(call, this.#platform)?.role !== 'open') return;
    const lost = { place: { input, line, atNs }, order: ++this.opens };
    if (state === null) this.lost = lost;
    else state.lost = lost;
  }

  /** The successful open the event was, where its path shows; else null. */
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
    const flags = call.flags === null ? CREAT_FLAGS : readOpenFlags(pieces[call.flags] ?? '', this.#platform);
    const place = { input: event.input, line: event.line, atNs: event.atNs };
    const recent = recentOf(state, task);
    if (printed === null) {
      if (event.outcome === 'returned') this.#openUnnamed(event, flags, place, state, recent);
      return null;
    }
    const base = baseOf(call.directory === null ? undefined : pieces[call.directory], call, state);
    if (event.outcome === 'failed') {
      const failed = { place, printed: detach(printed), kernelPath: null, base, errno: event.errno?.name ?? null };
      recent.lastFailed = failed;
      state.together.lastFailed = failed;
      return null;
    }
    if (event.outcome !== 'returned') return null;
    const record: OpenRecord = {
      place,
      printed: detach(printed),
      kernelPath: kernelPath === null ? null : detach(kernelPath),
      cut: kernelPath === null && isCutPath(pieces[call.path ?? 0], printed, event.dialect),
      base,
      call: event.name,
      task,
      tid: printedThread(event),
      fd: resultNumber(event),
      access: flags.access,
      directory: flags.directory,
      truncates: flags.truncates,
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
      state.table.set(record.fd, { directory, isDirectory, record, closeOnExec: flags.closeOnExec });
    }
    return record;
  }

  #openUnnamed(event: SyscallEvent, flags: OpenFlags, place: Place, state: FileState, recent: RecentOpens): void {
    const fd = resultNumber(event);
    if (fd !== null) close(state, fd);
    // Of what is surely no input the name is not missed.
    if (flags.directory || flags.access === 'write' || flags.access === 'path-only') return;
    recent.unnamed = { place, order: ++this.opens };
    state.together.unnamed = recent.unnamed;
  }
}

/** By the line a call was entered on; across inputs, by the order they were read in. */
export function inOrder(a: UnseenOpen, b: UnseenOpen): number {
  return a.place.input === b.place.input ? a.place.line - b.place.line : a.order - b.order;
}

/** The later of two, of which either may be missing. */
export function later(a: UnseenOpen | null, b: UnseenOpen | null): UnseenOpen | null {
  if (a === null || b === null) return a ?? b;
  return inOrder(a, b) > 0 ? a : b;
}

export function recentOf(state: FileState, task: Task): RecentOpens {
  let recent = state.byTask.get(task);
  if (recent === undefined) {
    recent = new RecentOpens();
    state.byTask.set(task, recent);
  }
  return recent;
}

function baseOf(piece: string | undefined, call: Syscall, state: FileState): Directory {
  if (call.directory === null) return state.cwd.at;
  const { fd, isCwd, path } = descriptorArgument(piece);
  if (path !== null) {
    if (isCwd) state.cwd.at.learn(path);
    return Directory.at(path);
  }
  if (isCwd) return state.cwd.at;
  return (fd === null ? undefined : state.table.get(fd)?.directory) ?? Directory.unknown();
}

function close(state: FileState, fd: number): void {
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
  close(state, to);
  const source = state.table.get(from);
  if (source !== undefined) state.table.set(to, { ...source, record: null, closeOnExec });
}

function setCloseOnExec(event: SyscallEvent, state: FileState): void {
  const [fd, , value] = argumentsOf(event);
  const number = descriptorArgument(fd).fd;
  const descriptor = number === null ? undefined : state.table.get(number);
  if (event.outcome !== 'returned' || number === null || descriptor === undefined) return;
  state.table.set(number, { ...descriptor, closeOnExec: /FD_CLOEXEC|^0x0*1$|^1$/.test(value ?? '') });
}
