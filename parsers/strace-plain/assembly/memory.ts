// The memory that both sides know: `parsers/strace-plain.ts` reads and writes the same places.
//
//   0        the state, one 32-bit number a place, and the clock
//   VERDICTS, NAMES   what is said of calls' names, and these, as in the sieve's memory
//   TASKS    one byte for each task id
//   HEADS    first halves that wait, each at the place that its task's lowest bits say
//   KEPT     the text of those whose lines are gone
//   ROWS     calls that were read, until they are taken out
//   ROOM     for whoever takes the calls
//   TEXT     lines, as they come

import { ROW_NUMBERS } from '../../../src/model/call-row';
import { MAX_TASK, NAME_BYTES, NAME_SLOTS, NAMES } from '../../sieve/assembly/memory';

/** Where the next line begins. */
export const AT: usize = 0;
/** Where the text to look at ends. */
export const LIMIT: usize = 4;
/** Number of the line read last. */
export const LINE: usize = 8;
/** Where that line begins and ends. */
export const START: usize = 12;
export const END: usize = 16;
/** The place of its call's name, where nothing is said of that yet. */
export const NAME: usize = 20;
/** Not 0: no line is plain. */
export const NOTHING_PLAIN: usize = 24;
// 28 is NAME_COUNT.
/** How many calls are in ROWS. */
export const CALLS: usize = 32;
/** How many first halves are in HEADS. */
export const WAITING: usize = 36;
/** Whose the last plain line was; 0: there was none. */
export const LAST_TASK: usize = 40;
/** The task whose first half was the last line that began a call; 0: there was none, `WHOLE_CALL`: a call began and ended. */
export const LAST_HEAD: usize = 44;
export const WHOLE_CALL: u32 = 0xffffffff;
/** 64-bit floats: 1 where it has started, seconds and nanoseconds of its origin, seconds of the last time of day, seconds of the days since. */
export const CLOCK: usize = 64;

export const TASKS: usize = NAMES + NAME_SLOTS * NAME_BYTES;
export const HEADS: usize = TASKS + MAX_TASK;
export const HEAD_SLOTS: u32 = 16384;
/** Task (0: none waits here), line, places of stamp, name and arguments, depth, and as a 64-bit float the stamp. */
export const HEAD_BYTES: u32 = 48;
export const KEPT: usize = HEADS + HEAD_SLOTS * HEAD_BYTES;
/** What is longer is not plain. */
export const MAX_HEAD: u32 = 1024;
export const ROWS: usize = KEPT + HEAD_SLOTS * MAX_HEAD;
export const ROW_SLOTS: u32 = 512;
export const ROW_BYTES: u32 = ROW_NUMBERS * 4;
/** There is more behind it than stands in a line of a call, most often. */
export const ROOM: usize = ROWS + ROW_SLOTS * ROW_BYTES;
export const ROOM_BYTES: u32 = 131072;
export const TEXT: usize = ROOM + ROOM_BYTES;

// What is known of a task.
/** It is alive. */
export const LIVE: u32 = 1;
/** The parser keeps the first half of its call in flight. */
export const HELD: u32 = 2;

// What is found.
/** The text is over. */
export const OVER: i32 = 0;
/** A line that is not plain; of a name: its lines never are. */
export const AS_TEXT: i32 = 1;
/** Likewise; its call has a name that was never met. */
export const NAME_FOUND: i32 = 2;
/** There is no room for another call. */
export const FULL: i32 = 3;
/** A line that was read; of a name: its lines may be. */
export const PLAIN: i32 = 4;
