import type { Birth, Call, ChildReport, Happening, Request, Result, What } from './happening.ts';
import type { Plan } from './plan.ts';
import { type Directory, type Doom, type Fate, Process, type Script, type SimProcess, Task } from './process.ts';

// A kernel in small: tasks that take turns, calls, signals and deaths, and all of it written down.

/** What a run looks like to whoever watches it: tracers stop tasks at different points. */
export interface Watching {
  /** Whether a child may be seen before the call that made it returns. */
  readonly childMayBeFirst: boolean;
  /** Whether vfork returns only when the child has let go of its parent's memory. */
  readonly vforkWaits: boolean;
  /** Whether a signal is seen to end the call it interrupts, which then starts again. */
  readonly interrupts: boolean;
  /** Whether nobody is told of the end of a child that posix_spawn made. */
  readonly quietSpawns: boolean;
  /** Whether the signal that tells of a child's end is taken back where a wait call told of it first. */
  readonly waitTakesSignal: boolean;
}

export const STRACE: Watching = {
  childMayBeFirst: true,
  vforkWaits: true,
  interrupts: true,
  quietSpawns: false,
  waitTakesSignal: false,
};
export const ILLUMOS: Watching = {
  childMayBeFirst: false,
  vforkWaits: false,
  interrupts: false,
  quietSpawns: true,
  waitTakesSignal: false,
};
export const FREEBSD: Watching = { ...STRACE, vforkWaits: false, waitTakesSignal: true };
export const KTRACE: Watching = { ...FREEBSD, interrupts: false };

/** Things a run contains that are known to be told wrongly. */
export type Oddity =
  /** The creation call of a thread ends with its caller. */
  | 'torn-thread'
  /** A thread ends before the call that made it returns. */
  | 'early-thread-end'
  /** A thread meets a fault before the call that made it returns. */
  | 'early-fault'
  /** A sibling's exec fails while the process is ending. */
  | 'exec-after-end'
  /** An exec of a process that has, or had, other threads. */
  | 'threaded-exec'
  /** A process ends while another of its threads is in a handler, or came back from one and has not been seen since. */
  | 'two-faults'
  /** A thread goes back to work while another is in a handler. */
  | 'survived-beside';

export interface Run {
  readonly oddities: ReadonlySet<Oddity>;
  readonly happenings: readonly Happening[];
  readonly processes: readonly SimProcess[];
}

const FIRST_PID = 1000;
const MAX_TURNS = 20_000;
/** Signals that leave a core behind, all of them crashes. */
export const CORE = new Set(['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGABRT', 'SIGQUIT']);

export class Kernel {
  readonly watching: Watching;
  readonly oddities = new Set<Oddity>();
  readonly #plan: Plan;
  readonly #happenings: Happening[] = [];
  readonly #processes: Process[] = [];
  readonly #tasks: Task[] = [];
  readonly #free: number[] = [];
  #nextId = FIRST_PID;
  #nextSerial = 1;
  #turn = 0;

  constructor(plan: Plan, watching: Watching) {
    this.#plan = plan;
    this.watching = watching;
  }

  /** Index of the next happening. */
  get now(): number {
    return this.#happenings.length;
  }

