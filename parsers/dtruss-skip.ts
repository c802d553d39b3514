/**
 * The same lines as `dtruss.ts` reads, but as bytes and only far enough to pass over those that nobody needs. Whatever
 * is not plainly `front name(args) gap result errno` is left to the parser.
 */
import { byteAt, skipBlankBytes, skipDigitBytes } from '../src/scan/bytes.ts';
import {
  BACKSLASH,
  CLOSE_PAREN,
  COLON,
  COMMA,
  EQUALS,
  isBlank,
  isDigit,
  isNameStart,
  MINUS,
  OPEN_PAREN,
  QUOTE,
  SLASH,
  SPACE,
  ZERO,
} from '../src/scan/cursor.ts';
import { isHexDigit } from './dtruss-call.ts';
import { MAX_COLUMN_DIGITS, MAX_COLUMNS, MAX_PID_DIGITS } from './dtruss-front.ts';

const HASH = 35;
const CAPITAL_E = 69;
const TWO = 50;
const SMALL_R = 114;
const SMALL_X = 120;
/** Longer thread ids and errnos are left to the parser. */
const MAX_TID_DIGITS = 12;
const MAX_ERRNO_DIGITS = 9;

/** A line that may be passed over, as far as its bytes tell. Filled anew for each line: it is asked millions of times. */
export class PlainCall {
  /** Process id, null where there is no prefix. */
  pid: number | null = null;
  /** Thread id where it is the system's (`0x54c8`), else null. */
  tid: number | null = null;
  nameStart = 0;
  nameEnd = 0;

  /** Whether the bytes [start, end) are certainly one complete call, and nothing else. */
  read(buffer: Buffer, start: number, end: number): boolean {
    let at = this.#skipFront(buffer, start);
    if (at < 0 || !isNameStart(byteAt(buffer, at))) return false;
    this.nameStart = at;
    do at++;
    while (isNameStart(byteAt(buffer, at)) || isDigit(byteAt(buffer, at)));
    this.nameEnd = at;
    if (byteAt(buffer, at) !== OPEN_PAREN) return false;
    const close = closingParen(buffer, at, end);
    return close > 0 && isPlainEnding(buffer, close + 1, end);
  }

  /** Whether the call, a `write`, is to the standard error: `(0x2,` or `(2,`. */
  isToStandardError(buffer: Buffer): boolean {
    const fd = this.nameEnd + 1;
    const digit = byteAt(buffer, fd) === ZERO && byteAt(buffer, fd + 1) === SMALL_X ? fd + 2 : fd;
    return byteAt(buffer, digit) === TWO && byteAt(buffer, digit + 1) === COMMA;
  }

  /** Index after the columns; -1 where the line is for the parser to judge. */
  #skipFront(buffer: Buffer, start: number): number {
    this.pid = null;
    this.tid = null;
    let prefixed = false;
    let columns = 0;
    let at = skipBlankBytes(buffer, start);
    for (let byte = byteAt(buffer, at); isDigit(byte); byte = byteAt(buffer, at)) {
      const from = at;
      let value = 0;
      for (; isDigit(byte); byte = byteAt(buffer, ++at)) value = value * 10 + byte - ZERO;
      if (byte === SLASH) {
        if (prefixed || at - from > MAX_PID_DIGITS) return -1;
        prefixed = true;
        this.pid = value;
        at = this.#skipThread(buffer, at + 1);
      } else {
        columns++;
        if (columns > MAX_COLUMNS || at - from > MAX_COLUMN_DIGITS || !isBlank(byte)) return -1;
      }
      if (at < 0 || !isBlank(byteAt(buffer, at))) return -1;
      at = skipBlankBytes(buffer, at);
    }
    return at;
  }

  // 0x54c8:  or  1:
  #skipThread(buffer: Buffer, from: number): number {
    const hex = byteAt(buffer, from) === ZERO && byteAt(buffer, from + 1) === SMALL_X;
    const digits = hex ? from + 2 : from;
    let at = digits;
    let value = 0;
    for (let byte = byteAt(buffer, at); isHexDigit(byte); byte = byteAt(buffer, ++at)) {
      if (!hex && !isDigit(byte)) return -1;
      value = value * 16 + (isDigit(byte) ? byte - ZERO : (byte & 0x1f) + 9);
    }
    if (hex) this.tid = value;
    return at > digits && at - digits <= MAX_TID_DIGITS && byteAt(buffer, at) === COLON ? at + 1 : -1;
  }
}

/** Index of the parenthesis that closes the call; -1 where it is not before `end`, or another one comes first. */
function closingParen(buffer: Buffer, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    const byte = buffer[at];
    if (byte === CLOSE_PAREN) return at;
    if (byte === OPEN_PAREN) return -1;
    if (byte !== QUOTE) continue;
    for (at++; at < end && buffer[at] !== QUOTE; at++) {
      if (buffer[at] === BACKSLASH) at++;
    }
  }
  return -1;
}

//  ⇥⇥ = -1 Err#2
/** Whether a result and an errno, and nothing else, stand at `from`. */
function isPlainEnding(buffer: Buffer, from: number, lineEnd: number): boolean {
  let end = lineEnd;
  while (isBlank(byteAt(buffer, end - 1))) end--;
  let at = skipBlankBytes(buffer, from);
  if (at === from || byteAt(buffer, at) !== EQUALS || byteAt(buffer, at + 1) !== SPACE) return false;
  at += 2;
  if (byteAt(buffer, at) === ZERO && byteAt(buffer, at + 1) === SMALL_X) {
    at += 2;
    while (isHexDigit(byteAt(buffer, at))) at++;
  } else {
    if (byteAt(buffer, at) === MINUS) at++;
    at = skipDigitBytes(buffer, at);
  }
  if (!isHexDigit(byteAt(buffer, at - 1)) || byteAt(buffer, at) !== SPACE) return false;
  at++;
  if (byteAt(buffer, at) === CAPITAL_E) {
    if (byteAt(buffer, at + 1) !== SMALL_R || byteAt(buffer, at + 2) !== SMALL_R) return false;
    if (byteAt(buffer, at + 3) !== HASH) return false;
    at += 4;
  }
  if (byteAt(buffer, at) === MINUS) at++;
  const digits = at;
  at = skipDigitBytes(buffer, at);
  return at === end && at > digits && at - digits <= MAX_ERRNO_DIGITS;
}
