/**
 * The columns in front of a record of kdump, and its type.
 *
 *      755 uul      CALL  chdir(0x600234)                       FreeBSD, OpenBSD
 *      755 100101 uul      CALL  chdir(0x600234)                FreeBSD -H; NetBSD always, with small numbers
 *    84686/412345  UUL      CALL  chdir(0x600234)               OpenBSD -H
 *     877:1    uul      CALL  chdir(0x600234)                   DragonFly
 *      755 uul      1700000000.123456 CALL  chdir(0x600234)     -T; -E and -R add columns, -c a small number
 *
 * The program's name before the type may hold anything, blanks and types too, so the type is the first one whose
 * payload reads well.
 */
import type { Clock } from '../src/model/clock.ts';
import {
  COLON,
  COMMA,
  DOT,
  isBlank,
  isDigit,
  isNameStart,
  MINUS,
  OPEN_PAREN,
  QUOTE,
  readDecimal,
  SLASH,
  SPACE,
  skipDigits,
  skipSpaces,
} from '../src/scan/cursor.ts';
import { readSeconds } from '../src/scan/timestamps.ts';

/** Records begin with at most so many blanks, what continues them with more, or with a tab. */
export const MAX_INDENT = 5;
/** A longer number is no process id. */
const MAX_PID_DIGITS = 10;
/** Columns of the pid and of the thread. */
const NUMBER_WIDTH = 6;
/** Between the numbers and the type stand a name of at most 23 characters and four short columns. */
const MAX_COLUMNS = 128;
/** Width of a type and the two blanks behind it. */
const TYPE_WIDTH = 6;
const MAX_STAMPS = 3;
const MAX_CPU_DIGITS = 3;
/** A stamp of so many seconds counts from 1970; how long a machine runs never comes near it. */
const EPOCH_SECONDS = 100_000_000;

const TYPES =
  'CALL RET NAMI GIO PSIG CSW USER STRU SCTL CAP PFLT PRET UNKNOWN ARGS ARG ENV PLDG STRT EMUL MISC FD MIB SAU MMSG MOOL';
const BY_INITIAL = new Map<number, string[]>();
for (const type of TYPES.split(' ')) {
  const initial = type.charCodeAt(0);
  BY_INITIAL.set(initial, [...(BY_INITIAL.get(initial) ?? []), type]);
}

/** How the pid column was written, which tells the systems apart. */
export type PidForm = 'alone' | 'two-columns' | 'slash' | 'colon';

/** The columns of one line. Filled anew for each line. */
export class RecordFront {
  pid = 0;
  tid: number | null = null;
  form: PidForm = 'alone';
  /** 'CALL', 'RET'. */
  type = '';
  /** Index of what stands behind the type. */
  payload = 0;
  time: string | null = null;
  atNs: number | null = null;
  #text = '';
  /** Where the program's name stands. */
  #nameStart = 0;
  #nameEnd = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The short name of the program, as the line has it. */
  get program(): string {
    return this.#text.slice(this.#nameStart, this.#nameEnd);
  }

  /** Reads the record that begins at `from`. False where none does; `end` follows the last character that counts. */
  read(text: string, from: number, end: number): boolean {
    const name = this.readNumbers(text, from);
    return name >= 0 && this.#readType(text, name, end);
  }

  /** Reads the pid and the thread; gives the index of the program's name behind them, or -1. */
  readNumbers(text: string, from: number): number {
    let start = from;
    while (text.charCodeAt(start) === SPACE) start++;
    const pidEnd = skipDigits(text, start);
    if (start - from > MAX_INDENT || pidEnd === start || pidEnd - start > MAX_PID_DIGITS) return -1;
    this.pid = readDecimal(text, start, pidEnd);
    this.tid = null;
    this.form = 'alone';
    this.time = null;
    this.atNs = null;
    const mark = text.charCodeAt(pidEnd);
    if (mark === COLON || mark === SLASH) {
      const tidEnd = skipDigits(text, pidEnd + 1);
      if (tidEnd === pidEnd + 1 || text.charCodeAt(tidEnd) !== SPACE) return -1;
      this.tid = readDecimal(text, pidEnd + 1, tidEnd);
      this.form = mark === COLON ? 'colon' : 'slash';
      return skipSpaces(text, tidEnd);
    }
    const name = skipSpaces(text, pidEnd);
    return name === pidEnd ? -1 : this.#readThread(text, name, pidEnd, pidEnd - from);
  }

