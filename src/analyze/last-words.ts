import { argumentsOf, descriptorArgument, resultNumber, stringArgument } from '../model/accessors.ts';
import { dialectTraits } from '../model/dialect.ts';
import type { SyscallEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';
import { closingQuote } from '../scan/cursor.ts';
import { unescapeBytes } from '../scan/unescape.ts';
import { type Clause, placeOf } from './clause.ts';
import type { Place } from './process.ts';

/** Latest lines that are remembered, and the longest that is shown. */
const MAX_LINES = 64;
const MAX_LENGTH = 200;

/** Stands where the tracer cut a text. */
const CUT = '...';

/** What assertions, panics, compilers, sanitizers and C libraries say before they give up. */
const GIVES_UP =
  /assert|panic|internal compiler error|stack overflow|overflowed its stack|sanitizer|terminate called|\*\*\*|fatal|uncaught/i;

/** Lines that are taken along where the message goes on. */
const MAX_CONTINUED = 2;

interface Line {
  text: string;
  readonly place: Place;
}

/** Keeps what a process last wrote to its standard error, by line. */
export class LastWords {
  /** Descriptors that lead there: 2, its duplicates, the terminal. */
  readonly #descriptors = new Set([2]);
  #lines: Line[] = [];
  #open: Line | null = null;

  add(event: SyscallEvent): void {
    if (event.outcome !== 'returned') return;
    const call = syscallOf(event.name, dialectTraits[event.dialect].platform);
    switch (call?.role) {
      case 'write':
        if (call.canonical === 'write') this.#write(event);
        break;
      case 'dup':
      case 'fcntl':
        this.#duplicate(event);
        break;
      case 'open': {
        const fd = resultNumber(event);
        if (fd !== null && event.args.includes('"/dev/tty"')) this.#descriptors.add(fd);
        break;
      }
      case 'close': {
        const { fd } = descriptorArgument(argumentsOf(event)[0]);
        if (fd !== null && fd !== 2) this.#descriptors.delete(fd);
        break;
      }
    }
  }

  /** Forgets what was said so far. */
  clear(): void {
    this.#lines = [];
    this.#open = null;
  }

  /** What it said when it gave up; null where it said no such thing. */
  message(): Clause | null {
    const lines = this.#all();
    const at = lines.findLastIndex(({ text }) => GIVES_UP.test(text));
    return at < 0 ? null : messageAt(lines, at);
  }

  /** As `message`, and where there is none the last line of all. */
  last(): Clause | null {
    const lines = this.#all();
    return this.message() ?? (lines.length === 0 ? null : messageAt(lines, lines.length - 1));
  }

  #all(): Line[] {
    const lines = this.#open === null ? this.#lines : [...this.#lines, this.#open];
    return lines.filter(({ text }) => text.trim() !== '');
  }

  #write(event: SyscallEvent): void {
    const pieces = argumentsOf(event);
    const { fd } = descriptorArgument(pieces[0]);
    if (fd === null || !this.#descriptors.has(fd)) return;
    for (const { text, isCut } of writtenTexts(event)) this.#say(text, isCut, placeOf(event));
  }

  #say(text: string, isCut: boolean, place: Place): void {
    const [first = '', ...others] = text.split('\n');
    this.#continue(first, place);
    for (const line of others) {
      this.#end();
      this.#continue(line, place);
    }
    // What was cut off may hold the end of the line.
    if (isCut) {
      this.#continue(CUT, place);
      this.#end();
    }
  }

  #continue(text: string, place: Place): void {
    if (text === '') return;
    this.#open ??= { text: '', place };
    if (this.#open.text.length <= MAX_LENGTH) this.#open.text += text.slice(0, MAX_LENGTH + 1);
  }

  #end(): void {
    if (this.#open !== null) this.#lines.push(this.#open);
    this.#open = null;
    if (this.#lines.length > 2 * MAX_LINES) this.#lines = this.#lines.slice(-MAX_LINES);
  }

  #duplicate(event: SyscallEvent): void {
    const { fd: from } = descriptorArgument(argumentsOf(event)[0]);
    const to = resultNumber(event);
    const duplicates = event.name.includes('dup') || event.args.includes('F_DUPFD');
    if (!duplicates || from === null || to === null || to === 2) return;
    if (this.#descriptors.has(from)) this.#descriptors.add(to);
    else this.#descriptors.delete(to);
  }
}

function messageAt(lines: readonly Line[], at: number): Clause | null {
  const first = lines[at];
  if (first === undefined) return null;
  let text = first.text.trim();
  // thread 'main' panicked at src/main.rs:2:5:
  // index out of bounds: the len is 3 but the index is 7
  for (const next of lines.slice(at + 1, at + 1 + MAX_CONTINUED)) {
    if (!text.endsWith(':') && !text.endsWith(CUT) && !/^\s/.test(next.text)) break;
    text += ` ${next.text.trim()}`;
  }
  return { text: text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) + CUT : text, place: first.place };
}

interface Written {
  /** Latin1 bytes. */
  readonly text: string;
  /** Whether the tracer shows only the beginning. */
  readonly isCut: boolean;
}

/** The texts a call wrote, as far as they are shown: one for write, one a buffer for writev. */
function writtenTexts(event: SyscallEvent): Written[] {
  const { args, dialect } = event;
  const open = args.indexOf('"');
  if (open < 0) return [];
  switch (dialect) {
    case 'truss-illumos':
    case 'truss-aix': {
      const close = args.lastIndexOf('"');
      return [{ text: twoByTwo(args.slice(open + 1, close)), isCut: args.startsWith('..', close + 1) }];
    }
    case 'truss-freebsd': {
      // Its quotes are not escaped.
      const close = args.lastIndexOf('"');
      return [{ text: unescapeBytes(args.slice(open + 1, close), 'c'), isCut: args.startsWith(CUT, close + 1) }];
    }
    default:
      return quotedTexts(event, open);
  }
}

function quotedTexts({ args, dialect }: SyscallEvent, first: number): Written[] {
  const texts: Written[] = [];
  for (let open = first; open >= 0; ) {
    const close = closingQuote(args, open);
    const quoted = args.slice(open, close < 0 ? undefined : close + 1);
    const text = stringArgument(quoted, dialect) ?? '';
    const isWhole = dialect !== 'dtruss' || quoted.endsWith('\\0"');
    texts.push({ text, isCut: close < 0 || !isWhole || args.startsWith(CUT, close + 1) });
    open = close < 0 ? -1 : args.indexOf('"', close + 1);
  }
  return texts;
}

/** Text in which every byte takes two characters: ` a`, `\n`, `C3`. */
function twoByTwo(text: string): string {
  let bytes = '';
  for (let at = 0; at + 1 < text.length; at += 2) {
    const pair = text.slice(at, at + 2);
    if (pair.startsWith(' ')) bytes += pair.charAt(1);
    else if (pair.startsWith('\\')) bytes += unescapeBytes(pair, 'c');
    else bytes += String.fromCharCode(Number.parseInt(pair, 16) & 0xff);
  }
  return bytes;
}
