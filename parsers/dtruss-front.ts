/**
 * What dtruss puts in front of a call, and the header that names it.
 *
 *   ⇥PID/THRD  RELATIVE  ELAPSD    CPU SYSCALL(args) ⇥⇥ = return
 *    4966/0x54c8:       535      28     27 open(".\0", 0x100000, 0x0)⇥⇥ = 3 0
 *    4966/0x54c8:       232:        0:       0 fork()⇥⇥ = 0 0
 *   27547/1:  write(0x3F, "ls -l\n\0", 0x8)⇥⇥ = 8 0
 *
 * Each option adds a column, and a copy of the script has them in another order, the process in their midst: only the
 * header tells what a number is.
 */
import { COLON, isBlank, MINUS, readDecimal, SLASH, skipDigits, skipSpaces } from '../src/scan/cursor.ts';
import { skipHex } from './dtruss-call.ts';

/** Numeric columns that are read: three of dtruss's own, and one of a patched script or a paste's line number. */
export const MAX_COLUMNS = 4;
/** A longer number is no process id. */
export const MAX_PID_DIGITS = 10;
/** Thread ids are 64 bits wide; a longer number than this does not fit a double. */
export const MAX_TID_DIGITS = 13;
/** A longer number of microseconds is more than a year. */
export const MAX_COLUMN_DIGITS = 15;

const CALL_COLUMN = 'SYSCALL(args)';
const NANOSECONDS = 1000;

/** Meaning of a log's columns. The process is not counted among the numeric ones. */
interface Columns {
  readonly count: number;
  /** Index of the text shown as time, -1 where there is none. */
  readonly time: number;
  /** Index of the time the call took, -1 where there is none. */
  readonly elapsed: number;
}

/** Header of a log: what the options of the run were, as far as they can be seen. */
export interface Header {
  readonly columns: Columns;
  /** Whether each line names its process. */
  readonly process: 'apple' | 'toolkit' | 'none';
  /** Where it begins, with the blanks before it; program output may stand on its left. */
  readonly start: number;
}

const NO_COLUMNS: Columns = { count: 0, time: -1, elapsed: -1 };
/** -a, where the header is missing: in this order in all but one copy of the script. */
const ALL_COLUMNS: Columns = { count: 3, time: 0, elapsed: 1 };

/**
 * The header in the line, or null. The program that dtrace prints when it refuses to run it holds the same words, but
 * between quotes.
 */
export function readHeader(text: string, end: number): Header | null {
  const call = text.lastIndexOf(CALL_COLUMN);
  if (call < 0 || !text.startsWith('= return', skipSpaces(text, call + CALL_COLUMN.length))) return null;
  if (!text.endsWith('= return', end)) return null;
  let process: Header['process'] = 'none';
  let count = 0;
  let time = -1;
  let elapsed = -1;
  // From the right: program output may stand on the left.
  let start = call;
  while (start > 0) {
    const wordEnd = trimmedBefore(text, start);
    let word = wordEnd;
    while (word > 0 && isColumnLetter(text.charCodeAt(word - 1))) word--;
    if (word === wordEnd || (word > 0 && !isBlank(text.charCodeAt(word - 1)))) break;
    const name = text.slice(word, wordEnd);
    start = word;
    if (name === 'PID/THRD') process = 'apple';
    else if (name === 'PID/LWP') process = 'toolkit';
    else {
      if (name === 'ELAPSD') elapsed = count;
      // A patched script prints ABSOLUTE.
      else if (name === 'RELATIVE' || name === 'ABSOLUTE') time = count;
      count++;
    }
  }
  const columns = {
    count,
    time: time < 0 ? -1 : count - 1 - time,
    elapsed: elapsed < 0 ? -1 : count - 1 - elapsed,
  };
  return { columns, process, start: trimmedBefore(text, start) };
}

function trimmedBefore(text: string, end: number): number {
  let at = end;
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

function isColumnLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || code === SLASH;
}

