// The memory that the compiled reader shares, as in assembly/memory.ts.

import { ROW_NUMBERS } from '../../src/model/call-row.ts';
import { MetNames } from '../sieve/names.ts';

// The state, by index of 32-bit numbers.
export const AT = 0;
export const LIMIT = 1;
export const LINE = 2;
export const LINE_START = 3;
export const LINE_END = 4;
export const NAME = 5;
export const NOTHING_PLAIN = 6;
/** How many names there are; they serve the next log too. */
export const NAME_COUNT = 7;
export const CALLS = 8;
export const WAITING = 9;
export const LAST_TASK = 10;
export const LAST_HEAD = 11;
/** Of the last head: a call began and ended. */
export const WHOLE_CALL = 0xffffffff;
const STATE_NUMBERS = 16;
const CLOCK = 64;
const CLOCK_FLOATS = 5;
const NAMES = 4096;
const NAMES_BYTES = 65_536;
export const TASKS = NAMES + NAMES_BYTES;
export const MAX_TASK = 4_194_304;
const HEADS = TASKS + MAX_TASK;
export const HEAD_SLOTS = 16_384;
const HEAD_BYTES = 48;
const KEPT = HEADS + HEAD_SLOTS * HEAD_BYTES;
const MAX_HEAD = 1024;
export const ROWS = KEPT + HEAD_SLOTS * MAX_HEAD;
export const ROW_SLOTS = 512;
const ROW_BYTES = ROW_NUMBERS * 4;
export const ROOM = ROWS + ROW_SLOTS * ROW_BYTES;
export const ROOM_BYTES = 131_072;
export const TEXT = ROOM + ROOM_BYTES;
/** What may be read beyond the end of the text, for it is looked at in pieces of sixteen bytes. */
const SLACK_BYTES = 64;
const PAGE_BYTES = 65_536;

// Of a head, by index of its 32-bit numbers.
export const HEAD_NUMBERS = HEAD_BYTES / 4;
export const HEAD_TASK = 0;
export const HEAD_LINE = 1;
export const HEAD_STAMP = 2;
export const HEAD_STAMP_END = 3;
export const HEAD_NAME = 4;
export const HEAD_ARGS_END = 7;
/** Of the same bytes as 64-bit floats. */
export const HEAD_FLOATS = HEAD_BYTES / 8;
export const HEAD_AT_NS = 5;

// What is known of a task.
export const LIVE = 1;
export const HELD = 2;

/** Views of one reader's memory, which has room for so many bytes of text. */
export class PlainMemory {
  readonly memory: WebAssembly.Memory;
  readonly bytes: Buffer;
  readonly state: Uint32Array;
  readonly clock: Float64Array;
  readonly names: MetNames;
  readonly heads: Uint32Array;
  readonly headFloats: Float64Array;

  constructor(textBytes: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil((TEXT + textBytes + SLACK_BYTES) / PAGE_BYTES) });
    const { buffer } = this.memory;
    this.bytes = Buffer.from(buffer);
    this.names = new MetNames(this.bytes);
    this.state = new Uint32Array(buffer, 0, STATE_NUMBERS);
    this.clock = new Float64Array(buffer, CLOCK, CLOCK_FLOATS);
    this.heads = new Uint32Array(buffer, HEADS, HEAD_SLOTS * HEAD_NUMBERS);
    this.headFloats = new Float64Array(buffer, HEADS, HEAD_SLOTS * HEAD_FLOATS);
  }
}
