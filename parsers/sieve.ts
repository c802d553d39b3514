import { type CompiledSieve, instantiate, sieveModule } from './sieve/compiled.ts';
import { type CountedCall, tellCounted } from './sieve/counted-calls.ts';
import {
  CHAIN_NUMBERS,
  CHAIN_SLOTS,
  CHILD_EXITED_AT,
  CLOCK_STARTED,
  COLUMNLESS,
  COUNTED_ROW_BYTES,
  EVERYTHING,
  EXITED,
  HEAD,
  HEAD_FLAGS,
  HEAD_LINE,
  HEAD_TASK,
  HEADS,
  KEPT_HEAD,
  LINE,
  LINE_END,
  LINE_START,
  LIVE,
  MADE,
  MAX_TASK,
  NAME,
  NEXT_RECORD,
  NO_NUMBER,
  OLDEST_RECORD,
  PASSED,
  RECORD_NUMBERS,
  RECORD_SLOTS,
  ROW,
  ROW_BYTES,
  ROWS,
  ROWS_END,
  SieveMemory,
  SLOT_BYTES,
  STRIDE,
  TASKS,
  TEXT,
  TEXT_BYTES,
  THREAD_SLOTS,
  WATCHED,
} from './sieve/memory.ts';
import { type Need, verdictOf } from './sieve/need.ts';

/** Dialects whose lines it knows. */
export type SievedDialect = 'strace' | 'truss-illumos';

// The compiled part's verdicts, and what it is told of names.
const END = 0;
const ASK = 4;
const FULL = 7;

/** Lines that are scanned at once where they are sifted next: their rows and text are still in the processor's cache. */
const LINES_AT_ONCE = 512;
const CHILD_EXITED = '--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=';

/** Lines that were kept of a task, from the record of the first to that of the last. */
export interface KeptChain {
  readonly task: number | null;
  readonly first: number;
  readonly last: number;
}

/** A line that was kept. */
export interface KeptLine {
  readonly task: number | null;
  readonly line: number;
  readonly text: string;
}

/** What another thread needs to scan lines ahead. */
export interface ScanJob {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly isStrace: boolean;
  /** Bytes of a row. */
  readonly stride: number;
}

/** Whole lines that lie in the memory, and the slot where their rows are. */
export interface ScannedPiece {
  readonly slot: number;
  readonly rows: number;
  /** Index into the memory. */
  readonly start: number;
  readonly bytes: number;
}

/**
 * Looks at the bytes of many lines at once and finds those that must be read. A line it is in doubt about is found, never
 * passed over. The text stays in a ring, so that lines to be kept are not copied one by one.
 */
export class Sieve {
  readonly #needOf: (name: string) => Need;
  readonly #onCounted: CountedCall | null;
  readonly #compiled: CompiledSieve;
  readonly #memory: SieveMemory;
  readonly #isStrace: boolean;
  readonly #stride: number;
  /** By task, the first half of its call in flight where that was kept and taken out since. */
  readonly #keptHeads = new Map<number | null, KeptLine>();
  #watched: readonly (number | null)[] = [];
  /** What is loaded and was not scanned. */
  #at = 0;
  #limit = 0;
  /** Where the endless text ends. */
  #end = 0;

  /** `needOf` must give the same answer for the same name at all times. `onCounted`: takes what is told by numbers. */
  constructor(dialect: SievedDialect, needOf: (name: string) => Need, onCounted: CountedCall | null = null) {
    this.#needOf = needOf;
    this.#onCounted = onCounted;
    this.#isStrace = dialect === 'strace';
    this.#stride = onCounted === null ? ROW_BYTES : COUNTED_ROW_BYTES;
    this.#memory = new SieveMemory();
    this.#compiled = instantiate(sieveModule(), this.#memory.memory);
    this.#memory.state[STRIDE] = this.#stride;
    this.#memory.bytes.write(CHILD_EXITED, CHILD_EXITED_AT, 'latin1');
    this.#memory.state[NEXT_RECORD] = 1;
    this.#memory.state[OLDEST_RECORD] = 1;
  }

