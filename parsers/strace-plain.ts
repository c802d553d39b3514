import { byteAt } from '../src/scan/bytes.ts';
import {
  APOSTROPHE,
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  DOT,
  EQUALS,
  GREATER,
  isBlank,
  isDigit,
  isNameStart,
  LESS,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUOTE,
  SLASH,
  SPACE,
  ZERO,
} from '../src/scan/cursor.ts';
import { NANOS_BY_DIGITS } from '../src/scan/timestamps.ts';
import { CALLS, type CallText, outcomeOf, UNFINISHED } from './strace-call.ts';
import { MAX_PID_DIGITS, MAX_RELATIVE_DIGITS } from './strace-prefix.ts';

// The lines that large logs are made of, read on their bytes: a byte takes a fifth of the time of a string's character.
//
//   303 1700000000.123456 openat(AT_FDCWD, "/x", O_RDONLY) = -1 ENOENT (No such file or directory)      whole
//   303 1700000000.123456 read(3,  <unfinished ...>                                                     head
//   303 1700000000.123461 <... read resumed>"", 4096) = 0                                               tail
//
// Whatever is not so plain is left to the reader of text: it is the one that knows all forms, and of these lines it
// would say the same. Not plain are comments, character literals, nested parentheses, decorations, durations, details,
// and anything that may be a message of strace's.

/** Of which form the line is; null: it is not plain. */
export type PlainForm = 'whole' | 'head' | 'tail';

/** What strace wrote in front of a plain call. */
export type StampKind = 'none' | 'epoch' | 'day';

const QUESTION_MARK = 63;
const UPPER_E = 69;
const LOWER_E = 101;
const LOWER_S = 115;
const LOWER_W = 119;
const ONE = 49;
const MIN_EPOCH_DIGITS = MAX_RELATIVE_DIGITS + 1;
const CUT = Buffer.from(UNFINISHED, 'latin1');
const RESUMES = Buffer.from('<... ', 'latin1');
const RESUMED = Buffer.from(' resumed>', 'latin1');

/** The arguments go on behind what was looked at. */
const OPEN = -1;
const NOT_PLAIN = -2;

/** Bytes outside of strings that mean nothing to where arguments end: nearly all. */
const MEANS_NOTHING = new Uint8Array(256).fill(1);
for (const byte of [QUOTE, APOSTROPHE, OPEN_PAREN, CLOSE_PAREN, SLASH, COLON, LESS, SPACE]) MEANS_NOTHING[byte] = 0;
for (const byte of [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE]) MEANS_NOTHING[byte] = 0;

/** One plain line, taken apart. Filled anew for each; places are those in the bytes. */
export class PlainLine {
  start = 0;
  pid = 0;
  stamp: StampKind = 'none';
  stampStart = 0;
  stampEnd = 0;
  /** Since 1970, or since midnight. */
  seconds = 0;
  nanos = 0;
  /** Where the call begins, or behind `resumed>` the rest of it. */
  body = 0;
  /** Of a whole call and a head: its parenthesis. */
  open = 0;
  /** Of a head: parentheses and brackets that are open at its end. */
  depth = 0;
  /** Of all but a head: the parenthesis that closes the call. */
  close = 0;
  resultStart = 0;
  resultEnd = 0;
  errnoStart = 0;
  /** As `errnoStart` where there is no errno. */
  errnoEnd = 0;

  /** Reads the line in the bytes [start, end): of a tail what stands in front of its arguments. */
  read(bytes: Buffer, start: number, end: number): PlainForm | null {
    this.start = start;
    const afterPid = this.#readPid(bytes, start);
    if (afterPid < 0) return null;
    const body = this.#readStamp(bytes, afterPid);
    if (body < 0) return null;
    this.body = body;
    if (byteAt(bytes, body) === LESS) return this.#readResumes(bytes, end) ? 'tail' : null;
    const open = skipNameBytes(bytes, body);
    if (open === body || byteAt(bytes, open) !== OPEN_PAREN || mayShowOutput(bytes, open)) return null;
    this.open = open;
    this.depth = 1;
    if (byteAt(bytes, end - 1) === GREATER) {
      const cut = end - CUT.length;
      if (cut <= open || !standsAt(CUT, bytes, cut)) return null;
      return this.#closing(bytes, open + 1, cut) === OPEN ? 'head' : null;
    }
    return this.#readRest(bytes, open + 1, end) ? 'whole' : null;
  }

