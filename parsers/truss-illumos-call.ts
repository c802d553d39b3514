/**
 * The call part of a truss line, as illumos and Solaris print it: `NAME(args)`, a gap, and the result.
 *
 *   close(3)                                        = 0
 *   getpid()                                        = 26560 [26559]
 *   open("/etc/shadow", O_RDONLY)                   Err#13 EACCES [file_dac_read]
 *   execve("/usr/bin/ls", 0x08047CF8, 0x08047D00)  argc = 1
 *   _exit(1)
 *
 * Arguments hold anything (`) = 3` in a file's name, lone quotes in written data), the result never does: so a call
 * is read from its right end, and the last parenthesis before the result is the call's own.
 */

import type { Errno, Outcome } from '../src/model/event.ts';
import {
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COMMA,
  codeAt,
  EQUALS,
  isBlank,
  OPEN_BRACKET,
  OPEN_PAREN,
  readDecimal,
  SPACE,
  skipDigits,
  skipName,
  trimmedEnd,
} from '../src/scan/cursor.ts';

const HASH = 35;
const ERR = 'Err#';
/** A call that was interrupted and that the kernel starts again: it is printed once more when it ends. */
const ERESTART = 91;

/** Calls that are printed without a result, at their entry. Those that end the caller never return. */
const ONE_WAY: ReadonlyMap<string, Outcome> = new Map([
  ['_exit', 'unfinished'],
  ['exit', 'unfinished'],
  ['lwp_exit', 'unfinished'],
  ['getcontext', 'returned'],
  ['setcontext', 'returned'],
  ['getustack', 'returned'],
  ['setustack', 'returned'],
]);

/** What may stand behind a call's closing parenthesis; a log that is cut there ends in a beginning of one. */
const TAILS = ['= ', 'Err#', 'argc = ', '(sleeping...)', '(waiting for child', '(returning as '];

/** The call's fields of a `SyscallEvent`. */
export interface CallText {
  readonly name: string;
  readonly args: string;
  readonly result: string | null;
  readonly detail: string | null;
  readonly errno: Errno | null;
  readonly outcome: Outcome;
}

/** Index after the call's name at `from`, which may be a number (`sys#246`); `from` itself where there is none. */
export function skipCallName(text: string, from: number): number {
  const at = skipName(text, from);
  return at > from && codeAt(text, at) === HASH ? skipDigits(text, at + 1) : at;
}

/** The complete call in [from, end), where `end` follows the last character that is no blank; null for all else. */
export function readCall(text: string, from: number, end: number): CallText | null {
  const open = skipCallName(text, from);
  if (open === from || codeAt(text, open) !== OPEN_PAREN) return null;
  const name = text.slice(from, open);
  if (codeAt(text, end - 1) === CLOSE_PAREN) {
    const outcome = ONE_WAY.get(name);
    if (outcome === undefined) return null;
    return { name, args: text.slice(open + 1, end - 1), result: null, detail: null, errno: null, outcome };
  }

  // getpid()                                        = 26560 [26559]
  //                                                         ^^^^^^^
  let detail: string | null = null;
  let last = end;
  if (codeAt(text, end - 1) === CLOSE_BRACKET) {
    const bracket = wordStart(text, open, end);
    if (codeAt(text, bracket) !== OPEN_BRACKET) return null;
    detail = text.slice(bracket, end);
    last = trimmedEnd(text, bracket);
  }
  const word = wordStart(text, open, last);
  if (codeAt(text, word - 1) === SPACE && codeAt(text, word - 2) === EQUALS) {
    return readReturned(text, open, word, last, name, detail);
  }
  return readFailed(text, open, word, last, name, detail);
}

