/**
 * A call whose line is not whole, and the lines that may be the rest of it. dtrace writes calls from a buffer and its
 * messages at once, so a message may stand in the midst of a call; mail programs and terminals break long lines.
 *
 *   1000/0x5a3f:  open("/etc/hodtrace: 5 drops on CPU 0
 *   sts\0", 0x0, 0x0)⇥⇥ = 3 0
 */
import { COMMA, EQUALS, skipSpaces } from '../src/scan/cursor.ts';
import { closingParen, isCallStart, skipCallName } from './dtruss-call.ts';
import { isMessage } from './dtruss-lines.ts';

/** Physical lines one call is put together from: 255 bytes of a path, escaped, in 80 columns. */
const MAX_LINES = 8;

/** One physical line of a call. */
export interface Piece {
  readonly text: string;
  readonly line: number;
}

/** The call that is held, if any. */
export class CutCall {
  /** The lines so far as one. */
  text = '';
  #pieces: Piece[] = [];

  get held(): boolean {
    return this.#pieces.length > 0;
  }

  /** Whether as many lines are held as one call can have. */
  get full(): boolean {
    return this.#pieces.length >= MAX_LINES;
  }

  /** Adds a line. */
  add(text: string, line: number): void {
    this.text = joined(this.text, text);
    this.#pieces.push({ text, line });
  }

  /** Takes the lines out. */
  take(): Piece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.text = '';
    return pieces;
  }
}

// open("/etc/hodtrace: 5 drops on CPU 0
// close(0x3)⇥⇥
// close(0x3)⇥⇥ =
/** Whether a call begins at `body` that the next lines may complete. */
export function isCutCall(text: string, body: number, end: number): boolean {
  if (!isCallStart(text, body)) return false;
  const close = closingParen(text, skipCallName(text, body));
  if (close < 0) return true;
  const tail = skipSpaces(text, close + 1);
  return tail >= end || text.charCodeAt(tail) === EQUALS || isMessage(text, tail);
}

/** A call's two halves as one. A program that breaks a line at a blank leaves the blank out. */
export function joined(head: string, rest: string): string {
  return head.charCodeAt(head.length - 1) === COMMA ? `${head} ${rest}` : head + rest;
}
