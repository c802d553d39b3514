import type { Request, Result, Siginfo } from './happening.ts';
import { CORE, Kernel, type Run, type Watching } from './kernel.ts';
import type { FaultStyle, FileKind, Plan, SpawnVia, Step } from './plan.ts';
import type { Fault, Process, Script, Task } from './process.ts';

// What the processes of a plan do, call by call.

const CODES: Readonly<Record<string, string>> = {
  SIGSEGV: 'SEGV_MAPERR',
  SIGBUS: 'BUS_ADRERR',
  SIGFPE: 'FPE_INTDIV',
  SIGILL: 'ILL_ILLOPN',
};

/** Lets the plan happen. */
export function simulate(plan: Plan, watching: Watching): Run {
  return new World(plan, watching).run();
}

class World {
  readonly #plan: Plan;
  readonly #kernel: Kernel;
  #faults = 0;

  constructor(plan: Plan, watching: Watching) {
    this.#plan = plan;
    this.#kernel = new Kernel(plan, watching);
  }

  run(): Run {
    const root = this.#kernel.newProcess(null, { path: '/home/me/work', known: null }, 'fork');
    const [first] = root.tasks;
    if (first === undefined) throw new Error('no first task');
    first.script = this.#root(first, this.#plan.steps);
    return this.#kernel.run(first);
  }

