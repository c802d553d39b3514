/**
 * Deaths and signals that stand in a dtruss log although dtruss prints none: shells, and patched scripts, tell of them.
 *
 *   ./run.sh: line 3:  1234 Segmentation fault: 11  ./prog
 *   zsh: abort      ./prog
 *   [1]    1234 segmentation fault  ./prog
 *   loadprobe SIGNAL 11
 */
import { signalName } from '../src/model/signals.ts';
import {
  CLOSE_BRACKET,
  COLON,
  closingQuote,
  isBlank,
  isDigit,
  MINUS,
  OPEN_BRACKET,
  PLUS,
  readDecimal,
  skipDigits,
  skipSpaces,
} from '../src/scan/cursor.ts';
import type { CallText } from './dtruss-call.ts';
import { MAX_PID_DIGITS } from './dtruss-front.ts';

// loadprobe SIGNAL 11
//           ^^^^^^^^^
/** The signal that a patched script tells of, or null. The line names a program, no process. */
export function readSignalNotice(text: string, body: number, end: number): string | null {
  const word = text.lastIndexOf(' SIGNAL ', end);
  const number = word + ' SIGNAL '.length;
  if (word <= body || end - number > 2 || number >= end || skipDigits(text, number) !== end) return null;
  for (let at = body; at < word; at++) if (isBlank(text.charCodeAt(at))) return null;
  return signalName(readDecimal(text, number, end), 'macos');
}

/** What a shell says of a child's death. */
export interface ShellReport {
  /** Null where the shell does not print it. */
  readonly pid: number | null;
  /** 'SIGSEGV'. */
  readonly signal: string;
  /** Null where the shell does not say so: it need not. */
  readonly coreDumped: boolean | null;
}

type Shell = 'bash' | 'zsh';

/** What the shells call a signal; bash as the C library of macOS and Solaris does, zsh in words of its own. */
const WORDS: readonly { readonly shell: Shell; readonly word: string; readonly number: number }[] = [
  { shell: 'bash', word: 'Segmentation fault', number: 11 },
  { shell: 'bash', word: 'Segmentation Fault', number: 11 },
  { shell: 'bash', word: 'Abort trap', number: 6 },
  { shell: 'bash', word: 'Abort', number: 6 },
  { shell: 'bash', word: 'Bus error', number: 10 },
  { shell: 'bash', word: 'Bus Error', number: 10 },
  { shell: 'bash', word: 'Illegal instruction', number: 4 },
  { shell: 'bash', word: 'Illegal Instruction', number: 4 },
  { shell: 'bash', word: 'Floating point exception', number: 8 },
  { shell: 'bash', word: 'Arithmetic Exception', number: 8 },
  { shell: 'bash', word: 'Trace/BPT trap', number: 5 },
  { shell: 'bash', word: 'Bad system call', number: 12 },
  { shell: 'bash', word: 'EMT trap', number: 7 },
  { shell: 'bash', word: 'Killed', number: 9 },
  { shell: 'bash', word: 'Terminated', number: 15 },
  { shell: 'bash', word: 'Quit', number: 3 },
  { shell: 'bash', word: 'Hangup', number: 1 },
  { shell: 'bash', word: 'Alarm clock', number: 14 },
  { shell: 'bash', word: 'Broken pipe', number: 13 },
  { shell: 'zsh', word: 'segmentation fault', number: 11 },
  { shell: 'zsh', word: 'abort', number: 6 },
  { shell: 'zsh', word: 'bus error', number: 10 },
  { shell: 'zsh', word: 'illegal hardware instruction', number: 4 },
  { shell: 'zsh', word: 'floating point exception', number: 8 },
  { shell: 'zsh', word: 'trace trap', number: 5 },
  { shell: 'zsh', word: 'invalid system call', number: 12 },
  { shell: 'zsh', word: 'EMT instruction', number: 7 },
  { shell: 'zsh', word: 'killed', number: 9 },
  { shell: 'zsh', word: 'terminated', number: 15 },
  { shell: 'zsh', word: 'quit', number: 3 },
  { shell: 'zsh', word: 'hangup', number: 1 },
  { shell: 'zsh', word: 'alarm', number: 14 },
];

const STANDARD_ERROR = 2;
const BASH_LINE = ': line ';
const ZSH = 'zsh: ';

