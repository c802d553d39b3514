/**
 * The call part of a line: `NAME(args)`, tabs, a blank, and the result.
 *
 *   close(3)⇥⇥⇥⇥⇥ = 0 (0x0)
 *   readlink("/etc/malloc.conf",0x82099d2d0,1024)⇥ ERR#2 'No such file or directory'
 *   wait4(-1,0x0,0x0,0x0)⇥⇥⇥⇥ ERESTART
 *   execve("/bin/ls",[ "ls" ],0x7fffffffe4d8)⇥ EJUSTRETURN
 *
 * Names of files are printed raw: they may hold quotes, `) = 3 (0x3)` and line feeds. The result never does, so a call
 * is read from its right end.
 */
import { errnoName } from '../src/model/errno.ts';
import type { Errno, Outcome } from '../src/model/event.ts';
import { hasOneString } from '../src/model/raw-arguments.ts';
import {
  APOSTROPHE,
  CLOSE_PAREN,
  COMMA,
  DOT,
  isBlank,
  isDigit,
  isNameStart,
  MINUS,
  OPEN_BRACE,
  OPEN_PAREN,
  readDecimal,
  SPACE,
  skipDigits,
  trimmedEnd,
} from '../src/scan/cursor.ts';

const HASH = 35;
const SMALL_X = 120;
const ERR = ' ERR#';
const RESTARTED = ' ERESTART';
/** Success without a value: a sigreturn, an execve that replaced the caller. */
const NO_VALUE = ' EJUSTRETURN';
/** The name of a call that truss before 10.3 has none for. */
const NULL_NAME = '(null)';
/** Longest number that truss prints, with a sign. */
const MAX_DIGITS = 20;

/** The call's fields of a `SyscallEvent`. */
export interface CallText {
  readonly name: string;
  readonly args: string;
  readonly result: string | null;
  readonly detail: string | null;
  readonly errno: Errno | null;
  readonly outcome: Outcome;
}

/** Index after the call's name at `from` ('compat11.stat', '#601', '(null)'); `from` itself where there is none. */
export function skipCallName(text: string, from: number): number {
  if (text.startsWith(NULL_NAME, from)) return from + NULL_NAME.length;
  const first = text.charCodeAt(from);
  if (!isNameStart(first) && first !== HASH) return from;
  let at = from + 1;
  while (isNamePart(text.charCodeAt(at))) at++;
  return at;
}

/** Whether the character can stand in a call's name. */
export function isNamePart(code: number): boolean {
  return isNameStart(code) || isDigit(code) || code === DOT || code === HASH;
}

/**
 * Index of the parenthesis that ends the call of the line ending at `end`, where a complete result stands behind it;
 * -1 where none does.
 */
export function closeBeforeResult(text: string, from: number, end: number): number {
  const gap = gapBeforeResult(text, end);
  const close = gap <= from ? -1 : trimmedEnd(text, gap) - 1;
  return close > from && text.charCodeAt(close) === CLOSE_PAREN ? close : -1;
}

/** Index of the blank that a complete result at the line's end begins with, or -1. */
export function gapBeforeResult(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  if (last === CLOSE_PAREN) return gapBeforeValue(text, end);
  if (last === APOSTROPHE) {
    const gap = text.lastIndexOf(ERR, end);
    return gap >= 0 && text.startsWith(" '", errEnd(text, gap)) && end - 1 > errEnd(text, gap) + 1 ? gap : -1;
  }
  if (text.endsWith(RESTARTED, end)) return end - RESTARTED.length;
  return text.endsWith(NO_VALUE, end) ? end - NO_VALUE.length : -1;
}

//  = 34366218240 (0x80062e000)
// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
function gapBeforeValue(text: string, end: number): number {
  let at = end - 1;
  while (isHex(text.charCodeAt(at - 1))) at--;
  if (at === end - 1 || text.charCodeAt(at - 1) !== SMALL_X || !text.startsWith(' (0', at - 4)) return -1;
  return gapBeforeDecimal(text, at - 4);
}

/** Index of the blank of ' = 3' that ends at `end`, or -1. */
function gapBeforeDecimal(text: string, end: number): number {
  let at = end;
  while (isDigit(text.charCodeAt(at - 1)) && end - at < MAX_DIGITS) at--;
  if (at === end) return -1;
  if (text.charCodeAt(at - 1) === MINUS) at--;
  return at >= 3 && text.startsWith(' = ', at - 3) ? at - 3 : -1;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102);
}

/** Index after the number of the ' ERR#2' at `gap`; under the Linux ABI it may be negative. */
function errEnd(text: string, gap: number): number {
  const number = gap + ERR.length;
  return skipDigits(text, text.charCodeAt(number) === MINUS ? number + 1 : number);
}

/** The complete call in [from, end), where `end` follows the last character that is no blank; null for all else. */
export function readCall(text: string, from: number, end: number): CallText | null {
  const open = skipCallName(text, from);
  if (open === from || text.charCodeAt(open) !== OPEN_PAREN) return null;
  const close = closeBeforeResult(text, open, end);
  return close < 0 ? null : callWith(text, from, open, close, end);
}

