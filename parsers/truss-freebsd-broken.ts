/**
 * A call that does not end on its line. Three things break one: a line feed in a file's name, which truss prints raw; a
 * mail program or terminal that wrapped the line; and truss of FreeBSD 2 and 3, which always used two lines.
 *
 *   1201: open("two              8561: mmap(0x0,4096,3,2,-1,0x0)    syscall open("/etc/malloc.conf",0,00)
 *   lines",O_RDONLY,00) = 3 …    = 672288768 (0x28125000)           ⇥returns 3 (0x3)
 */
import { Clock } from '../src/model/clock.ts';
import { hasOneString } from '../src/model/raw-arguments.ts';
import { OPEN_PAREN, TAB, trimmedEnd } from '../src/scan/cursor.ts';
import { beginsArgument, closeBeforeResult, endsInString, skipCallName, staysInString } from './truss-freebsd-call.ts';
import { LineFront, skipLead } from './truss-freebsd-front.ts';
import { isMark } from './truss-freebsd-marks.ts';
import { isMessage } from './truss-freebsd-pieces.ts';

/** Names are cut at 4096 bytes; an exec has several of them. A string that is longer was never closed. */
const MAX_HELD_BYTES = 16_384;
/** More lines are made of no call by wrapping. */
const MAX_WRAPPED_LINES = 6;
/** A terminal breaks lines at its right edge, also in words; everything else breaks them at blanks, which are lost. */
const TERMINAL_COLUMNS = 80;
const TAB_WIDTH = 8;

/** The second lines of the two-line form, and how a call of today shows the same. */
const OLD_RESULTS = [
  { start: 'returns ', shown: ' = ' },
  { start: 'errno ', shown: ' ERR#' },
] as const;

/** What a further line is to a broken call: its end, a part of it, or no part, so that the call stays broken. */
export type Continuation = 'end' | 'part' | 'other';

/** The lines of a call that is not whole yet. */
export class BrokenCall {
  readonly lines: string[];
  /** Number of the first of its lines. */
  readonly firstLine: number;
  readonly #name: string;
  readonly #inString: boolean;
  readonly #prefixed: boolean;
  readonly #front = new LineFront(new Clock());
  #joined: string;

  /** `name` is the call's, `inString`: where it is broken, `prefixed`: whether a call of this log has a prefix. */
  constructor(head: string, line: number, name: string, inString: boolean, prefixed: boolean) {
    this.lines = [head];
    this.firstLine = line;
    this.#name = name;
    this.#inString = inString;
    this.#prefixed = prefixed;
    // What ends a broken line of a name is the name's own.
    this.#joined = head.slice(skipLead(head), inString ? head.length : trimmedEnd(head, head.length));
  }

  /** All its lines as one. */
  get joined(): string {
    return this.#joined;
  }

  /** Takes the next line, unless it is no part of the call. */
  add(text: string): Continuation {
    return this.#inString ? this.#addToString(text) : this.#addWrapped(text);
  }

  #addToString(text: string): Continuation {
    const end = trimmedEnd(text, text.length);
    const close = closeBeforeResult(text, -1, end);
    const isEnd = close >= 0 && !staysInString(this.#name, text, close) && !this.#isWhole(text, end);
    if (!isEnd && this.#joined.length + text.length > MAX_HELD_BYTES) return 'other';
    const joint = this.lines.length === 1 && isFull(this.lines[0] ?? '') ? '' : '\n';
    this.#joined += joint + (isEnd ? text.slice(0, end) : text);
    this.lines.push(text);
    return isEnd ? 'end' : 'part';
  }

  #addWrapped(text: string): Continuation {
    const start = skipLead(text);
    const end = trimmedEnd(text, text.length);
    const head = this.#joined;
    if (end <= start || this.lines.length === MAX_WRAPPED_LINES || head.length + end > MAX_HELD_BYTES) return 'other';
    if (this.#standsAlone(text, start)) return 'other';
    const tail = text.slice(start, end);
    const old = OLD_RESULTS.find((result) => tail.startsWith(result.start));
    const joints = isFull(this.lines[this.lines.length - 1] ?? '') ? ['', ' '] : [this.#joint(tail)];
    const joined =
      old === undefined
        ? joints.map((joint) => head + joint + tail)
        : [head + old.shown + tail.slice(old.start.length)];
    // A mail program may break at a blank where the terminal's margin is: then the call is whole only with the blank.
    const whole = joined.find((line) => closeBeforeResult(line, 0, line.length) >= 0);
    this.#joined = whole ?? joined[0] ?? head;
    this.lines.push(text);
    return whole === undefined ? 'part' : 'end';
  }

  /** What stood where a line was broken before the margin. */
  #joint(tail: string): string {
    // open("a",b          The call's only string goes on, so what ended the line is in the name.
    // c",O_RDONLY,00) = 3 (0x3)
    const goesOn = hasOneString(this.#name) && this.#joined.includes('"') && tail.includes('"');
    return goesOn ? '\n' : ' ';
  }

  /** Whether the line, by itself, is a call: not the end of a name that happens to look like the end of one. */
  #isWhole(text: string, end: number): boolean {
    const body = this.#front.read(text, skipLead(text));
    if (this.#prefixed && !this.#front.prefixed) return false;
    const open = skipCallName(text, body);
    const close = closeBeforeResult(text, open, end);
    if (open === body || text.charCodeAt(open) !== OPEN_PAREN || close < 0) return false;
    const quote = text.indexOf('"', open);
    if (quote >= 0 && quote < close && !beginsArgument(text.charCodeAt(quote - 1))) return false;
    return !endsInString(text.slice(body, open), text, open, close);
  }

  /** Whether a line of its own begins at `start`. */
  #standsAlone(text: string, start: number): boolean {
    const body = this.#front.read(text, start);
    if (this.#front.prefixed || this.#front.time !== null || isMark(text, body)) return true;
    if (isMessage(text, body)) return true;
    const nameEnd = skipCallName(text, body);
    return nameEnd > body && text.charCodeAt(nameEnd) === OPEN_PAREN;
  }
}

/** Whether the line is as wide as a terminal, which then broke it. */
function isFull(text: string): boolean {
  let column = 0;
  for (let at = 0; at < text.length && column <= TERMINAL_COLUMNS; at++) {
    column = text.charCodeAt(at) === TAB ? column - (column % TAB_WIDTH) + TAB_WIDTH : column + 1;
  }
  return column === TERMINAL_COLUMNS;
}
