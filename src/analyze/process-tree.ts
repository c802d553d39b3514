import { argumentsOf, resultId, resultNumber, secondResult, stringArgument } from '../model/accessors.ts';
import { type DialectTraits, dialectTraits } from '../model/dialect.ts';
import type { ProcessStartEvent, SignalEvent, StartVia, SyscallEvent, TraceEvent } from '../model/event.ts';
import { type ChildEnd, childReport, waitStatus } from '../model/siginfo.ts';
import { isDeadlyByDefault } from '../model/signals.ts';
import { type Syscall, syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';
import { detach } from '../scan/detach.ts';

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
}

/** One pid from its birth to its death. A pid that is used again is another process. */
export interface Process {
  pid: number | null;
  parent: Process | null;
  /** Parent's pid where only that is known. */
  parentPid: number | null;
  readonly start: Place;
  how: StartVia | 'exec' | null;
  /** The latest successful exec, and all of them where the tree keeps everything. */
  exec: Exec | null;
  readonly execs: Exec[];
  /** Ids of its threads, the first one excluded, in order of appearance; where the tree keeps everything. */
  readonly threads: number[];
  readonly children: Process[];
  readonly tasks: Map<number | null, Task>;
  /** Id of the thread it began with, where threads have a column of their own. */
  firstThread: number;
  end: ProcessEnd | null;
  /** Whether lines of its own, or its attachment, were seen. */
  traced: boolean;
  /** Whether the call that made it was seen to return. */
  confirmed: boolean;
  /** Set when no further event can belong to it. */
  closed: boolean;
  /** Set when the tracer let it go. */
  detached: boolean;
  /** An exec that was begun and not seen to return. */
  pendingExec: SyscallEvent | null;
  /** Last deadly signal delivered, while nothing else was seen of the task it went to. */
  pendingSignal: { readonly signal: string; readonly task: Task; readonly place: Place } | null;
}

/** What other folds over the same events are told. */
export interface TreeObserver {
  /** A parent is known. `shares`: what clone flags make the two share. */
  born(child: Process, parent: Process, shares: { readonly cwd: boolean; readonly files: boolean }): void;
  /** Two records turned out to be one process: the first is no more. */
  merged(from: Process, into: Process): void;
  /** A task taken for a thread is a process of its own. */
  split(child: Process, from: Process, task: Task): void;
  execed(process: Process, event: SyscallEvent): void;
  /** The first sign that the process is being ended by a signal. */
  dying(process: Process): void;
  /** No further event of the process comes. */
  closed(process: Process): void;
}

/** Who acted. */
export interface Actor {
  readonly task: Task;
  readonly process: Process;
}

/** Dead processes that late lines may still name: a vfork parent's return, a sibling thread's last call. */
const MAX_TOMBSTONES = 1024;

/**
 * Follows every fork, exec, thread and exit. One `add` an event, in order; then `finish`.
 */
export class ProcessTree {
  /** Processes with lines of their own so far. */
  count = 0;
  /** Processes that were created and never seen. */
  untraced = 0;
  readonly roots: Process[] = [];
  readonly #traits: DialectTraits;
  readonly #joined: boolean;
  /** Files of one set: what a parent is told may stand in a file read before the child's. */
  readonly #several: boolean;
  readonly #observer: TreeObserver;
  readonly #keep: boolean;
  /** By the pid column: of a strace log, every task id leads to its process. */
  readonly #owners = new Map<number | null, Process>();
  readonly #tombstones = new Map<number | null, Process>();
  readonly #signalled = new Map<string, Process>();
  /** Tasks made by a call whose flags the log does not show: threads, unless they exec under their own id. */
  readonly #uncertain = new Set<number>();
  /** Processes whose parent was told of their end, and who may still have lines. */
  readonly #toldOf = new Set<Process>();
  /** Created and not seen yet, oldest first. */
  readonly #unseen = new Map<number, Process>();
  /** What a process in a pid namespace calls its children, by process. */
  readonly #aliases = new WeakMap<Process, Map<number, Process>>();
  /** Killed a moment ago: siblings that no line told apart may still die with it. */
  #dying: { readonly process: Process; readonly signal: string | null } | null = null;
  #input = 0;

