/**
 * ktruss of NetBSD: one line a call, printed when it returns. Names stand in the place of addresses, as their bytes are.
 *
 *    147      1 ls       open("/etc/ld.so.conf", 0, 0)      Err#2 ENOENT
 *    147      1 sh       fork()                             = 1235
 *   1235      1 sh       fork                               = 0
 *    147      1 sh       exit(0x1)
 *    147      1 a.out    SIGSEGV SIG_DFL
 *
 * A call that its process dies in is never printed. Calls with a directory descriptor show an address.
 */
import type { Errno, Outcome } from '../src/model/event.ts';
import { syscallOf } from '../src/model/syscalls.ts';
import {
  CLOSE_PAREN,
  EQUALS,
  OPEN_PAREN,
  QUOTE,
  readDecimal,
  SPACE,
  skipDigits,
  skipName,
  skipSpaces,
} from '../src/scan/cursor.ts';
import { readSignal, type SignalText } from './kdump-call.ts';
import { nextWord } from './kdump-front.ts';
import { quoted } from './kdump-names.ts';

const ERR = 'Err#';
/** The program's name and a stamp stand before the call. */
const MAX_COLUMNS = 64;
const NAME_WIDTH = 8;
/** A line that a name breaks is no longer than the name can be. */
const MAX_CUT_BYTES = 1200;

/** What a line of ktruss says; `cut`: a call without its result, whose line the name in it may have broken. */
export type KtrussLine =
  | { readonly kind: 'call'; readonly at: number; readonly call: KtrussCall }
  | { readonly kind: 'child'; readonly at: number; readonly name: string }
  | { readonly kind: 'signal'; readonly at: number; readonly signal: SignalText }
  | { readonly kind: 'note'; readonly at: number }
  | { readonly kind: 'cut'; readonly at: number; readonly call: KtrussCall };

export interface KtrussCall {
  readonly name: string;
  readonly args: string;
  readonly result: string | null;
  readonly detail: string | null;
  readonly errno: Errno | null;
  readonly outcome: Outcome;
}

/** The line whose program name begins at `from`, or null where it is none of ktruss. */
export function readKtruss(text: string, from: number, end: number): KtrussLine | null {
  const limit = Math.min(end, from + MAX_COLUMNS);
  for (let at = nextWord(text, from); at < limit; at = nextWord(text, at)) {
    const line = readBody(text, at, end);
    if (line !== null) return at - from > NAME_WIDTH ? line : null;
  }
  return null;
}

function readBody(text: string, at: number, end: number): KtrussLine | null {
  const nameEnd = skipName(text, at);
  if (nameEnd === at) return null;
  const name = text.slice(at, nameEnd);
  if (text.charCodeAt(nameEnd) !== OPEN_PAREN) {
    const equals = skipSpaces(text, nameEnd);
    if (equals > nameEnd && text.slice(equals, end) === '= 0') return { kind: 'child', at, name };
    const signal = text.charCodeAt(nameEnd) === SPACE ? readSignal(text, at, end) : null;
    return signal === null || signal.disposition === null ? null : { kind: 'signal', at, signal };
  }
  // emul(netbsd)
  if (name === 'emul') return { kind: 'note', at };
  const close = text.lastIndexOf(')', end - 1);
  const inside = close > nameEnd && !text.startsWith('("', nameEnd);
  const call = close > nameEnd ? readResult(text, name, nameEnd, close, end) : null;
  if (call !== null) return { kind: 'call', at, call };
  if ((inside && close < end - 1) || end - at > MAX_CUT_BYTES) return null;
  const args = withQuotes(text.slice(nameEnd + 1, text.charCodeAt(end - 1) === CLOSE_PAREN ? end - 1 : end));
  return { kind: 'cut', at, call: { name, args, result: null, detail: null, errno: null, outcome: 'unfinished' } };
}

function readResult(text: string, name: string, open: number, close: number, end: number): KtrussCall | null {
  const args = withQuotes(text.slice(open + 1, close));
  const base = { name, args, result: null, detail: null, errno: null };
  const tail = skipSpaces(text, close + 1);
  if (tail >= end) {
    const role = syscallOf(name, 'bsd')?.role;
    return role === 'exit' || role === 'exit-thread' ? { ...base, outcome: 'unfinished' } : null;
  }
  if (tail === close + 1) return null;
  if (text.charCodeAt(tail) === EQUALS && text.charCodeAt(tail + 1) === SPACE) {
    const comma = text.indexOf(',', tail);
    const valueEnd = comma < 0 || comma > end ? end : comma;
    const detail = valueEnd < end ? text.slice(valueEnd, end) : null;
    return { ...base, result: text.slice(tail + 2, valueEnd), detail, outcome: 'returned' };
  }
  if (text.startsWith(ERR, tail)) {
    const digits = tail + ERR.length;
    const digitsEnd = skipDigits(text, digits);
    if (digitsEnd === digits) return null;
    const errno = { name: text.slice(digitsEnd, end).trim() || null, number: readDecimal(text, digits, digitsEnd) };
    return { ...base, errno, outcome: 'failed' };
  }
  const word = text.slice(tail, end);
  if (word === 'JUSTRETURN') return { ...base, detail: word, outcome: 'returned' };
  if (word !== 'RESTART') return null;
  return { ...base, detail: word, errno: { name: 'ERESTART', number: null }, outcome: 'restarted' };
}

// open("/a "b" c", 0, 0)      rename("a", "b")
//      ^^^^^^^^^^                    ^^^  ^^^
/** The arguments with their names as C strings. The names' own quotes are not marked: the outermost ones count. */
function withQuotes(args: string): string {
  if (args.charCodeAt(0) !== QUOTE) return args;
  const last = args.lastIndexOf('"');
  if (last === 0) return quoted(args.slice(1)).slice(0, -1);
  const between = args.indexOf('", "');
  if (between < 0 || last !== args.length - 1) return quoted(args.slice(1, last)) + args.slice(last + 1);
  return `${quoted(args.slice(1, between))}, ${quoted(args.slice(between + '", "'.length, last))}`;
}
