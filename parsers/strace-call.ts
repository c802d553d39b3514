import type { Errno, Outcome } from '../src/model/event.ts';
import { syscallOf } from '../src/model/syscalls.ts';
import {
  APOSTROPHE,
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  COMMA,
  closingQuote,
  codeAt,
  EQUALS,
  GREATER,
  isDigit,
  isNameStart,
  LESS,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUOTE,
  readDecimal,
  SLASH,
  SPACE,
  skipDigits,
  skipName,
  skipSpaces,
  trimmedEnd,
} from '../src/scan/cursor.ts';
import { Names } from '../src/scan/names.ts';
import { readSeconds } from '../src/scan/timestamps.ts';

// The text of one whole call, after its two halves and whatever broke it were put together:
//
//   openat(AT_FDCWD, "x = 3", O_RDONLY) = 3</home/me/x = 3> <0.000021>
//   ^^^^^^ ^^^^^^^^^^^^^^^^^^^^^^^^^^^    ^^^^^^^^^^^^^^^^^  ^^^^^^^^
//   name   args                          result             duration
//   close(9) = -1 EBADF (Bad file descriptor) (INJECTED)
//                 ^^^^^ errno                 ^^^^^^^^^^ detail

/** A call as printed, taken apart and not yet decoded. */
export interface CallText {
  readonly name: string;
  readonly args: string;
  readonly result: string | null;
  readonly detail: string | null;
  readonly errno: Errno | null;
  readonly durationNs: number | null;
  readonly outcome: Outcome;
}

const QUESTION_MARK = 63;
const HASH = 35;
const ASTERISK = 42;
const UPPER_D = 68;
const UPPER_E = 69;
const LOWER_E = 101;

/** Ends what is printed of a call when another line cuts it off, and the arguments of one that its task's death cut off. */
export const UNFINISHED = '<unfinished ...>';
/** Names of calls, and whether each makes a task: clone, clone3, fork, vfork, or clone3 by its number. */
export const CALLS = new Names((name) => syscallOf(name, 'linux')?.role === 'spawn');

/** Whether the text ends so. */
export function endsUnfinished(text: string): boolean {
  return codeAt(text, text.length - 1) === GREATER && text.endsWith(UNFINISHED);
}

/** Index of the `(` of the call whose name begins at `from`, or -1 where no call begins there. */
export function openingParen(text: string, from: number): number {
  let at = from;
  const first = codeAt(text, at);
  if (isDigit(first)) {
    // 64:openat( of strace <= 4.22, in an x32 task
    at = skipDigits(text, at);
    if (codeAt(text, at) !== COLON) return -1;
    at++;
  } else if (first === QUESTION_MARK) {
    // ????( when the number could not be read
    while (codeAt(text, at) === QUESTION_MARK) at++;
    return codeAt(text, at) === OPEN_PAREN ? at : -1;
  }
  const afterName = skipName(text, at);
  if (afterName === at) return -1;
  at = afterName;
  if (codeAt(text, at) === HASH) at = skipDigits(text, at + 1); // openat#64(
  return codeAt(text, at) === OPEN_PAREN ? at : -1;
}

/** The characters between parentheses that mean nothing, nearly all: one look instead of a comparison with each of the others. */
const IS_PLAIN = new Uint8Array(256).fill(1);
for (const code of [
  QUOTE,
  APOSTROPHE,
  OPEN_PAREN,
  CLOSE_PAREN,
  SLASH,
  LESS,
  OPEN_BRACKET,
  CLOSE_BRACKET,
  OPEN_BRACE,
  CLOSE_BRACE,
])
  IS_PLAIN[code] = 0;

/** A string or a comment never ends. */
export const UNENDING = -2;

/**
 * Index of the parenthesis that closes the one at `open`, -1 where the text ends before it, `UNENDING` where a string or
 * comment does not end. Strings, comments, character literals and `<path>` decorations are passed over.
 */
export function closingParen(text: string, open: number): number {
  let depth = 0;
  let decorations = true;
  for (let at = open; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (IS_PLAIN[code] === 1) continue;
    switch (code) {
      case QUOTE: {
        at = closingQuote(text, at);
        if (at < 0) return UNENDING;
        break;
      }
      case OPEN_PAREN:
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth++;
        break;
      case CLOSE_PAREN:
        depth--;
        if (depth <= 0) return at;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        if (depth > 1) depth--;
        break;
      case SLASH:
        if (codeAt(text, at + 1) === ASTERISK) {
          at = text.indexOf('*/', at + 2) + 1;
          if (at === 0) return UNENDING;
        }
        break;
      case APOSTROPHE:
        if (codeAt(text, at + 2) === APOSTROPHE) at += 2;
        break;
      case LESS:
        if (decorations && isDecorated(codeAt(text, at - 1))) {
          const close = closingDecoration(text, at);
          // One that never ends would be looked for again at every `<` to come.
          if (close < 0) decorations = false;
          else at = close;
        }
        break;
    }
  }
  return -1;
}