  /** Reads a tail on, whose head ends with so many parentheses and brackets open. False where it is not plain. */
  readTail(bytes: Buffer, end: number, depth: number): boolean {
    this.depth = depth;
    return this.#readRest(bytes, this.body, end);
  }

  /** The call of this line, or of its head and this line. */
  call(text: string, head: string | null): CallText {
    const { start, body, close, errnoStart, errnoEnd } = this;
    const result = text.slice(this.resultStart - start, this.resultEnd - start);
    const errno =
      errnoStart === errnoEnd ? null : { name: text.slice(errnoStart - start, errnoEnd - start), number: null };
    const from = head === null ? body - start : 0;
    const open = head === null ? this.open - start : head.indexOf('(');
    return {
      name: CALLS.at(head ?? text, from, open).name,
      args:
        head === null
          ? text.slice(open + 1, close - start)
          : head.slice(open + 1) + text.slice(body - start, close - start),
      result,
      detail: null,
      errno,
      durationNs: null,
      outcome: outcomeOf(result, errno),
    };
  }

  // 303 1700000000.123456 close(
  // ^^^
  #readPid(bytes: Buffer, start: number): number {
    let at = start;
    let pid = 0;
    for (let byte = byteAt(bytes, at); isDigit(byte); byte = byteAt(bytes, ++at)) pid = pid * 10 + byte - ZERO;
    if (at === start || at - start > MAX_PID_DIGITS || byteAt(bytes, at) !== SPACE) return NOT_PLAIN;
    this.pid = pid;
    while (byteAt(bytes, at) === SPACE) at++;
    return at;
  }

  // 303 1700000000.123456 close(       -ttt
  // 303 10:21:45.391854 close(         -t, -tt
  //     ^^^^^^^^^^^^^^^
  #readStamp(bytes: Buffer, start: number): number {
    this.stamp = 'none';
    this.stampStart = start;
    let at = start;
    let seconds = 0;
    for (let byte = byteAt(bytes, at); isDigit(byte); byte = byteAt(bytes, ++at)) seconds = seconds * 10 + byte - ZERO;
    if (at === start) return at;
    if (at === start + 2 && byteAt(bytes, at) === COLON && byteAt(bytes, at + 3) === COLON) {
      const minutes = twoDigits(bytes, at + 1);
      const rest = twoDigits(bytes, at + 4);
      if (minutes < 0 || rest < 0) return NOT_PLAIN;
      seconds = (seconds * 60 + minutes) * 60 + rest;
      at += 6;
      this.stamp = 'day';
    } else {
      if (at - start < MIN_EPOCH_DIGITS) return NOT_PLAIN;
      this.stamp = 'epoch';
    }
    let nanos = 0;
    if (byteAt(bytes, at) === DOT) {
      const decimals = at + 1;
      for (let byte = byteAt(bytes, ++at); isDigit(byte); byte = byteAt(bytes, ++at)) nanos = nanos * 10 + byte - ZERO;
      const scale = NANOS_BY_DIGITS[at - decimals];
      if (scale === undefined) return NOT_PLAIN;
      nanos *= scale;
    }
    if (byteAt(bytes, at) !== SPACE) return NOT_PLAIN;
    this.stampEnd = at;
    this.seconds = seconds;
    this.nanos = nanos;
    return at + 1;
  }

  // <... read resumed>"", 4096) = 0
  // ^^^^^^^^^^^^^^^^^^
  #readResumes(bytes: Buffer, end: number): boolean {
    const { body } = this;
    if (byteAt(bytes, end - 1) === GREATER || !standsAt(RESUMES, bytes, body)) return false;
    const name = body + RESUMES.length;
    const nameEnd = skipNameBytes(bytes, name);
    if (nameEnd === name || !standsAt(RESUMED, bytes, nameEnd)) return false;
    const rest = nameEnd + RESUMED.length;
    this.body = byteAt(bytes, rest) === SPACE ? rest + 1 : rest;
    return this.body < end;
  }

  /** Arguments from `from` on, and the result. */
  #readRest(bytes: Buffer, from: number, end: number): boolean {
    const close = this.#closing(bytes, from, end);
    if (close < 0) return false;
    this.close = close;
    let at = close + 1;
    while (isBlank(byteAt(bytes, at))) at++;
    if (at === close + 1 || byteAt(bytes, at) !== EQUALS || byteAt(bytes, at + 1) !== SPACE) return false;
    return this.#readResult(bytes, at + 2, end);
  }

  // -1 ENOENT (No such file or directory)
  #readResult(bytes: Buffer, start: number, end: number): boolean {
    const first = byteAt(bytes, start);
    let at = start + 1;
    for (let byte = byteAt(bytes, at); isNameStart(byte) || isDigit(byte); byte = byteAt(bytes, at)) at++;
    this.resultStart = start;
    this.resultEnd = at;
    this.errnoStart = at;
    this.errnoEnd = at;
    if (at === end) return isDigit(first) || (first === MINUS && at > start + 1);
    if (first !== MINUS && first !== QUESTION_MARK && !isDigit(first)) return false;
    if (byteAt(bytes, at) !== SPACE || byteAt(bytes, at + 1) !== UPPER_E) return false;
    this.errnoStart = at + 1;
    this.errnoEnd = skipNameBytes(bytes, at + 1);
    return isErrorText(bytes, this.errnoEnd, end);
  }

  /** Index of the parenthesis that closes the call, `OPEN` where none does before `end`, `NOT_PLAIN`. */
  #closing(bytes: Buffer, from: number, end: number): number {
    let { depth } = this;
    for (let at = from; at < end; at++) {
      const byte = byteAt(bytes, at);
      if (MEANS_NOTHING[byte] === 1) continue;
      switch (byte) {
        case QUOTE:
          at = closingQuote(bytes, at, end);
          if (at < 0) return NOT_PLAIN;
          break;
        case OPEN_BRACKET:
        case OPEN_BRACE:
          depth++;
          break;
        case CLOSE_BRACKET:
        case CLOSE_BRACE:
          if (depth > 1) depth--;
          break;
        case CLOSE_PAREN:
          depth--;
          if (depth <= 0) return at;
          break;
        case SPACE:
          // Process 41 attached
          if (byteAt(bytes, at - 1) === LOWER_S) return NOT_PLAIN;
          break;
        case SLASH:
          // /* ARCH_??? */, which the two halves of a call may share
          if (!isNameStart(byteAt(bytes, at + 1))) return NOT_PLAIN;
          break;
        default:
          return NOT_PLAIN;
      }
    }
    this.depth = depth;
    return OPEN;
  }
}