  /** `keep`: hold every process for `roots`, dead ones too; otherwise the dead are let go. */
  constructor(header: TraceHeader, observer: TreeObserver, keep: boolean) {
    this.#traits = dialectTraits[header.dialect];
    this.#joined = header.joined;
    this.#several = header.joined && header.inputs.length > 1;
    this.#observer = observer;
    this.#keep = keep;
  }

  /** Who the event is of, once it is in the tree; null for events of nobody. */
  add(event: TraceEvent): Actor | null {
    if (event.input !== this.#input && !this.#joined) {
      this.finish();
      this.#input = event.input;
    }
    if (event.kind === 'note' || event.kind === 'unparsed') return null;
    if (this.#dying !== null && !isLastSign(event, this.#dying.signal)) this.#settleDying();
    switch (event.kind) {
      case 'process-start':
        this.#start(event);
        return null;
      case 'identity':
        this.#identify(event.pid);
        return null;
      case 'exit':
      case 'killed':
        return this.#taskEnded(event);
      case 'detach': {
        const process = this.#owners.get(event.pid);
        if (process === undefined) return null;
        process.detached = true;
        if (this.#traits.pidColumn === 'process') this.#close(process);
        else this.#removeTask(process, event.pid);
        return null;
      }
      default: {
        const actor = this.#actor(event);
        if (actor === null) return null;
        if (event.kind === 'syscall') this.#call(event, actor);
        else if (event.kind === 'signal') this.#signal(event, actor);
        return actor;
      }
    }
  }

  /** The log is over: nothing more is known of those still alive. */
  finish(): void {
    this.#settleDying();
    for (const process of new Set(this.#owners.values())) this.#close(process);
    this.#owners.clear();
    this.#tombstones.clear();
    this.#signalled.clear();
    this.#uncertain.clear();
    this.#unseen.clear();
    this.#toldOf.clear();
  }

  // ---- who

  #actor(event: TraceEvent): Actor | null {
    let process = this.#owners.get(event.pid);
    if (process === undefined) {
      // Siblings' calls in flight may still print when the process is dead already.
      const dead = this.#tombstones.get(event.pid);
      if (dead !== undefined && this.#traits.pidColumn === 'process' && !startsAfresh(event)) return null;
      process = this.#aliased(event.pid) ?? this.#create(event.pid, event, null);
    }
    this.#seen(process);
    const task = this.#taskOf(process, event);
    if (event.kind !== 'signal' && process.pendingSignal?.task === task) process.pendingSignal = null;
    return { task, process };
  }

  #taskOf(process: Process, event: TraceEvent): Task {
    if (this.#traits.pidColumn === 'task') return this.#task(process, event.pid);
    return this.#task(process, event.tid ?? soleThread(process));
  }

  #task(process: Process, id: number | null): Task {
    let task = process.tasks.get(id);
    if (task === undefined) {
      task = { id, process };
      process.tasks.set(id, task);
      const first = this.#traits.pidColumn === 'task' ? process.pid : process.firstThread;
      if (this.#keep && id !== null && id !== first && !process.threads.includes(id)) process.threads.push(id);
    }
    return task;
  }

  #seen(process: Process): void {
    if (process.traced) return;
    process.traced = true;
    this.count++;
    if (process.pid !== null && this.#unseen.delete(process.pid)) this.untraced--;
  }

  #create(pid: number | null, place: Place, how: StartVia | 'exec' | null): Process {
    const process: Process = {
      pid,
      parent: null,
      parentPid: null,
      start: { input: place.input, line: place.line, atNs: place.atNs },
      how,
      exec: null,
      execs: [],
      threads: [],
      children: [],
      tasks: new Map(),
      firstThread: 1,
      end: null,
      traced: false,
      confirmed: false,
      closed: false,
      detached: false,
      pendingExec: null,
      pendingSignal: null,
    };
    this.#owners.set(pid, process);
    this.#tombstones.delete(pid);
    if (this.#keep) this.roots.push(process);
    return process;
  }

  // ---- births

  #start(event: ProcessStartEvent): void {
    let process = this.#owners.get(event.pid);
    // Made by a call in flight of the task that has no pid yet, where no parent is named.
    const byCall = event.via !== null && event.via !== 'attach';
    const parent = event.parentPid === null && !byCall ? undefined : this.#owners.get(event.parentPid);
    if (event.via === 'thread' && parent !== undefined) {
      this.#addThread(parent, event.pid);
      return;
    }
    if (process === undefined && parent === undefined) process = this.#aliased(event.pid) ?? undefined;
    if (process === undefined) {
      process = this.#create(event.pid, event, event.via);
      if (parent === undefined) process.parentPid = event.parentPid;
      else this.#link(process, parent, event.via, '');
    } else if (process.parent === null && parent !== undefined && parent !== process) {
      this.#link(process, parent, event.via, '');
    }
    this.#seen(process);
    if (this.#traits.pidColumn === 'task') this.#task(process, event.pid);
  }

  /**
   * In a pid namespace a creation call returns another id than the new task's column shows: a smaller one than its
   * creator's own. An id that nobody is known to have made is the oldest such child that was not seen.
   */
  #aliased(id: number | null): Process | null {
    if (id === null || this.#traits.pidColumn !== 'task') return null;
    for (const [printed, process] of this.#unseen) {
      const above = process.parent?.pid ?? null;
      if (process.parent === null || above === null || printed > above) continue;
      this.#unseen.delete(printed);
      this.#owners.delete(printed);
      this.#owners.set(id, process);
      process.pid = id;
      this.untraced--;
      this.#alias(process.parent, printed, process);
      return process;
    }
    return null;
  }

  #alias(parent: Process, printed: number, child: Process): void {
    const names = this.#aliases.get(parent);
    if (names === undefined) this.#aliases.set(parent, new Map([[printed, child]]));
    else names.set(printed, child);
  }

  #addThread(process: Process, id: number | null): void {
    const other = this.#owners.get(id);
    if (other !== undefined && other !== process) this.#merge(other, process);
    this.#owners.set(id, process);
    this.#task(process, id);
  }

  #spawned(event: SyscallEvent, { process: parent, task }: Actor): void {
    const id = resultId(event);
    if (id === null) return;
    const via = viaOf(event);
    if (via === 'thread' || via === 'clone') {
      if (via === 'clone') this.#uncertain.add(id);
      this.#addThread(parent, id);
      return;
    }
    // Its lines may stand before the call's return, its whole life even (vfork).
    const known = this.#owners.get(id) ?? this.#tombstones.get(id);
    const sameChild =
      known !== undefined &&
      !known.confirmed &&
      known !== parent &&
      (known.parent === null || known.parent === parent) &&
      (known.start.input !== event.input || known.start.line >= event.line);
    let child = known;
    if (child === undefined || !sameChild) {
      if (child !== undefined && !child.closed) this.#close(child);
      child = this.#create(id, event, via);
      this.untraced++;
      this.#unseen.set(id, child);
    }
    child.confirmed = true;
    // The child's only LWP has the id of the one that called fork.
    child.firstThread = task.id ?? 1;
    const printed = resultNumber(event);
    if (printed !== null && printed !== id) this.#alias(parent, printed, child);
    if (child.parent === null) this.#link(child, parent, via, event.args);
    else child.how = via;
  }

  #link(child: Process, parent: Process, via: StartVia | null, flags: string): void {
    for (let above: Process | null = parent; above !== null; above = above.parent) if (above === child) return;
    child.parent = parent;
    child.parentPid = parent.pid;
    if (child.how === null || child.how === 'attach') child.how = via;
    if (this.#keep) {
      const at = this.roots.indexOf(child);
      if (at >= 0) this.roots.splice(at, 1);
      parent.children.push(child);
    }
    const shares = { cwd: /\bCLONE_FS\b/.test(flags), files: /\bCLONE_FILES\b/.test(flags) };
    this.#observer.born(child, parent, shares);
  }

