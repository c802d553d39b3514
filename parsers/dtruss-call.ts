/**
 * The call part of a dtruss line: `name(args)`, a gap, the result and the errno.
 *
 *   open("/etc/nope\0", 0x0, 0x0)⇥⇥ = -1 Err#2
 *   close(0x3)⇥⇥ = 0 0
 *   workq_kernreturn(0x4, 0x0, 0x0)⇥⇥ = 0 Err#-2
 *   open("/etc/nope\0", 0x0, 0x0)⇥⇥ = -1 2
 *
 * Strings are escaped like C's, so a quote behind no backslash always ends one and a call is read from its left end.
 * The one text without quotes is the name in `sysctlbyname(kern.bootargs, 0xD, …)`.
 */

import { errnoName } from '../src/model/errno.ts';
import type { Errno, Outcome } from '../src/model/event.ts';
import {
  CLOSE_PAREN,
  closingQuote,
  EQUALS,
  isDigit,
  MINUS,
  OPEN_PAREN,
  QUOTE,
  readDecimal,
  skipDigits,
  skipName,
  skipSpaces,
  ZERO,
} from '../src/scan/cursor.ts';

const HASH = 35;
const SMALL_X = 120;
const ERR = 'Err#';
const ERR_START = 'Err#-';
/** A longer number is no errno. */
const MAX_ERRNO_DIGITS = 9;
/** XNU's own mark for a call that a signal interrupted and that is started again. */
const ERESTART = -1;
/** Up to here the errors of Solaris and the BSDs are the same, but for 11. */
const LAST_COMMON_ERRNO = 34;
const EDEADLK_OR_EAGAIN = 11;

/** The call whose first argument is neither quoted nor escaped. */
export const UNQUOTED_CALL = 'sysctlbyname';

/** The call's fields of a `SyscallEvent`. */
export interface CallText {
  readonly name: string;
  readonly args: string;
  readonly result: string | null;
  readonly detail: string | null;
  readonly errno: Errno | null;
  readonly outcome: Outcome;
}

/** How a call is read that its line alone does not decide. */
export interface Reading {
  /** Whether the log is of the DTraceToolkit's script: then of Solaris or FreeBSD, and it does not say which. */
  readonly toolkit: boolean;
  /** Whether the line is so surely dtruss's that what stands in the place of `Err#` may be garbage. */
  readonly certain: boolean;
}

/** Index after the call's name at `from`, which may be a number (`#8`); `from` itself where there is none. */
export function skipCallName(text: string, from: number): number {
  if (text.charCodeAt(from) !== HASH) return skipName(text, from);
  const end = skipDigits(text, from + 1);
  return end > from + 1 ? end : from;
}

/** Whether a call's name and parenthesis stand at `from`. */
export function isCallStart(text: string, from: number): boolean {
  const open = skipCallName(text, from);
  return open > from && text.charCodeAt(open) === OPEN_PAREN;
}

