import type { Clock } from '../src/model/clock.ts';
import type { Counting } from '../src/model/counting.ts';
import { syscallOf } from '../src/model/syscalls.ts';
import type { CountedCall } from './sieve/counted-calls.ts';
import { LATER, NEVER, type Need, NOW } from './sieve/need.ts';
import { type KeptLine, Sieve } from './sieve.ts';
import type { TaskId } from './strace-tasks.ts';
import type { Needs } from './tracer-format.ts';

/** The first lines set the clock and tell which columns there are. */
const FIRST_LINES = 2;

function needOf(name: string, needs: Needs): Need {
  const role = syscallOf(name, 'linux')?.role;
  // Creation calls are needed to know whose lines without a column are.
  if (role === 'spawn') return NOW;
  if (!needs.call(name)) return NEVER;
  const as = needs.counting?.countedAs(name) ?? null;
  switch (role) {
    case 'getpid':
    case 'gettid':
      return { as: as ?? 'never', unless: 'named' };
    case 'wait':
      return { as: as ?? 'never', unless: 'known' };
    default:
      if (as !== null) return { as, unless: null };
      return needs.keeping?.canWait(name) === true ? LATER : NOW;
  }
}

function countedCalls(counting: Counting | null, clock: Clock): CountedCall | null {
  if (counting === null) return null;
  return (task, name, errno, durationNs, stamp, seconds, nanos) => {
    let atNs: number | null = null;
    if (stamp === 'since-1970') atNs = clock.at(seconds, nanos);
    else if (stamp === 'of-day') atNs = clock.atTimeOfDay(seconds, nanos);
    counting.count(task, name, errno, durationNs, atNs);
  };
}

/**
 * What the parser and its sieve (sieve/assembly/strace.ts) tell each other: the sieve passes over lines that certainly are
 * complete calls, or halves of calls, that nobody needs now.
 */
export class StraceFilter {
  readonly sieve: Sieve;
  readonly #watched: ReadonlySet<TaskId>;
  readonly #counting: Counting | null;
  #lines = 0;

  constructor(needs: Needs, clock: Clock) {
    this.#watched = needs.watched;
    this.#counting = needs.counting ?? null;
    this.sieve = new Sieve('strace', (name) => needOf(name, needs), countedCalls(this.#counting, clock));
    this.sieve.everything = true;
  }

  /**
   * After each line that was read: `everything`: the parser is in the middle of something, `columnless`: whose line one
   * without a column would be.
   */
  tell(everything: boolean, columnless: TaskId | undefined): void {
    const { sieve } = this;
    if (this.#lines < FIRST_LINES) this.#lines++;
    sieve.everything = everything || this.#lines < FIRST_LINES;
    sieve.columnless = columnless;
    sieve.watch(this.#watched);
    if (this.#counting !== null) sieve.setFloors(this.#counting.floors.work, this.#counting.floors.wait);
  }

  /** Whether the task's call in flight had its first half passed over; it is no longer in flight then. */
  resumes(task: TaskId): boolean {
    return this.sieve.takeHead(task);
  }

  /** Whether the line that the parser reads will be looked at again, and read only if it must be. */
  looksAgain(line: number): boolean {
    return this.sieve.again(line);
  }

  hasSkippedHead(task: TaskId): boolean {
    return this.sieve.hasHead(task);
  }

  /** The first half of the task's call in flight, where that was put off: its second half is read now. */
  recall(task: TaskId): KeptLine | null {
    return this.sieve.takeKeptHead(task);
  }

  /** As `recall`, where the line before this one was the first half. */
  recallPrevious(line: number): KeptLine | null {
    const head = this.sieve.lastHead;
    return head.line === line - 1 ? this.recall(head.task) : null;
  }

  /** The task is in no call any more: a first half that was passed over stays the event it would have been. */
  flush(task: TaskId): void {
    if (this.sieve.takeHead(task)) this.sieve.addPassed(1);
  }

  /** Whether the line before was a first half that was passed over; the call is complete with this line then. */
  completesPrevious(line: number): boolean {
    const head = this.sieve.lastHead;
    if (head.line !== line - 1 || !this.sieve.hasHead(head.task)) return false;
    this.flush(head.task);
    return true;
  }

  /** The first task's id is known now. */
  rename(id: number): void {
    this.sieve.renameHead(null, id);
  }

  get skippedEvents(): number {
    return this.sieve.passedEvents;
  }

  end(): void {
    this.sieve.addPassed(this.sieve.heads);
  }
}
