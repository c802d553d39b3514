// The memory that both sides know: `parsers/sieve.ts` reads and writes the same places.
//
//   0        the state, one 32-bit number a place
//   4096     names of calls, 64 bytes each
//   TASKS    one byte for each task id
//   THREADS  threads of processes, where the pid column shows both
//   TEXT     lines, as they come; the latest are kept as long as there is room

/** Where the next line begins. */
export const AT: usize = 0;
/** Where the text to look at ends. */
export const LIMIT: usize = 4;
/** Number of the line found. */
export const LINE: usize = 8;
/** Where the line found begins and ends. */
export const START: usize = 12;
export const END: usize = 16;
/** Its task; 0 for none. */
export const TASK: usize = 20;
/** The name of its call, where it was never met before. */
export const NAME_START: usize = 24;
export const NAME_END: usize = 28;
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

export const NAMES: usize = 4096;
export const NAME_SLOTS: u32 = 1024;
/** A name's verdict, its length, its bytes. */
export const NAME_BYTES: u32 = 64;
export const MAX_NAME: u32 = NAME_BYTES - 2;

export const TASKS: usize = 131072;
export const MAX_TASK: u32 = 4194304;
export const THREADS: usize = TASKS + MAX_TASK;
/** Each holds the thread and the process that were put there last. */
export const THREAD_SLOTS: u32 = 65536;
/** A process or thread that has no id. */
export const NO_NUMBER: u32 = 0x7fffffff;
export const TEXT: usize = THREADS + THREAD_SLOTS * 8;

// What is known of a task.
/** Lines of it were read. */
export const LIVE: u32 = 1;
/** Each of its lines is to be read. */
export const WATCHED: u32 = 2;
/** The first half of its call in flight was passed over, or kept. */
export const HEAD: u32 = 4;
/** It was kept. */
export const KEPT_HEAD: u32 = 8;

// Verdicts, on names and on lines.
/** The text is over; of a name: never met. */
export const NONE: i32 = 0;
export const READ: i32 = 1;
export const KEEP: i32 = 2;
export const PASS: i32 = 3;
/** A call whose name was never met. */
export const ASK: i32 = 4;
