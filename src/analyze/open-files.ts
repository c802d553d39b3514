import {
  argumentsOf,
  descriptorArgument,
  isCutPath,
  resultNumber,
  resultPath,
  secondResult,
  stringArgument,
} from '../model/accessors.ts';
import type { Dialect, Platform } from '../model/dialect.ts';
import type { LookupEvent, LostEvent, SyscallEvent } from '../model/event.ts';
import { CREAT_FLAGS, type OpenFlags, readOpenFlags } from '../model/open-flags.ts';
import { type Syscall, syscallOf } from '../model/syscalls.ts';
import { splitArguments } from '../scan/arguments.ts';
import { detach } from '../scan/detach.ts';
import { Directory } from './directory.ts';
import { later, type NamedFile, type OpenRecord, printedThread, RecentOpens, type UnseenOpen } from './open-records.ts';
import type { Place, Task } from './process.ts';
import type { Shares } from './process-calls.ts';
import { SmallMap } from './small-map.ts';

interface Descriptor {
  /** What is open there; null where it has no name: a pipe, a socket or the like. */
  readonly file: NamedFile | null;
  readonly directory: Directory;
  /** Whether its open said so. */
  readonly isDirectory: boolean;
  /** The open that made it; null in a process that inherited it, whose closing it changes nothing for the opener. */
  readonly record: OpenRecord | null;
  readonly closeOnExec: boolean;
}

interface Cwd {
  at: Directory;
}