/** Index of the quote that ends the string, -1 where there is none before `end` or the string holds a `<`. */
function closingQuote(bytes: Buffer, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    const byte = byteAt(bytes, at);
    if (byte === QUOTE) return at;
    if (byte === LESS) return -1;
    if (byte === BACKSLASH) at++;
  }
  return -1;
}

// write(2, "two\nlines", 9two
/** Whether the call may be a `write` to descriptor 1 or 2, in whose line the program's own text may stand. */
function mayShowOutput(bytes: Buffer, open: number): boolean {
  if (byteAt(bytes, open - 1) !== LOWER_E || byteAt(bytes, open - 5) !== LOWER_W) return false;
  const first = byteAt(bytes, open + 1);
  return !isDigit(first) || first === ONE || first === ONE + 1;
}

// -1 ENOENT (No such file or directory)
//          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
function isErrorText(bytes: Buffer, from: number, end: number): boolean {
  if (byteAt(bytes, from) !== SPACE || byteAt(bytes, from + 1) !== OPEN_PAREN) return false;
  if (byteAt(bytes, end - 1) !== CLOSE_PAREN) return false;
  for (let at = from + 2; at < end - 1; at++) {
    const byte = byteAt(bytes, at);
    if (isDigit(byte) || byte === COLON || byte === OPEN_PAREN || byte === CLOSE_PAREN || byte === LESS) return false;
  }
  return true;
}

function skipNameBytes(bytes: Buffer, from: number): number {
  let at = from;
  if (!isNameStart(byteAt(bytes, at))) return at;
  for (let byte = byteAt(bytes, ++at); isNameStart(byte) || isDigit(byte); byte = byteAt(bytes, at)) at++;
  return at;
}

/** The number of two digits; -1 where there are none. */
function twoDigits(bytes: Buffer, at: number): number {
  const ten = byteAt(bytes, at);
  const one = byteAt(bytes, at + 1);
  return isDigit(ten) && isDigit(one) ? (ten - ZERO) * 10 + one - ZERO : -1;
}

function standsAt(text: Buffer, bytes: Buffer, from: number): boolean {
  for (let at = 0; at < text.length; at++) {
    if (byteAt(bytes, from + at) !== byteAt(text, at)) return false;
  }
  return true;
}
