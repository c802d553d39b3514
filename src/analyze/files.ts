import { argumentsOf, resultNumber } from '../model/accessors.ts';
import { dialectTraits, type Platform } from '../model/dialect.ts';
import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import { type Act, CHANNELS, type Channel, type Direction } from '../model/file-acts.ts';
import { type Role, type Syscall, syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';
import { blameNeeds } from './blame.ts';
import { FileKeys, FileLedger } from './file-ledger.ts';
import { addTraffic, type FileUse, inLineOrder, type Room, type Traffic } from './file-use.ts';
import { FileState, fileAt, fileNamed, OpenFiles } from './open-files.ts';
import { type NamedFile, pathOf } from './open-records.ts';
import type { Place, Process, Task, TreeObserver } from './process.ts';
import { ProcessTree } from './process-tree.ts';

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
  /** Of those that were asked for, the ones that did something with files. */
  readonly users: number;
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
  /**
   * Whether what was done on descriptors is of the files it was counted for: a log without closes does not tell when a
   * descriptor becomes another file's, unless it names the file itself. Otherwise it is counted for none.
   */
  readonly tellsDescriptors: boolean;
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
  /** Whether it ran the program that is asked for. */
  isNamed: boolean;
  /** Null while it moved no bytes elsewhere. */
  channels: ChannelTraffic | null;
}

/** A dead process whose own records are still held. */
interface Kept extends ProcessFiles {
  readonly files: FileUse[];
  readonly bytes: number;
}

/** For the records over all, and for those of single processes: with the rest, memory stays below 150 MB. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_PROCESS_BYTES = 5 * 1024 * 1024;
/** What a dead process takes beside its records and its arguments, about. */
const PROCESS_BYTES = 900;
const ARGUMENT_BYTES = 24;

/** Of a process with more descriptors nothing is said of what it unlinks: each time all would be looked at. */
const MAX_LOOKED_THROUGH = 256;

/** What a call on a path does, by its role. */
const BY_NAME: Partial<Readonly<Record<Role, Act>>> = {
  stat: 'lookedAt',
  exec: 'executed',
  // posix_spawn, which alone of its kind names a file.
  spawn: 'executed',
  create: 'created',
  truncate: 'truncated',
  attributes: 'altered',
  unlink: 'unlinked',
};

/** What a call on a descriptor does. */
const BY_DESCRIPTOR: Partial<Readonly<Record<Role, Act>>> = {
  close: 'closed',
  list: 'listed',
  map: 'mapped',
  'truncate-open': 'truncated',
};

const OTHERS: ReadonlySet<Role> = new Set(['read', 'write', 'copy', 'rename', 'link', 'channel']);

/** Whether files need events of this call: what processes and descriptors are followed by, and what is done to files. */
export function filesNeeds(name: string, platform: Platform): boolean {
  const call = syscallOf(name, platform);
  if (call === null) return false;
  return blameNeeds(name, platform) || isAct(call.role);
}

function isAct(role: Role): boolean {
  return BY_NAME[role] !== undefined || BY_DESCRIPTOR[role] !== undefined || OTHERS.has(role);
}

function isOnSocket({ canonical }: Syscall): boolean {
  return canonical === 'recv' || canonical === 'send';
}

/** Counts what processes do with files. One `add` an event, then `finish`. */
export class Files implements TreeObserver {
  /** No task is followed closer than the others. */
  readonly keeping = null;
  readonly watched: ReadonlySet<number | null> = new Set();
  readonly #platform: Platform;
  readonly #question: FilesQuestion;
  readonly #tree: ProcessTree;
  readonly #openFiles: OpenFiles;
  readonly #cases = new Map<Process, Case>();
  readonly #keys = new FileKeys();
  readonly #all: FileLedger;
  readonly #processRoom: Room = { limitBytes: MAX_PROCESS_BYTES, takenBytes: 0 };
  /** Oldest first. */
  readonly #kept: Kept[] = [];
  readonly #channels = createChannels();
  readonly #shown = new Set<Role>();
  /** Whether a call's file was taken from what was opened under its descriptor, not from the call itself. */
  #guesses = false;
  #users = 0;
  #callsLetGo = 0;
  #processesLetGo = 0;