  /**
   * Takes the bytes [start, end) of the buffer in, a megabyte at most: whole lines, the last one with its line feed.
   * `linesBefore`: lines of the input before them. What does not lie in a room of its own is copied there.
   */
  load(buffer: Buffer, start: number, end: number, linesBefore: number): void {
    const text = this.holds(buffer) ? buffer.subarray(start, end) : this.room(end - start);
    if (!this.holds(buffer)) buffer.copy(text, 0, start, end);
    this.#at = text.byteOffset;
    this.#limit = text.byteOffset + text.length;
    this.#giveRows(0, 0);
    this.#memory.state[LINE] = linesBefore;
  }

  /** For another thread, which may scan into the slots of rows while this one sifts other slots. */
  get scanJob(): ScanJob {
    return {
      module: sieveModule(),
      memory: this.#memory.memory,
      isStrace: this.#isStrace,
      stride: this.#stride,
    };
  }

  /** As `load`, of lines that were scanned elsewhere; gives their bytes. */
  takeScanned({ slot, rows, start, bytes }: ScannedPiece, linesBefore: number): Buffer {
    this.#giveRows(slot, rows);
    this.#memory.state[LINE] = linesBefore;
    return this.#memory.bytes.subarray(start, start + bytes);
  }

  /** Whether the buffer lies in a room of its own. */
  holds(buffer: Buffer): boolean {
    return buffer.buffer === this.#memory.bytes.buffer;
  }

  /** Room for so many bytes of text, a megabyte at most, in one piece. What lay there long ago is overwritten. */
  room(bytes: number): Buffer {
    const from = this.keptFrom(bytes);
    for (let task = this.keptBefore(from); task !== undefined; task = this.keptBefore(from)) this.dropKept(task);
    const at = this.#nextRoom(bytes);
    this.#end = at + bytes;
    const start = TEXT + (at % TEXT_BYTES);
    return this.#memory.bytes.subarray(start, start + bytes);
  }

  /** The first position whose text would still be there if so many bytes were given room. */
  keptFrom(bytes: number): number {
    return this.#nextRoom(bytes) + bytes - TEXT_BYTES;
  }