/** Whether a `<` behind this character opens a decoration: behind a number, or the D of AT_FDCWD. */
function isDecorated(code: number): boolean {
  return isDigit(code) || code === UPPER_D;
}

/**
 * Index of the `>` that ends the decoration opened at `open`, or -1. Quoted socket paths are passed over, the arrow
 * of a connected socket does not end it, and device names nest: `3</dev/null<char 1:3>>`.
 */
function closingDecoration(text: string, open: number): number {
  const isPath = codeAt(text, open + 1) === SLASH;
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const code = codeAt(text, at);
    if (code === LESS) depth++;
    else if (code === GREATER) {
      if (!isPath && codeAt(text, at - 1) === MINUS) continue;
      depth--;
      if (depth === 0) return at;
    } else if (code === QUOTE && !isPath && codeAt(text, at - 1) === COMMA) {
      // "[7264,"/run/so>ck"]": only sockets quote
      at = closingQuote(text, at);
      if (at < 0) return -1;
    }
  }
  return -1;
}

/**
 * The whole call at `from`, or null where its result is missing. `lenient` also takes calls whose parentheses or
 * quotes do not match, because something foreign stands in them: then the last `) = value` ends the arguments.
 */
export function readCall(text: string, from: number, lenient: boolean): CallText | null {
  const open = openingParen(text, from);
  if (open < 0) return null;
  const written = readWritten(text, open);
  let close = written === null ? closingParen(text, open) : written.textEnd;
  if (close < 0 || !hasResult(text, close)) {
    if (!lenient || written !== null) return null;
    close = lastResult(text, open);
    if (close < 0) return null;
  }
  if (!lenient && endsInDecoration(text)) return null;
  const args = text.slice(open + 1, written === null ? close : written.argsEnd);
  return readResult(text, CALLS.at(text, from, open).name, trimUnfinished(args), close);
}

/** Whether the text ends in the middle of a `<path>`: a raw line feed stands in the name (strace 4.7-4.9, -y). */
export function endsInDecoration(text: string): boolean {
  if (text.indexOf('</') < 0) return false;
  const open = text.lastIndexOf('</');
  return open > 0 && isDecorated(codeAt(text, open - 1)) && closingDecoration(text, open) < 0;
}

/** Whether a call begins at `from` and is whole, or the first half of one. */
export function isCall(text: string, from: number): boolean {
  const open = openingParen(text, from);
  if (open < 0) return false;
  return endsUnfinished(text) ? !mayHaveResult(text, open) : readCall(text, from, false) !== null;
}

/** The text of a call that never got a result, with the arguments it has. */
export function readUnfinished(text: string, from: number): CallText | null {
  const open = openingParen(text, from);
  if (open < 0) return null;
  const close = closingParen(text, open);
  return {
    name: CALLS.at(text, from, open).name,
    args: text.slice(open + 1, close < 0 ? undefined : close).trimEnd(),
    result: null,
    detail: null,
    errno: null,
    durationNs: null,
    outcome: 'unfinished',
  };
}

/** Whether a result may stand in the text behind `open`. Where none may, the call need not be taken apart to know. */
export function mayHaveResult(text: string, open: number): boolean {
  for (let equals = text.indexOf('=', open); equals > 0; equals = text.indexOf('=', equals + 1)) {
    const end = trimmedEnd(text, equals);
    if (end < equals && codeAt(text, end - 1) === CLOSE_PAREN) return true;
  }
  return false;
}

/** Whether `= value` follows the closing parenthesis at `close`. */
function hasResult(text: string, close: number): boolean {
  const equals = skipSpaces(text, close + 1);
  if (codeAt(text, equals) !== EQUALS || equals === close + 1) return false;
  const value = codeAt(text, skipSpaces(text, equals + 1));
  return isDigit(value) || value === MINUS || value === QUESTION_MARK;
}

function lastResult(text: string, open: number): number {
  let equals = text.lastIndexOf(' = ');
  while (equals > open) {
    let close = equals;
    while (codeAt(text, close) === SPACE) close--;
    if (codeAt(text, close) === CLOSE_PAREN && hasResult(text, close)) return close;
    equals = text.lastIndexOf(' = ', close - 1);
  }
  return -1;
}

// read(3,  <unfinished ...>) = ?      a call cut off by the death of its task
//          ^^^^^^^^^^^^^^^^
function trimUnfinished(args: string): string {
  return endsUnfinished(args) ? args.slice(0, -UNFINISHED.length).trimEnd() : args;
}