  // 2642   2642 tiny-exe RET   execve JUSTRETURN
  //        ^^^^
  /** A number in the place of a name is a thread where a name follows and it fills its column, unless blanks were lost. */
  #readThread(text: string, from: number, pidEnd: number, pidWidth: number): number {
    const tidEnd = skipDigits(text, from);
    const name = skipSpaces(text, tidEnd);
    if (tidEnd === from || name === tidEnd || endOfType(text, name) >= 0) return from;
    if (tidEnd - pidEnd <= NUMBER_WIDTH && pidWidth >= NUMBER_WIDTH) return from;
    this.tid = readDecimal(text, from, tidEnd);
    this.form = 'two-columns';
    return name;
  }

  #readType(text: string, from: number, end: number): boolean {
    const limit = Math.min(end, from + MAX_COLUMNS);
    let found = -1;
    for (let at = from; at < limit; at = nextWord(text, at)) {
      const typeEnd = endOfType(text, at);
      if (typeEnd < 0) continue;
      const payload = skipSpaces(text, typeEnd);
      if (isPayload(text, at, typeEnd, payload, end)) {
        found = at;
        break;
      }
      if (found < 0 && isPadded(at, typeEnd, payload)) found = at;
    }
    if (found < 0) return false;
    const typeEnd = endOfType(text, found);
    this.type = text.slice(found, typeEnd);
    this.payload = Math.min(skipSpaces(text, typeEnd), end);
    this.readTimes(text, from, found);
    return true;
  }

  // uul      1700000000.123456789 0.000012345  12 CALL  close(0x3)
  //          ^^^^^^^^^^^^^^^^^^^^ ^^^^^^^^^^^
  /** Reads the stamps between the program's name, which begins at `from`, and what stands at `to`. */
  readTimes(text: string, from: number, to: number): void {
    let wordEnd = blanksStart(text, from, to);
    this.#text = text;
    this.#nameStart = from;
    this.#nameEnd = wordEnd;
    let word = wordStart(text, from, wordEnd);
    if (wordEnd - word <= MAX_CPU_DIGITS && word > from && skipDigits(text, word) === wordEnd) {
      wordEnd = blanksStart(text, from, word);
      word = wordStart(text, from, wordEnd);
    }
    let first = -1;
    let firstEnd = -1;
    let stamps = 0;
    while (stamps < MAX_STAMPS && word > from && isStamp(text, word, wordEnd)) {
      first = word;
      firstEnd = wordEnd;
      stamps++;
      wordEnd = blanksStart(text, from, word);
      word = wordStart(text, from, wordEnd);
    }
    if (first < 0) return;
    this.#nameEnd = wordEnd;
    this.time = text.slice(first, firstEnd);
    const stamp = readSeconds(text, first, firstEnd);
    // Absolute, elapsed, relative, in this order: a small stamp that stands alone may be either of the last two.
    if (stamp === null || (stamp.seconds < EPOCH_SECONDS && stamps === 1)) return;
    this.atNs = this.#clock.at(stamp.seconds, stamp.nanos);
  }
}

/** Index after the type at `at`, which a blank or the line's end follows; -1 where there is none. */
export function endOfType(text: string, at: number): number {
  const types = BY_INITIAL.get(text.charCodeAt(at));
  if (types === undefined) return -1;
  for (const type of types) {
    if (!text.startsWith(type, at)) continue;
    let end = at + type.length;
    // UNKNOWN(12)
    if (type === 'UNKNOWN' && text.charCodeAt(end) === OPEN_PAREN) end = text.indexOf(')', end) + 1;
    if (end > at && (end === text.length || isBlank(text.charCodeAt(end)))) return end;
  }
  return -1;
}

/** Whether the type stands in its column: four wide and two blanks behind it. */
function isPadded(at: number, typeEnd: number, payload: number): boolean {
  return payload - at === Math.max(TYPE_WIDTH, typeEnd - at + 2);
}

/** Whether what stands behind the type is what such a record holds. */
function isPayload(text: string, at: number, typeEnd: number, payload: number, end: number): boolean {
  if (text.startsWith('CALL', at)) return isCall(text, payload, end);
  if (text.startsWith('RET', at)) return isReturn(text, payload, end);
  if (text.startsWith('NAMI', at)) return text.charCodeAt(payload) === QUOTE;
  if (text.startsWith('PSIG', at)) return isSignal(text, payload);
  return isPadded(at, typeEnd, payload);
}

