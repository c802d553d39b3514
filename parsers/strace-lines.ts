import {
  closingQuote,
  codeAt,
  isDigit,
  OPEN_BRACE,
  readDecimal,
  SPACE,
  skipDigits,
  skipName,
} from '../src/scan/cursor.ts';

// Lines of strace that are no calls: what they look like, and what they say.

// strace: Process 41 attached
// Process 41 attached (waiting for parent)
// Process 41 resumed (parent 40 ready)
//
// A slash behind an asterisk ends a comment: it is no directory's.
const PROCESS_MESSAGE =
  /(?:(?:(?<!\*)\.{0,2}\/(?:[^\s/"]+\/)*)?strace: )?Process (\d+) (attached|detached|suspended|resumed)\b([^"]*)$/;
const PARENT = /\(parent (\d+) ready\)/;

const MESSAGES = /Process |strace: |\[wait\(|ptrace\(/;

/**
 * Whether there may be a message of strace's in the line: what `processMessage` and `withoutNoise` look for. One search for
 * all takes a third of the time of one for each.
 */
export function mayHoldMessage(text: string): boolean {
  return MESSAGES.test(text);
}

/** One of strace's own messages about a task, at the end of a physical line. */
export interface ProcessMessage {
  /** Where it begins: what stands before it is the first part of a call. */
  readonly index: number;
  readonly id: number;
  readonly what: 'attached' | 'detached' | 'suspended' | 'resumed';
  /** Named only by `resumed (parent 40 ready)`. */
  readonly parent: number | null;
}

/** The message that ends the line, or null. One inside a string the program wrote is none. */
export function processMessage(text: string): ProcessMessage | null {
  if (text.indexOf('Process ') < 0) return null;
  const match = PROCESS_MESSAGE.exec(text);
  if (match === null || insideString(text, match.index)) return null;
  const what = match[2];
  if (what !== 'attached' && what !== 'detached' && what !== 'suspended' && what !== 'resumed') return null;
  const parent = PARENT.exec(match[3] ?? '')?.[1];
  return { index: match.index, id: Number(match[1]), what, parent: parent === undefined ? null : Number(parent) };
}

function insideString(text: string, index: number): boolean {
  let quote = text.indexOf('"');
  while (quote >= 0 && quote < index) {
    const end = closingQuote(text, quote);
    if (end < 0 || end > index) return true;
    quote = text.indexOf('"', end + 1);
  }
  return false;
}

const NAMED = '(?:(?<!\\*)\\.{0,2}/(?:[^\\s/"]+/)*)?strace: ';
const NOISE = new RegExp(
  `^(?:${NAMED}|PANIC: attached|(?:Exit of|Detached) unknown pid \\d|upeek: |umoven: |\\[ Process PID=\\d+ runs in )`,
);
const GLUED_NOISE = new RegExp(
  `${NAMED}(?:Exit of unknown pid|Detached unknown pid|PANIC: |WARNING: |umoven: |upeek: |exec: |attach: |` +
    `Can't stat |Cannot find executable |System call limit |\\[ Process PID=)[^"]*$`,
);
const CANNOT_RESTART = / <(?:Cannot restart pid \d+ with )?ptrace\([^<>]*\): ?[^<>]*>$/;

/** strace -d tells of every stop: ` [wait(0x057f) = 23] WIFSTOPPED,sig=SIGTRAP`. */
const DEBUG = / ?\[wait\(0x[0-9a-f]+\) = \d+\] WIF[A-Z]+[^"]*$/;

/** Whether strace was run with -d, as this line shows. */
export function isDebug(text: string): boolean {
  return DEBUG.test(text);
}

/** Whether the whole line is a message of strace's that says nothing of a task. */
export function isNoise(text: string): boolean {
  return NOISE.test(text);
}

/** The line without such a message glued to its end. */
export function withoutNoise(text: string): string {
  const glued = text.indexOf('strace: ') > 0 ? GLUED_NOISE.exec(text) : null;
  if (glued !== null) return text.slice(0, glued.index);
  const debug = text.indexOf('[wait(') < 0 ? null : DEBUG.exec(text);
  if (debug !== null) return text.slice(0, debug.index);
  return text.endsWith('>') && text.includes('ptrace(') ? text.replace(CANNOT_RESTART, '') : text;
}

//  | 00000  68 69                                             hi               |
//  * 3 bytes in buffer 0
//  > /usr/lib/x86_64-linux-gnu/libc.so.6(__open64+0x5b) [0xf8f5b]
//  VCPU:0< rip 0x1000
const DUMP_OR_FRAME =
  /^ (?:\| (?:[0-9a-f]{5,} |<Cannot fetch )|\* \d+ bytes in buffer \d+|> \S.*\[0x[0-9a-f]+\]|> \S.*\(.*\)|VCPU:\d+[<>])/;

/** Whether the line belongs to the call above it: a dump (-e read, -e write), a stack frame (-k), kvm state. */
export function isDumpOrFrame(text: string): boolean {
  return codeAt(text, 0) === SPACE && DUMP_OR_FRAME.test(text);
}

const TABLE_HEADER =
  /^\s*(?:(?:% time|(?:min-|max-|avg-|wall-)?(?:time|seconds|total)|usecs\/call|shortest|longest|calls|errors|syscall|wall)(?:\s+|$)){3,}$/;
const TABLE_TITLE = /^System call usage summary\b/;
const TABLE_END = /\btotal$|^total\b/;
const TABLE_ROW = /^[\s\d.%-]|^\w+\s+[\d.]/;

/** Whether the line heads a table of counts (-c, -C). */
export function isTableHeader(text: string): boolean {
  return TABLE_HEADER.test(text);
}

/** Recognises the lines of tables, from their header to their total. */
export class Tables {
  count = 0;
  #inside = false;

  /** Whether the next line may be a table's. */
  get inside(): boolean {
    return this.#inside;
  }

  /** Whether this line is. */
  has(text: string): boolean {
    if (!this.#inside) {
      if (isDigit(codeAt(text, 0))) return false;
      if (!isTableHeader(text)) return TABLE_TITLE.test(text);
      this.#inside = true;
      this.count++;
      return true;
    }
    this.#inside = !TABLE_END.test(text) && TABLE_ROW.test(text) && !text.includes('(');
    return this.#inside || TABLE_END.test(text);
  }
}

const SIGNAL_45 = /^--- (SIG\w+|\d+) (\(.*\) @ [0-9a-f]+ \([0-9a-f]+\)) ---/;
const SIGNAL_46 = /^--- (\{si_signo=(\w+).*\}) \(.*\) ---/;
const STOPPED = /^--- (?:stopped by|Stopped \(.*\) by) \w+ ---/;

export interface SignalText {
  /** Null for a stop, which is delivered to nobody. */
  readonly signal: string | null;
  readonly siginfo: string | null;
}

/** The signal line at `from`, or null where it is none that is complete. What follows it is no part of it. */
export function readSignal(text: string, from: number): SignalText | null {
  if (!text.startsWith('--- ', from)) return null;
  // A signal strace has no name for is a bare number.
  const nameEnd = Math.max(skipName(text, from + 4), skipDigits(text, from + 4));
  // --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---       4.7 and later
  if (nameEnd > from + 4 && codeAt(text, nameEnd + 1) === OPEN_BRACE) {
    const close = text.indexOf('} ---', nameEnd);
    if (close < 0) return null;
    return { signal: text.slice(from + 4, nameEnd), siginfo: text.slice(nameEnd + 1, close + 1) };
  }
  const rest = text.slice(from);
  if (STOPPED.test(rest)) return { signal: null, siginfo: null };
  // --- {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0} (Segmentation fault) ---     4.6
  const of46 = SIGNAL_46.exec(rest);
  if (of46 !== null) return { signal: of46[2] ?? null, siginfo: of46[1] ?? null };
  // --- SIGSEGV (Segmentation fault) @ 0 (0) ---       4.5
  const of45 = SIGNAL_45.exec(rest);
  return of45 === null ? null : { signal: of45[1] ?? null, siginfo: of45[2] ?? null };
}

/** A line that tells of a task's end. */
export type TaskEnd =
  | { readonly what: 'exited'; readonly status: number }
  | { readonly what: 'killed'; readonly signal: string | null; readonly coreDumped: boolean | null }
  | { readonly what: 'superseded'; readonly by: number };

const EXITED = '+++ exited with ';
const KILLED = '+++ killed by ';
const SUPERSEDED = '+++ superseded by execve in pid ';

// +++ exited with 7 +++
// +++ killed by SIGSEGV (core dumped) +++
// +++ superseded by execve in pid 14245 +++
/** Reads the end of a task that stands at `body`; null where there is none. */
export function readEnd(text: string, body: number): TaskEnd | null {
  if (text.startsWith(EXITED, body)) {
    const digits = body + EXITED.length;
    const end = skipDigits(text, digits);
    return end === digits ? null : { what: 'exited', status: readDecimal(text, digits, end) };
  }
  if (text.startsWith(KILLED, body)) {
    const nameAt = body + KILLED.length;
    const nameEnd = Math.max(skipName(text, nameAt), skipDigits(text, nameAt));
    if (nameEnd === nameAt) return null;
    // A log cut in the name tells of the death only.
    if (nameEnd === text.length) return { what: 'killed', signal: null, coreDumped: null };
    const coreDumped = text.startsWith(' (core dumped)', nameEnd);
    return { what: 'killed', signal: text.slice(nameAt, nameEnd), coreDumped };
  }
  if (!text.startsWith(SUPERSEDED, body)) return null;
  const digits = body + SUPERSEDED.length;
  return { what: 'superseded', by: readDecimal(text, digits, skipDigits(text, digits)) };
}