  /** `from` is no process of its own: its tasks are threads of `into`. */
  #merge(from: Process, into: Process): void {
    for (const task of from.tasks.values()) {
      task.process = into;
      into.tasks.set(task.id, task);
      if (task.id !== null) {
        this.#owners.set(task.id, into);
        if (this.#keep && task.id !== into.pid) into.threads.push(task.id);
      }
    }
    if (this.#keep) {
      const siblings = from.parent === null ? this.roots : from.parent.children;
      const at = siblings.indexOf(from);
      if (at >= 0) siblings.splice(at, 1);
      for (const child of from.children) {
        child.parent = into;
        into.children.push(child);
      }
    }
    if (from.traced) this.count--;
    this.#seen(into);
    into.exec ??= from.exec;
    into.pendingSignal ??= from.pendingSignal;
    from.closed = true;
    this.#observer.merged(from, into);
  }

  /** A task taken for a thread is a process. */
  #split(owner: Process, task: Task): Process {
    if (task.id === null || task.id === owner.pid) return owner;
    owner.tasks.delete(task.id);
    const process = this.#create(task.id, owner.start, 'vfork');
    process.tasks.set(task.id, task);
    task.process = process;
    this.#seen(process);
    this.#link(process, owner, 'vfork', '');
    if (this.#keep) owner.threads.splice(owner.threads.indexOf(task.id), 1);
    this.#observer.split(process, owner, task);
    return process;
  }

