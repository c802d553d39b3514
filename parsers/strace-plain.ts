import { CallRows } from '../src/model/call-rows.ts';
import type { Clock } from '../src/model/clock.ts';
import { syscallOf } from '../src/model/syscalls.ts';
import { MAX_LINE_BYTES } from '../src/scan/lines.ts';
import type { Head } from './strace-heads.ts';
import {
  AT,
  CALLS,
  HEAD_ARGS_END,
  HEAD_AT_NS,
  HEAD_FLOATS,
  HEAD_LINE,
  HEAD_NAME,
  HEAD_NUMBERS,
  HEAD_SLOTS,
  HEAD_STAMP,
  HEAD_STAMP_END,
  HEAD_TASK,
  HELD,
  LAST_HEAD,
  LAST_TASK,
  LIMIT,
  LINE,
  LINE_END,
  LINE_START,
  LIVE,
  MAX_TASK,
  NAME,
  NAME_COUNT,
  NOTHING_PLAIN,
  PlainMemory,
  ROOM,
  ROOM_BYTES,
  ROW_SLOTS,
  ROWS,
  TASKS,
  TEXT,
  WAITING,
  WHOLE_CALL,
} from './strace-plain/memory.ts';
import { STRACE_PLAIN_MODULE } from './strace-plain/module.ts';
import type { TaskId } from './strace-tasks.ts';

// What the compiled part finds, and what it is told of names.
const OVER = 0;
const NAME_FOUND = 2;
const FULL = 3;
const AS_TEXT = 1;
const PLAIN = 4;

/** What is compiled from strace-plain/assembly. */
interface Compiled {
  readPlainLines(): number;
  keepHeads(): void;
}

/**
 * Reads the lines that large logs are made of on their bytes, many at once (strace-plain/assembly/plain.ts shows them):
 * whole calls, and halves of calls, of tasks that are known. All others it finds. It keeps first halves until the parser
 * takes them, or their second halves come.
 */
export class PlainLines {
  readonly #reader: Reader;
  readonly #memory: PlainMemory;
  readonly #rows: CallRows;
  readonly #clock: Clock;
  readonly #onCalls: (rows: CallRows) => void;

  /** `onCalls` takes calls as they are read; what lies in the rows is its own only until it returns. */
  constructor(input: number, clock: Clock, onCalls: (rows: CallRows) => void) {
    this.#reader = spare ?? newReader();
    spare = null;
    this.#memory = this.#reader.memory;
    const { memory } = this.#memory;
    const places = { memory, at: ROWS, slots: ROW_SLOTS, roomAt: ROOM, roomBytes: ROOM_BYTES };
    this.#rows = new CallRows('strace', input, places);
    this.#clock = clock;
    this.#onCalls = onCalls;
  }

  /** Takes whole lines in, `MAX_LINE_BYTES` of them at most; `linesBefore`: lines of the input before them. */
  load(buffer: Buffer, start: number, end: number, linesBefore: number): void {
    this.#reader.compiled.keepHeads();
    const { bytes, state } = this.#memory;
    buffer.copy(bytes, TEXT, start, end);
    state[AT] = TEXT;
    state[LIMIT] = TEXT + end - start;
    state[LINE] = linesBefore;
  }

  /** Goes on to the next line that is to be read as text; false where there is none. `nothingPlain`: that is the next line. */
  next(nothingPlain: boolean): boolean {
    const { state, clock } = this.#memory;
    state[NOTHING_PLAIN] = nothingPlain ? 1 : 0;
    this.#clock.save(clock);
    let found: number;
    do {
      found = this.#reader.compiled.readPlainLines();
      this.#giveCalls();
    } while (found === FULL);
    this.#clock.restore(clock);
    if (found === NAME_FOUND) this.#judgeName();
    return found !== OVER;
  }

  // ---- the line found

  get line(): number {
    return this.#number(LINE);
  }

  get text(): string {
    return this.#memory.bytes.toString('latin1', this.#number(LINE_START), this.#number(LINE_END));
  }

  // ---- what plain lines tell the parser

  /** Whose the last plain line was since this was asked; null: there was none. */
  takeLastTask(): number | null {
    const task = this.#number(LAST_TASK);
    this.#memory.state[LAST_TASK] = 0;
    return task === 0 ? null : task;
  }

  /**
   * The head of the last call that began, which is the parser's from now on; null where the call is over, undefined where
   * none began since `forgetLastHead`.
   */
  takeLastHead(): Head | null | undefined {
    const task = this.#number(LAST_HEAD);
    this.forgetLastHead();
    if (task === 0) return undefined;
    return task === WHOLE_CALL ? null : this.take(task);
  }

