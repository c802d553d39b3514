// Longer than other files: births, lives and deaths read and write the same tables of who is who, and a rule of one is
// only right together with the others.

import { argumentsOf, resultId, resultNumber, secondResult } from '../model/accessors.ts';
import { type DialectTraits, dialectTraits } from '../model/dialect.ts';
import type { ProcessStartEvent, SignalEvent, StartVia, SyscallEvent, TraceEvent } from '../model/event.ts';
import { type ChildEnd, childReport, waitStatus } from '../model/siginfo.ts';
import { isDeadlyByDefault, signalName } from '../model/signals.ts';
import { type Syscall, syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';
import { detach } from '../scan/detach.ts';
import { Graves, MAX_TOMBSTONES } from './graves.ts';
import { PrintedExec } from './printed-exec.ts';
import {
  type Actor,
  addColumn,
  createProcess,
  type Exec,
  endOf,
  isUnexplained,
  type Place,
  type Process,
  soleThread,
  type Task,
  type TreeObserver,
} from './process.ts';
import {
  exitStatus,
  isInterrupted,
  isLastSign,
  isLastWord,
  isSignOfLife,
  sharedBy,
  signalsOwnThread,
  startsAfresh,
  viaOf,
} from './process-calls.ts';
import type { TreeRows } from './tree-rows.ts';

/** Calls of sibling threads that were in flight as their process died may still print; not more of them than this. */
const MAX_LATE = 32;

/**
 * Follows every fork, exec, thread and exit. One `add` an event, in order; then `finish`.
 */
export class ProcessTree {
  /** Processes with lines of their own so far. */
  count = 0;
  /** Processes that were created and never seen. */
  untraced = 0;
  /** How often tasks turned out to be of another process than they were taken for. */
  regrouped = 0;
  readonly roots = new Set<Process>();
  readonly #traits: DialectTraits;
  readonly #joined: boolean;
  /** Files of one set: what a parent is told may stand in a file read before the child's. */
  readonly #several: boolean;
  readonly #observer: TreeObserver;
  readonly #keep: boolean;
  readonly #rows: TreeRows | null;
  /** By the pid column: of a strace log, every task id leads to its process. */
  readonly #owners = new Map<number | null, Process>();
  readonly #tombstones = new Graves<number | null, Process>();
  readonly #signalled = new Map<string, Process>();
  /** Tasks made by a call whose flags the log does not show: threads, unless they exec under their own id. */
  readonly #uncertain = new Set<number>();
  /** Threads that ended, whose creation may still be told; as many as tombstones. */
  readonly #deadThreads = new Graves<number, Task>();
  /** Processes whose parent was told of their end, and who may still have lines. */
  readonly #toldOf = new Set<Process>();
  /** Created and not seen yet, oldest first. */
  readonly #unseen = new Map<number, Process>();
  /** What a process in a pid namespace calls its children, by process. */
  readonly #aliases = new WeakMap<Process, Map<number, Process>>();
  /** Killed a moment ago: siblings that no line told apart may still die with it. */
  #dying: { readonly process: Process; readonly signal: string | null; readonly line: number } | null = null;
  #input = 0;

  /**
   * `keep`: hold every process for `roots`, dead ones too; otherwise the dead are let go. `rows`: told who is whose child
   * and what each executes.
   */
  constructor(header: TraceHeader, observer: TreeObserver, keep: boolean, rows: TreeRows | null = null) {
    this.#traits = dialectTraits[header.dialect];
    this.#joined = header.joined;
    this.#several = header.joined && header.inputs.length > 1;
    this.#observer = observer;
    this.#keep = keep;
    this.#rows = rows;
  }

  /** Who the event is of, once it is in the tree; null for events of nobody. */
  add(event: TraceEvent): Actor | null {
    if (event.input !== this.#input && !this.#joined) {
      this.finish();
      this.#input = event.input;
    }
    if (event.kind === 'note' || event.kind === 'unparsed' || (event.kind === 'lost' && event.pid === null))
      return null;
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
        else this.#removeTask(process, event.pid, event.line);
        return null;
      }
      default: {
        const actor = this.#actor(event);
        if (actor === null) {
          this.#lateBirth(event);
          return null;
        }
        if (event.kind === 'syscall') this.#call(event, actor);
        else if (event.kind === 'signal') this.#signal(event, actor);
        else if (event.kind === 'program') actor.process.name = detach(event.program);
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
    this.#deadThreads.clear();
    this.#unseen.clear();
    this.#toldOf.clear();
  }

  /** The living process whose lines have this in the pid column. */
  processOf(column: number | null): Process | null {
    return this.#owners.get(column) ?? null;
  }

  // ---- who

  #actor(event: TraceEvent): Actor | null {
    let process = this.#owners.get(event.pid);
    if (process === undefined) {
      // Siblings' calls in flight may still print when the process is dead already.
      if (event.pid !== null && this.#deadThreads.has(event.pid) && isLastWord(event)) return null;
      const dead = this.#tombstones.get(event.pid);
      if (dead !== undefined && this.#isLate(dead, event)) return null;
      process = this.#aliased(event.pid) ?? this.#create(event.pid, event, null);
    }
    this.#seen(process);
    const task = this.taskOf(process, event);
    if (process.pendingSignal !== null && this.#outlives(process.pendingSignal.task, event, task)) {
      process.pendingSignal = null;
    }
    return { task, process };
  }

  /** Whether the event, of `task`, shows that the signal sent to `target` was not the end of their process. */
  #outlives(target: Task, event: TraceEvent, task: Task): boolean {
    if (!isSignOfLife(event)) return false;
    // Where nothing else shows a death, any thread at work shows life. The death itself interrupts the others' calls.
    return task === target || (!this.#traits.showsEnds && !isInterrupted(event));
  }

  /** Whether the event is one of the last of a process that is dead, not the first of another under the same id. */
  #isLate(dead: Process, event: TraceEvent): boolean {
    if (this.#traits.pidColumn !== 'process' || startsAfresh(event)) return false;
    // Its parent was told: then all its lines are out.
    if (dead.end?.source !== 'own' || dead.reaped) return false;
    dead.late++;
    return dead.late <= MAX_LATE;
  }

  /** The thread an event of the process is of, made known where it is new. */
  taskOf(process: Process, event: TraceEvent): Task {
    if (this.#traits.pidColumn === 'task') return this.#task(process, event.pid, event.line);
    // The number stands there only while there are several.
    if (event.tid !== null) process.threaded = true;
    return this.#task(process, event.tid ?? soleThread(process), event.line);
  }

  #task(process: Process, id: number | null, line: number): Task {
    let task = process.tasks.get(id);
    if (task === undefined) {
      // Other systems than illumos number threads through all processes: the first is the first that shows.
      if (id !== null && process.tasks.size === 0 && this.#traits.platform !== 'illumos') process.firstThread = id;
      task = { id, process, line };
      this.#observer.threadsChange?.(process, null);
      process.tasks.set(id, task);
      if (this.#traits.pidColumn === 'task') addColumn(process, id);
      const first = this.#traits.pidColumn === 'task' ? process.pid : process.firstThread;
      if (id !== null && id !== first) this.#keepThread(process, id);
    }
    return task;
  }

  #keepThread(process: Process, id: number): void {
    this.#rows?.addThread(process.row, id);
    if (!this.#keep) return;
    process.threads ??= new Set();
    process.threads.add(id);
  }

  #seen(process: Process): void {
    if (process.traced) return;
    process.traced = true;
    this.count++;
    // The report that came before its first line was of another, who had the id before.
    if (this.#toldOf.has(process) && this.#traits.pidColumn === 'process') {
      this.#toldOf.delete(process);
      process.end = null;
      process.reaped = false;
    }
    if (process.pid !== null && this.#unseen.delete(process.pid)) this.untraced--;
  }

  #create(pid: number | null, place: Place, how: Process['how']): Process {
    const process = createProcess(pid, place, how);
    this.#owners.set(pid, process);
    this.#tombstones.delete(pid);
    this.#reuse(pid);
    if (this.#keep) this.roots.add(process);
    process.row = this.#rows?.add(process.start) ?? 0;
    return process;
  }

  // ---- births

  #start(event: ProcessStartEvent): void {
    let process = this.#owners.get(event.pid);
    // Made by a call in flight of the task that has no pid yet, where no parent is named.
    const byCall = event.via !== null && event.via !== 'attach';
    let parent = event.parentPid === null && !byCall ? undefined : this.#lookUp(event.parentPid);
    // The first line of a process that was attached may be the birth of a thread.
    if (event.via === 'thread' && parent === undefined && this.#traits.pidColumn === 'process') {
      parent = this.#create(event.pid, event, null);
      this.#seen(parent);
    }
    if (event.via === 'thread' && parent !== undefined) {
      if (this.#traits.pidColumn === 'task') {
        this.#addThread(parent, event.pid, event.line);
      } else {
        parent.threaded = true;
        // Whoever made it is a thread as well.
        if (parent.tasks.size === 0) this.#task(parent, null, event.line);
        if (event.tid !== null) this.#task(parent, event.tid, event.line);
      }
      return;
    }
    // Born twice: the one before died unseen, and its pid is used again.
    if (process?.bornInTrace === true && event.pid !== null && this.#traits.pidColumn === 'process') {
      this.#close(process);
      process = undefined;
    }
    if (process === undefined && parent === undefined) process = this.#aliased(event.pid) ?? undefined;
    if (process === undefined) {
      process = this.#create(event.pid, event, event.via);
      if (parent === undefined) process.parentPid = event.parentPid;
      else this.#link(process, parent, event.via, '');
    } else if (event.pid === null && process.traced) {
      this.#mix(process);
    } else if (process.parent === null && parent !== undefined && parent !== process) {
      this.#link(process, parent, event.via, '');
    }
    process.bornInTrace = event.via !== 'attach';
    this.#seen(process);
    if (this.#traits.pidColumn === 'task') this.#task(process, event.pid, event.line);
  }

  /** Another task is seen where tasks have no ids: whose line is whose, and which child was traced, nothing tells. */
  #mix(process: Process): void {
    process.mixed = true;
    for (const [id, child] of this.#unseen) {
      if (child.parent !== process) continue;
      this.#unseen.delete(id);
      this.untraced--;
    }
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
      addColumn(process, id);
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

  #addThread(process: Process, id: number | null, line: number): void {
    const other = this.#owners.get(id);
    if (other !== undefined && other !== process) {
      // A record of its own is no thread of somebody else, unless nothing told what it was.
      const undecided = isUnexplained(other) || (other.parent === process && other.how === 'clone' && !other.confirmed);
      if (!undecided) return;
      this.#merge(other, process);
    }
    process.threaded = true;
    if (process.closed) return;
    this.#reuse(id);
    this.#owners.set(id, process);
    this.#task(process, id, line);
  }

  /** The id is another's from now on. */
  #reuse(id: number | null): void {
    if (id === null) return;
    this.#observer.reused?.(id);
    this.#deadThreads.get(id)?.process.columns.delete(id);
    this.#deadThreads.delete(id);
  }

  /** The process of this id, alive or dead a while ago; of a dead thread, its process. */
  #lookUp(id: number | null): Process | undefined {
    return (
      this.#owners.get(id) ?? this.#tombstones.get(id) ?? (id === null ? undefined : this.#deadThreads.get(id)?.process)
    );
  }

  #spawned(event: SyscallEvent, { process: parent, task }: Actor): void {
    const id = resultId(event);
    if (id === null) return;
    const via = viaOf(event);
    // Where the return alone shows (kdump), no pid but a process's is known to be in its column.
    const isAlone = event.args === '' && this.#traits.pidColumn === 'process';
    if (via === 'thread' || (via === 'clone' && !isAlone)) {
      // It may have lived and ended before the call that made it returned.
      const dead = this.#deadThreads.get(id);
      if (dead !== undefined && dead.process === parent && dead.line >= event.line) return;
      const ghost = this.#tombstones.get(id);
      if (ghost !== undefined && isUnexplained(ghost) && ghost.start.line >= event.line) {
        this.#merge(ghost, parent);
        return;
      }
      if (via === 'clone') this.#uncertain.add(id);
      this.#addThread(parent, id, event.line);
      return;
    }
    // Its lines may stand before the call's return, its whole life even (vfork).
    const known = this.#owners.get(id) ?? this.#tombstones.get(id);
    const sameChild =
      known !== undefined &&
      !known.confirmed &&
      known !== parent &&
      (known.parent === null || known.parent === parent) &&
      (known.start.input !== event.input || known.start.line >= event.line || this.#mayPrecede(known, parent));
    let child = known;
    if (child === undefined || !sameChild) {
      // The id is used again: of a thread of the parent's own whose end nothing showed, or of another process.
      if (child === parent) this.#endThread(parent, id);
      else if (child !== undefined && !child.closed) {
        this.#observer.replaced?.(child);
        this.#close(child);
      }
      child = this.#create(id, event, via);
      if (!parent.mixed) {
        this.untraced++;
        this.#unseen.set(id, child);
      }
      if (this.#traits.pidColumn === 'task') this.#task(child, id, event.line);
    }
    child.confirmed = true;
    // The child's only LWP has the id of the one that called fork.
    if (this.#traits.platform === 'illumos') child.firstThread = task.id ?? 1;
    const printed = resultNumber(event);
    if (printed !== null && printed !== id) this.#alias(parent, printed, child);
    if (child.parent === null) this.#link(child, parent, via, event.args);
    else {
      child.how = via;
      if (child.closed) this.#observer.toldMore?.(child);
    }
  }

  /** A call of a process that is over returned: whose child it made is known all the same. */
  #lateBirth(event: TraceEvent): void {
    if (event.kind !== 'syscall' || syscallOf(event.name, this.#traits.platform)?.role !== 'spawn') return;
    const process = this.#tombstones.get(event.pid);
    if (process !== undefined) this.#spawned(event, { process, task: { id: event.tid, process, line: event.line } });
  }

  /** truss prints a call as it returns: the child it makes may have lived and died before. */
  #mayPrecede(child: Process, parent: Process): boolean {
    if (this.#traits.pidColumn !== 'process') return false;
    return !child.closed || child.parent === parent || (child.parent === null && child.bornInTrace);
  }

  #link(child: Process, parent: Process, via: StartVia | null, flags: string): void {
    // Only who has children already can be above its parent.
    if (child.hasChildren) {
      for (let above: Process | null = parent; above !== null; above = above.parent) if (above === child) return;
    }
    child.parent = parent;
    parent.hasChildren = true;
    child.parentPid = parent.pid;
    if (parent.exec !== null) handDownProgram(child, parent.exec);
    if (child.how === null || child.how === 'attach') child.how = via;
    if (this.#keep) {
      this.roots.delete(child);
      parent.children ??= [];
      parent.children.push(child);
    }
    this.#rows?.link(child.row, parent.row);
    if (child.closed) this.#observer.toldMore?.(child);
    this.#observer.born(child, parent, sharedBy(flags));
  }

  /** `from` is no process of its own: its tasks are threads of `into`. */
  #merge(from: Process, into: Process): void {
    if (from.pid !== null) this.#tombstones.delete(from.pid);
    for (const task of from.tasks.values()) {
      task.process = into;
      into.tasks.set(task.id, task);
      addColumn(into, task.id);
      if (task.id !== null) {
        this.#owners.set(task.id, into);
        if (task.id !== into.pid) this.#keepThread(into, task.id);
      }
    }
    if (this.#keep) this.#handOver(from, into);
    this.#rows?.merge(from.row, into.row);
    if (from.traced) this.count--;
    this.#seen(into);
    into.hasChildren ||= from.hasChildren;
    into.threaded = true;
    into.exec ??= from.exec;
    into.execed ||= from.execed;
    into.pendingSignal ??= from.pendingSignal;
    from.closed = true;
    from.mergedInto = into;
    this.regrouped++;
    this.#observer.merged(from, into);
    if (into.closed) this.#observer.toldMore?.(into);
  }

  /** Takes `from` out of what is kept, and gives its children to `into`. */
  #handOver(from: Process, into: Process): void {
    const siblings = from.parent?.children ?? [];
    // Mostly one of the latest.
    const at = siblings.lastIndexOf(from);
    if (at >= 0) siblings.splice(at, 1);
    this.roots.delete(from);
    for (const child of from.children ?? []) {
      child.parent = into;
      into.children ??= [];
      into.children.push(child);
    }
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
    owner.threads?.delete(task.id);
    this.#rows?.removeThread(owner.row, task.id);
    this.regrouped++;
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
    addColumn(process, pid);
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
        this.exited(event, process, task);
        if (event.outcome === 'failed') break;
        if (this.#traits.pidColumn === 'process') this.#close(process);
        break;
      case 'exit-thread':
        if (this.#traits.pidColumn === 'process') this.#endThread(process, task.id);
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
        this.#lastKill(event, actor);
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

  // __pthread_kill(0x603, 0x6, 0x0) = 0 0
  // Where no signal and no death shows, a signal that a process sent itself last of all may have been its death.
  #lastKill(event: SyscallEvent, { process, task }: Actor): void {
    const { platform, showsEnds } = this.#traits;
    if (showsEnds || event.outcome !== 'returned') return;
    const [target, number] = argumentsOf(event).map(Number);
    const toItself = signalsOwnThread(event) || (process.pid !== null && target === process.pid);
    if (!toItself || number === undefined || !(number > 0)) return;
    const place = { input: event.input, line: event.line, atNs: event.atNs };
    process.pendingSignal = { signal: signalName(number, platform), task, tid: event.tid, place };
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
    this.#observer.executes?.(owner);
    const process = task.id !== null && this.#uncertain.delete(task.id) ? this.#split(owner, task) : owner;
    // A thread's exec begins in the file of its own id and ends in the leader's, without its arguments (strace -ff).
    const begun = event.args === '' && owner.pendingExec !== null ? owner.pendingExec : event;
    owner.pendingExec = null;
    const place = { input: event.input, line: event.line, atNs: event.atNs };
    const exec = new PrintedExec(begun, call.path ?? 0, place);
    if (process.exec === null && process.how === null) process.how = 'exec';
    process.exec = exec;
    process.execed = true;
    // Those alive now may have begun the call.
    process.columns.clear();
    addColumn(process, process.pid);
    addColumn(process, event.pid);
    if (this.#traits.pidColumn === 'task') for (const id of process.tasks.keys()) addColumn(process, id);
    process.threaded = false;
    this.#rows?.addExec(process.row, begun, call.path ?? 0, place);
    // All other threads are gone, most without a line; the one left is numbered afresh where threads have a column.
    if (this.#traits.pidColumn === 'process') {
      process.tasks.clear();
      process.firstThread = 1;
    }
    for (const other of process.tasks.values()) {
      if (other === task) continue;
      process.tasks.delete(other.id);
      this.#owners.delete(other.id);
      // Merged by time, a set of files has their last lines after the exec.
      if (other.id !== null) this.#deadThreads.bury(other.id, other);
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
    process.pendingSignal = { signal: event.signal, task, tid: event.tid, place: event };
    this.#signalled.set(event.signal, process);
  }

  /** Called once the other folds have seen the event: a fatal signal line is the death where nothing else is. */
  settle(event: TraceEvent, { process, task }: Actor): void {
    if (event.kind !== 'signal' || event.disposition !== 'default' || !this.#traits.deathIsSignalLine) return;
    if (!isDeadlyByDefault(event.signal, this.#traits.platform)) return;
    if (process.end?.source !== 'own') process.end = endOf(event, 'killed', null, event.signal, null, 'own', task);
    this.#close(process);
  }

  // ---- deaths

  /** A call that ends the process. It may come late, but before the process is closed. */
  exited(event: SyscallEvent, process: Process, task: Task | null): void {
    if (event.outcome === 'failed' || process.end?.source === 'own') return;
    process.end = endOf(event, 'exited', exitStatus(event), null, null, 'own', task);
  }

  /** How the process ended, as far as its own lines tell. */
  #lookAtEnd(process: Process): void {
    if (process.end?.source !== 'own' && !process.closed) this.#observer.endWanted?.(process);
  }

  #taskEnded(event: Extract<TraceEvent, { kind: 'exit' | 'killed' }>): Actor | null {
    let process = this.#owners.get(event.pid);
    if (process === undefined) {
      if (event.pid !== null && this.#deadThreads.has(event.pid)) return null;
      const dead = this.#tombstones.get(event.pid);
      if (dead !== undefined && dead.end?.source === 'parent') return null;
      if (dead?.end?.how === 'killed' && this.#traits.deathIsSignalLine && event.kind === 'killed') {
        // The signal's own line was the death; this one adds what became of the core.
        dead.end = { ...dead.end, coreDumped: event.coreDumped ?? dead.end.coreDumped };
        this.#observer.toldMore?.(dead);
        return null;
      }
      process = this.#create(event.pid, event, null);
    }
    // Where the tracer shows no deaths, it is another's line that tells of this one.
    if (this.#traits.showsEnds) this.#seen(process);
    const task = this.taskOf(process, event);
    if (event.kind === 'killed') {
      this.#lookAtEnd(process);
      process = this.#groupOfDying(process, event.signal);
      // The first thread dies last.
      if (isUnexplained(process) && this.#traits.pidColumn === 'task' && process.tasks.size === 1) {
        process.pid = task.id;
      }
      const { end } = process;
      const signal = event.signal ?? process.pendingSignal?.signal ?? null;
      if (end?.how !== 'killed' || end.source === 'parent' || event.coreDumped === true) {
        const place = end?.how === 'killed' && end.source === 'own' ? end.place : event;
        process.end = endOf(place, 'killed', null, signal, event.coreDumped, 'own', end?.task ?? task);
      }
    } else if (process.end?.how !== 'killed' || process.end.source === 'parent') {
      // exec by another thread: `exited with 0` of one thread is no end while others live.
      if (process.tasks.size === 1 || this.#traits.pidColumn === 'process') {
        process.end = endOf(event, 'exited', event.status, null, null, 'own', task);
      }
    }
    const actor = { task, process };
    if (this.#traits.pidColumn === 'process') this.#close(process);
    else this.#removeTask(process, event.pid, event.line);
    return actor;
  }

  /**
   * A task nobody was seen to create, dying of a signal that only another task was told of, is a thread of that one.
   */
  #groupOfDying(process: Process, signal: string | null): Process {
    if (signal === null || !isUnexplained(process)) return process;
    if (process.pendingSignal !== null || process.end !== null) return process;
    const told = this.#signalled.get(signal);
    if (told !== undefined) this.#lookAtEnd(told);
    if (told === undefined || told === process || told.closed || (told.pendingSignal === null && told.end === null)) {
      return process;
    }
    this.#merge(process, told);
    return told;
  }

  #settleDying(): void {
    const dying = this.#dying;
    this.#dying = null;
    if (dying !== null && dying.process.tasks.size === 0) this.#close(dying.process, dying.line);
  }

  #endThread(process: Process, id: number | null): void {
    const task = process.tasks.get(id);
    if (task === undefined) return;
    this.#observer.threadsChange?.(process, task);
    process.tasks.delete(id);
  }

  #removeTask(process: Process, id: number | null, line: number): void {
    const task = process.tasks.get(id);
    this.#endThread(process, id);
    if (id !== null) this.#uncertain.delete(id);
    if (id !== null && id !== process.pid && task !== undefined) this.#deadThreads.bury(id, task);
    if (process.tasks.size > 0) {
      if (id !== process.pid) this.#owners.delete(id);
    } else if (isUnexplained(process) && process.end?.how === 'killed' && process.pendingSignal !== null) {
      // Tasks that die with it now are its threads; the last of them is its first.
      this.#dying = { process, signal: process.end.signal, line };
    } else {
      this.#close(process);
    }
  }

  /** `lastLine`: see TreeObserver. */
  #close(process: Process, lastLine: number | null = null): void {
    if (this.#traits.pidColumn === 'task') {
      for (const id of process.tasks.keys()) {
        if (this.#owners.get(id) === process) this.#owners.delete(id);
        if (id !== null) this.#uncertain.delete(id);
      }
    }
    if (this.#owners.get(null) === process) {
      this.#owners.delete(null);
      this.#tombstones.bury(null, process);
    }
    if (this.#owners.get(process.pid) === process) this.#owners.delete(process.pid);
    if (process.closed) return;
    this.#lookAtEnd(process);
    process.closed = true;
    this.#toldOf.delete(process);
    if (process.pid !== null) this.#unseen.delete(process.pid);
    if (process.pid !== null) this.#tombstones.bury(process.pid, process);
    if (process.pendingSignal !== null && this.#signalled.get(process.pendingSignal.signal) === process) {
      this.#signalled.delete(process.pendingSignal.signal);
    }
    this.#observer.closed(process, lastLine);
    process.tasks.clear();
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
    // A parent that waited, but without the status: dtruss prints none.
    const child = pid === null || this.#traits.showsEnds ? undefined : this.#lookUp(pid);
    if (child !== undefined && child !== process && child.parent === null) this.#link(child, process, null, '');
    const report = childReport(event.args, this.#traits.platform);
    if (report !== null) this.#childEnded(process, report.pid, report.end, event);
  }

  #childEnded(parent: Process, pid: number, how: ChildEnd, event: TraceEvent): void {
    const alias = this.#aliases.get(parent)?.get(pid);
    let child = alias ?? this.#owners.get(pid) ?? this.#tombstones.get(pid);
    if (child === parent) return;
    // The id is used again: who is told is the parent of the one that had it before.
    if (child?.parent != null && child.parent !== parent && !child.parent.closed) return;
    if (child === undefined) {
      // Never in the log itself: worth a record only if something ended it.
      if (how.how === 'exited') return;
      child = this.#create(pid, event, null);
    }
    if (child.parent === null) this.#link(child, parent, null, '');
    this.#lookAtEnd(child);
    const { end } = child;
    if (end === null) {
      child.end =
        how.how === 'exited'
          ? endOf(event, 'exited', how.status, null, null, 'parent', null)
          : endOf(event, 'killed', null, how.signal, how.coreDumped, 'parent', null);
    } else if (end.how === 'killed' && how.how === 'killed') {
      child.end = { ...end, coreDumped: how.coreDumped ?? end.coreDumped };
    }
    child.reaped = true;
    if (child.closed) {
      if (child.end !== end) this.#observer.toldMore?.(child);
      return;
    }
    // A tracer that lets a process go on only once its line is out has told everything by now; where no line came, the
    // report may be of the one that had the id before.
    if (this.#traits.pidColumn === 'process' && child.traced) this.#close(child);
    else this.#told(child);
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

/** What a process runs until it executes something itself, and with it the children it had before that was known. */
function handDownProgram(child: Process, exec: Exec): void {
  const heirs = [child];
  for (let heir = heirs.pop(); heir !== undefined; heir = heirs.pop()) {
    if (heir.exec !== null) continue;
    heir.exec = exec;
    heirs.push(...(heir.children ?? []));
  }
}
