/** What the records CALL, RET and PSIG hold. */
import { errnoName } from '../src/model/errno.ts';
import type { Disposition, Errno, Outcome } from '../src/model/event.ts';
import { signalName } from '../src/model/signals.ts';
import { MINUS, OPEN_PAREN, readDecimal, SPACE, skipDigits } from '../src/scan/cursor.ts';
import { skipAbi, skipCallName } from './kdump-front.ts';

/**
 * The text of errors above 81, whose numbers mean another on each system: sys/sys/errno.h of FreeBSD, OpenBSD, NetBSD
 * and DragonFly. CheriBSD has one of its own.
 */
const ERROR_TEXTS = new Map([
  ['Attribute not found', 'ENOATTR'],
  ['Bad message', 'EBADMSG'],
  ['Bad or Corrupt message', 'EBADMSG'],
  ['Capabilities insufficient', 'ENOTCAPABLE'],
  ['IPsec processing failure', 'EIPSEC'],
  ['Identifier removed', 'EIDRM'],
  ['Illegal byte sequence', 'EILSEQ'],
  ['Integrity check failed', 'EINTEGRITY'],
  ['Link has been severed', 'ENOLINK'],
  ['Memory protection violation', 'EPROT'],
  ['Multihop attempted', 'EMULTIHOP'],
  ['No medium found', 'ENOMEDIUM'],
  ['No message available', 'ENODATA'],
  ['No message of desired type', 'ENOMSG'],
  ['No STREAM resources', 'ENOSR'],
  ['Not a STREAM', 'ENOSTR'],
  ['Not permitted in capability mode', 'ECAPMODE'],
  ['Not supported', 'ENOTSUP'],
  ['Operation canceled', 'ECANCELED'],
  ['Previous owner died', 'EOWNERDEAD'],
  ['Programming error', 'EDOOFUS'],
  ['Protocol error', 'EPROTO'],
  ['STREAM ioctl timeout', 'ETIME'],
  ['State not recoverable', 'ENOTRECOVERABLE'],
  ['Value too large to be stored in data type', 'EOVERFLOW'],
  ['Wrong medium type', 'EMEDIUMTYPE'],
]);

const ERRNO = ' errno ';

/** A call as it begins. */
export interface CallText {
  readonly name: string;
  readonly args: string;
  /** False where the line ends before its closing parenthesis. */
  readonly whole: boolean;
  /** Whether no arguments are shown as `()`, which OpenBSD does, or as nothing; null where there are some. */
  readonly empty: 'parentheses' | 'nothing' | null;
}

/** How a call ended. */
export interface ReturnText {
  readonly name: string;
  readonly result: string | null;
  readonly detail: string | null;
  readonly errno: Errno | null;
  readonly outcome: Outcome;
}

export interface SignalText {
  readonly signal: string;
  readonly disposition: Disposition | null;
  readonly siginfo: string | null;
}

// CALL  open(0x20af08,0x100000<O_RDONLY|O_CLOEXEC>)
//       ^^^^ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
/** The call in [payload, end), or null where there is none. */
export function readCall(text: string, payload: number, end: number): CallText | null {
  const start = skipAbi(text, payload);
  const open = skipCallName(text, start);
  if (open === start) return null;
  const name = nameOf(text, start, open);
  if (open === end) return { name, args: '', whole: true, empty: 'nothing' };
  if (text.charCodeAt(open) !== OPEN_PAREN) return null;
  const whole = text.endsWith(')', end);
  const args = text.slice(open + 1, whole ? end - 1 : end);
  return { name, args, whole, empty: whole && args === '' ? 'parentheses' : null };
}

/** The name without the number that -S puts behind it: 'open[5]'. A call without a name is its number: '[601]'. */
function nameOf(text: string, start: number, end: number): string {
  const bracket = text.lastIndexOf('[', end);
  return text.slice(start, bracket > start ? bracket : end);
}

