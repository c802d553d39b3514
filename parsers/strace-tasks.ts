// Who a line belongs to. On standard error strace prints `[pid N]` only while it traces two tasks or more:
//
//   clone(child_stack=NULL, flags=…|SIGCHLD) = 41      no column: the only task, whose id is not known yet
//   strace: Process 41 attached
//   [pid    40] wait4(-1,  <unfinished ...>            40 is no child anyone made: so the first task is 40
//   [pid    41] +++ exited with 0 +++
//   <... wait4 resumed>NULL, 0, NULL) = 41             no column: the only one left, 40

/** A task as the events name it: its id, or null for the first one while its id is not known. */
export type TaskId = number | null;

/** Ids given by creation calls and not seen yet are let go beyond this many: without -f none is ever seen. */
const MAX_EXPECTED = 4096;

/** Who else keeps a mark on each task that is alive. */
interface Marks {
  setLive(task: TaskId, isLive: boolean): void;
  setMade(task: number): void;
  setExited(task: number): void;
}

/** The tasks traced at this moment, and the first one while it has no name. */
export class LiveTasks {
  #marks: Marks | null;
  readonly #named = new Set<number>();
  readonly #expected = new Set<number>();
  #unnamed = false;
  #omitted = false;
  #announces = false;
  #showsCreations = false;
  #root: number | null = null;
  #last: TaskId = null;
  #survivor: TaskId | undefined;

  constructor(marks: Marks | null) {
    this.#marks = marks;
    marks?.setLive(null, true);
  }

  /** From now on marks are kept there. */
  mark(marks: Marks): void {
    this.#marks = marks;
    for (const task of this.#named) marks.setLive(task, true);
  }

  /** Whether lines of this id were seen, or its attachment. */
  has(id: number): boolean {
    return this.#named.has(id);
  }

  /** All that are alive. */
  *all(): Generator<TaskId> {
    if (this.#unnamed) yield null;
    yield* this.#named;
  }

  /** Whether the first task is alive and its id unknown. */
  get unnamed(): boolean {
    return this.#unnamed;
  }

  /** Whether strace says `Process N attached` in this log: then a new id without it is no child. */
  get announces(): boolean {
    return this.#announces;
  }

  /** Whether creation calls are shown in this log: then a child is the result of one, or made by one in flight. */
  get showsCreations(): boolean {
    return this.#showsCreations;
  }

  /** The log shows who made the task. */
  made(id: number): void {
    this.#marks?.setMade(id);
  }

  add(id: number, announced: boolean): void {
    this.#addNamed(id);
    this.#expected.delete(id);
    this.#announces ||= announced;
    this.#survivor = undefined;
  }

  /** The first task's id is known now. */
  name(id: number): void {
    this.#unnamed = false;
    this.#root = id;
    this.add(id, false);
  }

  /** Whether lines without a column stand among lines with one. */
  get hasOmittedColumns(): boolean {
    return this.#omitted && this.#last !== null;
  }

  /** A creation call returned this id. */
  expect(id: number): void {
    this.#showsCreations = true;
    this.made(id);
    if (this.#named.has(id)) return;
    if (this.#expected.size >= MAX_EXPECTED) {
      for (const oldest of this.#expected) {
        this.#expected.delete(oldest);
        break;
      }
    }
    this.#expected.add(id);
  }

  isExpected(id: number): boolean {
    return this.#expected.has(id);
  }

  remove(task: TaskId): void {
    if (task === null) this.#unnamed = false;
    else if (this.#named.delete(task)) this.#marks?.setLive(task, false);
    this.#survivor = undefined;
  }

  /** The task exited, which its own line shows. */
  exited(task: TaskId): void {
    this.remove(task);
    if (task !== null) this.#marks?.setExited(task);
  }

  /** Notes that a line with this column was read. */
  acted(id: number): void {
    this.#last = id;
  }

  /** Whose a line without a column would be; undefined where it would be of a task not met yet. */
  expectedWithoutColumn(): TaskId | undefined {
    return this.#unnamed ? null : this.#survivor;
  }

  /** Whose line one without a column is. */
  withoutColumn(): TaskId {
    this.#omitted = true;
    if (this.#survivor === undefined) this.#survivor = this.#findSurvivor();
    return this.#survivor;
  }

  #addNamed(id: number): void {
    this.#named.add(id);
    this.#marks?.setLive(id, true);
  }

  #findSurvivor(): TaskId {
    if (this.#unnamed) return null;
    if (this.#named.size === 1) {
      for (const only of this.#named) return only;
    }
    if (this.#named.size === 0 && this.#expected.size === 1 && this.#last !== null) {
      // With -q the only one left may be a child that had no line of its own yet.
      for (const only of this.#expected) {
        this.#addNamed(only);
        return only;
      }
    }
    // Several by our count: ends are missing from the log (strace <= 4.6, -qq). The first task outlives the others
    // more often than not, and the last one seen is alive for certain.
    if (this.#root !== null && this.#named.has(this.#root)) return this.#root;
    if (this.#last !== null && this.#named.has(this.#last)) return this.#last;
    // None: the log begins, or another run was appended to it.
    this.#unnamed = true;
    return null;
  }
}
