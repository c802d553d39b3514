/**
 * The call part of a line of AIX truss. It is that of illumos truss but for an exec's result and for calls that have
 * none behind the sign:
 *
 *   execve("./collectd", 0x2FF22C5C, 0x20013528)     argc: 1
 *   thread_init(0x0000000000000000, 0x00000000D050F6A0) =
 *   smcr_procattr(0, 1, 0x2FF22958)                 Err#109 ENOSYS
 *   open("/etc/security/ldap.cfg", O_RDONLY)         Err#2  ENOENT
 */
import type { Outcome } from '../src/model/event.ts';
import { CLOSE_PAREN, COLON, EQUALS, isBlank, isDigit, OPEN_PAREN, trimmedEnd } from '../src/scan/cursor.ts';
import { type CallText, readCall, skipCallName } from './truss-illumos-call.ts';

const ARGC = 'argc:';

/**
 * Calls that do not come back, and so are printed without a result, besides `_exit`: those that end the calling thread,
 * and the one that leaves a signal handler.
 */
const RESULTLESS: ReadonlyMap<string, Outcome> = new Map([
  ['thread_terminate', 'unfinished'],
  ['thread_terminate_ack', 'unfinished'],
  ['thread_terminate_unlock', 'unfinished'],
  ['ksetcontext_sigreturn', 'returned'],
]);

/** The complete call in [from, end), where `end` follows the last character that is no blank; null for all else. */
export function readAixCall(text: string, from: number, end: number): CallText | null {
  const last = text.charCodeAt(end - 1);
  if (last === EQUALS) return readResultless(text, from, end);
  if (last === CLOSE_PAREN) return readNoReturn(text, from, end) ?? readCall(text, from, end);
  if (isDigit(last)) {
    const exec = readExec(text, from, end);
    if (exec !== null) return exec;
  }
  const call = readCall(text, from, end);
  // AIX gives it another number than illumos: 82.
  if (call?.errno == null) return call;
  return { ...call, outcome: call.errno.name === 'ERESTART' ? 'restarted' : 'failed' };
}

// execve("./collectd", 0x2FF22C5C, 0x20013528)     argc: 1
//                                                  ^^^^^^^
function readExec(text: string, from: number, end: number): CallText | null {
  let digits = end;
  while (isDigit(text.charCodeAt(digits - 1))) digits--;
  const colon = trimmedEnd(text, digits) - 1;
  const argc = colon - ARGC.length + 1;
  if (text.charCodeAt(colon) !== COLON || colon + 1 === digits || !text.startsWith(ARGC, argc)) return null;
  // As illumos prints it: a call without a name before its arguments, or cut in a name, is none there either.
  const call = readCall(`${text.slice(from, argc)}argc = ${text.slice(digits, end)}`, 0, end - from + 1);
  return call?.detail == null ? null : { ...call, detail: text.slice(argc, end) };
}

// thread_init(0x0000000000000000, 0x00000000D050F6A0) =
//                                                     ^
function readResultless(text: string, from: number, end: number): CallText | null {
  const call = readCall(`${text.slice(from, end)} 0`, 0, end - from + 2);
  return call === null ? null : { ...call, result: null };
}

function readNoReturn(text: string, from: number, end: number): CallText | null {
  const open = skipCallName(text, from);
  const name = text.slice(from, open);
  const outcome = text.charCodeAt(open) === OPEN_PAREN ? RESULTLESS.get(name) : undefined;
  if (outcome === undefined) return null;
  return { name, args: text.slice(open + 1, end - 1), result: null, detail: null, errno: null, outcome };
}

/** What may stand behind a call's closing parenthesis; a log that is cut there ends in a beginning of one. */
const TAILS = ['= ', 'Err#', 'argc: ', '(sleeping...)', '(returning as '];

/** A call that the end of the log cuts off before its result. `open` is its parenthesis. */
export function readCutAixCall(text: string, from: number, open: number): CallText {
  const close = text.lastIndexOf(')');
  const tail = text.slice(close + 1).trim();
  const quote = text.indexOf('"', open);
  const inString = quote > 0 && quote === text.lastIndexOf('"', close);
  const closed = close > open && !inString && TAILS.some((whole) => whole.startsWith(tail));
  return {
    name: text.slice(from, open),
    args: text.slice(open + 1, closed ? close : text.length),
    result: null,
    detail: null,
    errno: null,
    outcome: 'unfinished',
  };
}

/** The two halves of a line that a mail program wrapped: in the middle of a word, or at a blank that is lost then. */
export function rejoinedAix(head: string, tail: string): string {
  const last = head.charCodeAt(head.length - 1);
  const starts = tail.startsWith('=') || tail.startsWith('Err#') || tail.startsWith(ARGC);
  return head.endsWith(',') || (last === CLOSE_PAREN && starts) || isBlank(last) ? `${head} ${tail}` : head + tail;
}