  *#root(task: Task, steps: readonly Step[]): Script {
    this.#kernel.emit(task, { kind: 'born', via: 'fork' });
    yield* this.#execute(task, 0, 0);
    yield* this.#steps(task, steps);
  }

  *#steps(task: Task, steps: readonly Step[]): Script {
    for (const step of steps) yield* this.#step(task, step);
    if (task.tid === task.process.pid) yield* this.#exitGroup(task, 0);
    else yield* this.#exitThread(task);
  }

  *#step(task: Task, step: Step): Script {
    const { process } = task;
    switch (step.do) {
      case 'open':
        yield* this.#open(task, step.what, step.from, step.closes);
        break;
      case 'chdir':
        yield* this.#chdir(task, step.how);
        break;
      case 'calls':
        for (let call = 0; call < step.count; call++)
          yield* this.#kernel.call(task, { name: 'brk' }, () => number(0x5000));
        break;
      case 'spawn':
        yield* this.#spawn(task, step.via, step.child, step.waits);
        break;
      case 'thread':
        yield* this.#thread(task, step.steps, step.joins);
        break;
      case 'exec':
        yield* this.#execute(task, step.misses, step.libraries);
        break;
      case 'fault':
        yield* this.#fault(task, step.signal, step.style, step.handlerOpens);
        break;
      case 'abort':
        yield* this.#raise(task, 'SIGABRT');
        yield* this.#fatal(task, 'SIGABRT', this.#tkill(task), null);
        break;
      case 'kill':
        yield* this.#kill(task, step.signal);
        break;
      case 'exit-group':
        yield* this.#exitGroup(task, step.status);
        break;
      case 'exit-thread':
        yield* this.#exitThread(task);
        break;
      case 'pause':
        yield* this.#kernel.wait(
          task,
          { name: 'pause' },
          () => false,
          () => number(0),
        );
        break;
      default:
        process satisfies Process;
        step satisfies never;
    }
  }

  *#open(task: Task, what: FileKind, from: 'root' | 'cwd' | 'descriptor', closes: boolean): Script {
    const { process } = task;
    const { name, flags } = fileOf(what, newLabel(task), task.made % 2 === 0);
    const directories = [...process.descriptors].filter(([, { directory }]) => directory);
    const [fd, base] = (from === 'descriptor' ? directories.at(-1) : undefined) ?? [null, process.cwd];
    const relative = !name.startsWith('/') && from !== 'root';
    const path = name.startsWith('/') || relative ? name : `/data/${name}`;
    const kernelPath = relative ? `${base.path}/${path}` : path;
    const known = relative ? (base.known === null ? null : join(base.known, path)) : path;
    const directory = relative && fd !== null ? fd : null;
    const request: Request = { name: 'open', directory, path, flags };
    const enter = this.#kernel.now;
    let opened: number | null = null;
    const details = { kernelPath: what === 'missing' ? null : kernelPath, base: directory === null ? null : base.path };
    this.#kernel.enter(task, request, details);
    const { call } = task;
    yield null;
    if (what === 'missing' || call === null) this.#kernel.return(task, { kind: 'error', errno: 'ENOENT' });
    else {
      opened = freeDescriptor(process);
      const closeOnExec = flags.includes('O_CLOEXEC');
      process.descriptors.set(opened, { path: kernelPath, known, directory: what === 'directory', closeOnExec });
      const returned = this.#kernel.return(task, number(opened));
      const isInput = what === 'input';
      process.opens.push({ call, thread: task, enter, returned, fd: opened, path: known ?? path, isInput });
    }
    yield null;
    if (opened === null) return;
    const fdOpened = opened;
    if (what === 'input') yield* this.#kernel.call(task, { name: 'read', fd: fdOpened }, () => number(12));
    if (!closes) return;
    yield* this.#kernel.call(task, { name: 'close', fd: fdOpened }, () => {
      process.descriptors.delete(fdOpened);
      return number(0);
    });
  }

  *#chdir(task: Task, how: 'absolute' | 'relative' | 'descriptor'): Script {
    const { process } = task;
    // Whether an open in flight starts from the old directory or the new one is nothing a log can tell.
    if (process.tasks.some((other) => other !== task && !other.gone)) return;
    if (how === 'descriptor') {
      const found = [...process.descriptors].find(([, { directory }]) => directory);
      if (found === undefined) return;
      yield* this.#kernel.call(task, { name: 'fchdir', fd: found[0] }, () => {
        process.cwd = found[1];
        return number(0);
      });
      return;
    }
    const name = `d${newLabel(task)}`;
    const path = how === 'absolute' ? `/home/${name}` : name;
    yield* this.#kernel.call(task, { name: 'chdir', path }, () => {
      const real = how === 'absolute' ? path : `${process.cwd.path}/${name}`;
      const base = process.cwd.known;
      process.cwd = { path: real, known: how === 'absolute' ? path : base === null ? null : join(base, name) };
      return number(0);
    });
  }

  *#spawn(task: Task, via: SpawnVia, steps: readonly Step[], waits: 'wait4' | 'waitid' | 'never'): Script {
    const { process } = task;
    const { childMayBeFirst, vforkWaits, quietSpawns } = this.#kernel.watching;
    const borrows = via === 'vfork' || via === 'posix_spawn';
    this.#kernel.enter(task, { name: via });
    yield null;
    const child = this.#kernel.newProcess(process, process.cwd, via);
    for (const [fd, descriptor] of process.descriptors) child.descriptors.set(fd, descriptor);
    child.program = process.program;
    child.quiet = quietSpawns && via === 'posix_spawn';
    child.borrowed = borrows;
    const [first] = child.tasks;
    if (first === undefined) throw new Error('a process without a task');
    first.label = newLabel(task);
    first.script = this.#child(first, steps);
    const parentReturns = () => {
      this.#kernel.return(task, number(child.pid));
      child.confirmed = true;
    };
    if (!childMayBeFirst) parentReturns();
    else if (!vforkWaits) {
      yield null;
      parentReturns();
    }
    yield () => !borrows || !child.borrowed;
    if (!child.confirmed) parentReturns();
    yield null;
    if (waits === 'never') return;
    const reaped = () => process.zombies.findIndex(({ pid }) => pid === child.pid);
    yield* this.#kernel.wait(
      task,
      { name: waits, pid: child.pid },
      () => reaped() >= 0,
      () => {
        const [report] = process.zombies.splice(reaped(), 1);
        if (report === undefined) throw new Error('nothing to wait for');
        this.#kernel.reap(process, report);
        return { kind: 'child', report };
      },
    );
  }

  *#child(task: Task, steps: readonly Step[]): Script {
    this.#kernel.emit(task, { kind: 'born', via: task.via });
    yield null;
    yield* this.#steps(task, steps);
  }

  *#thread(task: Task, steps: readonly Step[], joins: boolean): Script {
    const { process } = task;
    if (process.borrowed) return;
    this.#kernel.enter(task, { name: 'thread' });
    yield null;
    const thread = this.#kernel.newTask(process, this.#kernel.newId(), 'thread');
    thread.label = newLabel(task);
    process.hasThreads = true;
    const { childMayBeFirst } = this.#kernel.watching;
    thread.confirmed = !childMayBeFirst;
    thread.script = this.#child(thread, steps);
    if (!childMayBeFirst) this.#kernel.return(task, number(thread.lwp));
    yield null;
    if (childMayBeFirst) this.#kernel.return(task, number(thread.tid));
    thread.confirmed = true;
    if (thread.gone) this.#kernel.oddities.add('early-thread-end');
    yield null;
    if (joins)
      yield* this.#kernel.wait(
        task,
        { name: 'join' },
        () => thread.gone,
        () => number(0),
      );
  }

  *#execute(task: Task, misses: number, libraries: number): Script {
    const { process } = task;
    const program = `/usr/bin/prog${newLabel(task)}`;
    const argv = [program.slice('/usr/bin/'.length), '-c'];
    for (let miss = 0; miss < misses; miss++) {
      const path = program.replace('/usr/bin', `/opt/p${miss}`);
      yield* this.#kernel.call(task, { name: 'exec', path, argv }, () => {
        if (process.condemned) this.#kernel.oddities.add('exec-after-end');
        return { kind: 'error', errno: 'ENOENT' };
      });
    }
    yield* this.#kernel.hold(process);
    this.#kernel.enter(task, { name: 'exec', path: program, argv });
    yield () => !process.condemned;
    const others = process.tasks.filter((other) => other !== task && !other.gone);
    if (process.hasThreads) this.#kernel.oddities.add('threaded-exec');
    for (const other of others) {
      other.script = null;
      other.doom = other.tid === process.pid ? { kind: 'superseded' } : { kind: 'exited', status: 0 };
      this.#kernel.survive(other);
    }
    yield () => others.every((other) => other.gone || (other.tid === process.pid && other.call === null));
    const leader = others.find((other) => !other.gone);
    if (leader !== undefined) {
      this.#kernel.emit(leader, { kind: 'superseded', by: task.tid });
      this.#kernel.forget(leader);
      this.#kernel.free(task.tid);
      task.tid = process.pid;
    }
    task.lwp = 1;
    process.nextLwp = 2;
    process.borrowed = false;
    process.program = program;
    for (const [fd, { closeOnExec }] of process.descriptors) if (closeOnExec) process.descriptors.delete(fd);
    process.execs.push(this.#kernel.return(task, number(0)));
    yield null;
    for (let library = 0; library < libraries; library++) yield* this.#open(task, 'library', 'root', true);
  }

  *#exitGroup(task: Task, status: number): Script {
    const { process } = task;
    yield* this.#kernel.hold(process);
    process.condemned = true;
    this.#kernel.enter(task, { name: 'exit-group', status });
    const faulty = [task, ...process.tasks].find((other) => other.fault !== null && !other.gone);
    const others = process.tasks.filter((other) => other !== faulty && other.fault !== null);
    process.disputed = others.length > 0 || faulty?.fault?.recovers === true;
    if (process.disputed) this.#kernel.oddities.add('two-faults');
    process.unclear = status !== 0 && process.disputed;
    if (faulty === undefined || faulty.fault === null) process.fate = { kind: 'exited', status };
    else if (status === 0) {
      process.fate = { kind: 'exited', status };
      process.disputed = true;
    } else {
      const { signal, index, tid } = faulty.fault;
      process.fate = { kind: 'crash', how: 'handled', signal, fault: index, thread: faulty, tid, status };
    }
    yield null;
    this.#kernel.doom(process, { kind: 'exited', status });
    yield null;
  }

  *#exitThread(task: Task): Script {
    const { process } = task;
    const last = process.tasks.every((other) => other === task || other.gone || other.zombie);
    if (last) {
      yield* this.#exitGroup(task, 0);
      return;
    }
    yield* this.#kernel.hold(process);
    this.#kernel.enter(task, { name: 'exit-thread' });
    yield null;
    task.script = null;
    if (task.tid === process.pid) task.zombie = true;
    else task.doom = { kind: 'exited', status: 0 };
    yield null;
  }

  /** Deadly, and nothing handles it: threads at work may still be seen for a moment. */
  *#fatal(task: Task, signal: string, siginfo: Siginfo, fault: Fault | null): Script {
    const { process } = task;
    yield* this.#kernel.hold(process);
    process.condemned = true;
    if (!task.confirmed) this.#kernel.oddities.add('early-fault');
    const index = this.#kernel.emit(task, { kind: 'signal', signal, siginfo, disposition: 'default', during: null });
    process.fate = this.#kernel.fateOf(task, signal, fault?.index ?? index, fault?.tid ?? task.tid);
    yield null;
    this.#kernel.doom(process, { kind: 'killed', signal, coreDumped: CORE.has(signal) && process.pid % 2 === 0 });
    yield null;
  }

  *#fault(task: Task, signal: string, style: FaultStyle, handlerOpens: number): Script {
    const { process } = task;
    yield* this.#kernel.hold(process);
    const address = `0x${(0x1000 * ++this.#faults).toString(16)}`;
    const siginfo: Siginfo = { code: CODES[signal] ?? 'SI_KERNEL', address, pid: null, child: null };
    if (style === 'default') {
      yield* this.#fatal(task, signal, siginfo, null);
      return;
    }
    const index = this.#kernel.emit(task, { kind: 'signal', signal, siginfo, disposition: 'caught', during: null });
    if (!task.confirmed) this.#kernel.oddities.add('early-fault');
    const recovers = style === 'return' || style === 'jump';
    const fault: Fault = { index, signal, tid: task.tid, count: 1, recovers };
    task.fault = fault;
    yield null;
    if (style === 'return' || style === 'jump') {
      yield* this.#kernel.call(task, style === 'return' ? { name: 'sigreturn' } : { name: 'sigprocmask' }, () =>
        number(0),
      );
      yield* this.#kernel.call(task, { name: 'brk' }, () => number(0x6000));
      yield* this.#open(task, 'input', 'root', false);
      this.#kernel.survive(task);
      return;
    }
    for (let open = 0; open < handlerOpens; open++)
      yield* this.#open(task, open === 0 ? 'proc' : 'library', 'root', true);
    switch (style) {
      case 'refault':
        yield* this.#kernel.call(task, { name: 'sigaction', signal }, () => number(0));
        yield* this.#kernel.call(task, { name: 'sigreturn' }, () => number(0));
        yield* this.#fatal(task, signal, siginfo, fault);
        break;
      case 'raise':
        yield* this.#kernel.call(task, { name: 'sigaction', signal }, () => number(0));
        yield* this.#raise(task, signal);
        yield* this.#kernel.call(task, { name: 'sigreturn' }, () => number(0));
        yield* this.#fatal(task, signal, this.#tkill(task), fault);
        break;
      case 'abort':
        yield* this.#raise(task, 'SIGABRT');
        yield* this.#fatal(task, 'SIGABRT', this.#tkill(task), fault);
        break;
      case 'exit':
        yield* this.#kernel.call(task, { name: 'write', text: 'internal error' }, () => number(15));
        yield* this.#exitGroup(task, 4);
        break;
      default:
        process satisfies Process;
        style satisfies never;
    }
  }

  *#raise(task: Task, signal: string): Script {
    const { pid } = task.process;
    yield* this.#kernel.call(task, { name: 'gettid' }, () => number(task.tid));
    yield* this.#kernel.call(task, { name: 'getpid' }, () => number(pid));
    yield* this.#kernel.hold(task.process);
    yield* this.#kernel.call(task, { name: 'tgkill', pid, tid: task.tid, signal }, () => number(0));
  }

  #tkill(task: Task): Siginfo {
    return { code: 'SI_TKILL', address: null, pid: task.process.pid, child: null };
  }

  *#kill(task: Task, signal: string): Script {
    const { process } = task;
    const child = process.children.findLast(({ dead }) => !dead);
    const target = child ?? process;
    yield* this.#kernel.hold(process);
    yield* this.#kernel.call(task, { name: 'kill', pid: target.pid, signal }, () => {
      if (target.dead) return { kind: 'error', errno: 'ESRCH' };
      if (signal === 'SIGKILL') this.#kernel.killAll(target, signal, task);
      else {
        const told = target.tasks.find((other) => !other.gone && !other.zombie && other.doom === null);
        told?.inbox.push({ signal, siginfo: { code: 'SI_USER', address: null, pid: process.pid, child: null } });
      }
      return number(0);
    });
  }
}

