import { argumentsOf, resultNumber } from '../model/accessors.ts';
import { dialectTraits, type Platform } from '../model/dialect.ts';
import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import { type Role, type Syscall, syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';
import { blameNeeds } from './blame.ts';
import { FileKeys, FileLedger, type Room } from './file-ledger.ts';
import { type Act, addTraffic, type Direction, type FileUse, isBefore, type Traffic } from './file-use.ts';
import { FileState, fileAt, fileNamed, type NamedFile, OpenFiles, pathOf } from './open-files.ts';
import type { Place, Process, Task, TreeObserver } from './process.ts';
import { ProcessTree } from './process-tree.ts';

/** Where bytes went that are no file's: the standard streams from before the log, pipes and the like, who knows. */
export const CHANNELS = ['standard', 'none', 'unknown'] as const;
export type Channel = (typeof CHANNELS)[number];
export type ChannelTraffic = Readonly<Record<Channel, Readonly<Record<Direction, Traffic>>>>;

/** What one process did with files. */
export interface ProcessFiles {
  readonly pid: number | null;
  readonly program: string | null;
  readonly argv: readonly string[] | null;
  readonly start: Place;
  readonly files: readonly FileUse[];
}

export interface FilesResult {
  readonly processes: number;
  /** Processes created and never seen. */
  readonly untraced: number;
  /** In the order of their first lines. */
  readonly files: readonly FileUse[];
  /** In the order of their first lines; empty where it was not asked for. */
  readonly byProcess: readonly ProcessFiles[];
  /** Bytes that went through descriptors of no file, or of none that is known. */
  readonly channels: ChannelTraffic;
  /** What calls do that the log shows: of others nothing can be said. */
  readonly shown: ReadonlySet<Role>;
  /** What there was no room for. */
  readonly letGo: {
    /** Calls on paths that are not in `files`. */
    readonly calls: number;
    /** Processes that are not in `byProcess`, though their files are in `files`. */
    readonly processes: number;
  };
}

/** What is asked. */
export interface FilesQuestion {
  /** A pid or the name of a program; null: all processes. */
  readonly process: string | null;
  readonly byProcess: boolean;
}

interface Case {
  readonly state: FileState;
  readonly ledger: FileLedger;
  /** What it ran. */
  readonly programs: Set<string>;
  readonly channels: ChannelTraffic;
}

/** Paths kept over all, and those of all processes together: some 500 bytes each. */
const MAX_PATHS = 40_000;
const MAX_PROCESS_PATHS = 40_000;

/** What a call on a path does, by its role. */
const ON_PATHS: Partial<Readonly<Record<Role, Act>>> = {
  stat: 'lookedAt',
  exec: 'executed',
  create: 'created',
  truncate: 'truncated',
  attributes: 'altered',
  unlink: 'unlinked',
};

/** What a call on a descriptor does. */
const ON_DESCRIPTORS: Partial<Readonly<Record<Role, Act>>> = {
  close: 'closed',
  list: 'listed',
  map: 'mapped',
  'truncate-open': 'truncated',
};

const OTHERS: ReadonlySet<Role> = new Set(['read', 'write', 'copy', 'rename', 'link', 'channel']);

/** Whether files need events of this call: what processes and descriptors are followed by, and what is done to files. */
export function filesNeeds(name: string, platform: Platform): boolean {
  const call = syscallOf(name, platform);
  if (call === null || isOnSocket(call)) return false;
  return blameNeeds(name, platform) || isAct(call.role);
}

function isAct(role: Role): boolean {
  return ON_PATHS[role] !== undefined || ON_DESCRIPTORS[role] !== undefined || OTHERS.has(role);
}

function isOnSocket({ canonical }: Syscall): boolean {
  return canonical === 'recv' || canonical === 'send';
}

/** Counts what processes do with files. One `add` an event, then `finish`. */
export class Files implements TreeObserver {
  /** No task is followed closer than the others. */
  readonly watched: ReadonlySet<number | null> = new Set();
  readonly #platform: Platform;
  readonly #question: FilesQuestion;
  readonly #tree: ProcessTree;
  readonly #openFiles: OpenFiles;
  readonly #cases = new Map<Process, Case>();
  readonly #keys = new FileKeys();
  readonly #all: FileLedger;
  readonly #processRoom: Room = { limit: MAX_PROCESS_PATHS, taken: 0 };
  /** Dead processes whose own records are still held, oldest first. */
  readonly #kept: (Omit<ProcessFiles, 'files'> & { readonly ledger: FileLedger })[] = [];
  readonly #channels = createChannels();
  readonly #shown = new Set<Role>();
  #callsLetGo = 0;
  #processesLetGo = 0;

  constructor(header: TraceHeader, question: FilesQuestion) {
    this.#platform = dialectTraits[header.dialect].platform;
    this.#question = question;
    this.#openFiles = new OpenFiles(this.#platform, () => false);
    this.#tree = new ProcessTree(header, this, false);
    this.#all = new FileLedger(this.#keys, { limit: MAX_PATHS, taken: 0 }, (use) => {
      this.#callsLetGo += use.calls;
    });
  }

  add(event: TraceEvent): void {
    const actor = this.#tree.add(event);
    if (actor === null || actor.process.closed) return;
    if (event.kind === 'syscall') this.#call(event, actor.process, actor.task);
    this.#tree.settle(event, actor);
  }

  finish(): FilesResult {
    this.#tree.finish();
    return {
      processes: this.#tree.count,
      untraced: this.#tree.untraced,
      files: inOrder(this.#all.all()),
      byProcess: this.#kept
        .map(({ ledger, ...process }) => ({ ...process, files: inOrder(ledger.all()) }))
        .sort((a, b) => compare(a.start, b.start)),
      channels: this.#channels,
      shown: this.#shown,
      letGo: { calls: this.#callsLetGo, processes: this.#processesLetGo },
    };
  }

  // ---- what the tree tells

  born(child: Process, parent: Process, shares: { readonly cwd: boolean; readonly files: boolean }): void {
    this.#openFiles.inherit(this.#caseOf(child).state, this.#caseOf(parent).state, shares);
    child.exec ??= parent.exec;
  }

  merged(from: Process, into: Process): void {
    const gone = this.#cases.get(from);
    if (gone === undefined) return;
    this.#cases.delete(from);
    const { state, ledger, programs, channels } = this.#caseOf(into);
    this.#openFiles.merge(gone.state, state, from.tasks.values());
    gone.ledger.empty((use) => ledger.join(use));
    for (const program of gone.programs) programs.add(program);
    addChannels(channels, gone.channels);
  }

  // What the task did so far stays with the process it was taken for.
  split(): void {}

  execed(process: Process): void {
    const { state, programs } = this.#caseOf(process);
    this.#openFiles.exec(state);
    if (process.exec?.program != null) programs.add(process.exec.program);
  }

  closed(process: Process): void {
    const gone = this.#cases.get(process);
    if (gone === undefined) return;
    this.#cases.delete(process);
    const { ledger } = gone;
    if (!this.#isAskedFor(process, gone)) {
      ledger.empty(() => {});
      return;
    }
    addChannels(this.#channels, gone.channels);
    if (!this.#question.byProcess) ledger.empty((use) => this.#countOverAll(use));
    else if (ledger.size > 0) {
      for (const use of ledger.all()) this.#countOverAll(use);
      const { pid, exec, start } = process;
      this.#kept.push({ pid, program: exec?.program ?? null, argv: exec?.argv ?? null, start, ledger });
    }
  }

  #countOverAll(use: FileUse): void {
    const record = this.#all.join(use);
    if (record !== null) record.processes++;
  }

  #isAskedFor(process: Process, { programs }: Case): boolean {
    const wanted = this.#question.process;
    if (wanted === null || (process.pid !== null && wanted === String(process.pid))) return true;
    const inherited = process.exec?.program ?? null;
    return [...programs, ...(inherited === null ? [] : [inherited])].some(
      (program) => program === wanted || program.slice(program.lastIndexOf('/') + 1) === wanted,
    );
  }

  #caseOf(process: Process): Case {
    let found = this.#cases.get(process);
    if (found === undefined) {
      // What makes way in a process's own records is still counted over all.
      const ledger = new FileLedger(this.#keys, this.#processRoom, (use) => this.#countElsewhere(use, process));
      found = { state: new FileState(), ledger, programs: new Set(), channels: createChannels() };
      if (!process.closed) this.#cases.set(process, found);
    }
    return found;
  }

  // ---- calls

  #call(event: SyscallEvent, process: Process, task: Task): void {
    const call = syscallOf(event.name, this.#platform);
    if (call === null || isOnSocket(call)) return;
    const { role } = call;
    const { state } = this.#caseOf(process);
    this.#shown.add(role);
    // A call that was not seen to end did nothing for certain.
    const isOver = event.outcome === 'returned' || event.outcome === 'failed';
    if (role === 'open') {
      const record = this.#openFiles.add(event, state, task);
      if (isOver) this.#opened(event, call, process, record);
      return;
    }
    if (isOver) this.#act(event, call, process);
    if (role === 'channel') this.#openFiles.addChannel(event, call, state);
    else this.#openFiles.add(event, state, task);
  }

  #opened(event: SyscallEvent, call: Syscall, process: Process, record: ReturnType<OpenFiles['add']>): void {
    const use = this.#use(record ?? this.#named(event, call.path, call.directory, process), event, process);
    use?.add('opened', event);
    if (use === null || record === null) return;
    if (record.access === 'write' || record.access === 'both') use.openedToWrite++;
    if (record.truncates) use.truncated++;
    if (record.directory) use.isDirectory = true;
  }

  #act(event: SyscallEvent, call: Syscall, process: Process): void {
    const byName = ON_PATHS[call.role];
    if (byName !== undefined && call.path !== null) {
      this.#use(this.#named(event, call.path, call.directory, process), event, process)?.add(byName, event);
      return;
    }
    const byDescriptor = ON_DESCRIPTORS[call.role];
    if (byDescriptor !== undefined) {
      const file = fileAt(argumentsOf(event)[call.path ?? 0], this.#caseOf(process).state);
      const use = file === 'none' ? null : this.#use(file, event, process);
      use?.add(byDescriptor, event);
      if (use !== null && call.role === 'list') use.isDirectory = true;
      return;
    }
    switch (call.role) {
      case 'read':
      case 'write':
      case 'copy':
        this.#moved(event, call, process);
        break;
      case 'rename':
      case 'link':
        this.#renamed(event, call, process);
        break;
    }
  }

  #renamed(event: SyscallEvent, call: Syscall, process: Process): void {
    const from = this.#named(event, call.path, call.directory, process);
    const to = this.#named(event, call.target, call.targetDirectory, process);
    const use = this.#use(from, event, process);
    use?.add(call.role === 'rename' ? 'renamed' : 'linked', event);
    const made = event.outcome === 'failed' ? null : this.#use(to, event, process);
    if (made === null || from === null || to === null) return;
    made.see(event);
    if (call.role === 'link') {
      made.add('created', event);
      return;
    }
    use?.name('newNames', pathOf(to));
    made.name('oldNames', pathOf(from));
  }

  #moved(event: SyscallEvent, call: Syscall, process: Process): void {
    const pieces = argumentsOf(event);
    const bytes = call.canonical === 'sendfile' ? null : resultNumber(event);
    if (call.role !== 'write') {
      const use = this.#move('read', pieces[call.path ?? 0], bytes, event, process);
      const asked = call.role === 'copy' ? null : pieces[2];
      if (bytes === 0 && use !== null && !/^(?:0x)?0+$/.test(asked ?? '')) use.readToEnd = true;
    }
    if (call.role !== 'read') {
      this.#move('written', pieces[(call.role === 'copy' ? call.target : call.path) ?? 0], bytes, event, process);
    }
  }

  #move(
    direction: Direction,
    descriptor: string | undefined,
    bytes: number | null,
    event: SyscallEvent,
    process: Process,
  ): FileUse | null {
    const { state, channels } = this.#caseOf(process);
    const file = fileAt(descriptor, state);
    if (file !== null && file !== 'none') {
      const use = this.#use(file, event, process);
      use?.move(direction, bytes, event);
      return use;
    }
    if (event.outcome === 'returned') {
      const channel = file ?? (isStandard(descriptor) ? 'standard' : 'unknown');
      addTraffic(channels[channel][direction], { calls: 1, bytes: bytes ?? 0 });
    }
    return null;
  }

  // ---- records

  #named(event: SyscallEvent, path: number | null, directory: number | null, process: Process): NamedFile | null {
    if (path === null) return null;
    const pieces = argumentsOf(event);
    const from = directory === null ? undefined : (pieces[directory] ?? '');
    const file = fileNamed(pieces[path], from, event.dialect, this.#caseOf(process).state);
    // newfstatat(3, "", …, AT_EMPTY_PATH) asks what is known of an open file already; of no descriptor it is an error.
    return file === null || file.printed === '' ? null : file;
  }

  /** The process's record of the file, the one over all where there is no room for its own, or null. */
  #use(file: NamedFile | null, event: SyscallEvent, process: Process): FileUse | null {
    if (file === null) return null;
    if (this.#processRoom.taken >= this.#processRoom.limit) this.#forgetOldest();
    const succeeds = event.outcome === 'returned';
    const found = this.#caseOf(process);
    const own = found.ledger.of(file, event, succeeds);
    if (own !== null) return own;
    const shared = this.#isAskedFor(process, found) ? this.#all.of(file, event, succeeds) : null;
    if (shared === null) this.#callsLetGo++;
    else shared.processes ||= 1;
    return shared;
  }

  #countElsewhere(use: FileUse, process: Process): void {
    const record = this.#isAskedFor(process, this.#caseOf(process)) ? this.#all.join(use) : null;
    if (record !== null) record.processes ||= 1;
  }

  /** Gives up the own records of the process that died first. */
  #forgetOldest(): void {
    const oldest = this.#kept.shift();
    if (oldest === undefined) return;
    oldest.ledger.empty(() => {});
    this.#processesLetGo++;
  }
}

function isStandard(descriptor: string | undefined): boolean {
  return descriptor !== undefined && /^(?:0x)?[0-2]$/.test(descriptor);
}

function createChannels(): ChannelTraffic {
  const none = () => ({ read: { calls: 0, bytes: 0 }, written: { calls: 0, bytes: 0 } });
  return { standard: none(), none: none(), unknown: none() };
}

function addChannels(to: ChannelTraffic, from: ChannelTraffic): void {
  for (const channel of CHANNELS) {
    for (const direction of ['read', 'written'] as const) addTraffic(to[channel][direction], from[channel][direction]);
  }
}

function compare(a: Place, b: Place): number {
  if (isBefore(a, b)) return -1;
  return isBefore(b, a) ? 1 : 0;
}

function inOrder(files: FileUse[]): FileUse[] {
  return files.sort((a, b) => compare(a.first, b.first));
}
