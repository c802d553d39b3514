/**
 * The same lines as `truss-aix.ts` reads, but as bytes and only far enough to pass over those that nobody needs.
 * Whatever is not plainly `prefix name(args) gap result` is left to the parser.
 */
import { byteAt, decimalOfBytes, skipBlankBytes, skipDigitBytes, trimmedBytesEnd } from '../src/scan/bytes.ts';
import {
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  DOT,
  EQUALS,
  isBlank,
  isDigit,
  isNameStart,
  MINUS,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUOTE,
  SLASH,
  SPACE,
  ZERO,
} from '../src/scan/cursor.ts';
import { MAX_PID_DIGITS, MAX_STAMPS, STAMP_DECIMALS } from './truss-illumos-front.ts';

const HASH = 35;
const CAPITAL_E = 69;
const SMALL_R = 114;

/** A line that may be passed over, as far as its bytes tell. Filled anew for each line: it is asked millions of times. */
export class PlainCall {
  /** Process id, null where there is no prefix or only one of an LWP. */
  pid: number | null = null;
  /** LWP id of the line, null where it has none. */
  tid: number | null = null;
  /** Time fields in front of the call, 0 to 3. */
  stamps = 0;
  nameStart = 0;
  nameEnd = 0;

  /** Whether the bytes [start, end) are certainly one complete call with a result, and nothing else. */
  read(buffer: Buffer, start: number, end: number): boolean {
    const body = this.#skipPrefix(buffer, start);
    if (body < 0) return false;
    let at = body;
    this.stamps = 0;
    while (!isNameStart(byteAt(buffer, at))) {
      const stampEnd = skipStamp(buffer, at);
      if (stampEnd < 0 || this.stamps === MAX_STAMPS) return false;
      at = skipBlankBytes(buffer, stampEnd);
      this.stamps++;
    }

    this.nameStart = at;
    do at++;
    while (isNameStart(byteAt(buffer, at)) || isDigit(byteAt(buffer, at)));
    this.nameEnd = at;
    // '()' may be a child's '(returning as child ...)'.
    if (byteAt(buffer, at) !== OPEN_PAREN) return false;
    if (byteAt(buffer, at + 1) === CLOSE_PAREN && byteAt(buffer, skipBlankBytes(buffer, at + 2)) === OPEN_PAREN)
      return false;

    const close = closeBeforeResult(buffer, at, end);
    return close > at && endsPlainly(buffer, at, close);
  }

  /** Index after the prefix and the blanks behind it; -1 where the line is for the parser to judge. */
  #skipPrefix(buffer: Buffer, start: number): number {
    let at = start;
    let pid = 0;
    for (let byte = byteAt(buffer, at); isDigit(byte); byte = byteAt(buffer, at)) {
      pid = pid * 10 + byte - ZERO;
      at++;
    }
    const pidEnd = at;
    this.pid = null;
    this.tid = null;
    if (byteAt(buffer, at) === SLASH) {
      const digits = at + 1;
      at = skipDigitBytes(buffer, digits);
      if (at === digits) return -1;
      this.tid = decimalOfBytes(buffer, digits, at);
    }
    // '12.0037', or no number at all: a log without a prefix.
    if (at === start || (byteAt(buffer, at) === DOT && at === pidEnd)) return start;
    if (byteAt(buffer, at) !== COLON || !isBlank(byteAt(buffer, at + 1)) || pidEnd - start > MAX_PID_DIGITS) return -1;
    if (pidEnd > start) this.pid = pid;
    return skipBlankBytes(buffer, at + 1);
  }
}

/** Index of the parenthesis before a plain result (`= 3`, `= 3 [4]`, `Err#2 ENOENT`), or -1. */
function closeBeforeResult(buffer: Buffer, open: number, lineEnd: number): number {
  let end = trimmedBytesEnd(buffer, open, lineEnd);
  // A call without a result, whatever stands in its arguments.
  if (byteAt(buffer, end - 1) === CLOSE_PAREN) return -1;
  if (byteAt(buffer, end - 1) === CLOSE_BRACKET) {
    const bracket = wordStart(buffer, open, end - 1);
    if (byteAt(buffer, bracket) !== OPEN_BRACKET) return -1;
    end = trimmedBytesEnd(buffer, open, bracket);
  }
  const word = wordStart(buffer, open, end);
  if (word === end) return -1;
  let gapEnd = word - 2;
  if (byteAt(buffer, word - 1) !== SPACE || byteAt(buffer, gapEnd) !== EQUALS) {
    gapEnd = errStart(buffer, word, end);
    if (gapEnd < 0) gapEnd = errStart(buffer, -1, trimmedBytesEnd(buffer, open, word));
    if (gapEnd < 0) return -1;
  }
  const close = trimmedBytesEnd(buffer, open, gapEnd);
  return close < gapEnd && byteAt(buffer, close - 1) === CLOSE_PAREN ? close - 1 : -1;
}

/** Start of the `Err#2` that ends at `end` and, unless `from` is negative, begins at `from`; -1 where there is none. */
function errStart(buffer: Buffer, from: number, end: number): number {
  let at = end;
  while (isDigit(byteAt(buffer, at - 1))) at--;
  if (at === end || byteAt(buffer, at - 1) !== HASH || byteAt(buffer, at - 2) !== SMALL_R) return -1;
  if (byteAt(buffer, at - 3) !== SMALL_R || byteAt(buffer, at - 4) !== CAPITAL_E) return -1;
  return from < 0 || from === at - 4 ? at - 4 : -1;
}

/**
 * Whether the parenthesis is surely the call's own and not one in a string that the log cuts off: no blank before it
 * (in written data there always is one), and the last quote is not one that can begin a string.
 */
function endsPlainly(buffer: Buffer, open: number, close: number): boolean {
  if (isBlank(byteAt(buffer, close - 1))) return false;
  for (let at = close - 1; at > open; at--) {
    if (byteAt(buffer, at) === QUOTE) {
      const before = byteAt(buffer, at - 1);
      return before !== OPEN_PAREN && before !== SPACE;
    }
  }
  return true;
}

/** Index after the time field at `from`, which a blank follows; -1 where there is none. */
function skipStamp(buffer: Buffer, from: number): number {
  const start = byteAt(buffer, from) === MINUS ? from + 1 : from;
  const dot = skipDigitBytes(buffer, start);
  if (dot === start || byteAt(buffer, dot) !== DOT) return -1;
  const end = skipDigitBytes(buffer, dot + 1);
  return end - dot - 1 === STAMP_DECIMALS && isBlank(byteAt(buffer, end)) ? end : -1;
}

/** Start of the name or number that ends at `end`; `end` itself where there is none. */
function wordStart(buffer: Buffer, from: number, end: number): number {
  let at = end;
  while (at > from && !isBlank(byteAt(buffer, at - 1))) at--;
  return at;
}
