/**
 * What AIX truss puts in front of a line: the process (-f), the kernel thread (-l), or both, and a time (-d, -D).
 *
 *   56361298: 83624347: close(3)                            = 0
 *   ^^^^^^^^  ^^^^^^^^
 *   56361298: execve("/opt/node/bin/node", 0x2FF22888, 0x2FF22894)  argc: 2
 *
 * A new program has no thread yet. A number that stands alone is a process, unless the log began without one: then
 * there is no -f, and it is a thread.
 */
import type { Clock } from '../src/model/clock.ts';
import { COLON, DOT, isBlank, readDecimal, skipDigits, skipSpaces } from '../src/scan/cursor.ts';
import { readSeconds } from '../src/scan/timestamps.ts';

/** A longer number is no process and no thread. */
export const MAX_ID_DIGITS = 10;
const MIN_DECIMALS = 4;
const MAX_DECIMALS = 9;

/**
 * Whether this log has a process before each line, threads only, or nothing. The first line that is understood
 * decides, and a bare one leaves it open whether threads follow.
 */
export type Layout = 'unknown' | 'processes' | 'bare';

/** The front of one line. Filled anew for each line. */
export class AixFront {
  /** Numbers in front of the line, 0 to 2. */
  numbers = 0;
  pid: number | null = null;
  tid: number | null = null;
  /** Blanks and tabs between the prefix and the text. */
  indent = 0;
  time: string | null = null;
  atNs: number | null = null;
  /** Whether the log told the time its -d column counts from. */
  hasBase = false;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Reads the front that begins at `from`; gives the index of the text behind it. */
  read(text: string, from: number, layout: Layout): number {
    this.numbers = 0;
    this.pid = null;
    this.tid = null;
    let textStart = from;
    const first = endOfId(text, from);
    if (first > from) {
      const id = readDecimal(text, from, first);
      const second = skipSpaces(text, first + 1);
      const secondEnd = endOfId(text, second);
      this.numbers = secondEnd > second ? 2 : 1;
      if (this.numbers === 1 && layout === 'bare') this.tid = id;
      else this.pid = id;
      if (this.numbers === 2) this.tid = readDecimal(text, second, secondEnd);
      textStart = (this.numbers === 2 ? secondEnd : first) + 1;
    }
    const body = skipSpaces(text, textStart);
    this.indent = body - textStart;
    return this.#readStamp(text, body);
  }

  /** Takes the line that says when the -d column began; its zero becomes the clock's. */
  readBase(time: string): void {
    this.hasBase = true;
    this.time = time;
    this.atNs = this.#clock.at(0, 0);
  }

  // Without a base line the column is that of -D: the time since the line before, of any process.
  #readStamp(text: string, from: number): number {
    this.time = null;
    this.atNs = null;
    const dot = skipDigits(text, from);
    if (dot === from || text.charCodeAt(dot) !== DOT) return from;
    const end = skipDigits(text, dot + 1);
    const decimals = end - dot - 1;
    const mark = text.charCodeAt(end) === COLON ? end + 1 : end;
    if (decimals < MIN_DECIMALS || decimals > MAX_DECIMALS || !isBlank(text.charCodeAt(mark))) return from;
    this.time = text.slice(from, end);
    const stamp = this.hasBase ? readSeconds(text, from, end) : null;
    if (stamp !== null) this.atNs = this.#clock.at(stamp.seconds, stamp.nanos);
    return skipSpaces(text, mark);
  }
}

/** Index of the colon behind the number at `from`, which a blank follows; `from` where there is none. */
function endOfId(text: string, from: number): number {
  const colon = skipDigits(text, from);
  const isId =
    colon > from &&
    colon - from <= MAX_ID_DIGITS &&
    text.charCodeAt(colon) === COLON &&
    isBlank(text.charCodeAt(colon + 1));
  return isId ? colon : from;
}