/** Descriptors and working directory of one process, and what its threads opened. */
export class FileState {
  readonly #first = Directory.unknown();
  cwd: Cwd = { at: this.#first };
  /** Descriptors the log showed being made. Threads, and processes made with CLONE_FILES, share it. */
  table = new SmallMap<number, Descriptor>();
  /**
   * While its parent is not known: descriptors it closed or opened anew (null), or made copies of ones it must have
   * inherited (their number there). A vfork child does all this, and calls exec, before its parent's call returns.
   */
  early: SmallMap<number, number | null> | null = new SmallMap();
  /** Of descriptors it used and was not seen to make: its parent's, and which those are may be known later. */
  unmade: SmallMap<number, Directory> | null = null;
  /** Successful execs so far. */
  generation = 0;
  /** Since the last exec, all threads together. */
  together = new RecentOpens();
  /** Before the last exec; null: nothing. */
  before: RecentOpens | null = null;
  /** Since the last exec, by thread; null while one at most has opened anything, which then is `together`. */
  #byTask: WeakMap<Task, RecentOpens> | null = null;
  /** The thread that is the one. */
  #onlyTask: Task | null = null;
  /** The latest place where the tracer lost calls of it that may have been opens. */
  lost: UnseenOpen | null = null;
  /** Paths of inputs it opened, to tell going back to work from a crash handler's reading; bounded. */
  inputs: Set<string> | null = null;
  /** Of calls under way, by their first line: the line of the last path looked up, where it has one of its own. */
  lookups: SmallMap<number, number> | null = null;

  /** Whether nothing is known of it yet. */
  get isNew(): boolean {
    const { early, unmade, cwd } = this;
    return this.isUntouched && early?.size === 0 && unmade === null && cwd.at === this.#first && this.generation === 0;
  }

  /** Whether it opened nothing, and tried to open nothing, so far. */
  get isUntouched(): boolean {
    return this.table.size === 0 && this.together.isEmpty;
  }

  /** What the thread opened since the last exec. */
  opensOf(task: Task): RecentOpens | undefined {
    if (this.#byTask !== null) return this.#byTask.get(task);
    return task === this.#onlyTask ? this.together : undefined;
  }

  /** Adds what the thread did to its own opens and to those of all. */
  note(task: Task, add: (opens: RecentOpens) => void): void {
    if (this.#byTask === null && (this.#onlyTask ?? task) === task) {
      this.#onlyTask = task;
    } else {
      const byTask = this.#toldApart();
      const own = byTask.get(task) ?? new RecentOpens();
      byTask.set(task, own);
      add(own);
    }
    add(this.together);
  }

  /** Takes a thread of another process over with what it opened. */
  takeOver(task: Task, from: FileState): void {
    const opens = from.#toldApart().get(task);
    from.#toldApart().delete(task);
    if (opens === undefined) return;
    this.#toldApart().set(task, opens);
    this.together.join(opens);
  }

  /** Takes in what another process opened, of whose threads these are now threads of this one. */
  takeIn(from: FileState, tasks: Iterable<Task>): void {
    const byTask = this.#toldApart();
    for (const task of tasks) {
      const opens = from.opensOf(task);
      if (opens !== undefined) byTask.set(task, opens);
    }
    this.together.join(from.together);
    this.lost = later(this.lost, from.lost);
  }

  /** A new program has opened nothing so far. */
  begin(): void {
    this.#byTask = null;
    this.#onlyTask = null;
    const opened = this.together;
    if (opened.isEmpty) return;
    if (opened.all.length > 0) {
      // A program that read nothing but libraries hides no input of the one before it.
      if (opened.inputs.length === 0) opened.inputs = [...(this.before?.inputs ?? [])];
      this.before = opened;
    } else if (opened.unnamed !== null) {
      this.before ??= new RecentOpens();
      this.before.unnamed = later(this.before.unnamed, opened.unnamed);
    }
    this.together = new RecentOpens();
  }

  /** Nobody will ask what was opened: only what children inherit is kept. */
  forgetOpens(): void {
    this.#byTask = null;
    this.#onlyTask = null;
    this.together = new RecentOpens();
    this.before = null;
    this.inputs = null;
  }

  #toldApart(): WeakMap<Task, RecentOpens> {
    this.#byTask ??= new WeakMap(this.#onlyTask === null ? [] : [[this.#onlyTask, this.together.copy()]]);
    this.#onlyTask = null;
    return this.#byTask;
  }
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
  /** When the event at hand came, among all of the trace: opens are put in order by it. */
  now = 0;
  /** Whether the log shows closes at all: without, nothing can be said of what is still open. */
  seesClose = false;
  /** The latest place where the tracer lost calls that may have been opens, of whatever process. */
  lost: UnseenOpen | null = null;

  constructor(platform: Platform, isInput: (record: OpenRecord) => boolean) {
    this.#platform = platform;
    this.#isInput = isInput;
  }

  /** A child begins with copies of its parent's, or shares them. */
  inherit(child: FileState, parent: FileState, shares: Shares): void {
    child.cwd.at.inherit(parent.cwd.at);
    for (const [fd, directory] of child.unmade ?? []) {
      const made = parent.table.get(fd)?.directory ?? parent.unmade?.get(fd);
      if (made !== undefined) directory.inherit(made);
    }
    if (shares.cwd) child.cwd = parent.cwd;
    if (shares.files) child.table = parent.table;
    else handDown(child, parent);
    child.early = null;
  }

  /** A new program: nothing is shared any more, close-on-exec descriptors are gone. */
  exec(state: FileState): void {
    state.generation++;
    state.cwd = { at: state.cwd.at };
    state.table = keptOnExec(state.table);
    state.begin();
  }

  /** What one process turned out to have done is another's. */
  merge(from: FileState, into: FileState, tasks: Iterable<Task>): void {
    into.takeIn(from, tasks);
    for (const [fd, descriptor] of from.table) if (!into.table.has(fd)) into.table.set(fd, descriptor);
  }

  /** The log shows a call of this name. */
  notice(name: string): void {
    this.seesClose ||= syscallOf(name, this.#platform)?.role === 'close';
  }

  /** A path was looked up for a call whose own event is still to come. */
  lookedUp({ callLine, line }: LookupEvent, state: FileState): void {
    state.lookups ??= new SmallMap();
    state.lookups.set(callLine, line);
  }

  /** The tracer lost calls: of the process, or of whatever one where that is null. */
  lose({ call, input, line, atNs }: LostEvent, state: FileState | null): void {
    if (call !== null && syscallOf(call, this.#platform)?.role !== 'open') return;
    const lost = { place: { input, line, atNs }, order: this.now };
    if (state === null) this.lost = lost;
    else state.lost = lost;
  }

  /** The successful open the event was, where its path shows; else null. */
  add(event: SyscallEvent, state: FileState, task: Task): OpenRecord | null {
    const pathLine = state.lookups?.get(event.line) ?? event.line;
    state.lookups?.delete(event.line);
    const call = syscallOf(event.name, this.#platform);
    if (call === null) return null;
    switch (call.role) {
      case 'open':
        return this.#open(event, call, state, task, pathLine);
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
        if (path?.startsWith('/')) learnCwd(detach(path), state);
        break;
      }
    }
    return null;
  }

  /** The call made descriptors of pipes, sockets or the like, in place of whatever these numbers were before. */
  addChannel(event: SyscallEvent, call: Syscall, state: FileState): void {
    if (event.outcome !== 'returned') return;
    for (const fd of call.canonical === 'pair' ? pairOf(event) : [resultNumber(event)]) {
      if (fd !== null) putUnnamed(fd, event.args.includes('_CLOEXEC'), state);
    }
  }

  #chdir(event: SyscallEvent, state: FileState): void {
    if (event.outcome !== 'returned' || event.name !== 'chdir') return;
    const path = stringArgument(argumentsOf(event)[0], event.dialect);
    state.cwd.at = path === null ? Directory.unknown() : state.cwd.at.enter(detach(path));
  }

  #open(event: SyscallEvent, call: Syscall, state: FileState, task: Task, line: number): OpenRecord | null {
    const pieces = argumentsOf(event);
    const path = stringArgument(pieces[call.path ?? 0], event.dialect);
    const kernelPath = resultPath(event);
    const printed = path === null ? kernelPath : path;
    const flags = call.flags === null ? CREAT_FLAGS : readOpenFlags(pieces[call.flags] ?? '', this.#platform);
    const place = { input: event.input, line, atNs: event.atNs };
    if (printed === null) {
      if (event.outcome === 'returned') this.#openUnnamed(event, flags, place, state, task);
      return null;
    }
    const base = baseOf(call.directory === null ? undefined : pieces[call.directory], state);
    if (event.outcome === 'failed') {
      const failed = { place, printed: detach(printed), kernelPath: null, base, errno: event.errno?.name ?? null };
      state.note(task, (opens) => {
        opens.lastFailed = failed;
      });
      return null;
    }
    if (event.outcome !== 'returned') return null;
    const fd = resultNumber(event);
    if (flags.unnamedFile && kernelPath === null) {
      if (fd !== null) putUnnamed(fd, flags.closeOnExec, state);
      return null;
    }
    const record: OpenRecord = {
      place,
      printed: detach(printed),
      kernelPath: kernelPath === null ? null : detach(kernelPath),
      cut: kernelPath === null && isCutPath(pieces[call.path ?? 0], printed, event.dialect),
      base,
      call: event.name,
      task,
      tid: printedThread(event),
      fd,
      access: flags.access,
      directory: flags.directory,
      truncates: flags.truncates,
      generation: state.generation,
      order: this.now,
      isNew: state.inputs?.has(printed) !== true,
      descriptors: 1,
    };
    const isInput = this.#isInput(record);
    state.note(task, (opens) => opens.add(record, isInput));
    if (isInput) remember(record.printed, state);
    if (record.fd !== null) {
      close(state, record.fd);
      const directory = base.enter(record.kernelPath ?? record.printed);
      const isDirectory = record.directory || record.access === 'path-only';
      const { closeOnExec } = flags;
      state.table.set(record.fd, { file: record, directory, isDirectory, record, closeOnExec });
    }
    return record;
  }

  #openUnnamed(event: SyscallEvent, flags: OpenFlags, place: Place, state: FileState, task: Task): void {
    const fd = resultNumber(event);
    if (fd !== null) close(state, fd);
    // Of what is surely no input the name is not missed.
    if (flags.directory || flags.access === 'write' || flags.access === 'path-only') return;
    const unnamed = { place, order: this.now };
    state.note(task, (opens) => {
      opens.unnamed = unnamed;
    });
  }
}

/** What is open there from now on has no name. */
function putUnnamed(fd: number, closeOnExec: boolean, state: FileState): void {
  close(state, fd);
  state.table.set(fd, { file: null, directory: Directory.unknown(), isDirectory: false, record: null, closeOnExec });
}

// pipe2([3, 4], O_CLOEXEC) = 0
// pipe() = 3 [4]
function pairOf(event: SyscallEvent): readonly (number | null)[] {
  const pair = argumentsOf(event).find((piece) => /^[[{]\s*\d/.test(piece));
  if (pair !== undefined) return splitArguments(pair.slice(1, -1)).map((piece) => descriptorArgument(piece).fd);
  const second = secondResult(event);
  return second === null ? [] : [resultNumber(event), second];
}

function remember(input: string, state: FileState): void {
  state.inputs ??= new Set();
  if (state.inputs.size < MAX_INPUTS_REMEMBERED) state.inputs.add(input);
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

/** The kernel says where the process is: what is relative from here on is known, if not what was before. */
function learnCwd(path: string, { cwd }: FileState): void {
  cwd.at.learn(path);
  if (cwd.at.path === null) cwd.at = Directory.at(path);
}

/** Where a relative path starts. `piece`: the directory descriptor's argument, where the call has one. */
function baseOf(piece: string | undefined, state: FileState): Directory {
  if (piece === undefined) return state.cwd.at;
  const { fd, isCwd, path } = descriptorArgument(piece);
  if (path !== null) {
    if (isCwd) learnCwd(path, state);
    return Directory.at(path);
  }
  if (isCwd) return state.cwd.at;
  return fd === null ? Directory.unknown() : (state.table.get(fd)?.directory ?? unmadeDirectory(fd, state));
}

function unmadeDirectory(fd: number, state: FileState): Directory {
  const known = state.unmade?.get(fd);
  if (known !== undefined) return known;
  const directory = Directory.unknown();
  state.unmade ??= new SmallMap();
  if (state.unmade.size < MAX_INHERITED) state.unmade.set(fd, directory);
  return directory;
}

function keptOnExec(table: SmallMap<number, Descriptor>): SmallMap<number, Descriptor> {
  const kept = new SmallMap<number, Descriptor>();
  for (const [fd, descriptor] of table) if (!descriptor.closeOnExec) kept.set(fd, descriptor);
  return kept;
}

function handDown(child: FileState, parent: FileState): void {
  const early = child.early ?? new SmallMap<number, number | null>();
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
  if (descriptor.record !== null) descriptor.record.descriptors--;
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
  if (source !== undefined) {
    state.table.set(to, { ...source, closeOnExec });
    if (source.record !== null) source.record.descriptors++;
  } else if (state.early?.has(to)) state.early.set(to, inherited === undefined ? from : inherited);
}

function setCloseOnExec(event: SyscallEvent, state: FileState): void {
  const [fd, , value] = argumentsOf(event);
  const number = descriptorArgument(fd).fd;
  const descriptor = number === null ? undefined : state.table.get(number);
  if (event.outcome !== 'returned' || number === null || descriptor === undefined) return;
  state.table.set(number, { ...descriptor, closeOnExec: /FD_CLOEXEC|^0x0*1$|^1$/.test(value ?? '') });
}
