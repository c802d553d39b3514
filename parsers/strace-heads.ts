import type { StartVia } from '../src/model/event.ts';
import { skipName } from '../src/scan/cursor.ts';
import { CALLS } from './strace-call.ts';
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

/** Where first halves wait too, of calls that make no task and no exec: those of lines that were never made text. */
interface OtherHeads {
  has(task: TaskId): boolean;
  /** Takes the task's half out; null where it has none. */
  take(task: TaskId): Head | null;
  takeAll(): Head[];
  /** Whether the task's half is kept here, so that none of it may wait there. */
  setHeld(task: TaskId, isHeld: boolean): void;
}

/** The calls in flight whose lines were cut off by other lines: one a task at most. */
export class Heads {
  #others: OtherHeads | null = null;
  readonly #byTask = new Map<TaskId, Head>();
  /** Those of them that make a task which was not seen yet. */
  readonly #creations = new Set<Head>();
  readonly #execs = new Set<Head>();
  /** Creation calls that their caller's death cut off, whose child was not seen yet; two are as good as none. */
  #torn: Head[] = [];

  /** From now on halves may wait there as well. */
  share(others: OtherHeads): void {
    this.#others = others;
    for (const task of this.#byTask.keys()) others.setHeld(task, true);
  }

  has(task: TaskId): boolean {
    return this.#byTask.has(task) || this.#others?.has(task) === true;
  }

  set(head: Head): void {
    this.take(head.task);
    this.#byTask.set(head.task, head);
    this.#others?.setHeld(head.task, true);
    if (isCreation(head.text)) {
      if (head.child === null) this.#creations.add(head);
    } else if (head.text.startsWith('execve')) {
      this.#execs.add(head);
    }
  }

  /** Whether a call in flight may have made this task. Ids grow: a task has a smaller one than what it makes. */
  mayHaveMade(id: number): boolean {
    for (const { task } of this.#creations) if (task === null || task < id) return true;
    return false;
  }

  /** Whether this very half still waits. */
  holds(head: Head): boolean {
    return this.#byTask.get(head.task) === head;
  }

  /** Takes the task's half out; null where it has none. */
  take(task: TaskId): Head | null {
    const head = this.#byTask.get(task);
    if (head === undefined) return this.#others?.take(task) ?? null;
    this.#byTask.delete(task);
    this.#others?.setHeld(task, false);
    if (this.#creations.size > 0) this.#creations.delete(head);
    if (this.#execs.size > 0) this.#execs.delete(head);
    return head;
  }

  /** Takes the half that a second half of this name belongs to. */
  takeFor(task: TaskId, name: string): Head | null {
    const head = this.take(task);
    if (head !== null || name !== 'execve' || this.#execs.size !== 1) return head;
    // With -qqq nothing tells that a thread's execve goes on under the leader's id.
    for (const only of this.#execs) return this.take(only.task);
    return null;
  }

  /** The task goes on under another id. */
  rename(from: TaskId, to: TaskId): void {
    const head = this.take(from);
    if (head !== null) this.set({ ...head, task: to });
  }

  /**
   * The creation call that must have made a task that was just seen: the only one in flight that has made none, or
   * one that never returned. `also`: a call whose line is still being put together.
   */
  creatorOf(id: number, also: Head | null): Head | null {
    let found = also !== null && isCreation(also.text) && also.child === null ? also : null;
    if (this.#creations.size > (found === null ? 1 : 0)) return null;
    for (const head of this.#creations) found = head;
    if (found === null && this.#torn.length === 1) found = this.#torn.pop() ?? null;
    if (found !== null) {
      found.child = id;
      this.#creations.delete(found);
    }
    return found;
  }

  /** The call never returns, for its task is dead. */
  tear(head: Head): void {
    if (!isCreation(head.text) || head.child !== null) return;
    this.#torn = [...this.#torn.slice(-1), head];
  }

  /** Takes out all that are left, in the order of their lines. */
  drain(): Head[] {
    const all = [...this.#byTask.values(), ...(this.#others?.takeAll() ?? [])];
    for (const task of this.#byTask.keys()) this.#others?.setHeld(task, false);
    this.#byTask.clear();
    this.#creations.clear();
    this.#execs.clear();
    return all.sort((a, b) => a.line - b.line);
  }
}

/** Whether the text begins with a call that makes a task. */
export function isCreation(text: string): boolean {
  return CALLS.at(text, 0, skipName(text, 0)).about;
}

const CLONE_THREAD = 0x10000;

/** What the flags in the first half of a creation call say of the task it makes. */
export function viaOf(text: string): StartVia {
  if (text.includes('CLONE_THREAD')) return 'thread';
  if (text.includes('vfork(') || text.includes('CLONE_VFORK')) return 'vfork';
  // -X raw
  const flags = /\bflags=(0x[0-9a-f]+)/.exec(text)?.[1];
  if (flags !== undefined && Number(flags) & CLONE_THREAD) return 'thread';
  return text.includes('fork(') || text.includes('flags=') ? 'fork' : 'clone';
}
