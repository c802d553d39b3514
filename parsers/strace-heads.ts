import type { StartVia } from '../src/model/event.ts';
import { syscallOf } from '../src/model/syscalls.ts';
import { skipName } from '../src/scan/cursor.ts';
import type { TaskId } from './strace-tasks.ts';

/** First half of a call that waits for its second. */
export interface Head {
  /** From the call's name on, without ` <unfinished ...>`. */
  readonly text: string;
  readonly line: number;
  readonly time: string | null;
  readonly atNs: number | null;
  readonly task: TaskId;
  /** A child that was seen already, which this creation call must have made. */
  child: number | null;
}

/** The calls in flight whose lines were cut off by other lines: one a task at most. */
export class Heads {
  readonly #byTask = new Map<TaskId, Head>();

  has(task: TaskId): boolean {
    return this.#byTask.has(task);
  }

  set(head: Head): void {
    this.#byTask.set(head.task, head);
  }

  /** Whether this very half still waits. */
  holds(head: Head): boolean {
    return this.#byTask.get(head.task) === head;
  }

  /** Takes the task's half out; null where it has none. */
  take(task: TaskId): Head | null {
    const head = this.#byTask.get(task) ?? null;
    this.#byTask.delete(task);
    return head;
  }

  /** Takes the half that a second half of this name belongs to. */
  takeFor(task: TaskId, name: string): Head | null {
    const head = this.take(task);
    // With -qqq nothing tells that a thread's execve goes on under the leader's id.
    return head === null && name === 'execve' ? this.#takeOnly('execve(') : head;
  }

  /** The task whose half, of a call of this name, waits; undefined where there is none. */
  taskIn(name: string): TaskId | undefined {
    for (const head of this.#byTask.values()) if (head.text.startsWith(`${name}(`)) return head.task;
    return undefined;
  }

  #takeOnly(start: string): Head | null {
    let found: Head | null = null;
    for (const head of this.#byTask.values()) {
      if (!head.text.startsWith(start)) continue;
      if (found !== null) return null;
      found = head;
    }
    if (found !== null) this.#byTask.delete(found.task);
    return found;
  }

  /** The task goes on under another id. */
  rename(from: TaskId, to: TaskId): void {
    const head = this.take(from);
    if (head !== null) this.set({ ...head, task: to });
  }

  /**
   * The creation call in flight that must have made a task that was just seen: the only one that has made none.
   * `also`: a call whose line is still being put together.
   */
  creator(also: Head | null): Head | null {
    let found = also !== null && isCreation(also.text) && also.child === null ? also : null;
    for (const head of this.#byTask.values()) {
      if (!isCreation(head.text) || head.child !== null) continue;
      if (found !== null) return null;
      found = head;
    }
    return found;
  }

  /** Takes out all that are left. */
  *drain(): Iterable<Head> {
    for (const head of this.#byTask.values()) yield head;
    this.#byTask.clear();
  }
}

/** Whether the text begins with a call that makes a task: clone, clone3, fork, vfork, or clone3 by its number. */
export function isCreation(text: string): boolean {
  return syscallOf(text.slice(0, skipName(text, 0)), 'linux')?.role === 'spawn';
}

/** What the flags in the first half of a creation call say of the task it makes. */
export function viaOf(text: string): StartVia {
  if (text.includes('CLONE_THREAD')) return 'thread';
  if (text.includes('vfork(') || text.includes('CLONE_VFORK')) return 'vfork';
  return text.includes('fork(') || text.includes('flags=') ? 'fork' : 'clone';
}