/** The front of one line. Filled anew for each line. */
export class LineFront {
  /** Whether there is a process. */
  prefixed = false;
  pid: number | null = null;
  /** Thread id of the system (macOS, FreeBSD) or number within the process (Solaris). */
  tid: number | null = null;
  /** Whether the thread id is printed as Apple's script does: no two threads of the system share it. */
  hexTid = false;
  time: string | null = null;
  durationNs: number | null = null;
  /** Start of the line's own text: behind the mark of a list. */
  start = 0;
  #columns: Columns | null = null;
  readonly #starts = new Array<number>(MAX_COLUMNS).fill(0);
  readonly #ends = new Array<number>(MAX_COLUMNS).fill(0);

  /** Takes the meaning of the columns from the header. */
  use(header: Header): void {
    this.#columns = header.columns;
  }

  /** Reads the front that begins at `from`; gives the index of the text behind it. */
  read(text: string, from: number): number {
    this.start = skipBullet(text, from);
    this.prefixed = false;
    this.pid = null;
    this.tid = null;
    this.hexTid = false;
    let at = this.start;
    let count = 0;
    for (;;) {
      const numberEnd = skipDigits(text, at);
      if (numberEnd === at) break;
      if (text.charCodeAt(numberEnd) === SLASH) {
        const next = this.#readProcess(text, at, numberEnd);
        if (next < 0) break;
        at = next;
        continue;
      }
      // A thread's first line has a colon behind RELATIVE and ELAPSD.
      const next = skipSpaces(text, text.charCodeAt(numberEnd) === COLON ? numberEnd + 1 : numberEnd);
      if (!isBlank(text.charCodeAt(next - 1)) || numberEnd - at > MAX_COLUMN_DIGITS || count === MAX_COLUMNS) break;
      this.#starts[count] = at;
      this.#ends[count] = numberEnd;
      count++;
      at = next;
    }
    this.#name(text, count);
    return at;
  }

  //  4966/0x54c8:  open(
  //  ^^^^^^^^^^^^^^
  #readProcess(text: string, from: number, slash: number): number {
    if (this.prefixed || slash - from > MAX_PID_DIGITS) return -1;
    const hex = text.startsWith('0x', slash + 1);
    const tid = hex ? slash + 3 : slash + 1;
    const tidEnd = hex ? skipHex(text, tid) : skipDigits(text, tid);
    if (tidEnd === tid || tidEnd - tid > MAX_TID_DIGITS || text.charCodeAt(tidEnd) !== COLON) return -1;
    if (tidEnd + 1 < text.length && !isBlank(text.charCodeAt(tidEnd + 1))) return -1;
    this.prefixed = true;
    this.pid = readDecimal(text, from, slash);
    this.hexTid = hex;
    this.tid = hex ? Number.parseInt(text.slice(tid, tidEnd), 16) : readDecimal(text, tid, tidEnd);
    return skipSpaces(text, tidEnd + 1);
  }

  /** Gives the numbers their meaning. More than the header names begin with a paste's line number. */
  #name(text: string, count: number): void {
    this.time = null;
    this.durationNs = null;
    const columns = this.#columns ?? (this.prefixed && count === ALL_COLUMNS.count ? ALL_COLUMNS : NO_COLUMNS);
    const extra = count - columns.count;
    if (extra < 0) return;
    if (columns.time >= 0) {
      const column = columns.time + extra;
      this.time = text.slice(this.#starts[column], this.#ends[column]);
    }
    if (columns.elapsed >= 0) {
      const column = columns.elapsed + extra;
      this.durationNs = readDecimal(text, this.#starts[column] ?? 0, this.#ends[column] ?? 0) * NANOSECONDS;
    }
  }
}

/** Index after blanks and the `- ` of a list. */
function skipBullet(text: string, from: number): number {
  const at = skipSpaces(text, from);
  return text.charCodeAt(at) === MINUS && isBlank(text.charCodeAt(at + 1)) ? skipSpaces(text, at + 2) : at;
}