  forgetLastHead(): void {
    this.#memory.state[LAST_HEAD] = 0;
  }

  // ---- what the parser tells of tasks

  setLive(task: TaskId, isLive: boolean): void {
    this.#set(task, LIVE, isLive);
  }

  setMade(): void {}

  setExited(): void {}

  /** Whether the parser keeps a head of the task. */
  setHeld(task: TaskId, isHeld: boolean): void {
    this.#set(task, HELD, isHeld);
  }

  // ---- heads

  has(task: TaskId): boolean {
    return task !== null && task !== 0 && this.#headNumber(slotOf(task), HEAD_TASK) === task;
  }

  /** The task's head, which is the parser's from now on; null where there is none. */
  take(task: TaskId): Head | null {
    if (task === null || !this.has(task)) return null;
    const slot = slotOf(task);
    const { bytes, heads, headFloats, state } = this.#memory;
    heads[slot * HEAD_NUMBERS + HEAD_TASK] = 0;
    state[WAITING] = this.#number(WAITING) - 1;
    const [stamp, stampEnd] = [this.#headNumber(slot, HEAD_STAMP), this.#headNumber(slot, HEAD_STAMP_END)];
    return {
      text: bytes.toString('latin1', this.#headNumber(slot, HEAD_NAME), this.#headNumber(slot, HEAD_ARGS_END)),
      line: this.#headNumber(slot, HEAD_LINE),
      time: stamp === stampEnd ? null : bytes.toString('latin1', stamp, stampEnd),
      atNs: stamp === stampEnd ? null : (headFloats[slot * HEAD_FLOATS + HEAD_AT_NS] ?? 0),
      task,
      child: null,
    };
  }

  /** All heads, which are the parser's from now on. */
  takeAll(): Head[] {
    const all: Head[] = [];
    for (let slot = 0; slot < HEAD_SLOTS && this.#number(WAITING) > 0; slot++) {
      const head = this.take(this.#headNumber(slot, HEAD_TASK));
      if (head !== null) all.push(head);
    }
    return all;
  }

  /** The log is over, and all heads are taken; these tasks were alive. What was made for it is the next one's. */
  release(alive: Iterable<TaskId>): void {
    for (const task of alive) this.setLive(task, false);
    const names = this.#number(NAME_COUNT);
    this.#memory.state.fill(0);
    this.#memory.state[NAME_COUNT] = names;
    spare = this.#reader;
  }

  #giveCalls(): void {
    this.#rows.count = this.#number(CALLS);
    this.#memory.state[CALLS] = 0;
    if (this.#rows.count > 0) this.#onCalls(this.#rows);
  }

  #judgeName(): void {
    const { names } = this.#memory;
    const place = this.#number(NAME);
    names.say(place, mayChangeTasks(names.at(place)) ? AS_TEXT : PLAIN);
  }

  #number(place: number): number {
    return this.#memory.state[place] ?? 0;
  }

  #headNumber(slot: number, index: number): number {
    return this.#memory.heads[slot * HEAD_NUMBERS + index] ?? 0;
  }

  #set(task: TaskId, flag: number, value: boolean): void {
    if (task === null || task >= MAX_TASK) return;
    const known = this.#memory.bytes[TASKS + task] ?? 0;
    this.#memory.bytes[TASKS + task] = value ? known | flag : known & ~flag;
  }
}

/** Calls that make tasks or go on under another id: the parser follows them. */
function mayChangeTasks(name: string): boolean {
  return syscallOf(name, 'linux')?.role === 'spawn' || name.startsWith('execve');
}

function slotOf(task: number): number {
  return task & (HEAD_SLOTS - 1);
}

/** What takes long to make, and may serve one log after another. */
interface Reader {
  readonly memory: PlainMemory;
  readonly compiled: Compiled;
}

/** Left over from a log that was read. */
let spare: Reader | null = null;

function newReader(): Reader {
  const memory = new PlainMemory(MAX_LINE_BYTES);
  return { memory, compiled: instantiate(memory.memory) };
}

/** Compiled once, so that a second reader begins with what was optimised for the first. */
let module: WebAssembly.Module | null = null;

function instantiate(memory: WebAssembly.Memory): Compiled {
  module ??= new WebAssembly.Module(Buffer.from(STRACE_PLAIN_MODULE, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { readPlainLines, keepHeads } = exports;
  if (typeof readPlainLines !== 'function' || typeof keepHeads !== 'function') {
    throw new Error('the compiled reader is not whole');
  }
  return { readPlainLines: () => readPlainLines(), keepHeads: () => keepHeads() };
}
