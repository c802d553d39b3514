/**
 * What truss puts in front of a line: the process and LWP, then the columns of -d, -D and -E.
 *
 *   22229/1@1:⇥ 0.0037⇥ 0.0002⇥ 0.0001⇥close(3)⇥⇥⇥⇥⇥= 0
 *   ^^^^^^^^^^  ^^^^^^  ^^^^^^  ^^^^^^
 */
import type { Clock } from '../src/model/clock.ts';
import {
  COLON,
  codeAt,
  DOT,
  isBlank,
  MINUS,
  readDecimal,
  SLASH,
  skipDigits,
  skipSpaces,
  TAB,
} from '../src/scan/cursor.ts';
import { readSeconds } from '../src/scan/timestamps.ts';

const AT = 64;
/** A longer number is no process id. */
export const MAX_PID_DIGITS = 10;
const TAB_WIDTH = 8;
/** Columns truss can print: -d, -D and -E, always in this order. */
export const MAX_STAMPS = 3;
export const STAMP_DECIMALS = 4;

/** The front of one line. Filled anew for each line. */
export class LineFront {
  /** Whether there is a process or LWP. */
  prefixed = false;
  pid: number | null = null;
  /** LWP. */
  tid: number | null = null;
  /** Columns between where the prefix puts its text and the text; negative where blanks were lost. */
  indent = 0;
  time: string | null = null;
  atNs: number | null = null;
  durationNs: number | null = null;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Reads the front that begins at `from`; gives the index of the text behind it. */
  read(text: string, from: number): number {
    const pidEnd = skipDigits(text, from);
    let colon = pidEnd;
    let lwp = 0;
    if (codeAt(text, colon) === SLASH) {
      lwp = colon + 1;
      colon = skipDigits(text, lwp);
    }
    const lwpEnd = colon;
    if (codeAt(text, colon) === AT) colon = skipDigits(text, colon + 1);
    this.prefixed =
      codeAt(text, colon) === COLON &&
      isBlank(codeAt(text, colon + 1)) &&
      colon > from &&
      pidEnd - from <= MAX_PID_DIGITS &&
      (lwp === 0 || lwpEnd > lwp);
    this.pid = this.prefixed && pidEnd > from ? readDecimal(text, from, pidEnd) : null;
    this.tid = this.prefixed && lwp > 0 ? readDecimal(text, lwp, lwpEnd) : null;

    const textStart = this.prefixed ? colon + 1 : from;
    const body = skipSpaces(text, textStart);
    this.indent = this.prefixed ? indentBehind(text, from, textStart, body, lwp > 0) : body - textStart;
    return this.#readStamps(text, body);
  }

  /** Takes the line that says when the -d column began; its zero becomes the clock's. */
  readBase(time: string): void {
    this.time = time;
    this.atNs = this.#clock.at(0, 0);
  }

  #readStamps(text: string, from: number): number {
    this.time = null;
    this.atNs = null;
    this.durationNs = null;
    const firstEnd = skipStamp(text, from);
    if (firstEnd === from) return from;
    let stamps = 1;
    let last = from;
    let lastEnd = firstEnd;
    let at = skipSpaces(text, firstEnd);
    while (stamps < MAX_STAMPS) {
      const stampEnd = skipStamp(text, at);
      if (stampEnd === at) break;
      last = at;
      lastEnd = stampEnd;
      at = skipSpaces(text, stampEnd);
      stamps++;
    }
    this.time = text.slice(from, firstEnd);
    // Only -d prints a base line, and counts from a common start. Which of the options made the other columns is not
    // said: the last one is the time spent in the call only where -d and -D cannot account for it.
    const hasClock = this.#clock.started || stamps === MAX_STAMPS;
    if (hasClock) this.atNs = this.#clockAt(text, from, firstEnd);
    if (stamps > (hasClock ? 2 : 1)) this.durationNs = durationAt(text, last, lastEnd);
    return at;
  }

  #clockAt(text: string, from: number, to: number): number | null {
    const stamp = readSeconds(text, from, to);
    return stamp === null ? null : this.#clock.at(stamp.seconds, stamp.nanos);
  }
}

/**
 * Columns between where the prefix puts its text and the text. Truss leaves the prefix with one tab, and with a second
 * one where `PID/LWP:` is shorter than 8, so that all lines of a process begin in column 8 or 16.
 */
function indentBehind(text: string, from: number, textStart: number, body: number, hasLwp: boolean): number {
  const width = textStart - from;
  let column = width;
  for (let at = textStart; at < body; at++) column = codeAt(text, at) === TAB ? nextTabStop(column) : column + 1;
  return column - (hasLwp && width < TAB_WIDTH ? 2 * TAB_WIDTH : nextTabStop(width));
}

function nextTabStop(column: number): number {
  return column - (column % TAB_WIDTH) + TAB_WIDTH;
}

/** Index after the time field at `from` ('12.0037' and a blank or tab); `from` where there is none. */
function skipStamp(text: string, from: number): number {
  const start = codeAt(text, from) === MINUS ? from + 1 : from;
  const dot = skipDigits(text, start);
  if (dot === start || codeAt(text, dot) !== DOT) return from;
  const end = skipDigits(text, dot + 1);
  return end - dot - 1 === STAMP_DECIMALS && isBlank(codeAt(text, end)) ? end : from;
}

function durationAt(text: string, from: number, to: number): number | null {
  const duration = readSeconds(text, from, to);
  return duration === null ? null : duration.seconds * 1e9 + duration.nanos;
}
