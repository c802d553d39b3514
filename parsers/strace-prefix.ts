import type { Clock } from '../src/model/clock.ts';
import {
  CLOSE_BRACKET,
  COLON,
  codeAt,
  DOT,
  isDigit,
  LESS,
  OPEN_BRACKET,
  OPEN_PAREN,
  PLUS,
  readDecimal,
  SPACE,
  skipDigits,
  skipSpaces,
  ZERO,
} from '../src/scan/cursor.ts';
import { NANOS_BY_DIGITS, readSeconds, readTimeOfDay } from '../src/scan/timestamps.ts';

/** Pids are at most 2^22; a bare number with more digits than this is a clock. */
const MAX_PID_DIGITS = 7;
/** Seconds since 1970 have more digits than this, seconds since the line before never. */
const MAX_RELATIVE_DIGITS = 8;

/**
 * The columns in front of a line's body. One object is filled again for every line.
 *
 *   [pid   303] [unconfined_t] 10:21:45.391854 (+     0.000072) [ 257] [00007f12ab34cd56] openat(
 *         pid    context        clock            since the line before  number  ip         body
 */
export class Prefix {
  /** Pid column of the last line read, or null where it has none. */
  pid: number | null = null;
  /** Where the body begins. */
  body = 0;
  time: string | null = null;
  atNs: number | null = null;
  /** Whether the log's only stamps count from the line before, so that no line may be passed over. */
  relative = false;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Forgets the last line's columns: strace's own messages have none. */
  clear(): void {
    this.pid = null;
    this.time = null;
    this.atNs = null;
  }

  /** Reads the columns at the start of a physical line; once for each, because a relative stamp moves the clock. */
  read(text: string): void {
    this.clear();
    this.body = this.#readColumns(text, this.#readPid(text), true);
  }

  /** As `read`, leaving the stamps as they are. */
  locate(text: string): void {
    this.pid = null;
    this.body = this.#readColumns(text, this.#readPid(text), false);
  }

  // [pid   303] open(      on standard error, while two or more tasks are traced
  // 303   open(            in a file
  // 303<cc1> open(         with -Y
  #readPid(text: string): number {
    let at = 0;
    const bracket = codeAt(text, 0) === OPEN_BRACKET && text.startsWith('[pid ');
    if (bracket) at = skipSpaces(text, 5);
    const end = skipDigits(text, at);
    if (end === at || end - at > MAX_PID_DIGITS) return 0;
    let after = end;
    if (codeAt(text, after) === LESS) {
      after = text.indexOf('>', after) + 1;
      if (after === 0) return 0;
    }
    if (bracket) {
      if (codeAt(text, after) !== CLOSE_BRACKET) return 0;
      after++;
    }
    if (codeAt(text, after) !== SPACE) return 0;
    this.pid = readDecimal(text, at, end);
    return skipSpaces(text, after);
  }

  #readColumns(text: string, from: number, stamps: boolean): number {
    let at = from;
    for (;;) {
      const code = codeAt(text, at);
      if (code === OPEN_BRACKET) {
        // [ 257] number, [00007f12ab34cd56] instruction pointer, [u:r:t:s0] security context; but not the note
        // [ Process PID=41 runs in 32 bit mode. ]
        if (text.startsWith('[ Process PID=', at)) return at;
        const close = text.indexOf('] ', at);
        if (close < 0) return at;
        at = close + 2;
      } else if (code === OPEN_PAREN && codeAt(text, at + 1) === PLUS) {
        const close = text.indexOf(') ', at);
        if (close < 0) return at;
        if (stamps) this.#relative(text, skipSpaces(text, at + 2), close);
        at = close + 2;
      } else if (isDigit(code)) {
        const end = this.#readEpoch(text, at, stamps);
        if (end > at) {
          at = end + 1;
          continue;
        }
        const stampEnd = endOfStamp(text, at);
        if (codeAt(text, stampEnd) !== SPACE) return at;
        if (stamps) this.#stamp(text, at, stampEnd);
        at = stampEnd + 1;
      } else if (code === SPACE) {
        const next = skipSpaces(text, at);
        // Blanks belong to the columns only in front of a number: dumps and stack frames begin with blanks too.
        if (!isDigit(codeAt(text, next))) return at;
        at = next;
      } else {
        return at;
      }
    }
  }

  // 1795342905.426348     -ttt: since 1970, nine digits or more
  //
  // The stamp of most logs that are large: read in one go, which takes half the time.
  /** Index after the stamp, which a blank follows; `from` where none is there. */
  #readEpoch(text: string, from: number, stamps: boolean): number {
    let at = from;
    let seconds = 0;
    for (let code = codeAt(text, at); isDigit(code); code = codeAt(text, ++at)) seconds = seconds * 10 + code - ZERO;
    if (at - from <= MAX_RELATIVE_DIGITS) return from;
    let nanos = 0;
    if (codeAt(text, at) === DOT) {
      const decimals = at + 1;
      for (let code = codeAt(text, ++at); isDigit(code); code = codeAt(text, ++at)) nanos = nanos * 10 + code - ZERO;
      const scale = NANOS_BY_DIGITS[at - decimals];
      if (scale === undefined) return from;
      nanos *= scale;
    }
    if (codeAt(text, at) !== SPACE) return from;
    if (stamps) {
      this.time = text.slice(from, at);
      this.atNs = this.#clock.at(seconds, nanos);
    }
    return at;
  }

  // 10:21:45.391854       -t, -tt: time of day
  // 0.000072              -r: since the line before
  #stamp(text: string, from: number, to: number): void {
    const ofDay = readTimeOfDay(text, from, to);
    if (ofDay !== null) {
      this.time = text.slice(from, to);
      this.atNs = this.#clock.atTimeOfDay(ofDay.seconds, ofDay.nanos);
    } else if (skipDigits(text, from) - from <= MAX_RELATIVE_DIGITS) {
      this.#relative(text, from, to);
    }
  }

  // A clock beside it says more, and is read first.
  #relative(text: string, from: number, to: number): void {
    if (this.time !== null) return;
    const stamp = readSeconds(text, from, to);
    if (stamp === null) return;
    this.time = text.slice(from, to);
    this.atNs = this.#clock.afterPrevious(stamp.seconds, stamp.nanos);
    this.relative = true;
  }
}

function endOfStamp(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = codeAt(text, at);
    if (!isDigit(code) && code !== DOT && code !== COLON) return at;
    at++;
  }
}