  /** `showsCloses`: the log is known to show closes, whether or not there are any among the events given. */
  constructor(header: TraceHeader, question: FilesQuestion, showsCloses = false) {
    this.#platform = dialectTraits[header.dialect].platform;
    this.#question = question;
    this.#openFiles = new OpenFiles(this.#platform, () => false);
    this.#openFiles.seesClose = showsCloses;
    this.#tree = new ProcessTree(header, this, false);
    this.#all = new FileLedger(this.#keys, { limitBytes: MAX_BYTES, takenBytes: 0 }, (use) => {
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
    const tellsDescriptors = this.#openFiles.seesClose || !this.#guesses;
    const listed = (files: FileUse[]) => {
      if (!tellsDescriptors) for (const use of files) use.forgetDescriptors();
      if (!this.#openFiles.seesClose) for (const use of files) use.unlinkedOpen = 0;
      return files.sort((a, b) => inLineOrder(a.first, b.first));
    };
    return {
      processes: this.#tree.count,
      users: this.#users,
      untraced: this.#tree.untraced,
      files: listed(this.#all.all()),
      byProcess: this.#kept
        .map(({ pid, program, argv, start, files: own }) => {
          const files = listed(this.#keys.unite(own));
          // The line of its first use: its own first line may be one that is passed over.
          return { pid, program, argv, start: files[0]?.first ?? start, files };
        })
        .sort((a, b) => inLineOrder(a.start, b.start)),
      channels: this.#channels,
      shown: this.#shown,
      tellsDescriptors,
      letGo: { calls: this.#callsLetGo, processes: this.#processesLetGo },
    };
  }

  // ---- what the tree tells

  born(child: Process, parent: Process, shares: { readonly cwd: boolean; readonly files: boolean }): void {
    this.#openFiles.inherit(this.#caseOf(child).state, this.#caseOf(parent).state, shares);
  }

  merged(from: Process, into: Process): void {
    const gone = this.#cases.get(from);
    if (gone === undefined) return;
    this.#cases.delete(from);
    const found = this.#caseOf(into);
    this.#openFiles.merge(gone.state, found.state, from.tasks.values());
    gone.ledger.empty((use) => found.ledger.adopt(use));
    found.isNamed ||= gone.isNamed;
    if (gone.channels === null) return;
    found.channels ??= createChannels();
    addChannels(found.channels, gone.channels);
  }

  // What the task did so far stays with the process it was taken for.
  split(): void {}

  execed(process: Process): void {
    const found = this.#caseOf(process);
    this.#openFiles.exec(found.state);
    found.isNamed ||= this.#isNamed(process);
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
    if (gone.channels !== null) addChannels(this.#channels, gone.channels);
    if (ledger.size === 0) return;
    for (const { file } of gone.state.table.values()) {
      const use = file === null ? null : ledger.find(file);
      if (use !== null) use.openAtEnd = true;
    }
    this.#users++;
    if (!this.#question.byProcess) {
      ledger.empty((use) => countProcess(this.#all.adopt(use)));
      return;
    }
    const files = ledger.all();
    for (const use of files) countProcess(this.#all.join(use));
    const { pid, exec, start } = process;
    const argv = exec?.argv ?? null;
    const bytes = PROCESS_BYTES + (argv ?? []).reduce((sum, { length }) => sum + ARGUMENT_BYTES + length, 0);
    this.#processRoom.takenBytes += bytes;
    this.#kept.push({ pid, program: exec?.program ?? null, argv, start, files, bytes });
  }

  #isAskedFor(process: Process, { isNamed }: Case): boolean {
    const { process: wanted } = this.#question;
    return wanted === null || isNamed || wanted === String(process.pid) || this.#isNamed(process);
  }

  /** Whether the program it runs is the one that is asked for. */
  #isNamed({ exec }: Process): boolean {
    const { process: wanted } = this.#question;
    const program = exec?.program ?? null;
    return wanted !== null && program !== null && (program === wanted || program.endsWith(`/${wanted}`));
  }

  #caseOf(process: Process): Case {
    let found = this.#cases.get(process);
    if (found === undefined) {
      // What makes way in a process's own records is still counted over all.
      const ledger = new FileLedger(this.#keys, this.#processRoom, (use) => this.#countElsewhere(use, process));
      found = { state: new FileState(), ledger, isNamed: false, channels: null };
      if (!process.closed) this.#cases.set(process, found);
    }
    return found;
  }

  // ---- calls

  #call(event: SyscallEvent, process: Process, task: Task): void {
    const call = syscallOf(event.name, this.#platform);
    if (call === null || !filesNeeds(event.name, this.#platform)) return;
    const { role } = call;
    const { state } = this.#caseOf(process);
    // What sockets do says nothing of files, nor does a fork.
    if (!isOnSocket(call) && (role !== 'spawn' || call.path !== null)) this.#shown.add(role);
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
    // One that succeeded without a record opened a file without a name (O_TMPFILE).
    const file = event.outcome === 'failed' ? this.#named(event, call.path, call.directory, process) : record;
    const use = this.#use(file, event, process);
    use?.add('opened', event);
    if (use === null || record === null) return;
    if (record.access === 'write' || record.access === 'both') use.openedToWrite++;
    if (record.truncates) use.truncated++;
    if (record.directory) use.isDirectory = true;
  }

  #act(event: SyscallEvent, call: Syscall, process: Process): void {
    const byName = BY_NAME[call.role];
    if (byName !== undefined) {
      // The answer of readlink where there is no link: the file was there to be looked at.
      const isAnswer = call.canonical === 'readlink' && event.errno?.name === 'EINVAL';
      const done: SyscallEvent = isAnswer ? { ...event, outcome: 'returned' } : event;
      const file = this.#named(event, call.path, call.directory, process);
      const use = this.#use(file, done, process);
      use?.add(byName, done);
      if (use !== null && file !== null && byName === 'unlinked' && done.outcome === 'returned') {
        if (this.#isOpen(file, process)) use.unlinkedOpen++;
      }
      return;
    }
    const byDescriptor = BY_DESCRIPTOR[call.role];
    if (byDescriptor !== undefined) {
      const file = this.#fileAt(argumentsOf(event)[call.path ?? 0], process);
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

  /** Whether the process has it open. */
  #isOpen(file: NamedFile, process: Process): boolean {
    const { table } = this.#caseOf(process).state;
    if (table.size > MAX_LOOKED_THROUGH) return false;
    const key = this.#keys.of(file);
    for (const { file: open } of table.values()) if (open !== null && this.#keys.of(open) === key) return true;
    return false;
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
    if (isOnSocket(call)) {
      this.#moveElsewhere(call.role === 'read' ? 'read' : 'written', 'none', bytes, event, process);
      return;
    }
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
    const file = this.#fileAt(descriptor, process);
    if (file !== null && file !== 'none') {
      const use = this.#use(file, event, process);
      use?.move(direction, bytes, event);
      return use;
    }
    this.#moveElsewhere(direction, file ?? (isStandard(descriptor) ? 'standard' : 'unknown'), bytes, event, process);
    return null;
  }

  #moveElsewhere(
    direction: Direction,
    channel: Channel,
    bytes: number | null,
    event: SyscallEvent,
    process: Process,
  ): void {
    if (event.outcome !== 'returned') return;
    const found = this.#caseOf(process);
    found.channels ??= createChannels();
    addTraffic(found.channels[channel][direction], { calls: 1, bytes: bytes ?? 0 });
  }

  // ---- records

  #fileAt(descriptor: string | undefined, process: Process): NamedFile | 'none' | null {
    const file = fileAt(descriptor, this.#caseOf(process).state);
    if (file !== null && descriptor?.includes('<') === false) this.#guesses = true;
    return file;
  }

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
    while (this.#processRoom.takenBytes >= this.#processRoom.limitBytes && this.#forgetOldest());
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
    const record = this.#isAskedFor(process, this.#caseOf(process)) ? this.#all.adopt(use) : null;
    if (record !== null) record.processes ||= 1;
  }

  /** Gives up the own records of the process that died first; whether there was one. */
  #forgetOldest(): boolean {
    const oldest = this.#kept.shift();
    if (oldest === undefined) return false;
    for (const use of oldest.files) use.leave();
    this.#processRoom.takenBytes -= oldest.bytes;
    this.#processesLetGo++;
    return true;
  }
}

/** One more process used the file of this record over all, if there is one. */
function countProcess(record: FileUse | null): void {
  if (record !== null) record.processes++;
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
