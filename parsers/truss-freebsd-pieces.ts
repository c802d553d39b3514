/**
 * Lines that something else broke into. To FreeBSD 10.2 each process has a truss of its own, all of them write without
 * buffers, and what one prints between two pieces of another's line is in that line:
 *
 *    8974: getsockname( 8956: close(11)⇥⇥⇥⇥ = 0 (0x0)         truss: truss: can not attach to target process: …
 *   12, 8956: close(7)⇥⇥⇥⇥⇥ = 0 (0x0)                        can not attach to target process: No such process
 *   0x20) = 1 (0x1)
 */
import { COLON, isBlank, isDigit } from '../src/scan/cursor.ts';

/** Messages of truss itself, which never have a prefix. */
const MESSAGES = ['truss: ', '-- UNKNOWN ', '-- CANNOT READ ', 'can not attach to target process'];
const WARNING = 'truss: ';
/** Pids are printed in five columns. */
const PID_WIDTH = 5;
/** Processes that are kept a piece of; each of them waits for its own truss to go on. */
const MAX_PIECES = 4;
/** A name is cut at 4096 bytes, and few calls have two. */
const MAX_PIECE = 8192;

const NONE: readonly LinePiece[] = [];

/** The beginning of a line that another line broke off. */
export class LinePiece {
  readonly pid: number | null;
  /** Number of the line it begins in. */
  readonly line: number;
  #text: string;

  constructor(text: string, pid: number | null, line: number) {
    this.#text = text;
    this.pid = pid;
    this.line = line;
  }

  /** Takes a further piece. */
  add(text: string): void {
    if (this.#text.length + text.length <= MAX_PIECE) this.#text += text;
  }

  /** What it is together with the line that may be its end. */
  joined(text: string): string {
    return this.#text + text;
  }
}

/** The pieces that wait for their ends, which come without a prefix. A process has one line in the making at most. */
export class LinePieces {
  /** By process, the latest last. */
  readonly #pieces = new Map<number | null, LinePiece>();

  /** A line of this piece's process was broken off. */
  keep(piece: LinePiece): void {
    this.drop(piece.pid);
    const [oldest] = this.#pieces.keys();
    if (this.#pieces.size === MAX_PIECES && oldest !== undefined) this.#pieces.delete(oldest);
    this.#pieces.set(piece.pid, piece);
  }

  has(pid: number | null): boolean {
    return this.#pieces.size > 0 && this.#pieces.has(pid);
  }

  /** The process has gone on to another line. */
  drop(pid: number | null): void {
    if (this.#pieces.size > 0) this.#pieces.delete(pid);
  }

  /** Those there are, the latest first. */
  get latestFirst(): readonly LinePiece[] {
    return this.#pieces.size === 0 ? NONE : [...this.#pieces.values()].reverse();
  }
}

/** Index after a piece that the prefix at `at` follows, whose padding is no part of it. */
export function pieceEnd(text: string, at: number): number {
  let colon = at;
  while (isDigit(text.charCodeAt(colon))) colon++;
  let padding = text.charCodeAt(colon) === COLON ? PID_WIDTH - (colon - at) : 0;
  let end = at;
  while (padding > 0 && isBlank(text.charCodeAt(end - 1))) {
    end--;
    padding--;
  }
  return end;
}

/** Whether a message of truss itself begins at `at`. */
export function isMessage(text: string, at: number): boolean {
  for (const message of MESSAGES) {
    if (text.startsWith(message, at)) return true;
  }
  return false;
}

/** Index of a warning of truss's behind `from`, or -1. */
export function warningStart(text: string, from: number): number {
  return text.indexOf(WARNING, from);
}

/** Counts the ends that messages, broken by each other, still owe: lines of their own right behind them. */
export class MessageEnds {
  #owed = 0;
  #line = 0;

  /** A message was read that begins at `at`: it owes as many ends, less one, as warnings begin in it. */
  add(text: string, at: number, line: number): void {
    if (line !== this.#line + 1) this.#owed = 0;
    this.#line = line;
    for (let next = warningStart(text, at); next >= 0; next = warningStart(text, next + 1)) this.#owed++;
    if (this.#owed > 0) this.#owed--;
  }

  /** Whether the line, which nothing else explains, is such an end. */
  take(line: number): boolean {
    if (this.#owed === 0 || line !== this.#line + 1) return false;
    this.#owed--;
    this.#line = line;
    return true;
  }
}
