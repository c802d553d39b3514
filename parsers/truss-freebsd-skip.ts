/**
 * The same lines as `truss-freebsd.ts` reads, but as bytes and only far enough to pass over those that nobody needs.
 * Whatever is not plainly `prefix name(args) tabs result` is left to the parser.
 */
import { byteAt, decimalOfBytes, skipBlankBytes, skipDigitBytes, trimmedBytesEnd } from '../src/scan/bytes.ts';
import {
  APOSTROPHE,
  CLOSE_PAREN,
  COLON,
  DOT,
  EQUALS,
  isBlank,
  isDigit,
  isNameStart,
  MINUS,
  OPEN_PAREN,
  QUOTE,
  SPACE,
  ZERO,
} from '../src/scan/cursor.ts';
import { beginsArgument, endsArgument, isNamePart } from './truss-freebsd-call.ts';
import { MAX_ID_DIGITS, MAX_PID, MAX_STAMPS, STAMP_DECIMALS } from './truss-freebsd-front.ts';

const HASH = 35;
const CAPITAL_E = 69;
const CAPITAL_R = 82;
const SMALL_X = 120;
/** Longest text of an error that is looked at. */
const MAX_ERROR_TEXT = 100;

/** A line that may be passed over, as far as its bytes tell. Filled anew for each line: it is asked millions of times. */
export class PlainCall {
  prefixed = false;
  /** Process id, null where there is none. */
  pid: number | null = null;
  /** Time fields in front of the call, 0 to 2. */
  stamps = 0;
  nameStart = 0;
  nameEnd = 0;

  /** Whether the bytes [start, end) are certainly one complete call with a result, and nothing else. */
  read(buffer: Buffer, start: number, end: number): boolean {
    let at = this.#skipPrefix(buffer, start);
    if (at < 0) return false;
    this.stamps = 0;
    while (!isNameStart(byteAt(buffer, at))) {
      const stampEnd = skipStamp(buffer, at);
      if (stampEnd < 0 || this.stamps === MAX_STAMPS) return false;
      at = skipBlankBytes(buffer, stampEnd);
      this.stamps++;
    }
    this.nameStart = at;
    while (isNamePart(byteAt(buffer, at))) at++;
    this.nameEnd = at;
    if (byteAt(buffer, at) !== OPEN_PAREN) return false;
    const close = closeBeforeResult(buffer, at, end);
    if (close <= at || !endsPlainly(buffer, at, close)) return false;
    return !this.prefixed || !hasPrefixWithin(buffer, at, close);
  }

  /** Index after the prefix and the blanks behind it; -1 where the line is for the parser to judge. */
  #skipPrefix(buffer: Buffer, start: number): number {
    const from = skipBlankBytes(buffer, start);
    this.prefixed = false;
    this.pid = null;
    const firstEnd = skipDigitBytes(buffer, from);
    // '0.004213877', or a name: a log without a prefix.
    if (firstEnd === from || byteAt(buffer, firstEnd) === DOT) return from;
    const second = skipBlankBytes(buffer, firstEnd);
    const colon = second > firstEnd ? skipDigitBytes(buffer, second) : firstEnd;
    if (byteAt(buffer, colon) !== COLON || !isBlank(byteAt(buffer, colon + 1))) return -1;
    if (firstEnd - from > MAX_ID_DIGITS || colon - second > MAX_ID_DIGITS) return -1;
    if (second > firstEnd && colon === second) return -1;
    const first = decimalOfBytes(buffer, from, firstEnd);
    this.prefixed = true;
    if (second > firstEnd || first <= MAX_PID) this.pid = first;
    return skipBlankBytes(buffer, colon + 1);
  }
}

