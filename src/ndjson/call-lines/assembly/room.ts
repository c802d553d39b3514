// The room that `src/ndjson/call-lines.ts` writes into too.
//
//   0        where the next row is
//   PIECES   text that is the same in all lines: its length, and at TEXT_OF_PIECE the text
//   LINES    the lines written

export const PIECES: usize = 64;
export const PIECE_BYTES: usize = 128;
export const TEXT_OF_PIECE: usize = 16;
export const LINES: usize = 2048;

// Pieces.
/** {"kind":"syscall","dialect":"strace","input":0,"line": */
export const START: usize = 0;
/** ,"endLine": */
export const END_LINE: usize = 1;
/** ,"pid": */
export const PID: usize = 2;
/** ,"tid":null,"time":" */
export const TIME: usize = 3;
/** ","atNs": */
export const AT_NS: usize = 4;
/** ,"tid":null,"time":null,"atNs":null */
export const NO_TIME: usize = 5;
/** ,"name":" */
export const NAME: usize = 6;
/** ","args":" */
export const ARGS: usize = 7;
/** ","result":" */
export const RESULT: usize = 8;
/** ","detail":null,"errno":null,"durationNs":null,"outcome":"returned"} */
export const RETURNED: usize = 9;
/** ","detail":null,"errno":null,"durationNs":null,"outcome":"unfinished"} */
export const UNFINISHED: usize = 10;
/** ","detail":null,"errno":{"name":" */
export const ERRNO: usize = 11;
/** ","number":null},"durationNs":null,"outcome":"failed"} */
export const FAILED: usize = 12;
/** ","number":null},"durationNs":null,"outcome":"restarted"} */
export const RESTARTED: usize = 13;
