import type { Process, Task } from '../analyze/process.ts';
import { type Dialect, dialectTraits } from '../model/dialect.ts';

/** As many as the index has room for. */
const MAX_TASKS = 0xff_ffff;

/** Numbers the tasks and the processes of a trace. */
export class Actors {
  readonly #taskNumbers = new Map<Task, number>();
  readonly #tasks: Task[] = [];
  readonly #keys = new Map<Process, number>();
  readonly #processes: Process[] = [];
  readonly #isOfTasks: boolean;
  #latest: Task | null = null;
  #latestNumber = 0;

  constructor(dialect: Dialect) {
    this.#isOfTasks = dialectTraits[dialect].pidColumn === 'task';
  }

  /** The task's number, from 1; 0 for none, and where there are too many. */
  numberOf(task: Task | null): number {
    if (task === null) return 0;
    if (task === this.#latest) return this.#latestNumber;
    let number = this.#taskNumbers.get(task) ?? 0;
    if (number === 0 && this.#tasks.length < MAX_TASKS) {
      this.#tasks.push(task);
      number = this.#tasks.length;
      this.#taskNumbers.set(task, number);
    }
    this.#latest = task;
    this.#latestNumber = number;
    return number;
  }

  /** The key of a process, the same each time. */
  keyOf(process: Process): number {
    let key = this.#keys.get(process);
    if (key === undefined) {
      key = this.#processes.length;
      this.#processes.push(process);
      this.#keys.set(process, key);
    }
    return key;
  }

  /** The process of a key, or the one it turned out to be a part of; null for a key that was never given. */
  process(key: number): Process | null {
    const process = this.#processes[key];
    return process === undefined ? null : whole(process);
  }

  /** Whose process the task of this number is of, as known by now; null for 0. */
  processOf(number: number): Process | null {
    const task = this.#tasks[number - 1];
    return task === undefined ? null : whole(task.process);
  }

  /** What the pid column has for the task of this number, where lines show one; `printed`: what seems to stand there. */
  columnOf(number: number, printed: number | null): number | null {
    const task = this.#tasks[number - 1];
    if (task === undefined) return printed;
    return this.#isOfTasks ? task.id : (printed ?? whole(task.process).pid);
  }

  /** Among the threads of its process: 0 for the first. */
  threadOf(number: number): number {
    const task = this.#tasks[number - 1];
    if (task === undefined || task.id === null) return 0;
    return whole(task.process).threads.indexOf(task.id) + 1;
  }
}

function whole(process: Process): Process {
  let found = process;
  while (found.mergedInto !== null) found = found.mergedInto;
  return found;
}
