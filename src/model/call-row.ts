// How a call is told by numbers of 32 bits. What is compiled to WebAssembly imports this file too: nothing else may stand
// in it. A part of the call stands at [start, end) of the text.

export const LINE = 0;
export const END_LINE = 1;
export const PID = 2;
/** Where there is no stamp, both places are the same. */
export const STAMP = 3;
export const STAMP_END = 4;
export const NAME = 5;
export const NAME_END = 6;
/** Arguments, or of a call that was interrupted those of its first half. */
export const ARGS = 7;
export const ARGS_END = 8;
/** Arguments of its second half; both 0 where the call was not interrupted. */
export const REST = 9;
export const REST_END = 10;
export const RESULT = 11;
export const RESULT_END = 12;
/** Where there is no errno, both places are the same. */
export const ERRNO = 13;
export const ERRNO_END = 14;
/** One of the four below. */
export const OUTCOME = 15;
/** Nanoseconds since the first stamp, a float of 64 bits; it counts only with a stamp. */
export const AT_NS = 16;
/** So many numbers a call takes. */
export const ROW_NUMBERS = 18;

export const RETURNED = 0;
/** With an errno, and only then. */
export const FAILED = 1;
export const UNFINISHED = 2;
/** As `FAILED`. */
export const RESTARTED = 3;