/** Index of the parenthesis before a plain result (`= 3 (0x3)`, `ERR#2 '…'`), or -1. */
function closeBeforeResult(buffer: Buffer, open: number, lineEnd: number): number {
  const end = trimmedBytesEnd(buffer, open, lineEnd);
  const last = byteAt(buffer, end - 1);
  const gap =
    last === CLOSE_PAREN ? gapBeforeValue(buffer, end) : last === APOSTROPHE ? gapBeforeError(buffer, end) : -1;
  if (gap <= open) return -1;
  const close = trimmedBytesEnd(buffer, open, gap) - 1;
  return byteAt(buffer, close) === CLOSE_PAREN ? close : -1;
}

/** Index of the blank that ' = 3 (0x3)' begins with, or -1. */
function gapBeforeValue(buffer: Buffer, end: number): number {
  let at = end - 1;
  while (isHex(byteAt(buffer, at - 1))) at--;
  if (at === end - 1 || byteAt(buffer, at - 1) !== SMALL_X || byteAt(buffer, at - 2) !== ZERO) return -1;
  if (byteAt(buffer, at - 3) !== OPEN_PAREN || byteAt(buffer, at - 4) !== SPACE) return -1;
  const valueEnd = at - 4;
  at = valueEnd;
  while (isDigit(byteAt(buffer, at - 1))) at--;
  if (at === valueEnd || valueEnd - at > MAX_ID_DIGITS * 2) return -1;
  if (byteAt(buffer, at - 1) === MINUS) at--;
  if (byteAt(buffer, at - 1) !== SPACE || byteAt(buffer, at - 2) !== EQUALS) return -1;
  return byteAt(buffer, at - 3) === SPACE ? at - 3 : -1;
}

/** Index of the blank that " ERR#2 'No such file or directory'" begins with, or -1. */
function gapBeforeError(buffer: Buffer, end: number): number {
  let at = end - 2;
  while (byteAt(buffer, at) !== APOSTROPHE && end - at < MAX_ERROR_TEXT) at--;
  if (byteAt(buffer, at) !== APOSTROPHE || byteAt(buffer, at - 1) !== SPACE) return -1;
  const numberEnd = at - 1;
  at = numberEnd;
  while (isDigit(byteAt(buffer, at - 1))) at--;
  if (at === numberEnd || byteAt(buffer, at - 1) !== HASH || byteAt(buffer, at - 2) !== CAPITAL_R) return -1;
  if (byteAt(buffer, at - 3) !== CAPITAL_R || byteAt(buffer, at - 4) !== CAPITAL_E) return -1;
  return byteAt(buffer, at - 5) === SPACE ? at - 5 : -1;
}

/**
 * Whether the arguments between these parentheses are surely this call's own: the last quote ends a string, so that no
 * name is broken off by a line feed.
 */
function endsPlainly(buffer: Buffer, open: number, close: number): boolean {
  for (let at = close - 1; at > open; at--) {
    if (buffer[at] !== QUOTE) continue;
    return endsArgument(byteAt(buffer, at + 1)) && !beginsArgument(byteAt(buffer, at - 1));
  }
  return true;
}

/** Whether another line's prefix (`8956: `) may stand among the arguments. The search ends at the next line's own. */
function hasPrefixWithin(buffer: Buffer, open: number, close: number): boolean {
  for (let at = buffer.indexOf(COLON, open); at >= 0 && at < close; at = buffer.indexOf(COLON, at + 1)) {
    if (byteAt(buffer, at + 1) === SPACE && isDigit(byteAt(buffer, at - 1))) return true;
  }
  return false;
}

/** Index after the time field at `from`, which a blank follows; -1 where there is none. */
function skipStamp(buffer: Buffer, from: number): number {
  const start = byteAt(buffer, from) === MINUS ? from + 1 : from;
  const dot = skipDigitBytes(buffer, start);
  if (dot === start || byteAt(buffer, dot) !== DOT) return -1;
  const end = skipDigitBytes(buffer, dot + 1);
  return end - dot - 1 === STAMP_DECIMALS && isBlank(byteAt(buffer, end)) ? end : -1;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 97 && byte <= 102);
}
