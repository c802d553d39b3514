/**
 * What truss puts in front of a line: process (-f), thread (-H), time since it began (-d), time within the call (-D).
 *
 *   11696 100123: 0.004213877 0.000021511 close(3)⇥ = 0 (0x0)
 *   ^^^^^ ^^^^^^  ^^^^^^^^^^^ ^^^^^^^^^^^
 */
import type { Clock } from '../src/model/clock.ts';
import { COLON, DOT, isBlank, MINUS, readDecimal, skipDigits } from '../src/scan/cursor.ts';
import { readSeconds, type Seconds } from '../src/scan/timestamps.ts';

/** The bytes of U+3000, with which some web pages indent. */
const WIDE_BLANK = '\xe3\x80\x80';
/** PID_MAX of FreeBSD. Threads are numbered from there on, so a lone number tells which of the two it is. */
export const MAX_PID = 99_999;
/** A longer number is no process and no thread. */
export const MAX_ID_DIGITS = 10;
/** Columns truss can print: -d and -D, always in this order. */
export const MAX_STAMPS = 2;
export const STAMP_DECIMALS = 9;

/** The front of one line. Filled anew for each line. */
export class LineFront {
  /** Whether there is a process or a thread. */
  prefixed = false;
  pid: number | null = null;
  tid: number | null = null;
  time: string | null = null;
  atNs: number | null = null;
  durationNs: number | null = null;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** As of a line without any. */
  clear(): void {
    this.prefixed = false;
    this.pid = null;
    this.tid = null;
    this.time = null;
    this.atNs = null;
    this.durationNs = null;
  }

  /** Reads the front that begins at `from`; gives the index of the text behind it. */
  read(text: string, from: number): number {
    const start = skipBlanks(text, from);
    const firstEnd = skipDigits(text, start);
    const second = skipBlanks(text, firstEnd);
    const secondEnd = second > firstEnd && firstEnd > start ? skipDigits(text, second) : firstEnd;
    const colon = secondEnd > second ? secondEnd : firstEnd;
    this.prefixed =
      firstEnd > start &&
      text.charCodeAt(colon) === COLON &&
      (isBlank(text.charCodeAt(colon + 1)) || colon + 1 === text.length) &&
      firstEnd - start <= MAX_ID_DIGITS &&
      colon - second <= MAX_ID_DIGITS;
    this.pid = null;
    this.tid = null;
    if (!this.prefixed) return this.#readStamps(text, start);
    const first = readDecimal(text, start, firstEnd);
    if (colon > firstEnd) {
      this.pid = first;
      this.tid = readDecimal(text, second, secondEnd);
    } else if (first > MAX_PID) {
      this.tid = first;
    } else {
      this.pid = first;
    }
    return this.#readStamps(text, skipBlanks(text, colon + 1));
  }

  /**
   * -d and -D look the same where there is only one of them, so then it is neither a time nor a duration. The clock of
   * -d is read when the call ends.
   */
  #readStamps(text: string, from: number): number {
    this.time = null;
    this.atNs = null;
    this.durationNs = null;
    const firstEnd = skipStamp(text, from);
    if (firstEnd === from) return from;
    this.time = text.slice(from, firstEnd);
    const second = skipBlanks(text, firstEnd);
    const secondEnd = skipStamp(text, second);
    if (secondEnd === second) return second;
    const at = signedSeconds(text, from, firstEnd);
    const spent = signedSeconds(text, second, secondEnd);
    if (at !== null) this.atNs = this.#clock.at(at.seconds, at.nanos);
    if (spent !== null) this.durationNs = spent.seconds * 1e9 + spent.nanos;
    return skipBlanks(text, secondEnd);
  }
}

/** Negative where the wall clock was set back. */
function signedSeconds(text: string, from: number, to: number): Seconds | null {
  if (text.charCodeAt(from) !== MINUS) return readSeconds(text, from, to);
  const value = readSeconds(text, from + 1, to);
  return value === null ? null : { seconds: -value.seconds, nanos: -value.nanos };
}

/** Index after the time field at `from` ('12.004213877' and a blank); `from` where there is none. */
function skipStamp(text: string, from: number): number {
  const start = text.charCodeAt(from) === MINUS ? from + 1 : from;
  const dot = skipDigits(text, start);
  if (dot === start || text.charCodeAt(dot) !== DOT) return from;
  const end = skipDigits(text, dot + 1);
  return end - dot - 1 === STAMP_DECIMALS && isBlank(text.charCodeAt(end)) ? end : from;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Index after the blanks in front of a line, the wide ones of a web page among them. */
export function skipLead(text: string): number {
  let at = 0;
  for (;;) {
    if (isBlank(text.charCodeAt(at))) at++;
    else if (text.startsWith(WIDE_BLANK, at)) at += WIDE_BLANK.length;
    else return at;
  }
}