// open(0x20af08,0x100000<O_RDONLY|O_CLOEXEC>)      fork      (via syscall) fork()      F64  fork
function isCall(text: string, payload: number, end: number): boolean {
  const name = skipAbi(text, payload);
  const nameEnd = skipCallName(text, name);
  if (nameEnd === name) return false;
  if (nameEnd === end) return true;
  return text.charCodeAt(nameEnd) === OPEN_PAREN && text.endsWith(')', end) && !hasWords(text, nameEnd, end);
}

// open 3      mmap 34366189568/0x800627000      open -1 errno 2 No such file or directory      pipe 3, 4
function isReturn(text: string, payload: number, end: number): boolean {
  const name = skipAbi(text, payload);
  const nameEnd = skipCallName(text, name);
  if (nameEnd === name || text.charCodeAt(nameEnd) !== SPACE) return false;
  const value = nameEnd + 1;
  if (text.startsWith('RESTART', value) || text.startsWith('JUSTRETURN', value)) return true;
  const digit = text.charCodeAt(value) === MINUS ? value + 1 : value;
  if (!isDigit(text.charCodeAt(digit))) return false;
  let valueEnd = digit;
  while (valueEnd < end && text.charCodeAt(valueEnd) !== SPACE) valueEnd++;
  if (valueEnd >= end) return true;
  return text.startsWith(' errno ', valueEnd) || text.startsWith(' unknown ', valueEnd) || text[valueEnd - 1] === ',';
}

function isSignal(text: string, payload: number): boolean {
  if (!text.startsWith('SIG', payload)) return false;
  const blank = text.indexOf(' ', text.charCodeAt(payload + 3) === SPACE ? payload + 4 : payload);
  return (
    blank > 0 &&
    (text.startsWith('SIG_', blank + 1) || text.startsWith('caught', blank + 1) || text.startsWith('(', blank + 1))
  );
}

/** Index after `(via syscall) ` and the mark of the program's ABI (-A), 'F64  '. */
export function skipAbi(text: string, from: number): number {
  if (text.startsWith('(via syscall) ', from)) return from + '(via syscall) '.length;
  const initial = text[from];
  const isAbi =
    (initial === 'F' || initial === 'L' || initial === 'U') &&
    isDigit(text.charCodeAt(from + 1)) &&
    isDigit(text.charCodeAt(from + 2)) &&
    text.startsWith('  ', from + 3);
  return isAbi ? from + 5 : from;
}

/** Index after the call's name at `from`: 'open', 'compat.open', '[601]', 'open[5]' (-S); `from` where there is none. */
export function skipCallName(text: string, from: number): number {
  let at = from;
  if (isNameStart(text.charCodeAt(at))) {
    at++;
    for (let code = text.charCodeAt(at); isNameStart(code) || isDigit(code) || code === DOT; ) {
      at++;
      code = text.charCodeAt(at);
    }
  }
  if (text[at] !== '[') return at;
  const digits = skipDigits(text, at + 1);
  return digits > at + 1 && text[digits] === ']' ? digits + 1 : at;
}

function isStamp(text: string, from: number, to: number): boolean {
  const digits = text.charCodeAt(from) === MINUS ? from + 1 : from;
  const dot = skipDigits(text, digits);
  const decimals = to - dot - 1;
  return (
    dot > digits && text.charCodeAt(dot) === DOT && decimals >= 6 && decimals <= 9 && skipDigits(text, dot + 1) === to
  );
}

/** Index of the word behind the one at `at`; past the text where there is none. */
export function nextWord(text: string, at: number): number {
  let blank = at;
  while (blank < text.length && !isBlank(text.charCodeAt(blank))) blank++;
  return skipSpaces(text, blank);
}

/** Start of the run of blanks that ends at `to`; not before `from`. */
function blanksStart(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Start of the word that ends at `to`; not before `from`. */
function wordStart(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && !isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Whether there is a blank that no comma comes before: NetBSD writes `kill(0x140, SIGUSR1)`. */
function hasWords(text: string, from: number, to: number): boolean {
  for (let at = text.indexOf(' ', from); at >= 0 && at < to; at = text.indexOf(' ', at + 1)) {
    if (text.charCodeAt(at - 1) !== COMMA) return true;
  }
  return false;
}
