/**
 * Lines of a dtruss log that are understood and tell nothing of a process: messages of dtrace, stack frames, tables.
 *
 *   dtrace: error on enabled probe ID 2170 (ID 172: syscall::open:return): invalid user access in action #5
 *                 libsystem_kernel.dylib`__open_nocancel+0xa
 *   bsdthread_register                              1
 *   execve(/bin/ls)
 */
import { CLOSE_PAREN, isBlank, isDigit, MINUS, OPEN_PAREN, QUOTE, skipDigits, skipSpaces } from '../src/scan/cursor.ts';
import { skipCallName, skipHex } from './dtruss-call.ts';

/** dtrace's own words, which it writes at once, while calls wait in a buffer. */
const MESSAGE = 'dtrace: ';
const ERROR = 'dtrace: error on enabled probe ID ';
const ABORTED = 'dtrace: processing aborted';
/** Messages that may stand behind program output or the first half of a call. */
const GLUED_MESSAGES = [ERROR, ABORTED, 'dtrace: system integrity protection is on'];
/** What follows a number where calls were dropped, and where only counts were. */
const CALL_DROPS = [' drop', ' dynamic variable drop'];
const DROPS = [...CALL_DROPS, ' aggregation drop'];
/** What dtrace, dtruss, sudo and a terminal write that says nothing of the program. */
const NOTES = [MESSAGE, 'dtruss: ', 'USAGE: dtruss', 'ERROR: -', 'Password:', '^C'];
/** What a shell's prompt ends in. */
const PROMPTS = ['$ ', '% ', '# '];
const SUDO = 'sudo ';
const USAGE = 'USAGE: dtruss';
const LISTING = 'dtrace: invalid probe specifier ';
const LISTING_END = 'does not match any probes';

/** Least indent of a stack frame where its blanks are whole is 14; pastes lose some. */
const FRAME_INDENT = 8;
const BACK_QUOTE = 96;

/** Whether the line that begins at `body` is dtrace's, dtruss's or a terminal's own word. */
export function isMessage(text: string, body: number): boolean {
  for (const start of NOTES) {
    if (text.startsWith(start, body)) return true;
  }
  return false;
}

/** Whether dtrace prints the whole of its program behind this message. */
function isListing(text: string, body: number): boolean {
  return text.startsWith(LISTING, body) && !text.includes(LISTING_END);
}

/** Start of a message of dtrace behind other text, or -1. */
export function gluedMessageStart(text: string, from: number): number {
  const at = text.indexOf(MESSAGE, from + 1);
  if (at < 0) return -1;
  for (const message of GLUED_MESSAGES) {
    if (text.startsWith(message, at)) return at;
  }
  return tellsOfDrops(text, at, DROPS) ? at : -1;
}

// dtrace: 57 drops on CPU 1
/** Whether the message at `from` is a number and one of these. */
function tellsOfDrops(text: string, from: number, drops: readonly string[]): boolean {
  const number = from + MESSAGE.length;
  const end = skipDigits(text, number);
  return end > number && drops.some((words) => text.startsWith(words, end));
}

/** What was lost. */
export interface Loss {
  /** Name of the one call; null where it may have been any, and many. */
  readonly call: string | null;
}

// dtrace: error on enabled probe ID 2170 (ID 172: syscall::open:return): invalid user access in action #5
//                                                 ^^^^^^^^^^^^^^^^^^^^
/** What a message of dtrace at `from` says was lost of the calls, or null: a call is printed by its return's probe. */
export function readLoss(text: string, from: number): Loss | null {
  if (text.startsWith(ABORTED, from) || tellsOfDrops(text, from, CALL_DROPS)) return { call: null };
  if (!text.startsWith(ERROR, from)) return null;
  const end = text.indexOf('): ', from);
  const start = text.lastIndexOf(' ', end) + 1;
  if (start <= from || end < start) return null;
  const [provider, , call, probe, ...others] = text.slice(start, end).split(':');
  if (provider === undefined || !provider.endsWith('syscall') || probe !== 'return' || others.length > 0) return null;
  return call === undefined || call === '' ? null : { call };
}