  /** Lets tasks take turns until nothing moves any more. */
  run(first: Task): Run {
    let last = first;
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const at = this.#tasks.indexOf(last);
      const order = at < 0 ? this.#tasks : [...this.#tasks.slice(at), ...this.#tasks.slice(0, at)];
      const ready = order.filter((task) => this.#canAct(task));
      const task = ready[(this.#plan.schedule[this.#turn++] ?? 0) % Math.max(1, ready.length)];
      if (task === undefined) {
        if (!this.#breakDeadlock()) break;
        continue;
      }
      last = task;
      this.#act(task);
    }
    return { happenings: this.#happenings, processes: this.#processes, oddities: this.oddities };
  }

  // ---- the scheduler

  #canAct(task: Task): boolean {
    if (task.gone) return false;
    if (task.doom !== null || task.zombie) {
      if (task.call !== null || !task.born) return true;
      // A child stops for the tracer as it is born: it is seen before its parent is gone.
      if (task.process.children.some(({ tasks }) => tasks.some(({ born }) => !born))) return false;
      if (task.process.tasks.some((other) => !other.born)) return false;
      if (task.doom?.kind === 'superseded') return false;
      return task.tid !== task.process.pid || task.process.tasks.every((other) => other === task || other.gone);
    }
    if (this.#deliverable(task)) return true;
    return task.blocked === null || task.blocked();
  }

  #deliverable(task: Task): boolean {
    if (task.inbox.length === 0 || !task.born || task.fault !== null || task.process.condemned || task.process.borrowed)
      return false;
    return task.call === null ? task.blocked === null : task.interruptible && task.blocked !== null && !task.blocked();
  }

  #act(task: Task): void {
    if (task.doom !== null || task.zombie) {
      this.#die(task);
      return;
    }
    if (this.#deliverable(task)) {
      this.#deliver(task);
      return;
    }
    const step = task.script?.next();
    task.blocked = step === undefined || step.done === true ? null : step.value;
  }

  /** Everybody waits for somebody: a signal from outside ends the first. */
  #breakDeadlock(): boolean {
    const task = this.#tasks.find((other) => !other.gone && !other.zombie && !other.process.dying);
    if (task === undefined) return false;
    this.killAll(task.process, 'SIGKILL', null);
    return true;
  }

  #die(task: Task): void {
    const { process, call, doom } = task;
    if (!task.born) {
      this.emit(task, { kind: 'born', via: task.via });
      return;
    }
    if (call !== null) {
      if (call.request.name === 'thread') this.oddities.add('torn-thread');
      task.call = null;
      this.emit(task, { kind: 'abandon', call });
      return;
    }
    const end = doom ?? { kind: 'exited', status: 0 };
    if (end.kind === 'killed') this.emit(task, end);
    else if (end.kind === 'exited') this.emit(task, end);
    this.#remove(task);
    if (process.tasks.every((other) => other.gone)) this.#ended(process, end);
  }