// close(3)                                        = 0
//                                                 ^^^
// execve("/usr/bin/ls", 0x08047CF8, 0x08047D00)  argc = 1
//                                                ^^^^^^^^
function readReturned(
  text: string,
  open: number,
  word: number,
  end: number,
  name: string,
  detail: string | null,
): CallText | null {
  const equals = word - 2;
  const before = trimmedEnd(text, equals);
  if (before === equals) return null;
  if (closesCall(text, open, before)) {
    const args = text.slice(open + 1, before - 1);
    return { name, args, result: text.slice(word, end), detail, errno: null, outcome: 'returned' };
  }
  const argc = before - 'argc'.length;
  const close = trimmedEnd(text, argc);
  if (detail !== null || close === argc || !text.startsWith('argc', argc) || !closesCall(text, open, close))
    return null;
  const args = text.slice(open + 1, close - 1);
  return { name, args, result: null, detail: text.slice(argc, end), errno: null, outcome: 'returned' };
}

// open("/var/ld/ld.config", O_RDONLY)             Err#2 ENOENT
//                                                 ^^^^^^^^^^^^
function readFailed(
  text: string,
  open: number,
  word: number,
  end: number,
  name: string,
  detail: string | null,
): CallText | null {
  // Numbers that this truss has no name for stand alone.
  const named = !isErr(text, word, end);
  const errEnd = named ? trimmedEnd(text, word) : end;
  const err = named ? wordStart(text, open, errEnd) : word;
  if (named && !isErr(text, err, errEnd)) return null;
  const close = trimmedEnd(text, err);
  if (close === err || !closesCall(text, open, close)) return null;
  const number = readDecimal(text, err + ERR.length, errEnd);
  const errno = { name: named ? text.slice(word, end) : null, number };
  const outcome = number === ERESTART ? 'restarted' : 'failed';
  return { name, args: text.slice(open + 1, close - 1), result: null, detail, errno, outcome };
}

/** Whether [from, to) is `Err#` and a number. */
function isErr(text: string, from: number, to: number): boolean {
  const digits = from + ERR.length;
  return text.startsWith(ERR, from) && digits < to && skipDigits(text, digits) === to;
}

/**
 * Whether the character before `end` is the parenthesis that closes the call opened at `open`. It is not where the
 * log was cut in a string that holds `) = 3`: there the string has no end. Written data has a blank before each of
 * its characters, a call's own parenthesis never has one.
 */
function closesCall(text: string, open: number, end: number): boolean {
  const close = end - 1;
  if (close <= open || codeAt(text, close) !== CLOSE_PAREN || isBlank(codeAt(text, close - 1))) return false;
  return !endsInString(text, open, close);
}

/** Whether the only quote in (open, close) begins a string, which thus has no end. */
function endsInString(text: string, open: number, close: number): boolean {
  const quote = text.indexOf('"', open);
  if (quote < 0 || quote >= close || text.lastIndexOf('"', close - 1) !== quote) return false;
  const before = codeAt(text, quote - 1);
  return before === OPEN_PAREN || before === SPACE;
}

/** A call that the end of the log cuts off before its result. `open` is its parenthesis. */
export function readCutCall(text: string, from: number, open: number): CallText {
  const close = text.lastIndexOf(')');
  const tail = text.slice(close + 1).trim();
  const closed = close > open && !endsInString(text, open, close) && TAILS.some((whole) => whole.startsWith(tail));
  return {
    name: text.slice(from, open),
    args: text.slice(open + 1, closed ? close : text.length),
    result: null,
    detail: null,
    errno: null,
    outcome: 'unfinished',
  };
}

/** Whether truss reports that the call is still under way; it prints the call again, whole, when it ends. */
export function isWaiting(text: string, end: number): boolean {
  return text.endsWith('(sleeping...)', end) || text.endsWith('(waiting for child to exit()/exec()...)', end);
}

/** The two halves of a line that a mail program wrapped: in the middle of a word, or at a blank that is lost then. */
export function rejoined(head: string, tail: string): string {
  const last = codeAt(head, head.length - 1);
  const gap = last === COMMA || (last === CLOSE_PAREN && (tail.startsWith('=') || tail.startsWith('Err#')));
  return gap ? `${head} ${tail}` : head + tail;
}

/** Start of the word (no blanks, no tabs) that ends at `end`; not before `from`. */
function wordStart(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && !isBlank(codeAt(text, at - 1))) at--;
  return at;
}