function readResult(text: string, name: string, args: string, close: number): CallText {
  let at = skipSpaces(text, skipSpaces(text, close + 1) + 1);
  const valueStart = at;
  if (codeAt(text, at) === MINUS) at++;
  while (isNameStart(codeAt(text, at)) || isDigit(codeAt(text, at)) || codeAt(text, at) === QUESTION_MARK) at++;
  if (codeAt(text, at) === LESS) {
    const end = closingDecoration(text, at);
    if (end > 0) at = end + 1;
    if (text.startsWith('(deleted)', at)) at += '(deleted)'.length;
  }
  const result = text.slice(valueStart, at);

  let end = text.length;
  let durationNs: number | null = null;
  // close(3) = 0 <0.000021>
  //              ^^^^^^^^^^
  if (codeAt(text, end - 1) === GREATER) {
    const less = text.lastIndexOf('<');
    const duration = less >= at ? readSeconds(text, less + 1, end - 1) : null;
    if (duration !== null) {
      durationNs = duration.seconds * 1e9 + duration.nanos;
      end = less;
    }
  }

  at = skipSpaces(text, at);
  let errno: Errno | null = null;
  if (codeAt(text, at) === UPPER_E) {
    // ENOENT (No such file or directory), and of errors without a name: E??? (errno 999), ERRNO_999 (…)
    const wordEnd = skipName(text, at);
    const unnamed = text.startsWith('E???', at);
    const paren = skipSpaces(text, unnamed ? at + 4 : wordEnd);
    errno = { name: unnamed ? null : text.slice(at, wordEnd), number: unnamed ? errnoNumber(text, paren) : null };
    at = skipErrorText(text, paren);
  } else if (text.startsWith('(errno ', at)) {
    errno = { name: null, number: errnoNumber(text, at) };
    at = skipErrorText(text, at);
  }
  const detail = at < end ? text.slice(skipSpaces(text, at), end).trimEnd() : '';
  return {
    name,
    args,
    result,
    detail: detail === '' ? null : detail,
    errno,
    durationNs,
    outcome: outcomeOf(result, errno),
  };
}

// (errno 38)
function errnoNumber(text: string, from: number): number | null {
  const digits = from + '(errno '.length;
  const end = skipDigits(text, digits);
  return text.startsWith('(errno ', from) && end > digits ? readDecimal(text, digits, end) : null;
}

function skipErrorText(text: string, from: number): number {
  if (codeAt(text, from) !== OPEN_PAREN) return from;
  const close = text.indexOf(')', from);
  return close < 0 ? text.length : close + 1;
}

/** How a call ended that has a result. */
export function outcomeOf(result: string, errno: Errno | null): Outcome {
  if (errno === null) return result === '?' ? 'unfinished' : 'returned';
  return errno.name?.startsWith('ERESTART') ? 'restarted' : 'failed';
}

/** What a traced program wrote to the same terminal or file as strace, in the middle of its own `write` line. */
export interface Written {
  /** End of the arguments: the program's text begins here. */
  readonly argsEnd: number;
  /** End of the program's text, where the call goes on; -1 where that is on a later line. */
  readonly textEnd: number;
  /** Bytes of the program's text that are still to come, on the next physical lines (their line ends counted). */
  readonly missing: number;
}

/**
 * The program's own text behind the arguments of a `write` to descriptor 1 or 2, or null where the call is no such
 * write or its text does not stand there. Exact, so that a program cannot forge trace lines: the byte count is known.
 *
 *   write(2, "line with nl\n", 13line with nl
 *                              ^^ count
 *   ) = 13
 */
export function readWritten(text: string, open: number): Written | null {
  if (codeAt(text, open - 1) !== LOWER_E || !text.startsWith('write', open - 5)) return null;
  const fd = codeAt(text, open + 1);
  if ((fd !== 49 && fd !== 50) || isDigit(codeAt(text, open + 2))) return null;
  const string = text.indexOf(' "', open) + 1;
  if (string === 0) return null;
  const quote = closingQuote(text, string);
  if (quote < 0) return null;
  let at = quote + 1;
  if (text.startsWith('...', at)) at += 3;
  if (codeAt(text, at) !== COMMA || codeAt(text, at + 1) !== SPACE) return null;
  const digits = at + 2;
  const closed = skipDigits(text, digits);
  const start = firstLine(text, string + 1, quote);
  const forged = start.startsWith(')') && text.startsWith(start, closed);
  if (codeAt(text, closed) === CLOSE_PAREN && hasResult(text, closed) && !forged) return null;
  // The text may begin with digits itself: of the ways to cut, take the one behind which the written string starts.
  for (let argsEnd = closed; argsEnd > digits; argsEnd--) {
    const rest = text.length - argsEnd;
    const shown = start.slice(0, Math.min(start.length, rest));
    if (!text.startsWith(shown, argsEnd)) continue;
    const missing = readDecimal(text, digits, argsEnd) - rest;
    if (missing > 0) return { argsEnd, textEnd: -1, missing: missing - 1 };
    const textEnd = text.length + missing;
    if (codeAt(text, textEnd) === CLOSE_PAREN && hasResult(text, textEnd)) return { argsEnd, textEnd, missing: 0 };
    if (missing === 0) return { argsEnd, textEnd: -1, missing: 0 };
  }
  return null;
}

/** The first few plain characters of the string in [from, to), up to the first escape: enough to tell a cut by. */
function firstLine(text: string, from: number, to: number): string {
  let end = from;
  while (end < to && end - from < 8 && codeAt(text, end) !== BACKSLASH) end++;
  return text.slice(from, end);
}