  /** Goes on to the next line that is to be read. False where the text is over. */
  next(): boolean {
    for (;;) {
      const verdict = this.#compiled.sift();
      if (this.#onCounted !== null) tellCounted(this.#memory, this.#onCounted);
      if (verdict === FULL) continue;
      if (verdict === ASK) this.#ask();
      if (verdict !== END) return true;
      if (this.#at === this.#limit) return false;
      this.#scan();
    }
  }

  /** Goes back to the line found: more is known of its task now. False where this is another line. */
  again(line: number): boolean {
    if (this.line !== line) return false;
    this.#memory.state[ROW] = this.#number(ROW) - this.#stride;
    this.#memory.state[LINE] = line - 1;
    return true;
  }

  // ---- the line found

  get line(): number {
    return this.#number(LINE);
  }

  get text(): string {
    return this.#memory.bytes.toString('latin1', this.#number(LINE_START), this.#number(LINE_END));
  }

  // ---- lines kept

  /** Whether lines of the task are kept. */
  hasKept(task: number | null): boolean {
    return this.#memory.chains[chainOf(task)] === (task ?? 0) + 1;
  }

  /** What is kept of the task; null where nothing is. */
  kept(task: number | null): KeptChain | null {
    if (!this.hasKept(task)) return null;
    const { first, last } = this.#chain(task);
    return { task, first, last };
  }

  /** As `kept`, and lets go of it. */
  takeKept(task: number | null): KeptChain | null {
    const chain = this.kept(task);
    if (chain !== null) this.dropKept(task);
    return chain;
  }

  /** Lets go of what is kept of the task. */
  dropKept(task: number | null): void {
    if (!this.hasKept(task)) return;
    if (this.#hasHeadInChain(task)) this.#keptHeads.set(task, this.#keptLine(task, this.#chain(task).last));
    this.#memory.chains[chainOf(task)] = 0;
  }

  /** Its lines in their order, those that are still there; of the latest, `most`. */
  linesOf({ task, first, last }: KeptChain, most = Number.POSITIVE_INFINITY): KeptLine[] {
    const oldest = Math.max(first, this.#number(OLDEST_RECORD));
    const from = this.keptFrom(0);
    const lines: KeptLine[] = [];
    for (let record = last; record >= oldest && lines.length < most; record = this.#recordNumber(record, 4)) {
      if (this.#positionOf(record) < from) break;
      lines.push(this.#keptLine(task, record));
      if (record === first) break;
    }
    return lines.reverse();
  }

  /** A task that has lines kept which begin before the position, the oldest ones first; undefined: none has. */
  keptBefore(position: number): number | null | undefined {
    const oldest = this.#compiled.oldestKept();
    if (oldest === 0 || this.#positionOf(oldest) >= position) return undefined;
    return taskOf(this.#recordNumber(oldest, 3));
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
    this.#memory.state[PASSED] = this.#number(PASSED) + events;
  }

  /** Whether no line may be passed over. */
  set everything(value: boolean) {
    this.#memory.state[EVERYTHING] = value ? 1 : 0;
  }

  /** Whose a line without a column is, where that is certain; undefined where it is not. */
  set columnless(task: number | null | undefined) {
    this.#memory.state[COLUMNLESS] = task === undefined || !hasPlace(task) ? -1 : (task ?? 0);
  }

  setLive(task: number | null, isLive: boolean): void {
    this.#set(task, LIVE, isLive);
    if (isLive) this.#set(task, EXITED, false);
    else this.#keptHeads.delete(task);
  }

  /** The log shows who made the task. */
  setMade(task: number): void {
    this.#set(task, MADE, true);
    this.#set(task, EXITED, false);
  }

  /** The log shows how the task exited. What its maker is told of that says nothing new. */
  setExited(task: number): void {
    this.#set(task, EXITED, this.#has(task, MADE));
    this.#set(task, MADE, false);
  }

  /** Whether lines of the thread of the process may be passed over: its first one may not. */
  setKnown(pid: number | null, thread: number | null, isKnown: boolean): void {
    const [high, low] = [pid ?? NO_NUMBER, thread ?? NO_NUMBER];
    const slot = 2 * ((Math.imul(high, 31) + low) & (THREAD_SLOTS - 1));
    if (!isKnown && (this.#memory.threads[slot] !== low || this.#memory.threads[slot + 1] !== high)) return;
    this.#memory.threads[slot] = isKnown ? low : 0;
    this.#memory.threads[slot + 1] = isKnown ? high : 0;
  }

  /** Whether the first stamp was seen. */
  set clockStarted(value: boolean) {
    this.#memory.state[CLOCK_STARTED] = value ? 1 : 0;
  }

  /** Calls that took longer, in nanoseconds, are read and not told by numbers. */
  setFloors(work: number, wait: number): void {
    this.#memory.floors[0] = work;
    this.#memory.floors[1] = wait;
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
  takeKeptHead(task: number | null): KeptLine | null {
    if (!this.#has(task, KEPT_HEAD)) return null;
    const head = this.#hasHeadInChain(task) ? this.#takeLast(task) : (this.#keptHeads.get(task) ?? null);
    this.#keptHeads.delete(task);
    this.takeHead(task);
    return head;
  }

  /** As `hasHead`; the call is in flight no more. */
  takeHead(task: number | null): boolean {
    if (!this.hasHead(task)) return false;
    this.#set(task, HEAD_FLAGS, false);
    this.#memory.state[HEADS] = this.heads - 1;
    return true;
  }

  /** A first half goes on under another id. */
  renameHead(from: number | null, to: number | null): void {
    const flags = this.#flags(from) & HEAD_FLAGS;
    const head = this.takeKeptHead(from);
    if (head === null && !this.takeHead(from)) return;
    if (!this.hasHead(to)) this.#memory.state[HEADS] = this.heads + 1;
    this.#set(to, HEAD_FLAGS, false);
    this.#set(to, flags, true);
    if (head !== null) this.#keptHeads.set(to, head);
  }

  /** Number of the last line that was a first half, and the task whose it was. */
  get lastHead(): { readonly line: number; readonly task: number | null } {
    return { line: this.#number(HEAD_LINE), task: taskOf(this.#number(HEAD_TASK)) };
  }

  #scan(): void {
    const rows = this.#compiled.scan(this.#isStrace, this.#at, this.#limit, ROWS, LINES_AT_ONCE, this.#stride);
    this.#at = this.#compiled.scannedTo();
    this.#giveRows(0, rows);
  }

  #giveRows(slot: number, rows: number): void {
    const start = ROWS + slot * SLOT_BYTES;
    this.#memory.state[ROW] = start;
    this.#memory.state[ROWS_END] = start + rows * this.#stride;
  }

  #ask(): void {
    const place = this.#number(NAME);
    this.#memory.names.say(place, verdictOf(this.#needOf(this.#memory.names.at(place))));
  }

  /** Where the next so many bytes will be: not broken where the ring begins anew. */
  #nextRoom(bytes: number): number {
    const left = TEXT_BYTES - (this.#end % TEXT_BYTES);
    return bytes <= left ? this.#end : this.#end + left;
  }

  #keptLine(task: number | null, record: number): KeptLine {
    const start = TEXT + this.#recordNumber(record, 1);
    return {
      task,
      line: this.#recordNumber(record, 0),
      text: this.#memory.bytes.toString('latin1', start, start + this.#recordNumber(record, 2)),
    };
  }

  /** It is less than a round of the ring before the end of the text. */
  #positionOf(record: number): number {
    const last = this.#end - 1;
    const before = (last - this.#recordNumber(record, 1)) % TEXT_BYTES;
    return last - (before < 0 ? before + TEXT_BYTES : before);
  }

  #recordNumber(record: number, index: number): number {
    return this.#memory.records[(record & (RECORD_SLOTS - 1)) * RECORD_NUMBERS + index] ?? 0;
  }

  /** Whether the first half of the task's call in flight is the last of its lines that are kept. */
  #hasHeadInChain(task: number | null): boolean {
    if (!this.#has(task, KEPT_HEAD) || !this.hasKept(task)) return false;
    // A half that was taken out may be of an earlier call, which ended since.
    const taken = this.#keptHeads.get(task);
    return taken === undefined || taken.line < this.#recordNumber(this.#chain(task).last, 0);
  }

  /** Takes out the line kept last. */
  #takeLast(task: number | null): KeptLine {
    const { first, last } = this.#chain(task);
    if (first === last) this.#memory.chains[chainOf(task)] = 0;
    else this.#memory.chains[chainOf(task) + 2] = this.#recordNumber(last, 4);
    return this.#keptLine(task, last);
  }

  #chain(task: number | null): { readonly first: number; readonly last: number } {
    const { chains } = this.#memory;
    const at = chainOf(task);
    return { first: chains[at + 1] ?? 0, last: chains[at + 2] ?? 0 };
  }

  #number(place: number): number {
    return this.#memory.state[place] ?? 0;
  }

  #flags(task: number | null): number {
    return hasPlace(task) ? (this.#memory.bytes[TASKS + (task ?? 0)] ?? 0) : 0;
  }

  #has(task: number | null, flag: number): boolean {
    return (this.#flags(task) & flag) !== 0;
  }

  #set(task: number | null, flags: number, value: boolean): void {
    if (!hasPlace(task)) return;
    const at = TASKS + (task ?? 0);
    const known = this.#memory.bytes[at] ?? 0;
    this.#memory.bytes[at] = value ? known | flags : known & ~flags;
  }
}

/** Whether there is a place for the task: lines of others are all read. */
function hasPlace(task: number | null): boolean {
  return task === null || (task > 0 && task < MAX_TASK);
}

/** Where its chain is, or another's of which the lowest bits are the same. */
function chainOf(task: number | null): number {
  return ((task ?? 0) & (CHAIN_SLOTS - 1)) * CHAIN_NUMBERS;
}

function taskOf(number: number): number | null {
  return number === 0 ? null : number;
}