/** A shell's report of a death in the line [body, end), or null: only in the shapes that no program's text has. */
export function readShellReport(text: string, body: number, end: number): ShellReport | null {
  const first = text.charCodeAt(body);
  // zsh: abort      ./prog
  if (text.startsWith(ZSH, body)) return readDeath(text, body + ZSH.length, end, null, 'zsh', false);
  // [1]    1234 segmentation fault  ./prog
  // [1]+  Segmentation fault: 11  ./prog
  if (first === OPEN_BRACKET) return readJob(text, body, end);
  // Segmentation fault: 11
  const alone = readDeath(text, body, end, null, 'bash', true);
  if (alone !== null) return alone;
  // ./run.sh: line 3:  1234 Segmentation fault: 11  ./prog
  //         ^^^^^^^^^^^^^^^^
  const line = text.indexOf(BASH_LINE, body);
  if (line <= body || line >= end) return null;
  const lineEnd = skipDigits(text, line + BASH_LINE.length);
  if (lineEnd === line + BASH_LINE.length || text.charCodeAt(lineEnd) !== COLON) return null;
  return readPidAndDeath(text, skipSpaces(text, lineEnd + 1), end, 'bash');
}

// write(0x2, "./run.sh: line 3:  1234 Segmentation fault: 11  ./prog\n\0", 0x38)⇥⇥ = 56 0
//             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
/** The report that a traced shell writes to its standard error with this call, or null. */
export function readWrittenReport({ name, args, outcome }: CallText): ShellReport | null {
  if (!isWrite(name) || outcome !== 'returned') return null;
  const quote = args.indexOf('"');
  const close = quote < 0 ? -1 : closingQuote(args, quote);
  if (close < 0 || Number(args.slice(0, args.indexOf(','))) !== STANDARD_ERROR) return null;
  let text = args.slice(quote + 1, close);
  for (const ending of ['\\0', '\\n']) if (text.endsWith(ending)) text = text.slice(0, -ending.length);
  return readShellReport(text, 0, text.length);
}

/** Whether the call is a write. */
export function isWrite(name: string): boolean {
  return name === 'write' || name === 'write_nocancel';
}

function readJob(text: string, body: number, end: number): ShellReport | null {
  const number = skipDigits(text, body + 1);
  if (number === body + 1 || text.charCodeAt(number) !== CLOSE_BRACKET) return null;
  let at = skipSpaces(text, number + 1);
  if (text.charCodeAt(at) === PLUS || text.charCodeAt(at) === MINUS) at = skipSpaces(text, at + 1);
  if (!isBlank(text.charCodeAt(at - 1))) return null;
  const shell = isDigit(text.charCodeAt(at)) ? null : readDeath(text, at, end, null, 'bash', false);
  return shell ?? readPidAndDeath(text, at, end, 'zsh') ?? readPidAndDeath(text, at, end, 'bash');
}

function readPidAndDeath(text: string, from: number, end: number, shell: Shell): ShellReport | null {
  const pidEnd = skipDigits(text, from);
  const word = skipSpaces(text, pidEnd);
  if (pidEnd === from || pidEnd - from > MAX_PID_DIGITS || word === pidEnd) return null;
  return readDeath(text, word, end, readDecimal(text, from, pidEnd), shell, false);
}

/**
 * Reads `Segmentation fault: 11 (core dumped)  ./prog`. `alone`: the line holds nothing else, and the number must be
 * there, for these are everyday words.
 */
function readDeath(
  text: string,
  from: number,
  end: number,
  pid: number | null,
  shell: Shell,
  alone: boolean,
): ShellReport | null {
  for (const row of WORDS) {
    if (row.shell !== shell || !text.startsWith(row.word, from)) continue;
    let at = from + row.word.length;
    const numbered = text.startsWith(': ', at) && skipDigits(text, at + 2) > at + 2;
    if (numbered) {
      const numberEnd = skipDigits(text, at + 2);
      if (readDecimal(text, at + 2, numberEnd) !== row.number) continue;
      at = numberEnd;
    }
    const rest = skipSpaces(text, at);
    if (at < end && rest === at) continue;
    const core = text.startsWith('(core dumped)', rest);
    if (alone && (!numbered || (at < end && !core))) continue;
    // Of the tracer itself, told by the shell it was started from: of nobody in the log.
    const dead = text.includes('dtruss', rest) ? null : pid;
    return { pid: dead, signal: signalName(row.number, 'macos'), coreDumped: core ? true : null };
  }
  return null;
}
