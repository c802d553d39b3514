import { syscallOf } from '../src/model/syscalls.ts';
import {
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  EQUALS,
  GREATER,
  isDigit,
  LESS,
  OPEN_BRACKET,
  OPEN_PAREN,
  SPACE,
  ZERO,
} from '../src/scan/cursor.ts';
import { NameTable } from '../src/scan/name-table.ts';
import type { LiveTasks, TaskId } from './strace-tasks.ts';
import type { Needs } from './tracer-format.ts';

/** No result is longer than this, unless something unusual stands in it; then the line is read in full. */
const MAX_RESULT = 200;

/**
 * Tells on the raw bytes which lines certainly are complete calls, or halves of calls, that nobody needs.
 * It may let a line through too often, never pass one over too often.
 */
export class StraceFilter {
  /** Events that the lines passed over would have given. */
  skippedEvents = 0;
  readonly #needs: Needs | null;
  readonly #live: LiveTasks;
  readonly #names: NameTable;
  /** Tasks whose call in flight had its first half passed over. */
  readonly #heads = new Set<TaskId>();
  #hadColumn = false;
  #lastHead: TaskId | undefined;
  #previousHead: TaskId | undefined;
  #lines = 0;

  constructor(needs: Needs | null, live: LiveTasks) {
    this.#needs = needs;
    this.#live = live;
    // Creation calls are needed to know whose lines without a column are.
    this.#names = new NameTable(
      (name) => needs === null || needs.call(name) || syscallOf(name, 'linux')?.role === 'spawn',
    );
  }

  /** Whether the task's call in flight had its first half passed over; it is no longer in flight then. */
  resumes(task: TaskId): boolean {
    return this.#heads.delete(task);
  }

  hasSkippedHead(task: TaskId): boolean {
    return this.#heads.has(task);
  }

  /** The task is in no call any more: a first half that was passed over stays the event it would have been. */
  flush(task: TaskId): void {
    if (this.#heads.delete(task)) this.skippedEvents++;
  }

  /** Whether the line before was a first half that was passed over; the call is complete with this line then. */
  completesPrevious(): boolean {
    if (this.#previousHead === undefined || !this.#heads.has(this.#previousHead)) return false;
    this.flush(this.#previousHead);
    return true;
  }

  /** The first task's id is known now. */
  rename(id: number): void {
    if (this.#heads.delete(null)) this.#heads.add(id);
  }

  end(): void {
    this.skippedEvents += this.#heads.size;
    this.#heads.clear();
  }

  mayMatter(buffer: Buffer, start: number, end: number): boolean {
    const needs = this.#needs;
    if (needs === null) return true;
    this.#previousHead = this.#lastHead;
    this.#lastHead = undefined;
    // The first lines set the clock and tell which columns there are.
    if (this.#lines < 2) {
      this.#lines++;
      return true;
    }
    let at = start;
    let task: TaskId = null;
    const first = buffer[at];
    // [pid   303] openat(
    // 303   openat(
    if (first === OPEN_BRACKET && buffer[at + 1] === 112) {
      at += 5;
      while (buffer[at] === SPACE) at++;
    }
    const digits = at;
    let value = 0;
    for (let code = buffer[at]; code !== undefined && isDigit(code); code = buffer[++at])
      value = value * 10 + code - ZERO;
    if (
      at > digits &&
      at - digits <= 7 &&
      (buffer[at] === CLOSE_BRACKET || (digits === start && buffer[at] === SPACE))
    ) {
      if (!this.#live.has(value)) return true;
      task = value;
      this.#hadColumn = true;
      at++;
    } else {
      // 303<cc1> openat(
      if (this.#hadColumn || buffer[at] === LESS) {
        this.#hadColumn = false;
        return true;
      }
      at = start;
      const survivor = this.#live.expectedWithoutColumn();
      if (survivor === undefined) return true;
      task = survivor;
    }
    if (needs.watched.has(task)) return true;

    // Clocks, numbers and addresses, up to the body.
    let code = buffer[at];
    while (code === SPACE || (code !== undefined && code >= 46 && code <= COLON) || code === OPEN_BRACKET) {
      if (code === OPEN_BRACKET) while (at < end && buffer[at] !== CLOSE_BRACKET) at++;
      code = buffer[++at];
    }
    if (code === LESS) return this.#resumedMayMatter(buffer, at, end, task);
    const name = at;
    while (code !== undefined && ((code >= 97 && code <= 122) || code === 95 || isDigit(code))) code = buffer[++at];
    if (code !== OPEN_PAREN || at === name || at >= end || this.#names.wants(buffer, name, at)) return true;
    if (mayBeMixed(buffer, name, at)) return true;
    if (isUnfinished(buffer, end)) {
      if (this.#heads.has(task)) this.skippedEvents++;
      else this.#heads.add(task);
      this.#lastHead = task;
      return false;
    }
    if (!isComplete(buffer, at, end)) return true;
    this.skippedEvents++;
    return false;
  }

  // <... mmap resumed>) = 0x7f814209e000
  #resumedMayMatter(buffer: Buffer, from: number, end: number, task: TaskId): boolean {
    if (!this.#heads.has(task)) return true;
    if (isUnfinished(buffer, end)) return false;
    if (!isComplete(buffer, from, end)) return true;
    this.#heads.delete(task);
    this.skippedEvents++;
    return false;
  }
}

/** Whether the call is a write to descriptor 1 or 2: the program's own text may stand in its line. */
function mayBeMixed(buffer: Buffer, name: number, open: number): boolean {
  if (buffer[name] !== 119) return false; // w
  const fd = buffer[open + 1];
  if (fd !== 49 && fd !== 50) return false;
  const after = buffer[open + 2];
  return after === undefined || !isDigit(after);
}

// …, 24 <unfinished ...>
function isUnfinished(buffer: Buffer, end: number): boolean {
  return (
    buffer[end - 1] === GREATER &&
    buffer[end - 2] === 46 &&
    buffer[end - 16] === LESS &&
    buffer[end - 15] === 117 &&
    buffer[end - 14] === 110
  );
}

/** Whether the line ends in `) = result`, seen from its end. */
function isComplete(buffer: Buffer, from: number, end: number): boolean {
  const stop = Math.max(from, end - MAX_RESULT);
  let at = end - 1;
  while (at > stop && buffer[at] !== EQUALS) at--;
  if (buffer[at] !== EQUALS || buffer[at + 1] !== SPACE || at + 2 >= end) return false;
  const value = buffer[at + 2];
  if (value === undefined || !(isDigit(value) || value === 45)) return false;
  // …attached: a message of strace's own in the line's end
  if (buffer[end - 1] === 100 && buffer[end - 3] === 104) return false;
  at--;
  const space = at;
  while (buffer[at] === SPACE) at--;
  return at < space && buffer[at] === CLOSE_PAREN && at > from;
}
