// The memory that the compiled sieve shares, as in assembly/memory.ts.

import { MetNames } from './names.ts';

// What is known of a task.
export const LIVE = 1;
export const WATCHED = 2;
export const HEAD = 4;
export const KEPT_HEAD = 8;
const WAIT_HEAD = 16;
export const EXITED = 32;
export const MADE = 64;
export const COUNT_HEAD = 128;
export const HEAD_FLAGS = HEAD | KEPT_HEAD | WAIT_HEAD | COUNT_HEAD;

// The state, by index of 32-bit numbers.
export const ROW = 0;
export const ROWS_END = 1;
export const LINE = 2;
export const LINE_START = 3;
export const LINE_END = 4;
export const NAME = 5;
export const STRIDE = 6;
export const PASSED = 8;
export const EVERYTHING = 9;
export const COLUMNLESS = 10;
export const HEAD_LINE = 11;
export const HEAD_TASK = 12;
export const HEADS = 14;
export const CLOCK_STARTED = 15;
export const NEXT_RECORD = 16;
export const OLDEST_RECORD = 17;
export const COUNTED_CALLS = 18;
const FLOORS_AT = 80;
const STATE_NUMBERS = 64;
export const CHILD_EXITED_AT = 512;
/** Whose each slot is; the compiled part does not know. */
export const SLOT_STATES = 1024;
export const TASKS = 131_072;
export const MAX_TASK = 4_194_304;
const THREADS = TASKS + MAX_TASK;
export const THREAD_SLOTS = 65_536;
/** A process or thread that has no id. */
export const NO_NUMBER = 0x7fffffff;
const CHAINS = THREADS + THREAD_SLOTS * 8;
export const CHAIN_SLOTS = 65_536;
/** Of a chain, in 32-bit numbers: its task, plus one, the records of its first and its last line. */
export const CHAIN_NUMBERS = 3;
const COUNTED = CHAINS + CHAIN_SLOTS * CHAIN_NUMBERS * 4;
const COUNTED_SLOTS = 4096;
/** Of a counted call, in 32-bit numbers: task, name, error, kind, seconds and nanoseconds of its stamp, its duration. */
export const COUNTED_NUMBERS = 8;
const RECORDS = COUNTED + COUNTED_SLOTS * COUNTED_NUMBERS * 4;
export const RECORD_SLOTS = 131_072;
/** Of a record, in 32-bit numbers: line, place, length, task, the record of its task before it, and what is not read here. */
export const RECORD_NUMBERS = 8;
export const ROWS = RECORDS + RECORD_SLOTS * RECORD_NUMBERS * 4;
export const ROW_BYTES = 20;
export const COUNTED_ROW_BYTES = 40;
export const SLOT_BYTES = 327_680;
/** Slots of rows: as many pieces of a file are scanned ahead of what is sifted. */
export const SLOTS = 8;
export const TEXT = ROWS + SLOTS * SLOT_BYTES;
/** The text kept, 8 MiB, in which lines of a process that crashes are looked for, and what is being read. */
export const TEXT_BYTES = 12_582_912;
/** What may be read beyond the end of the text, for it is looked at in pieces of sixteen bytes. */
const SLACK_BYTES = 64;
const PAGE_BYTES = 65_536;

/** As the compiler is told. */
const MAXIMUM_PAGES = 512;

/** Views of one sieve's memory, which another thread may scan lines in. */
export class SieveMemory {
  readonly memory = new WebAssembly.Memory({
    initial: Math.ceil((TEXT + TEXT_BYTES + SLACK_BYTES) / PAGE_BYTES),
    maximum: MAXIMUM_PAGES,
    shared: true,
  });
  readonly bytes = Buffer.from(this.memory.buffer);
  readonly state = new Int32Array(this.memory.buffer, 0, STATE_NUMBERS);
  readonly floors = new Float64Array(this.memory.buffer, FLOORS_AT, 2);
  readonly threads = new Int32Array(this.memory.buffer, THREADS, THREAD_SLOTS * 2);
  readonly chains = new Uint32Array(this.memory.buffer, CHAINS, CHAIN_SLOTS * CHAIN_NUMBERS);
  readonly counted = new Uint32Array(this.memory.buffer, COUNTED, COUNTED_SLOTS * COUNTED_NUMBERS);
  readonly durations = new Float64Array(this.memory.buffer, COUNTED, (COUNTED_SLOTS * COUNTED_NUMBERS) / 2);
  readonly records = new Uint32Array(this.memory.buffer, RECORDS, RECORD_SLOTS * RECORD_NUMBERS);
  readonly names = new MetNames(this.bytes);
}
