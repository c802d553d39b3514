/**
 * The lines that are no calls: births, signals and deaths.
 *
 *   <new process>
 *   <new thread 125111>
 *   <thread 125111 exited>
 *   SIGNAL 11 (SIGSEGV) code=SEGV_MAPERR trapno=12 addr=0x0
 *   process killed, signal = 11 (core dumped)
 *   process exit, rval = 1
 */
import { signalName } from '../src/model/signals.ts';
import { isDigit, OPEN_PAREN, readDecimal, SPACE, skipDigits, startsWithAny } from '../src/scan/cursor.ts';

export type Mark =
  | { readonly kind: 'new-process' }
  | { readonly kind: 'new-thread'; readonly tid: number }
  | { readonly kind: 'thread-exit' }
  /** `named`: truss of the procfs time (to FreeBSD 6) prints a number only. */
  | { readonly kind: 'signal'; readonly signal: string; readonly named: boolean; readonly siginfo: string | null }
  | { readonly kind: 'exit'; readonly rval: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly coreDumped: boolean }
  /** A core is being written; the exit line says the same once more. */
  | { readonly kind: 'core' };

const SIGNAL = 'SIGNAL ';
const EXIT = 'process exit, rval = ';
const KILLED = 'process killed, signal = ';
const STOPPED = 'Process stopped because of:';
const CORE = '(core dumped)';
const STARTS = ['<new ', '<thread ', SIGNAL, EXIT, KILLED, STOPPED];
/** Marks that stand at a line's end behind program output and can be told from it. */
const GLUED = [SIGNAL, EXIT, KILLED];
/** More digits are no number truss prints. */
const MAX_DIGITS = 10;

/** Whether a mark may begin at `body`. */
export function isMark(text: string, body: number): boolean {
  return startsWithAny(text, body, STARTS);
}

/** The mark that is all of [body, end), or null. */
export function readMark(text: string, body: number, end: number): Mark | null {
  if (text.startsWith(SIGNAL, body)) return readSignal(text, body + SIGNAL.length, end);
  if (text.startsWith(EXIT, body)) {
    const number = body + EXIT.length;
    return isNumber(text, number, end) ? { kind: 'exit', rval: readDecimal(text, number, end) } : null;
  }
  if (text.startsWith(KILLED, body)) return readKilled(text, body + KILLED.length, end);
  if (text.startsWith(STOPPED, body)) return { kind: 'core' };
  const line = text.slice(body, Math.min(end, body + 40));
  if (line === '<new process>') return { kind: 'new-process' };
  const [, tid] = /^<new thread (\d{1,10})>$/.exec(line) ?? [];
  if (tid !== undefined) return { kind: 'new-thread', tid: Number(tid) };
  return /^<thread \d+ exited>$/.test(line) ? { kind: 'thread-exit' } : null;
}

/** Start of a mark that ends the line and has something in front of it; -1 where there is none. */
export function gluedMarkStart(text: string, end: number): number {
  for (const start of GLUED) {
    const at = text.lastIndexOf(start, end);
    if (at > 0 && readMark(text, at, end) !== null) return at;
  }
  return -1;
}

// SIGNAL 20 (SIGCHLD) code=CLD_DUMPED pid=1234 uid=0 status=11
//        ^^  ^^^^^^^  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
function readSignal(text: string, from: number, end: number): Mark | null {
  const numberEnd = Math.min(skipDigits(text, from), from + MAX_DIGITS);
  if (numberEnd === from) return null;
  const number = readDecimal(text, from, numberEnd);
  const known = signalName(number, 'freebsd');
  if (numberEnd === end) return { kind: 'signal', signal: known, named: false, siginfo: null };
  if (text.charCodeAt(numberEnd) !== SPACE || text.charCodeAt(numberEnd + 1) !== OPEN_PAREN) return null;
  const name = numberEnd + 2;
  const close = text.indexOf(')', name);
  if (close < 0 || close >= end) return null;
  // A number without a name prints '?' there.
  const signal = text.startsWith('SIG', name) ? text.slice(name, close) : known;
  if (close + 1 === end) return { kind: 'signal', signal, named: true, siginfo: null };
  if (!text.startsWith(' code=', close + 1)) return null;
  return { kind: 'signal', signal, named: true, siginfo: text.slice(close + 2, end) };
}

// process killed, signal = 11 (core dumped)
//                          ^^ ^^^^^^^^^^^^^
function readKilled(text: string, from: number, end: number): Mark | null {
  const coreDumped = text.endsWith(` ${CORE}`, end);
  const signalEnd = coreDumped ? end - CORE.length - 1 : end;
  if (isNumber(text, from, signalEnd)) {
    return { kind: 'killed', signal: signalName(readDecimal(text, from, signalEnd), 'freebsd'), coreDumped };
  }
  const name = text.slice(from, Math.min(signalEnd, from + 16));
  return /^SIG[A-Z0-9]+$/.test(name) ? { kind: 'killed', signal: name, coreDumped } : null;
}

function isNumber(text: string, from: number, to: number): boolean {
  return isDigit(text.charCodeAt(from)) && skipDigits(text, from) === to && to - from <= MAX_DIGITS;
}