/** The call whose parentheses are at `open` and `close`, with what stands behind it up to `end`. */
function callWith(text: string, from: number, open: number, close: number, end: number): CallText {
  const name = text.slice(from, open);
  const args = text.slice(open + 1, close);
  const gap = gapStart(text, close);
  if (text.startsWith(ERR, gap)) {
    return { name, args, result: null, detail: null, errno: errnoAt(text, gap, name), outcome: 'failed' };
  }
  if (text.startsWith(RESTARTED, gap)) {
    const errno = { name: 'ERESTART', number: null };
    return { name, args, result: null, detail: null, errno, outcome: 'restarted' };
  }
  if (text.startsWith(NO_VALUE, gap)) {
    return { name, args, result: null, detail: 'EJUSTRETURN', errno: null, outcome: 'returned' };
  }
  const value = gap + 3;
  const valueEnd = skipDigits(text, text.charCodeAt(value) === MINUS ? value + 1 : value);
  if (valueEnd > end || valueEnd === value) {
    return { name, args, result: null, detail: null, errno: null, outcome: 'unfinished' };
  }
  return { name, args, result: text.slice(value, valueEnd), detail: null, errno: null, outcome: 'returned' };
}

/** Index of the last blank behind the parenthesis at `close`: the result begins with it. */
function gapStart(text: string, close: number): number {
  let at = close + 1;
  while (isBlank(text.charCodeAt(at + 1))) at++;
  return at;
}

function errnoAt(text: string, gap: number, name: string): Errno {
  const number = gap + ERR.length;
  const isNegative = text.charCodeAt(number) === MINUS;
  const value = readDecimal(text, isNegative ? number + 1 : number, errEnd(text, gap));
  // A Linux program's errors are in the numbers of Linux, which truss may print as the kernel returns them: negative.
  return { name: errnoName(value, isNegative || name.startsWith('linux_') ? 'linux' : 'freebsd'), number: value };
}

/**
 * What there is of a call without a complete result, whose parenthesis is at `open`: cut off by the log's end,
 * shortened by hand, or one that never returns.
 */
export function readCutCall(text: string, from: number, open: number, end: number): CallText {
  const name = text.slice(from, open);
  const close = endsInString(name, text, open, end) ? -1 : closeBeforeCutResult(text, open, end);
  if (close >= 0) return callWith(text, from, open, close, end);
  return { name, args: text.slice(open + 1, end), result: null, detail: null, errno: null, outcome: 'unfinished' };
}

/** As `closeBeforeResult`, for ` = 3`, ` = 3 (0x`, ` ERR#2`, ` ERR#2 'No such`, and no result at all. */
function closeBeforeCutResult(text: string, open: number, end: number): number {
  if (text.charCodeAt(end - 1) === CLOSE_PAREN) return end - 1;
  let gap = gapBeforeDecimal(text, end);
  const hex = text.lastIndexOf(' (0x', end);
  if (gap < 0 && hex > open) gap = gapBeforeDecimal(text, hex);
  const err = text.lastIndexOf(ERR, end);
  if (gap < 0 && err > open && errEnd(text, err) > err + ERR.length) gap = err;
  const close = gap < 0 ? -1 : trimmedEnd(text, gap) - 1;
  return close > open && text.charCodeAt(close) === CLOSE_PAREN ? close : -1;
}

/**
 * Whether the text of this call in [from, end) ends within a string. A call's only string goes to its last quote.
 * Where there may be more, one begins where an argument begins, and ends where an argument ends; any other quote is a
 * part of a string or of nothing.
 */
export function endsInString(name: string, text: string, from: number, end: number): boolean {
  const first = text.indexOf('"', from);
  if (first < 0 || first >= end) return false;
  if (beginsArgument(text.charCodeAt(first - 1)) && hasOneString(name)) {
    const last = text.lastIndexOf('"', end - 1);
    return last === first || !endsArgument(text.charCodeAt(last + 1));
  }
  return leavesStringOpen(text, first, end, false);
}

/** Whether [0, end), which begins within a string of this call, ends within one. */
export function staysInString(name: string, text: string, end: number): boolean {
  if (!hasOneString(name)) return leavesStringOpen(text, text.indexOf('"'), end, true);
  const last = text.lastIndexOf('"', end - 1);
  return last < 0 || !endsArgument(text.charCodeAt(last + 1));
}

function leavesStringOpen(text: string, first: number, end: number, within: boolean): boolean {
  let inside = within;
  for (let quote = first; quote >= 0 && quote < end; quote = text.indexOf('"', quote + 1)) {
    inside = inside ? !endsArgument(text.charCodeAt(quote + 1)) : beginsArgument(text.charCodeAt(quote - 1));
  }
  return inside;
}

// open("a",  [ "sh", "-c" ]  [{"abc",3}]  { AF_UNIX "/tmp/s" }
//      ^       ^              ^                     ^
/** Whether a quote behind this character begins a string. */
export function beginsArgument(before: number): boolean {
  return before === OPEN_PAREN || before === COMMA || before === SPACE || before === OPEN_BRACE;
}

// "a",  "a")  "a" ]  "a"...
//    ^     ^     ^      ^
/** Whether a quote before this character ends a string. */
export function endsArgument(after: number): boolean {
  return after === COMMA || after === CLOSE_PAREN || after === SPACE || after === DOT;
}