/** Index of the parenthesis that closes the one at `open`, or -1 where the text ends first. Quoted ones do not count. */
export function closingParen(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = closingQuote(text, at);
      if (at < 0) return -1;
    } else if (code === OPEN_PAREN) {
      depth++;
    } else if (code === CLOSE_PAREN) {
      depth--;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** The complete call in [from, end), where `end` follows the last character that is no blank; null for all else. */
export function readCall(text: string, from: number, end: number, reading: Reading): CallText | null {
  const open = skipCallName(text, from);
  if (open === from || text.charCodeAt(open) !== OPEN_PAREN) return null;
  const name = text.slice(from, open);
  const close = name === UNQUOTED_CALL ? text.lastIndexOf(')') : closingParen(text, open);
  if (close < open) return null;

  // open("/etc/nope\0", 0x0, 0x0)⇥⇥ = -1 Err#2
  //                                 ^^^^
  const equals = skipSpaces(text, close + 1);
  if (equals === close + 1 || text.charCodeAt(equals) !== EQUALS) return null;
  const result = skipSpaces(text, equals + 1);
  const resultEnd = skipResult(text, result);
  const tail = skipSpaces(text, resultEnd);
  if (result === equals + 1 || resultEnd === result || tail === resultEnd || tail >= end) return null;
  const printed = text.slice(result, resultEnd);
  const ending = readEnding(text, tail, end, printed, reading);
  if (ending === null) return null;
  return {
    name,
    args: text.slice(open + 1, close),
    result: printed,
    detail: ending.detail,
    errno: ending.errno,
    outcome: ending.outcome,
  };
}

/** What stands behind a result. */
interface Ending {
  readonly detail: string | null;
  readonly errno: Errno | null;
  readonly outcome: Outcome;
}

const SUCCESS: Ending = { detail: null, errno: null, outcome: 'returned' };

/** Reads the errno, `Err#2`, `2`, `0` or `Err#-2`, or what buffer drops left in its place. */
function readEnding(text: string, tail: number, end: number, result: string, reading: Reading): Ending | null {
  if (tail === end - 1 && text.charCodeAt(tail) === ZERO) return SUCCESS;
  const failed = isMinusOne(result);
  const errStart = text.startsWith(ERR, tail) ? tail + ERR.length : tail;
  const negative = text.charCodeAt(errStart) === MINUS;
  const digits = negative ? errStart + 1 : errStart;
  if (skipDigits(text, digits) !== end || digits >= end || end - digits > MAX_ERRNO_DIGITS) {
    if (!reading.certain || isCutErr(text, tail, end)) return null;
    const errno = failed ? { name: null, number: null } : null;
    return { detail: text.slice(tail, end), errno, outcome: failed ? 'failed' : 'returned' };
  }
  const number = negative ? -readDecimal(text, digits, end) : readDecimal(text, digits, end);
  if (failed && number > 0) {
    return { detail: null, errno: { name: nameOf(number, reading), number }, outcome: 'failed' };
  }
  if (failed && number === ERESTART) {
    return { detail: null, errno: { name: 'ERESTART', number }, outcome: 'restarted' };
  }
  // Err#-2: the kernel returned another way than a call does (sigreturn, execve). Or an errno left from before.
  return { detail: number === 0 ? null : text.slice(tail, end), errno: null, outcome: 'returned' };
}

/** Whether the text ends in the midst of `Err#-2`. */
function isCutErr(text: string, from: number, end: number): boolean {
  return ERR_START.startsWith(text.slice(from, end)) || text.slice(from, end) === '-';
}

function nameOf(number: number, { toolkit }: Reading): string | null {
  if (toolkit && (number > LAST_COMMON_ERRNO || number === EDEADLK_OR_EAGAIN)) return null;
  return errnoName(number, 'macos');
}

/** Index after the decimal or hexadecimal number at `from`; `from` itself where there is none. */
function skipResult(text: string, from: number): number {
  if (text.charCodeAt(from) === ZERO && text.charCodeAt(from + 1) === SMALL_X) {
    const end = skipHex(text, from + 2);
    return end > from + 2 ? end : from;
  }
  const digits = text.charCodeAt(from) === MINUS ? from + 1 : from;
  const end = skipDigits(text, digits);
  return end > digits ? end : from;
}

/** Index after the hexadecimal digits, of either case, at `from`. */
export function skipHex(text: string, from: number): number {
  let at = from;
  while (isHexDigit(text.charCodeAt(at))) at++;
  return at;
}

/** Whether this is 0-9, a-f or A-F. */
export function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

/** Calls that return an address, such as mmap, print it in hexadecimal. */
function isMinusOne(result: string): boolean {
  return result === '-1' || result === '0xFFFFFFFFFFFFFFFF' || result === '0xFFFFFFFF';
}

/** A call of which only the beginning is there: its name is at `from`. */
export function readCutCall(text: string, from: number): CallText {
  const open = skipCallName(text, from);
  const close = closingParen(text, open);
  return {
    name: text.slice(from, open),
    args: text.slice(open + 1, close < 0 ? text.length : close),
    result: null,
    detail: null,
    errno: null,
    outcome: 'unfinished',
  };
}