//               a.out`main+0x1f
//               0x1
/** Whether this is a frame of -s. `body` is the first character behind the line's blanks. */
function isFrame(text: string, body: number, end: number): boolean {
  const indent = body >= FRAME_INDENT;
  if (text.startsWith('0x', body)) return indent && skipHex(text, body + 2) === end;
  const quote = text.indexOf('`', body);
  if (quote <= body || quote >= end - 1) return false;
  if (indent) return true;
  // Where the indent is lost: a name without blanks, and an offset.
  for (let at = body; at < quote; at++) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || code === QUOTE || code === OPEN_PAREN || code === BACK_QUOTE) return false;
  }
  const offset = text.lastIndexOf('+0x', end);
  return offset > quote && skipHex(text, offset + 3) === end;
}

// CALL                                        COUNT
//     PID                          EBADF CLOSE() COUNT
/** Whether a table of -c, or of a rewritten script's -F, begins here. */
function isTableHead(text: string, body: number, end: number): boolean {
  if (!text.endsWith('COUNT', end)) return false;
  const word = text.startsWith('CALL', body) ? body + 4 : text.startsWith('PID', body) ? body + 3 : body;
  const next = skipSpaces(text, word);
  if (word === body || next === word) return false;
  return text.startsWith('COUNT', next) || text.startsWith('EBADF CLOSE() COUNT', next);
}

/** Whether this is a name or a process id, and a number. */
function isTableRow(text: string, body: number, end: number): boolean {
  const nameEnd = isDigit(text.charCodeAt(body)) ? skipDigits(text, body) : skipCallName(text, body);
  const number = skipSpaces(text, nameEnd);
  return nameEnd > body && number > nameEnd && number < end && skipDigits(text, number) === end;
}

// execve(/bin/ls)
// execve(): 0
/** Whether a patched script tells of an exec, as it begins or is over. */
function isExecNotice(text: string, body: number, end: number): boolean {
  if (text.startsWith('execve(/', body)) return text.charCodeAt(end - 1) === CLOSE_PAREN;
  const result = skipSpaces(text, body + 'execve():'.length);
  const digits = text.charCodeAt(result) === MINUS ? result + 1 : result;
  return text.startsWith('execve():', body) && digits < end && skipDigits(text, digits) === end;
}

// me@host:~$ sudo dtruss -f ./job
/** Whether a person typed the command of the trace here. */
function isCommand(text: string, body: number): boolean {
  const word = text.indexOf('dtruss ', body);
  for (const prompt of PROMPTS) {
    const at = text.lastIndexOf(prompt, word);
    if (word < 0 || at < body) continue;
    const before = text.slice(at + prompt.length, word);
    const path = before.startsWith(SUDO) ? before.slice(SUDO.length) : before;
    if (path === '' || (path.endsWith('/') && !path.includes(' '))) return true;
  }
  return false;
}

/** What a line that explains nothing by itself may belong to. */
type Inside = 'nothing' | 'table' | 'listing' | 'usage';

/** Tells such lines, some of which only the lines before them explain. */
export class OtherLines {
  /** Whether a table of counts was seen. */
  hasTable = false;
  #inside: Inside = 'nothing';

  /** Whether the next line may be explained by those before it. */
  get pending(): boolean {
    return this.#inside !== 'nothing';
  }

  /** A call or a header ends whatever was begun. */
  leave(): void {
    this.#inside = 'nothing';
  }

  /** A blank line ends a table. */
  blank(): void {
    if (this.#inside === 'table') this.#inside = 'nothing';
  }

  /** Whether the line, whose first character behind blanks is at `body`, is one of these. */
  explains(text: string, body: number, end: number): boolean {
    if (this.#continues(text, body, end)) return true;
    if (isMessage(text, body)) {
      if (isListing(text, body)) this.#inside = 'listing';
      else if (text.startsWith(USAGE, body)) this.#inside = 'usage';
      return true;
    }
    if (isTableHead(text, body, end)) {
      this.#inside = 'table';
      this.hasTable = true;
      return true;
    }
    return isFrame(text, body, end) || isExecNotice(text, body, end) || isCommand(text, body);
  }

  #continues(text: string, body: number, end: number): boolean {
    switch (this.#inside) {
      case 'nothing':
        return false;
      case 'table':
        if (isTableRow(text, body, end)) return true;
        break;
      case 'listing':
        if (text.includes(LISTING_END)) this.#inside = 'nothing';
        return true;
      case 'usage':
        if (body > 0) return true;
        break;
      default:
        this.#inside satisfies never;
    }
    this.#inside = 'nothing';
    return false;
  }
}