// RET   open -1 errno 2 No such file or directory
//       ^^^^ ^^       ^
// RET   pipe 3, 4
//            ^^^^
/** The return in [payload, end), or null where the line is cut before its value. */
export function readReturn(text: string, payload: number, end: number): ReturnText | null {
  const start = skipAbi(text, payload);
  const nameEnd = skipCallName(text, start);
  if (nameEnd === start || text.charCodeAt(nameEnd) !== SPACE || nameEnd + 1 >= end) return null;
  const name = nameOf(text, start, nameEnd);
  const value = nameEnd + 1;
  if (text.startsWith('RESTART', value)) {
    const errno = { name: 'ERESTART', number: null };
    return { name, result: null, detail: 'RESTART', errno, outcome: 'restarted' };
  }
  if (text.startsWith('JUSTRETURN', value)) {
    return { name, result: null, detail: 'JUSTRETURN', errno: null, outcome: 'returned' };
  }
  let valueEnd = value;
  while (valueEnd < end && text.charCodeAt(valueEnd) !== SPACE && text[valueEnd] !== ',') valueEnd++;
  const result = text.slice(value, valueEnd);
  if (result === '-1' && valueEnd < end) {
    const errno = readErrno(text, valueEnd, end);
    return { name, result, detail: null, errno, outcome: 'failed' };
  }
  const detail = valueEnd < end ? text.slice(valueEnd, end).trim() : null;
  return { name, result, detail, errno: null, outcome: 'returned' };
}

// -1 errno 2 No such file or directory      -1 unknown errno 601      -1 errno -2 No such file or directory
//   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^        ^^^^^^^^^^^^^^^^^^        of a Linux program: may be negative
function readErrno(text: string, from: number, end: number): Errno {
  const mark = text.indexOf(ERRNO, from);
  if (mark < 0 || mark >= end) return { name: null, number: null };
  const sign = mark + ERRNO.length;
  const digits = text.charCodeAt(sign) === MINUS ? sign + 1 : sign;
  const digitsEnd = skipDigits(text, digits);
  if (digitsEnd === digits) return { name: null, number: null };
  const number = readDecimal(text, digits, digitsEnd);
  // Those of Linux programs are negative, and Linux's.
  const name =
    errnoName(number, digits > sign ? 'linux' : 'bsd') ?? ERROR_TEXTS.get(text.slice(digitsEnd + 1, end)) ?? null;
  return { name, number };
}

// PSIG  SIGSEGV SIG_DFL code=SEGV_MAPERR
//       ^^^^^^^ ^^^^^^^ ^^^^^^^^^^^^^^^^
// PSIG  SIGUSR1 caught handler=0x201a90 mask=0x0 code=SI_USER
/** The signal in [payload, end), or null where there is none. */
export function readSignal(text: string, payload: number, end: number): SignalText | null {
  if (!text.startsWith('SIG', payload)) return null;
  // SIG 65, and in old versions SIG29: it has no name there.
  const afterWord = payload + 'SIG'.length;
  const number = text.charCodeAt(afterWord) === SPACE ? afterWord + 1 : afterWord;
  let nameEnd = skipDigits(text, number);
  const unnamed = nameEnd > number;
  while (nameEnd < end && text.charCodeAt(nameEnd) !== SPACE) nameEnd++;
  const signal = unnamed ? signalName(readDecimal(text, number, nameEnd), 'bsd') : text.slice(payload, nameEnd);
  const disposition = dispositionAt(text, nameEnd + 1);
  const code = text.indexOf('code', nameEnd);
  if (code < 0 || code >= end) return { signal, disposition, siginfo: null };
  // NetBSD closes a parenthesis it never opened.
  const last = text.endsWith(')', end) && !text.slice(code, end).includes('(') ? end - 1 : end;
  return { signal, disposition, siginfo: text.slice(code, last) };
}

function dispositionAt(text: string, at: number): Disposition | null {
  if (text.startsWith('SIG_DFL', at)) return 'default';
  if (text.startsWith('caught', at)) return 'caught';
  return text.startsWith('SIG_IGN', at) ? 'ignored' : null;
}
