import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import { type KeptLines, NO_KEPT_LINES } from '../model/kept-lines.ts';
import type { Process, Task } from './process.ts';
import type { ProcessTree } from './process-tree.ts';
import { SmallMap } from './small-map.ts';

/** More than this is not put off beside the lines that are kept. */
const MAX_STEPS = 1024;

/** Something that is to be done between a process's lines: hand down to a child, begin a program, a line read already. */
interface Step {
  /** It comes after what ended before this line. */
  readonly line: number;
  readonly take: () => void;
  /** Whose birth it is; null where it is the process's own. */
  readonly child: Process | null;
}

/** What a process did that nobody asked for yet. */
interface Backlog {
  /** In the order they came. */
  readonly steps: Set<Step>;
  /** The step of its parent that it begins with. */
  birth: { readonly parent: Process; readonly step: Step } | null;
  /** Threads that ended while lines of theirs were kept. */
  former: SmallMap<number | null, Task> | null;
}

/** What is told of a line that is read late. */
export type LateEvent = (event: SyscallEvent, process: Process, task: Task | null) => void;

/**
 * Puts off what processes do with files until somebody asks what one of them had opened: most end before. Births and
 * execs are put off with the lines around them, because a child is handed what its parent had then.
 *
 * The order is that of the log for each process by itself, which is all that its files depend on.
 */
export class PutOffLines {
  readonly #tree: ProcessTree;
  readonly #hasThreadColumn: boolean;
  readonly #onEvent: LateEvent;
  #lines: KeptLines = NO_KEPT_LINES;
  readonly #backlogs = new Map<Process, Backlog>();
  /** By id, whose threads those were that ended while lines of theirs were kept. */
  readonly #formerOwners = new Map<number | null, Process>();
  /** The process whose exec is put off. */
  #executing: Process | null = null;

  constructor(tree: ProcessTree, hasThreadColumn: boolean, onEvent: LateEvent) {
    this.#tree = tree;
    this.#hasThreadColumn = hasThreadColumn;
    this.#onEvent = onEvent;
  }

  begin(lines: KeptLines): void {
    this.#lines = lines;
  }

  /** Lines of the task are about to be lost. */
  leaving(task: number | null): void {
    const process = this.#tree.processOf(task) ?? this.#formerOwners.get(task) ?? null;
    if (process !== null) this.settle(process);
  }

