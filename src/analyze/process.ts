import type { StartVia, SyscallEvent } from '../model/event.ts';
import type { Shares } from './process-calls.ts';
import { SmallMap } from './small-map.ts';

/** A line in one of the trace's inputs. */
export interface Place {
  readonly input: number;
  readonly line: number;
  /** Nanoseconds since the trace's first stamp, or null. */
  readonly atNs: number | null;
}

export interface Exec {
  /** Path as given to the call, latin1 bytes; null where the trace shows an address. */
  readonly program: string | null;
  /** Null where the trace does not show them. */
  readonly argv: readonly string[] | null;
  readonly place: Place;
}

/** How a process ended, by its own lines or by its parent's word. */
export interface ProcessEnd {
  readonly how: 'exited' | 'killed';
  readonly status: number | null;
  readonly signal: string | null;
  readonly coreDumped: boolean | null;
  readonly place: Place;
  /** `parent`: no line of its own shows it; a wait status or SIGCHLD of the parent does. */
  readonly source: 'own' | 'parent';
  /** Task whose line it is; null where that is not known. */
  readonly task: Task | null;
}

/** One thread of a process. */
export interface Task {
  /**
   * Id in the tracer's column: strace's task id, truss's LWP id; null where the log has none. truss prints no LWP id
   * while there is one: then it is that of the only one left.
   */
  id: number | null;
  process: Process;
  /** Line of its first sign. */
  readonly line: number;
}

/** A deadly signal that was delivered to a thread, or that a process sent itself. */
export interface PendingSignal {
  readonly signal: string;
  readonly task: Task;
  /** Id of the thread, where threads have a column of their own and the line shows it. */
  readonly tid: number | null;
  readonly place: Place;
}

/** One pid from its birth to its death. A pid that is used again is another process. */
export interface Process {
  /** Its row in `TreeRows`, where there are such; 0: there are none. */
  row: number;
  pid: number | null;
  parent: Process | null;
  /** The record of the process that this one turned out to be a part of. */
  mergedInto: Process | null;
  /** Parent's pid where only that is known. */
  parentPid: number | null;
  readonly start: Place;
  how: StartVia | 'exec' | null;
  /** The latest successful exec. */
  exec: Exec | null;
  /** Short name of its program, where the log has a column for it. */
  name: string | null;
  /** Ids of its threads, the first one excluded, in order of appearance, where the tree keeps everything; null: none. */
  threads: Set<number> | null;
  /** Where the tree keeps everything; null: none. */
  children: Process[] | null;
  hasChildren: boolean;
  readonly tasks: SmallMap<number | null, Task>;
  /** What the pid column of its lines shows, since its last exec; of threads that ended too, the oldest left out. */
  readonly columns: SmallMap<number | null, true>;
  /** Whether it called exec itself: otherwise `exec` is its parent's. */
  execed: boolean;
  /** Whether it was seen to have more than one thread. */
  threaded: boolean;
  /** Whether what has no id in the log is more than one process. */
  mixed: boolean;
  /** Late events that came after its death. */
  late: number;
  /** Id of the thread it began with, where threads have a column of their own. */
  firstThread: number;
  end: ProcessEnd | null;
  /** Whether lines of its own, or its attachment, were seen. */
  traced: boolean;
  /** Whether its birth has a line of its own. */
  bornInTrace: boolean;
  /** Whether the call that made it was seen to return. */
  confirmed: boolean;
  /** Set when no further event can belong to it. */
  closed: boolean;
  /** Set when its parent was told of its end. */
  reaped: boolean;
  /** Set when the tracer let it go. */
  detached: boolean;
  /** An exec that was begun and not seen to return. */
  pendingExec: SyscallEvent | null;
  /** Last deadly signal delivered, while nothing else was seen of the task it went to. */
  pendingSignal: PendingSignal | null;
}

/** What other folds over the same events are told. */
export interface TreeObserver {
  /** A parent is known. `shares`: what clone flags make the two share. */
  born(child: Process, parent: Process, shares: Shares): void;
  /** Two records turned out to be one process: the first is no more. */
  merged(from: Process, into: Process): void;
  /** The set of its threads is about to change: this one ends, or one is about to begin where it is null. */
  threadsChange?(process: Process, ending: Task | null): void;
  /** The id is of another task from now on. */
  reused?(id: number): void;
  /** It is about to execute another program: what it did so far is still known by its threads. */
  executes?(process: Process): void;
  /** A task taken for a thread is a process of its own. */
  split(child: Process, from: Process, task: Task): void;
  execed(process: Process, event: SyscallEvent): void;
  /** How it ended is to be known, and no line shows it so far: an exit of it may have been put off (`ProcessTree.exited`). */
  endWanted?(process: Process): void;
  /** Its id turned out to be another's: what its lines tell of it, among which there may be lines of the other, ends here. */
  replaced?(process: Process): void;
  /** No further event of the process comes. `lastLine`: of its last sign; null where that is the event at hand. */
  closed(process: Process, lastLine: number | null): void;
  /** More became known of one that is closed. */
  toldMore?(process: Process): void;
}

/** What a fold has come across so far, for who waits for its answer. */
export interface Seen {
  readonly processes: number;
  /** Null where nobody looks for them. */
  readonly crashes: number | null;
}

/** Who acted. */
export interface Actor {
  readonly task: Task;
  readonly process: Process;
}

/** A process that nothing is known of but its first sign of life. */
export function createProcess(pid: number | null, first: Place, how: Process['how']): Process {
  const columns = new SmallMap<number | null, true>();
  columns.set(pid, true);
  return {
    row: 0,
    pid,
    parent: null,
    mergedInto: null,
    parentPid: null,
    start: { input: first.input, line: first.line, atNs: first.atNs },
    how,
    exec: null,
    name: null,
    threads: null,
    children: null,
    hasChildren: false,
    tasks: new SmallMap(),
    columns,
    execed: false,
    threaded: false,
    mixed: false,
    late: 0,
    firstThread: 1,
    end: null,
    traced: false,
    bornInTrace: false,
    confirmed: false,
    closed: false,
    reaped: false,
    detached: false,
    pendingExec: null,
    pendingSignal: null,
  };
}

/** An end at the place of an event. */
export function endOf(
  { input, line, atNs }: Place,
  how: ProcessEnd['how'],
  status: number | null,
  signal: string | null,
  coreDumped: boolean | null,
  source: ProcessEnd['source'],
  task: Task | null,
): ProcessEnd {
  return { how, status, signal, coreDumped, place: { input, line, atNs }, source, task };
}

/** The id of the only thread there is, null where several are known. */
export function soleThread(process: Process): number | null {
  if (process.tasks.size === 0) return process.firstThread;
  if (process.tasks.size > 1) return null;
  for (const id of process.tasks.keys()) return id;
  return null;
}

const MAX_COLUMNS = 4096;

/** Notes that lines with this in the pid column are of the process. */
export function addColumn({ columns }: Process, id: number | null): void {
  columns.set(id, true);
  if (columns.size <= MAX_COLUMNS) return;
  for (const oldest of columns.keys()) {
    columns.delete(oldest);
    return;
  }
}

/** The program a process runs: the path of its exec, else its short name; null where the log shows neither. */
export function programOf(process: Process): string | null {
  return process.exec?.program ?? process.name;
}

/** Whether nothing shows where a process came from: it may be a thread. */
export function isUnexplained(process: Process): boolean {
  return !process.confirmed && process.parent === null && process.exec === null;
}