  #remove(task: Task): void {
    task.gone = true;
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
    if (task.tid !== task.process.pid) this.#free.push(task.tid);
  }

  #ended(process: Process, doom: Doom): void {
    process.dead = true;
    process.borrowed = false;
    if (process.fate.kind === 'unknown') process.fate = { kind: 'exited', status: 0 };
    for (const child of process.children)
      if (child.dead && process.zombies.some((zombie) => zombie.process === child)) this.#free.push(child.pid);
    const { parent } = process;
    if (parent === null || parent.dead || parent.dying) {
      this.#free.push(process.pid);
      return;
    }
    const report: ChildReport = {
      process,
      pid: process.pid,
      status: doom.kind === 'exited' ? doom.status : null,
      signal: doom.kind === 'killed' ? doom.signal : null,
      coreDumped: doom.kind === 'killed' && doom.coreDumped,
    };
    parent.zombies.push(report);
    const told = parent.tasks.find((task) => !task.gone && !task.zombie);
    if (process.quiet || told === undefined) return;
    const code = report.signal === null ? 'CLD_EXITED' : report.coreDumped ? 'CLD_DUMPED' : 'CLD_KILLED';
    told.inbox.push({ signal: 'SIGCHLD', siginfo: { code, address: null, pid: process.pid, child: report } });
  }

  // ---- births

  newId(): number {
    return (this.#plan.reusesIds ? this.#free.shift() : undefined) ?? this.#nextId++;
  }

  newProcess(parent: Process | null, cwd: Directory, via: Birth): Process {
    const process = new Process(this.newId(), parent, this.#happenings.length, cwd);
    this.#processes.push(process);
    process.firstSerial = this.newTask(process, process.pid, via).serial;
    parent?.children.push(process);
    return process;
  }

  newTask(process: Process, tid: number, via: Birth): Task {
    const task = new Task(process, tid, process.nextLwp++, this.#nextSerial++, via);
    process.tasks.push(task);
    this.#tasks.push(task);
    return task;
  }

  /** The id may be given out again. */
  free(id: number): void {
    this.#free.push(id);
  }

  /** The process was told of the end of its child by a wait call. */
  reap(process: Process, report: ChildReport): void {
    this.free(report.pid);
    if (!this.watching.waitTakesSignal) return;
    for (const { inbox } of process.tasks) {
      const at = inbox.findIndex(({ siginfo }) => siginfo.child === report);
      if (at >= 0) inbox.splice(at, 1);
    }
  }

  /** The task is no more, though no line shows it. */
  forget(task: Task): void {
    task.gone = true;
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
  }

  // ---- what a tracer sees

  emit(task: Task, what: What): number {
    const { process } = task;
    const index = this.#happenings.length;
    if (what.kind === 'born') task.born = true;
    const threads = process.tasks.filter((other) => other.born && !other.gone && !other.zombie).length;
    const who = {
      process,
      pid: process.pid,
      tid: task.tid,
      lwp: task.lwp,
      serial: task.serial,
      threads,
      parentPid: process.parent?.pid ?? 1,
    };
    this.#happenings.push({ index, ...who, ...what });
    return index;
  }

  *call(task: Task, request: Request, perform: () => Result, details: Partial<Call> = {}): Script {
    this.enter(task, request, details);
    yield null;
    this.return(task, perform());
    yield null;
  }

  /** A call that waits until `done`, unless a signal ends the waiting. */
  *wait(task: Task, request: Request, done: () => boolean, perform: () => Result): Script {
    this.enter(task, request);
    task.interruptible = true;
    yield done;
    task.interruptible = false;
    this.return(task, perform());
    yield null;
  }

  enter(task: Task, request: Request, details: Partial<Call> = {}): Call {
    const call: Call = { request, kernelPath: null, base: null, cwd: task.process.cwd.path, ...details };
    task.call = call;
    this.emit(task, { kind: 'enter', call });
    return call;
  }

  return(task: Task, result: Result): number {
    const { call } = task;
    if (call === null) throw new Error('a call returns that was never entered');
    task.call = null;
    return this.emit(task, { kind: 'return', call, result });
  }

  // ---- ends and signals

  doom(process: Process, doom: Doom): void {
    process.dying = true;
    for (const task of process.tasks) {
      if (task.gone) continue;
      task.doom = doom;
      task.script = null;
      task.blocked = null;
    }
  }

  *hold(process: Process): Script {
    while (process.condemned) yield () => !process.condemned;
  }

  fateOf(task: Task, signal: string, fault: number, tid: number): Fate {
    task.process.disputed = task.process.tasks.some((other) => other !== task && other.fault !== null);
    if (task.process.disputed) this.oddities.add('two-faults');
    if (!CORE.has(signal)) return { kind: 'killed', signal, at: fault, thread: task };
    return { kind: 'crash', how: 'killed', signal, fault, thread: task, tid, status: null };
  }

  survive(task: Task): void {
    const { fault, process } = task;
    if (fault === null) return;
    task.fault = null;
    if (process.tasks.some((other) => other.fault !== null)) this.oddities.add('survived-beside');
    const known = process.survived.find(({ signal }) => signal === fault.signal);
    if (known === undefined) process.survived.push({ signal: fault.signal, first: fault.index, count: fault.count });
    else {
      known.count += fault.count;
      known.first = Math.min(known.first, fault.index);
    }
  }

  killAll(process: Process, signal: string, by: Task | null): void {
    if (process.dying || process.condemned) return;
    process.disputed = process.tasks.some((task) => task.fault !== null) || by?.process === process;
    if (process.disputed) this.oddities.add('two-faults');
    process.fate = { kind: 'killed', signal, at: null, thread: null };
    this.doom(process, { kind: 'killed', signal, coreDumped: false });
  }

  /** Gives the task the signal that waits for it. */
  #deliver(task: Task): void {
    const next = task.inbox.shift();
    if (next === undefined) return;
    const { signal, siginfo } = next;
    const { call, process } = task;
    if (signal === 'SIGCHLD') {
      // A signal is delivered on the way out of a call, which then starts again.
      const again = this.watching.interrupts ? call : null;
      if (again !== null) this.return(task, { kind: 'interrupted' });
      this.emit(task, { kind: 'signal', signal, siginfo, disposition: 'default', during: call });
      if (again !== null) this.enter(task, again.request);
      return;
    }
    if (call !== null && this.watching.interrupts) this.return(task, { kind: 'interrupted' });
    task.call = null;
    const index = this.emit(task, { kind: 'signal', signal, siginfo, disposition: 'default', during: call });
    process.fate = this.fateOf(task, signal, index, task.tid);
    this.doom(process, { kind: 'killed', signal, coreDumped: CORE.has(signal) });
  }
}