  /** Whether anything of the process waits. */
  #waits(process: Process): boolean {
    return this.#backlogs.has(process) || this.#lines.has(process.pid);
  }

  /** Does all that the process's lines tell up to here. */
  settle(process: Process): void {
    // A parent first; not by recursion, for processes may be ten thousand deep.
    let birth = this.#backlogs.get(process)?.birth ?? null;
    if (birth !== null) {
      const above: Process[] = [];
      for (; birth !== null; birth = this.#backlogs.get(birth.parent)?.birth ?? null) above.push(birth.parent);
      for (let next = above.pop(); next !== undefined; next = above.pop()) this.#settle(next);
    }
    this.#settle(process);
  }

  #settle(process: Process): void {
    const backlog = this.#backlogs.get(process);
    const ids = process.columns.keys();
    if (backlog === undefined) {
      this.#lines.read(ids, (event) => this.#tell(event, process, null));
      return;
    }
    this.#backlogs.delete(process);
    const { steps, former } = backlog;
    this.#lines.read(ids, (event) => {
      this.#take(steps, event.endLine);
      this.#tell(event, process, former);
    });
    this.#take(steps, Number.POSITIVE_INFINITY);
    for (const id of former?.keys() ?? []) this.#formerOwners.delete(id);
  }

  #take(steps: Set<Step>, line: number): void {
    for (const step of steps) {
      if (step.line > line) return;
      steps.delete(step);
      if (step.child !== null) this.#begun(step.child);
      step.take();
    }
  }

  /** The child has what it was handed. */
  #begun(child: Process): void {
    const backlog = this.#backlogs.get(child);
    if (backlog === undefined) return;
    backlog.birth = null;
    if (isEmpty(backlog)) this.#backlogs.delete(child);
  }

  #tell(event: TraceEvent, process: Process, former: SmallMap<number | null, Task> | null): void {
    if (event.kind === 'syscall') this.#onEvent(event, process, this.#taskThen(event, process, former));
  }

  /** Whose an event was that is read late; null where nothing tells. */
  #taskThen(event: SyscallEvent, process: Process, former: SmallMap<number | null, Task> | null): Task | null {
    if (this.#hasThreadColumn) return this.#tree.taskOf(process, event);
    return process.tasks.get(event.pid) ?? former?.get(event.pid) ?? process.tasks.get(process.pid) ?? null;
  }

  /** Puts an event off with what was put off before it. False where nothing was: then it is to be told at once. */
  add(event: SyscallEvent, process: Process, task: Task): boolean {
    if (!this.#waits(process)) return false;
    const { steps } = this.#backlogOf(process);
    steps.add({ line: event.endLine, take: () => this.#onEvent(event, process, task), child: null });
    if (steps.size > MAX_STEPS) this.settle(process);
    return true;
  }

  // ---- what the tree tells

  /** A child is born at this line. `isNew`: it did nothing with files yet. `take` hands down to it. */
  born(child: Process, parent: Process, line: number, isNew: boolean, take: () => void): void {
    if (!isNew || !this.#waits(parent) || this.#waits(child) || parent.closed || child.closed) {
      this.settle(child);
      this.settle(parent);
      take();
      return;
    }
    const step = { line, take, child };
    this.#backlogOf(parent).steps.add(step);
    this.#backlogOf(child).birth = { parent, step };
  }

  /** It is about to execute another program. */
  executes(process: Process): void {
    const { tasks, columns, threaded } = process;
    // All that waits is then of the one thread there is.
    const isAlone =
      tasks.size === 1 && (this.#hasThreadColumn ? !threaded : columns.size === 1 && tasks.has(process.pid));
    if (isAlone && this.#waits(process)) this.#executing = process;
    else this.settle(process);
  }

  /** It executes another program from this line on. */
  execed(process: Process, line: number, take: () => void): void {
    if (this.#executing === process) this.#backlogOf(process).steps.add({ line, take, child: null });
    else take();
    this.#executing = null;
  }

  threadsChange(process: Process, ending: Task | null): void {
    if (this.#hasThreadColumn) {
      // There, a line that names no thread is of the one there is.
      if (process.tasks.size > 0) this.settle(process);
    } else if (ending !== null && this.#lines.has(ending.id)) {
      const backlog = this.#backlogOf(process);
      backlog.former ??= new SmallMap();
      backlog.former.set(ending.id, ending);
      this.#formerOwners.set(ending.id, process);
    }
  }

  /** The id is of another task from now on. */
  reused(id: number): void {
    const owner = this.#formerOwners.get(id);
    if (owner !== undefined) this.settle(owner);
  }

  /** The latest of the calls that wait to be read, of each thread that had any. */
  latest(process: Process, onEvent: LateEvent): void {
    const former = this.#backlogs.get(process)?.former ?? null;
    for (const id of process.columns.keys()) {
      const event = this.#lines.latest(id);
      if (event?.kind === 'syscall') onEvent(event, process, this.#taskThen(event, process, former));
    }
  }

  /** The process is over, and nobody will ask what it did. Children that live are still handed what it had. */
  forget(process: Process): void {
    const backlog = this.#backlogs.get(process);
    if (backlog === undefined) {
      this.#lines.drop(process.columns.keys());
      return;
    }
    for (const { child } of backlog.steps) {
      if (child !== null) {
        this.settle(process);
        return;
      }
    }
    this.#lines.drop(process.columns.keys());
    this.#backlogs.delete(process);
    for (const id of backlog.former?.keys() ?? []) this.#formerOwners.delete(id);
    const { birth } = backlog;
    if (birth === null) return;
    const above = this.#backlogs.get(birth.parent);
    above?.steps.delete(birth.step);
    if (above !== undefined && isEmpty(above)) this.#backlogs.delete(birth.parent);
  }

  #backlogOf(process: Process): Backlog {
    let backlog = this.#backlogs.get(process);
    if (backlog === undefined) {
      backlog = { steps: new Set(), birth: null, former: null };
      this.#backlogs.set(process, backlog);
    }
    return backlog;
  }
}

function isEmpty({ steps, birth, former }: Backlog): boolean {
  return steps.size === 0 && birth === null && former === null;
}