  /** The process whose events had no pid so far is this one. */
  #identify(pid: number | null): void {
    const process = this.#owners.get(null);
    if (process === undefined || pid === null) return;
    this.#owners.delete(null);
    const other = this.#owners.get(pid);
    if (other !== undefined && other !== process) this.#merge(other, process);
    this.#owners.set(pid, process);
    process.pid = pid;
    const task = process.tasks.get(null);
    if (task !== undefined) {
      process.tasks.delete(null);
      task.id = pid;
      process.tasks.set(pid, task);
    }
  }

  // ---- lives

  #call(event: SyscallEvent, actor: Actor): void {
    const call = syscallOf(event.name, this.#traits.platform);
    if (call === null) return;
    const { process, task } = actor;
    switch (call.role) {
      case 'spawn':
        this.#spawned(event, actor);
        break;
      case 'exec':
        this.#exec(event, call, actor);
        break;
      case 'exit':
        if (event.outcome === 'failed') break;
        if (process.end?.source !== 'own') {
          process.end = this.#ended(event, 'exited', exitStatus(event), null, null, 'own', task);
        }
        if (this.#traits.pidColumn === 'process') this.#close(process);
        break;
      case 'exit-thread':
        if (this.#traits.pidColumn === 'process') process.tasks.delete(task.id);
        break;
      case 'wait':
        this.#waited(event, process);
        break;
      case 'getpid':
        this.#ownPid(resultNumber(event), process);
        process.parentPid ??= secondResult(event);
        if (process.parent === null && process.parentPid !== null) this.#adopt(process, process.parentPid);
        break;
      case 'gettid':
        if (process.tasks.size === 1) this.#ownPid(resultNumber(event), process);
        break;
      case 'getppid':
        if (process.parent === null) this.#adopt(process, resultNumber(event));
        break;
      case 'kill':
        this.#threadGroup(event, actor);
        break;
    }
  }

  #ownPid(pid: number | null, process: Process): void {
    if (process.pid === null && pid !== null && !this.#owners.has(pid)) process.pid = pid;
  }

  #adopt(process: Process, parentPid: number | null): void {
    const parent = parentPid === null ? undefined : this.#owners.get(parentPid);
    if (parent !== undefined && parent !== process) this.#link(process, parent, null, '');
  }

  // tgkill(21540, 21541, SIGABRT): the first is the process of the second, which proves itself by its own id.
  #threadGroup(event: SyscallEvent, { process, task }: Actor): void {
    if (event.name !== 'tgkill' || process.confirmed || task.id === null) return;
    const [group, thread] = argumentsOf(event);
    const pid = Number(group);
    if (Number(thread) !== task.id || !(pid > 0) || pid === process.pid) return;
    const leader = this.#owners.get(pid);
    if (leader === undefined) {
      if (process.tasks.size === 1) process.pid = pid;
    } else if (leader !== process) {
      this.#merge(process, leader);
    }
  }

  #exec(event: SyscallEvent, call: Syscall, { process: owner, task }: Actor): void {
    if (event.outcome === 'unfinished' && event.args !== '') owner.pendingExec = event;
    if (event.outcome !== 'returned') return;
    const process = task.id !== null && this.#uncertain.delete(task.id) ? this.#split(owner, task) : owner;
    // A thread's exec begins in the file of its own id and ends in the leader's, without its arguments (strace -ff).
    const begun = event.args === '' && owner.pendingExec !== null ? owner.pendingExec : event;
    owner.pendingExec = null;
    const pieces = argumentsOf(begun);
    const path = call.path ?? 0;
    const program = stringArgument(pieces[path], event.dialect);
    const exec: Exec = {
      program: program === null ? null : detach(program),
      argv: argvOf(pieces[path + 1], begun),
      place: { input: event.input, line: event.line, atNs: event.atNs },
    };
    if (process.exec === null && process.how === null) process.how = 'exec';
    process.exec = exec;
    if (this.#keep) process.execs.push(exec);
    // All other threads are gone, most without a line; the one left is numbered afresh where threads have a column.
    if (this.#traits.pidColumn === 'process') {
      process.tasks.clear();
      process.firstThread = 1;
    }
    for (const other of process.tasks.values()) {
      if (other === task) continue;
      process.tasks.delete(other.id);
      this.#owners.delete(other.id);
    }
    this.#observer.execed(process, event);
  }

  #signal(event: SignalEvent, { process, task }: Actor): void {
    const { platform } = this.#traits;
    if (event.siginfo !== null && (event.signal === 'SIGCHLD' || event.signal === 'SIGCLD')) {
      const report = childReport(event.siginfo, platform);
      if (report !== null) this.#childEnded(process, report.pid, report.end, event);
    }
    if (event.disposition === 'ignored' || event.disposition === 'caught') return;
    if (!isDeadlyByDefault(event.signal, platform)) return;
    process.pendingSignal = { signal: event.signal, task, place: event };
    this.#signalled.set(event.signal, process);
  }

  /** Called once the other folds have seen the event: a fatal signal line is the death where nothing else is. */
  settle(event: TraceEvent, { process, task }: Actor): void {
    if (event.kind !== 'signal' || event.disposition !== 'default' || !this.#traits.deathIsSignalLine) return;
    if (!isDeadlyByDefault(event.signal, this.#traits.platform)) return;
    process.end ??= this.#ended(event, 'killed', null, event.signal, null, 'own', task);
    this.#observer.dying(process);
    this.#close(process);
  }

  // ---- deaths

  #ended(
    place: Place,
    how: 'exited' | 'killed',
    status: number | null,
    signal: string | null,
    coreDumped: boolean | null,
    source: 'own' | 'parent',
    task: Task | null,
  ): ProcessEnd {
    const { input, line, atNs } = place;
    return { how, status, signal, coreDumped, place: { input, line, atNs }, source, task };
  }

  #taskEnded(event: Extract<TraceEvent, { kind: 'exit' | 'killed' }>): Actor | null {
    let process = this.#owners.get(event.pid);
    if (process === undefined) {
      const dead = this.#tombstones.get(event.pid);
      if (dead !== undefined && dead.end?.source === 'parent') return null;
      process = this.#create(event.pid, event, null);
    }
    this.#seen(process);
    const task = this.#taskOf(process, event);
    if (event.kind === 'killed') {
      process = this.#groupOfDying(process, event.signal);
      // The first thread dies last.
      if (isUnexplained(process) && this.#traits.pidColumn === 'task' && process.tasks.size === 1) {
        process.pid = task.id;
      }
      const { end } = process;
      const signal = event.signal ?? process.pendingSignal?.signal ?? null;
      if (end?.how !== 'killed' || end.source === 'parent' || event.coreDumped === true) {
        const place = end?.how === 'killed' && end.source === 'own' ? end.place : event;
        process.end = this.#ended(place, 'killed', null, signal, event.coreDumped, 'own', end?.task ?? task);
      }
      this.#observer.dying(process);
    } else if (process.end?.how !== 'killed' || process.end.source === 'parent') {
      // exec by another thread: `exited with 0` of one thread is no end while others live.
      if (process.tasks.size === 1) {
        process.end = this.#ended(event, 'exited', event.status, null, null, 'own', task);
      }
    }
    const actor = { task, process };
    if (this.#traits.pidColumn === 'process') this.#close(process);
    else this.#removeTask(process, event.pid);
    return actor;
  }

  /**
   * A task nobody was seen to create, dying of a signal that only another task was told of, is a thread of that one.
   */
  #groupOfDying(process: Process, signal: string | null): Process {
    if (signal === null || !isUnexplained(process)) return process;
    if (process.pendingSignal !== null || process.end !== null) return process;
    const told = this.#signalled.get(signal);
    if (told === undefined || told === process || told.closed || (told.pendingSignal === null && told.end === null)) {
      return process;
    }
    this.#merge(process, told);
    return told;
  }

  #settleDying(): void {
    const { process } = this.#dying ?? {};
    this.#dying = null;
    if (process !== undefined && process.tasks.size === 0) this.#close(process);
  }

  #removeTask(process: Process, id: number | null): void {
    process.tasks.delete(id);
    if (id !== null) this.#uncertain.delete(id);
    if (process.tasks.size > 0) {
      if (id !== process.pid) this.#owners.delete(id);
    } else if (isUnexplained(process) && process.end?.how === 'killed' && process.pendingSignal !== null) {
      // Tasks that die with it now are its threads; the last of them is its first.
      this.#dying = { process, signal: process.end.signal };
    } else {
      this.#close(process);
    }
  }

  #close(process: Process): void {
    if (this.#traits.pidColumn === 'task') {
      for (const id of process.tasks.keys()) {
        if (this.#owners.get(id) === process) this.#owners.delete(id);
        if (id !== null) this.#uncertain.delete(id);
      }
    }
    if (this.#owners.get(process.pid) === process) this.#owners.delete(process.pid);
    if (this.#owners.get(null) === process) {
      this.#owners.delete(null);
      this.#tombstones.set(null, process);
    }
    if (process.closed) return;
    process.closed = true;
    process.tasks.clear();
    this.#toldOf.delete(process);
    if (process.pid !== null) this.#unseen.delete(process.pid);
    if (process.pid !== null) {
      this.#tombstones.set(process.pid, process);
      if (this.#tombstones.size > MAX_TOMBSTONES) {
        for (const oldest of this.#tombstones.keys()) {
          this.#tombstones.delete(oldest);
          break;
        }
      }
    }
    if (process.pendingSignal !== null && this.#signalled.get(process.pendingSignal.signal) === process) {
      this.#signalled.delete(process.pendingSignal.signal);
    }
    this.#observer.closed(process);
  }

  // wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}], 0, NULL) = 16294
  // waitid(P_PID, 75, {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=75, …}, WEXITED, NULL) = 0
  #waited(event: SyscallEvent, process: Process): void {
    if (event.outcome !== 'returned') return;
    const status = waitStatus(event.args);
    const pid = resultId(event);
    if (status !== null && pid !== null) {
      this.#childEnded(process, pid, status, event);
      return;
    }
    const report = childReport(event.args, this.#traits.platform);
    if (report !== null) this.#childEnded(process, report.pid, report.end, event);
  }

  #childEnded(parent: Process, pid: number, how: ChildEnd, event: TraceEvent): void {
    const alias = this.#aliases.get(parent)?.get(pid);
    let child = alias ?? this.#owners.get(pid) ?? this.#tombstones.get(pid);
    if (child === parent) return;
    if (child === undefined) {
      // Never in the log itself: worth a record only if something ended it.
      if (how.how === 'exited') return;
      child = this.#create(pid, event, null);
    }
    if (child.parent === null) this.#link(child, parent, null, '');
    const { end } = child;
    if (end === null) {
      child.end =
        how.how === 'exited'
          ? this.#ended(event, 'exited', how.status, null, null, 'parent', null)
          : this.#ended(event, 'killed', null, how.signal, how.coreDumped, 'parent', null);
    } else if (end.how === 'killed' && end.coreDumped === null && how.how === 'killed') {
      child.end = { ...end, coreDumped: how.coreDumped };
    }
    if (!child.closed) this.#told(child);
  }

  /**
   * The parent was told of the end before a line of the child's own shows it. The line may still come: logs merged by
   * time have a wait call at its entry, and the files of a set may be read one after another.
   */
  #told(child: Process): void {
    this.#toldOf.add(child);
    if (this.#toldOf.size <= MAX_TOMBSTONES || this.#several) return;
    for (const oldest of this.#toldOf) {
      this.#close(oldest);
      break;
    }
  }
}

