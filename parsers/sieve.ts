import { SIEVE_MODULE } from './sieve/module.ts';

/** What is to become of lines: read at once, kept to be read when somebody asks, or passed over. */
export type Need = 'now' | 'later' | 'never';

/** Dialects whose lines it knows. */
export type SievedDialect = 'strace' | 'truss-illumos';

/** What was found: the text is over, or a line that is to be read or to be kept. */
export type Found = 'end' | 'read' | 'keep';

// What is known of a task.
const LIVE = 1;
const WATCHED = 2;
const HEAD = 4;
const KEPT_HEAD = 8;

// Verdicts of the compiled part, and what names are given.
const READ = 1;
const KEEP = 2;
const PASS = 3;
const ASK = 4;
const VERDICTS: Readonly<Record<Need, number>> = { now: READ, later: KEEP, never: PASS };

/** More names than any system has calls; only hostile input has them. */
const MAX_NAMES = 512;

// Its memory, as in sieve/assembly/memory.ts: first the state, by index of 32-bit numbers.
const AT = 0;
const LIMIT = 1;
const LINE = 2;
const START = 3;
const END = 4;
const TASK = 5;
const NAME_START = 6;
const NAME_END = 7;
const PASSED = 8;
const EVERYTHING = 9;
const COLUMNLESS = 10;
const HEAD_LINE = 11;
const HEAD_TASK = 12;
const HEADS = 14;
const CLOCK_STARTED = 15;
const STATE_NUMBERS = 64;
const TASKS = 131_072;
const MAX_TASK = 4_194_304;
const THREADS = TASKS + MAX_TASK;
const THREAD_SLOTS = 65_536;
/** A process or thread that has no id. */
const NO_NUMBER = 0x7fffffff;
const TEXT = THREADS + THREAD_SLOTS * 8;
/** The text kept: lines of a process that crashes are looked for in it. */
const TEXT_BYTES = 8_388_608;
/** What may be read beyond the end of the text, for it is looked at in pieces of sixteen bytes. */
const SLACK_BYTES = 64;
const PAGE_BYTES = 65_536;

/** The line of a first half. */
export interface KeptHead {
  readonly text: string;
  readonly line: number;
}

/** What is compiled from sieve/assembly. */
interface Compiled {
  next(): number;
  learn(start: number, end: number, verdict: number): void;
}

/**
 * Looks at the bytes of many lines at once and finds those that must be read. A line it is in doubt about is found, never
 * passed over. The text stays in a ring, so that lines to be kept are not copied one by one.
 *
 * Compiled to WebAssembly it takes a third of the time that the same steps take in JavaScript: 0.09 µs a line against
 * 0.26 (Node 20.20, November 2026).
 */
export class Sieve {
  readonly #needOf: (name: string) => Need;
  readonly #compiled: Compiled;
  readonly #bytes: Buffer;
  readonly #state: Int32Array;
  readonly #threads: Int32Array;
  /** By task, the first half of its call in flight where that was kept. */
  readonly #keptHeads = new Map<number | null, KeptHead>();
  #watched: readonly (number | null)[] = [];
  #names = 0;
  /** Where in the endless text the loaded part begins. */
  #position = 0;
  #loadedBytes = 0;

  /** `needOf` must give the same answer for the same name at all times. */
  constructor(dialect: SievedDialect, needOf: (name: string) => Need) {
    this.#needOf = needOf;
    const memory = new WebAssembly.Memory({ initial: Math.ceil((TEXT + TEXT_BYTES + SLACK_BYTES) / PAGE_BYTES) });
    this.#compiled = instantiate(memory, dialect);
    this.#bytes = Buffer.from(memory.buffer);
    this.#state = new Int32Array(memory.buffer, 0, STATE_NUMBERS);
    this.#threads = new Int32Array(memory.buffer, THREADS, THREAD_SLOTS * 2);
  }

