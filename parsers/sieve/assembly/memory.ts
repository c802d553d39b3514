// The memory that both sides know: `parsers/sieve.ts` reads and writes the same places.
//
//   0         the state, one 32-bit number a place
//   1024      whose each slot is: scan-slots.ts
//   VERDICTS  what is said of each name, a byte by the name's place
//   NAMES     names of calls and errors, 64 bytes each
//   TASKS     one byte for each task id
//   THREADS   threads of processes, where the pid column shows both
//   CHAINS    for some tasks, the first and the last line kept of it
//   COUNTED   calls that are told by numbers alone, until they are taken out
//   RECORDS   lines kept: number, place, length, task, the one of this task before it; the oldest make room
//   ROWS      what the bytes of lines say, one row a line, in slots that are filled and taken in turn
//   TEXT      lines, as they come; the latest are kept as long as there is room
//
// Scanning writes names and rows, reads the text and nothing else, so that it can go ahead on another thread. All the rest is
// sifting's.

/** Where the next row is, and where the rows end. */
export const ROW: usize = 0;
export const ROWS_END: usize = 4;
/** Number of the line found. */
export const LINE: usize = 8;
/** Where the line found begins and ends. */
export const START: usize = 12;
export const END: usize = 16;
/** The place of its call's name, where nothing is said of that yet. */
export const NAME: usize = 20;
/** How many bytes a row has: `ROW_BYTES`, or `COUNTED_ROW_BYTES`. */
export const STRIDE: usize = 24;
/** How many names there are. */
export const NAME_COUNT: usize = 28;
/** Events that the lines passed over would have given. */
export const PASSED: usize = 32;
/** Not 0: no line may be passed over. */
export const EVERYTHING: usize = 36;
/** Task of a line without a column, 0 for the one without an id; negative where such a line is to be read. */
export const COLUMNLESS: usize = 40;
/** Number of the last line that was passed over, or kept, as the first half of a call, and its task. */
export const HEAD_LINE: usize = 44;
export const HEAD_TASK: usize = 48;
/** Not 0: the line before had a task column (strace). */
export const HAD_COLUMN: usize = 52;
/** How many tasks have a first half that was passed over or kept. */
export const HEADS: usize = 56;
/** Not 0: the first stamp was seen, which times count from (truss). */
export const CLOCK_STARTED: usize = 60;
/** Numbers of the next record of a line kept, and of the oldest that is not given up. They count from 1. */
export const NEXT_RECORD: usize = 64;
export const OLDEST_RECORD: usize = 68;
/** How many calls are in COUNTED. */
export const COUNTED_CALLS: usize = 72;
/** Calls that took longer than this are read: as 64-bit floats, nanoseconds; of waits, the second. */
export const FLOORS: usize = 80;

/** What stands before the pid where a parent is told that a child has exited. */
export const CHILD_EXITED: usize = 512;
export const CHILD_EXITED_BYTES: usize = 58;

export const VERDICTS: usize = 2048;
export const NAMES: usize = 4096;
export const NAME_SLOTS: u32 = 1024;
/** A name's length, 0 where there is none; from its ninth byte on the name, and zeros. */
export const NAME_BYTES: u32 = 64;
export const NAME_OFFSET: u32 = 8;
export const MAX_NAME: u32 = NAME_BYTES - NAME_OFFSET;
/** More names than any system has of calls and errors together; only hostile input has them. */
export const MAX_NAMES: u32 = 768;
/** The place of a name that has none. */
export const NO_NAME: u32 = NAME_SLOTS;

export const TASKS: usize = 131072;
export const MAX_TASK: u32 = 4194304;
export const THREADS: usize = TASKS + MAX_TASK;
/** Each holds the thread and the process that were put there last. */
export const THREAD_SLOTS: u32 = 65536;
/** A process or thread that has no id. */
export const NO_NUMBER: u32 = 0x7fffffff;
export const CHAINS: usize = THREADS + THREAD_SLOTS * 8;
/** Of a task's id the lowest bits say where its chain is: the task, plus one, and the records of the first and the last line. */
export const CHAIN_SLOTS: u32 = 65536;
export const CHAIN_BYTES: u32 = 12;
export const COUNTED: usize = CHAINS + CHAIN_SLOTS * CHAIN_BYTES;
export const COUNTED_SLOTS: u32 = 4096;
/** Task, name, error (`NO_NAME`: none), kind of stamp, its seconds, its nanoseconds; as a 64-bit float, what the call took, or -1. */
export const COUNTED_BYTES: u32 = 32;
export const RECORDS: usize = COUNTED + COUNTED_SLOTS * COUNTED_BYTES;
export const RECORD_SLOTS: u32 = 131072;
/** Behind what is listed above, of the first half of a counted call: its name and kind of stamp, seconds, nanoseconds. */
export const RECORD_BYTES: u32 = 32;
export const ROWS: usize = RECORDS + RECORD_SLOTS * RECORD_BYTES;
export const ROW_BYTES: usize = 20;
export const COUNTED_ROW_BYTES: usize = 40;
export const SLOT_BYTES: usize = 327680;
export const SLOTS: usize = 8;
export const TEXT: usize = ROWS + SLOT_BYTES * SLOTS;

// What is known of a task.
/** Lines of it were read. */
export const LIVE: u32 = 1;
/** Each of its lines is to be read. */
export const WATCHED: u32 = 2;
/** The first half of its call in flight was passed over, or kept. */
export const HEAD: u32 = 4;
/** It was kept. */
export const KEPT_HEAD: u32 = 8;
/** It is a wait for a child. */
export const WAIT_HEAD: u32 = 16;
/** The log shows who made it, and how it exited: what its parent is told of it says nothing new. */
export const EXITED: u32 = 32;
/** The log shows who made it. */
export const MADE: u32 = 64;
/** The call is to be counted. */
export const COUNT_HEAD: u32 = 128;

// Verdicts, on names and on lines.
/** There are no more rows; of a name: nothing is said yet. */
export const NONE: i32 = 0;
export const READ: i32 = 1;
export const KEEP: i32 = 2;
export const PASS: i32 = 3;
/** A call of whose name nothing is said yet. */
export const ASK: i32 = 4;
/** Of a name only: calls that are told by numbers, and such as only wait. */
export const COUNT: i32 = 5;
export const COUNT_WAIT: i32 = 6;
/** There is no room to tell another call by numbers. */
export const FULL: i32 = 7;

// Added to what is said of a name: when a line is read all the same.
/** It waits for children: unless it tells of none, or of one that is known to have exited. */
export const UNLESS_KNOWN: i32 = 16;
/** It tells whose the line is: unless the line itself shows that. */
export const UNLESS_NAMED: i32 = 32;
export const VERDICT_BITS: i32 = 15;

// Kinds of stamp.
export const NO_STAMP: u32 = 0;
export const SINCE_1970: u32 = 1;
export const OF_DAY: u32 = 2;