function number(value: number): Result {
  return { kind: 'number', value };
}

function join(base: string, path: string): string {
  return `${base}/${path}`;
}

function freeDescriptor(process: Process): number {
  let fd = 3;
  while (process.descriptors.has(fd)) fd++;
  return fd;
}

/** A name nothing else in the run has, whatever else happens meanwhile. */
function newLabel(task: Task): string {
  return `${task.label}${task.label === '' ? '' : '_'}${++task.made}`;
}

function fileOf(
  what: FileKind,
  label: string,
  closes: boolean,
): { readonly name: string; readonly flags: readonly string[] } {
  switch (what) {
    case 'input':
      return { name: `src/m${label}.c`, flags: ['O_RDONLY', ...(closes ? ['O_CLOEXEC'] : [])] };
    case 'library':
      return { name: `/usr/lib/libm${label}.so.6`, flags: ['O_RDONLY', 'O_CLOEXEC'] };
    case 'locale':
      return { name: `/usr/share/locale/de/LC_MESSAGES/m${label}.mo`, flags: ['O_RDONLY'] };
    case 'proc':
      return { name: '/proc/self/maps', flags: ['O_RDONLY'] };
    case 'device':
      return { name: '/dev/urandom', flags: ['O_RDONLY'] };
    case 'directory':
      return { name: `dir${label}`, flags: ['O_RDONLY', 'O_DIRECTORY'] };
    case 'output':
      return { name: `out/m${label}.o`, flags: ['O_WRONLY', 'O_CREAT', 'O_TRUNC'] };
    case 'missing':
      return { name: `inc/m${label}.h`, flags: ['O_RDONLY'] };
    default:
      return what satisfies never;
  }
}