/** The id of the only thread there is, null where several are known. */
function soleThread(process: Process): number | null {
  if (process.tasks.size === 0) return process.firstThread;
  if (process.tasks.size > 1) return null;
  for (const id of process.tasks.keys()) return id;
  return null;
}

/** Whether nothing shows where a process came from: it may be a thread. */
function isUnexplained(process: Process): boolean {
  return !process.confirmed && process.parent === null && process.exec === null;
}

/** Whether the event is a thread's last, as its process is killed: its death, or the end of the call it was in. */
function isLastSign(event: TraceEvent, signal: string | null): boolean {
  if (event.kind === 'killed') return event.signal === signal;
  return event.kind === 'syscall' && event.outcome === 'unfinished';
}

/** Whether an event can be the first of a new process under a pid that was used before. */
function startsAfresh(event: TraceEvent): boolean {
  return event.kind === 'syscall' && /^exec/.test(event.name);
}

const CLONE_THREAD = 0x10000;

/** What a creation call made. `clone`: its flags do not show (strace without a decoder for clone3, -e raw). */
function viaOf(event: SyscallEvent): StartVia {
  const { name, args } = event;
  if (args.includes('CLONE_THREAD')) return 'thread';
  if (name.startsWith('vfork') || args.includes('CLONE_VFORK')) return 'vfork';
  if (args.includes('CLONE_') || args.includes('SIGCHLD') || /\bflags=0\b/.test(args) || name.includes('fork'))
    return 'fork';
  const raw = /^(?:flags=|clone_flags=)?(0x[0-9a-f]+)/.exec(args)?.[1] ?? /\bflags=(0x[0-9a-f]+)/.exec(args)?.[1];
  if (raw === undefined || name.endsWith('3') || name.startsWith('syscall')) return 'clone';
  return Number(raw) & CLONE_THREAD ? 'thread' : 'fork';
}

// exit_group(139), _exit(1): of the number, what the parent is told
function exitStatus(event: SyscallEvent): number | null {
  const status = Number.parseInt(argumentsOf(event)[0] ?? '', 10);
  return Number.isNaN(status) ? null : status & 0xff;
}

// ["cc", "main.c"], or ["cc"..., ...] where strace cut it
function argvOf(piece: string | undefined, event: SyscallEvent): string[] | null {
  if (piece === undefined || !piece.startsWith('[')) return null;
  const inner = argumentsOf({ ...event, args: piece.slice(1, piece.endsWith(']') ? -1 : undefined) });
  const words: string[] = [];
  for (const word of inner) {
    const text = stringArgument(word, event.dialect);
    if (text !== null) words.push(word.endsWith('...') ? `${text}...` : detach(text));
    else if (word.startsWith('...')) words.push('...');
  }
  return words;
}
