/**
 * The same lines as `kdump-front.ts` reads, but as bytes and only far enough to pass over those that nobody needs.
 * Whatever is not plainly laid out is left to the parser.
 */
import { byteAt, decimalOfBytes, skipDigitBytes, trimmedBytesEnd } from '../src/scan/bytes.ts';
import {
  CLOSE_PAREN,
  COLON,
  isDigit,
  isNameStart,
  MINUS,
  OPEN_PAREN,
  QUOTE,
  SLASH,
  SPACE,
  TAB,
  ZERO,
} from '../src/scan/cursor.ts';
import { MAX_INDENT } from './kdump-front.ts';

/** In the column of the first digit of a pid; a record's number columns are as wide. */
const NUMBER_WIDTH = 6;
const MAX_PID_DIGITS = 10;
/** Stamps and the processor. */
const MAX_NUMBERS = 4;
const DUMP_INDENT = '       ';

/** Records that are a note each, and end no call. */
const NOTES = ['GIO   ', 'CSW   ', 'USER  ', 'STRU  ', 'PFLT  ', 'PRET  '];
const CALL = 'CALL  ';
const RETURN = 'RET   ';
const NAME = 'NAMI  "';
/** Types: a program with such a name is left to the parser. */
const TYPE_INITIALS = new Uint8Array(256);
for (const initial of 'ACEFGMNPRSU') TYPE_INITIALS[initial.charCodeAt(0)] = 1;

/** What a line is, as far as its bytes tell. `other`: it must be read as text. */
export type PlainKind = 'dump' | 'call' | 'return' | 'name' | 'note' | 'other';

/** A line that may be passed over. Filled anew for each line: it is asked millions of times. */
export class PlainRecord {
  pid = 0;
  tid: number | null = null;
  /** Whether numbers that may be a stamp stand behind the name. */
  hasStamp = false;
  nameStart = 0;
  nameEnd = 0;
  /** Of a call without arguments: whether it has parentheses. Null where it has arguments. */
  emptyParentheses: boolean | null = null;

  /** What the bytes [start, end) surely are. */
  read(buffer: Buffer, start: number, lineEnd: number): PlainKind {
    const end = trimmedBytesEnd(buffer, start, lineEnd);
    if (end === start) return 'other';
    if (buffer[start] === TAB || startsWith(buffer, start, DUMP_INDENT)) return 'dump';
    const type = this.#skipColumns(buffer, start);
    if (type < 0) return 'other';
    if (startsWith(buffer, type, CALL)) return this.#readCall(buffer, type + CALL.length, end);
    if (startsWith(buffer, type, RETURN)) return this.#readReturn(buffer, type + RETURN.length, end);
    if (startsWith(buffer, type, NAME)) {
      return end - 1 >= type + NAME.length && buffer[end - 1] === QUOTE ? 'name' : 'other';
    }
    for (const note of NOTES) {
      if (startsWith(buffer, type, note) && type + note.length < end && byteAt(buffer, type + note.length) > SPACE) {
        return 'note';
      }
    }
    return 'other';
  }

  /** Index of the record's type, or -1 where the columns are not plain: numbers, one word, and perhaps stamps. */
  #skipColumns(buffer: Buffer, start: number): number {
    let at = start;
    while (byteAt(buffer, at) === SPACE) at++;
    const digits = at;
    let pid = 0;
    for (let byte = byteAt(buffer, at); isDigit(byte); byte = byteAt(buffer, ++at)) pid = pid * 10 + byte - ZERO;
    if (digits - start > MAX_INDENT || at === digits || at - digits > MAX_PID_DIGITS) return -1;
    this.pid = pid;
    this.tid = null;
    const pidEnd = at;
    const mark = byteAt(buffer, at);
    if (mark === COLON || mark === SLASH) {
      const tid = at + 1;
      at = skipDigitBytes(buffer, tid);
      if (at === tid || byteAt(buffer, at) !== SPACE) return -1;
      this.tid = decimalOfBytes(buffer, tid, at);
      at = skipSpaces(buffer, at);
    } else {
      if (mark !== SPACE) return -1;
      at = skipSpaces(buffer, at);
      const tidEnd = skipDigitBytes(buffer, at);
      if (tidEnd > at) {
        // A thread that fills its column and is followed by a name; all else is not plain.
        const name = skipSpaces(buffer, tidEnd);
        if (tidEnd - pidEnd <= NUMBER_WIDTH || name === tidEnd || isTypeInitial(byteAt(buffer, name))) return -1;
        this.tid = decimalOfBytes(buffer, at, tidEnd);
        at = name;
      }
    }
    return this.#skipName(buffer, at);
  }

  #skipName(buffer: Buffer, from: number): number {
    if (isTypeInitial(byteAt(buffer, from)) || isDigit(byteAt(buffer, from))) return -1;
    let at = skipWord(buffer, from);
    if (at === from) return -1;
    at = skipSpaces(buffer, at);
    const end = at;
    for (let numbers = 0; numbers < MAX_NUMBERS; numbers++) {
      const byte = byteAt(buffer, at);
      if (!isDigit(byte) && byte !== MINUS) break;
      at = skipSpaces(buffer, skipWord(buffer, at));
    }
    this.hasStamp = at > end;
    return at;
  }

  #readCall(buffer: Buffer, payload: number, end: number): PlainKind {
    if (!this.#readName(buffer, payload)) return 'other';
    this.emptyParentheses = null;
    if (this.nameEnd === end) {
      this.emptyParentheses = false;
      return 'call';
    }
    if (byteAt(buffer, this.nameEnd) !== OPEN_PAREN || byteAt(buffer, end - 1) !== CLOSE_PAREN) return 'other';
    for (let at = this.nameEnd; at < end; at++) if (byteAt(buffer, at) === SPACE) return 'other';
    if (end === this.nameEnd + 2) this.emptyParentheses = true;
    return 'call';
  }

  #readReturn(buffer: Buffer, payload: number, end: number): PlainKind {
    if (!this.#readName(buffer, payload) || byteAt(buffer, this.nameEnd) !== SPACE) return 'other';
    const value = this.nameEnd + 1;
    const digit = byteAt(buffer, value) === MINUS ? value + 1 : value;
    const valueEnd = skipWord(buffer, digit);
    if (!isDigit(byteAt(buffer, digit)) || valueEnd > end) return 'other';
    return valueEnd === end || startsWith(buffer, valueEnd, ' errno ') ? 'return' : 'other';
  }

  #readName(buffer: Buffer, from: number): boolean {
    if (!isNameStart(byteAt(buffer, from))) return false;
    this.nameStart = from;
    let at = from + 1;
    while (isNameStart(byteAt(buffer, at)) || isDigit(byteAt(buffer, at))) at++;
    this.nameEnd = at;
    return true;
  }
}

function isTypeInitial(byte: number): boolean {
  return TYPE_INITIALS[byte] === 1;
}

function startsWith(buffer: Buffer, from: number, text: string): boolean {
  for (let at = 0; at < text.length; at++) if (buffer[from + at] !== text.charCodeAt(at)) return false;
  return true;
}

/** Index of the first byte at or after `from` that is no blank: a tab is none of the columns'. */
function skipSpaces(buffer: Buffer, from: number): number {
  let at = from;
  while (byteAt(buffer, at) === SPACE) at++;
  return at;
}

/** Index after the run of bytes that are no blank and no line end. */
function skipWord(buffer: Buffer, from: number): number {
  let at = from;
  for (let byte = byteAt(buffer, at); byte > SPACE; byte = byteAt(buffer, ++at));
  return at;
}