  /**
   * Takes the bytes [start, end) of the buffer in, a megabyte at most: whole lines, the last one with its line feed.
   * `linesBefore`: lines of the input before them. What was loaded long ago is overwritten.
   */
  load(buffer: Buffer, start: number, end: number, linesBefore: number): void {
    const { at, bytes } = this.room(end - start);
    buffer.copy(this.#bytes, TEXT + (at % TEXT_BYTES), start, end);
    this.#position = at;
    this.#loadedBytes = bytes;
    this.#state[AT] = TEXT + (at % TEXT_BYTES);
    this.#state[LIMIT] = TEXT + (at % TEXT_BYTES) + bytes;
    this.#state[LINE] = linesBefore;
  }

  /** Where the next so many bytes will be: they are not broken where the ring begins anew. */
  room(bytes: number): { readonly at: number; readonly bytes: number } {
    const at = this.#position + this.#loadedBytes;
    const left = TEXT_BYTES - (at % TEXT_BYTES);
    return { at: bytes <= left ? at : at + left, bytes };
  }

  /** The first position whose text would still be there once so many bytes were loaded. */
  keptFrom(bytes: number): number {
    const { at } = this.room(bytes);
    return at + bytes - TEXT_BYTES;
  }

  /** Goes on to the next line that is not passed over. */
  next(): Found {
    const verdict = this.#compiled.next();
    if (verdict === ASK) this.#ask();
    if (verdict !== KEEP) return verdict === 0 ? 'end' : 'read';
    if (this.#number(HEAD_LINE) === this.line) this.#keptHeads.set(this.task, { text: this.text, line: this.line });
    return 'keep';
  }

  // ---- the line found

  get line(): number {
    return this.#number(LINE);
  }

  get text(): string {
    return this.#bytes.toString('latin1', this.#number(START), this.#number(END));
  }

  /** Its task where it is to be kept; null for the one without an id. */
  get task(): number | null {
    return taskOf(this.#number(TASK));
  }

  /** Where in the endless text it begins. */
  get position(): number {
    return this.#position + this.#number(START) - TEXT - (this.#position % TEXT_BYTES);
  }

  get length(): number {
    return this.#number(END) - this.#number(START);
  }

  /** The text at a position that is still there. */
  textAt(position: number, length: number): string {
    const start = TEXT + (position % TEXT_BYTES);
    return this.#bytes.toString('latin1', start, start + length);
  }

  // ---- what the parser tells it and asks

  /** Events that the lines passed over and kept would have given. */
  get passedEvents(): number {
    return this.#number(PASSED);
  }

  /** Tasks whose call in flight had its first half passed over or kept. */
  get heads(): number {
    return this.#number(HEADS);
  }

  addPassed(events: number): void {
    this.#state[PASSED] = this.#number(PASSED) + events;
  }

  /** Whether no line may be passed over. */
  set everything(value: boolean) {
    this.#state[EVERYTHING] = value ? 1 : 0;
  }

  /** Whose a line without a column is, where that is certain; undefined where it is not. */
  set columnless(task: number | null | undefined) {
    this.#state[COLUMNLESS] = task === undefined || !hasPlace(task) ? -1 : (task ?? 0);
  }

  setLive(task: number | null, isLive: boolean): void {
    this.#set(task, LIVE, isLive);
    if (!isLive) this.#keptHeads.delete(task);
  }

  /** Whether lines of the thread of the process may be passed over: its first one may not. */
  setKnown(pid: number | null, thread: number | null, isKnown: boolean): void {
    const [high, low] = [pid ?? NO_NUMBER, thread ?? NO_NUMBER];
    const slot = 2 * ((Math.imul(high, 31) + low) & (THREAD_SLOTS - 1));
    if (!isKnown && (this.#threads[slot] !== low || this.#threads[slot + 1] !== high)) return;
    this.#threads[slot] = isKnown ? low : 0;
    this.#threads[slot + 1] = isKnown ? high : 0;
  }

  /** Whether the first stamp was seen. */
  set clockStarted(value: boolean) {
    this.#state[CLOCK_STARTED] = value ? 1 : 0;
  }

  /** Tasks whose every line is to be read from now on; all others are not. */
  watch(tasks: ReadonlySet<number | null>): void {
    if (tasks.size === 0 && this.#watched.length === 0) return;
    for (const task of this.#watched) this.#set(task, WATCHED, false);
    this.#watched = [...tasks];
    for (const task of this.#watched) this.#set(task, WATCHED, true);
  }

  /** Whether the first half of the task's call in flight was passed over or kept. */
  hasHead(task: number | null): boolean {
    return this.#has(task, HEAD);
  }

  /** The first half of the task's call in flight where that was kept, which is the parser's from now on; else null. */
  takeKeptHead(task: number | null): KeptHead | null {
    const head = this.#has(task, KEPT_HEAD) ? this.#keptHeads.get(task) : undefined;
    if (head === undefined) return null;
    this.#keptHeads.delete(task);
    this.takeHead(task);
    return head;
  }

  /** As `hasHead`; the call is in flight no more. */
  takeHead(task: number | null): boolean {
    if (!this.hasHead(task)) return false;
    this.#set(task, HEAD | KEPT_HEAD, false);
    this.#state[HEADS] = this.heads - 1;
    return true;
  }

  /** A first half goes on under another id. */
  renameHead(from: number | null, to: number | null): void {
    const kept = this.#has(from, KEPT_HEAD);
    if (!this.takeHead(from)) return;
    if (!this.hasHead(to)) this.#state[HEADS] = this.heads + 1;
    this.#set(to, HEAD, true);
    this.#set(to, KEPT_HEAD, kept);
    const head = this.#keptHeads.get(from);
    if (head !== undefined) this.#keptHeads.set(to, head);
    this.#keptHeads.delete(from);
  }

  /** Number of the last line that was a first half, and the task whose it was. */
  get lastHead(): { readonly line: number; readonly task: number | null } {
    return { line: this.#number(HEAD_LINE), task: taskOf(this.#number(HEAD_TASK)) };
  }

  #ask(): void {
    const [start, end] = [this.#number(NAME_START), this.#number(NAME_END)];
    const need = this.#needOf(this.#bytes.toString('latin1', start, end));
    if (this.#names >= MAX_NAMES) return;
    this.#names++;
    this.#compiled.learn(start, end, VERDICTS[need]);
  }

  #number(place: number): number {
    return this.#state[place] ?? 0;
  }

  #has(task: number | null, flag: number): boolean {
    return hasPlace(task) && ((this.#bytes[TASKS + (task ?? 0)] ?? 0) & flag) !== 0;
  }

  #set(task: number | null, flags: number, value: boolean): void {
    if (!hasPlace(task)) return;
    const at = TASKS + (task ?? 0);
    const known = this.#bytes[at] ?? 0;
    this.#bytes[at] = value ? known | flags : known & ~flags;
  }
}

/** Whether there is a place for the task: lines of others are all read. */
function hasPlace(task: number | null): boolean {
  return task === null || (task > 0 && task < MAX_TASK);
}

function instantiate(memory: WebAssembly.Memory, dialect: SievedDialect): Compiled {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(SIEVE_MODULE, 'base64')), {
    env: { memory },
  });
  const { [dialect === 'strace' ? 'nextStraceLine' : 'nextTrussLine']: next, learn } = exports;
  if (typeof next !== 'function' || typeof learn !== 'function') throw new Error('the compiled sieve is not whole');
  return { next: () => next(), learn: (start, end, verdict) => learn(start, end, verdict) };
}

function taskOf(number: number): number | null {
  return number === 0 ? null : number;
}
