import { codeAt, SPACE } from '../src/scan/cursor.ts';
import { closingParen, endsInDecoration, endsUnfinished, openingParen, readCall, UNENDING } from './strace-call.ts';
import type { Head } from './strace-heads.ts';
import { readSignal } from './strace-lines.ts';
import type { Prefix } from './strace-prefix.ts';
import type { LiveTasks, TaskId } from './strace-tasks.ts';

// From physical lines to logical ones. A call's line ends early where a message of strace's or the program's own text
// broke it, where a name holds a line feed, and where a terminal or a mail program wrapped it:
//
//   wait4(14076, strace: Process 14077 attached       write(2, "two\nlines", 9two       [pid 12022] openat(AT_FDCWD,
//   NULL, 0, NULL) = 14076                            lines) = 9                        "main.c", O_RDONLY) = 3

/** Ends what is printed of a call of which nothing more is seen. */
export const DETACHED = '<detached ...>';

/** Foreign lines after which a call that never goes on is given up. */
const MAX_FOREIGN_LINES = 256;
/** Characters of such a call that are read again and again before it is. */
const MAX_READ_AGAIN = 4_194_304;

/** A terminal breaks lines at its margin, a mail program at the blank before a margin that is nearer. */
const TERMINAL_COLUMNS = 80;
/** So goes a call on that strace itself printed in two halves. */
const SECOND_HALF = /^[ ,)]/;

/** A line that ended before what it tells did: the rest comes with a later physical line. */
export interface Broken extends Head {
  /** Its text so far, without the columns. */
  text: string;
  /** Characters of its last physical line, columns included. */
  lastLength: number;
  /** The columns: the whole line is read again once it is complete. */
  readonly columns: string;
  /** Bytes of the program's own text still to come; 0 where none or unknown. */
  missing: number;
  foreignLines: number;
  /** Characters of it that were read again. */
  read: number;
}

/** What a physical line is to the broken one that waits. */
export type Continuation =
  /** Part of it, or the program's own text within it: the line says nothing by itself. */
  | { readonly what: 'part' }
  /** Its end. `joined` is the logical line, columns included. */
  | { readonly what: 'end'; readonly joined: string }
  /** No part of it, which nothing will complete. */
  | { readonly what: 'apart' };

const PART: Continuation = { what: 'part' };
const APART: Continuation = { what: 'apart' };

/** Puts the physical lines of one logical line together. At most one waits at a time; who gets it takes it. */
export class Joining {
  readonly #prefix: Prefix;
  readonly #live: LiveTasks;
  #broken: Broken | null = null;
  /** Columns that stood on a line alone. */
  #columns = '';

  constructor(prefix: Prefix, live: LiveTasks) {
    this.#prefix = prefix;
    this.#live = live;
  }

  /** The line that waits for its rest. */
  get broken(): Broken | null {
    return this.#broken;
  }

  /** Whether the next line may be the rest of one before. */
  get waits(): boolean {
    return this.#broken !== null || this.#columns !== '';
  }

  /** Holds a line of that task which ended early; its columns are those last read. */
  hold(text: string, task: TaskId, line: number, missing: number): void {
    const { body, time, atNs } = this.#prefix;
    const [columns, rest] = [text.slice(0, body), text.slice(body)];
    const spent = { lastLength: text.length, missing, foreignLines: 0, read: 0 };
    this.#broken = { columns, text: rest, line, time, atNs, task, child: null, ...spent };
  }

  /** Lets go of the line that waits. */
  release(): void {
    this.#broken = null;
  }

  /** The line that waits goes on with this text, in front of a message that broke it again. */
  append(text: string): void {
    if (this.#broken !== null) this.#broken.text += text;
  }

  /** Whether the text, whose columns were located, begins something that a later line may end. */
  begins(text: string): boolean {
    const { body } = this.#prefix;
    return text.startsWith('<... ', body) || beginsDelivery(text, body) || openingParen(text, body) >= 0;
  }

  /** What the physical line is to the broken one. The columns that `prefix` located are of neither then. */
  continue(broken: Broken, text: string): Continuation {
    // The program's own text, whose length the call's arguments tell: whatever it says, it is no trace line.
    if (broken.missing > text.length) {
      broken.missing -= text.length + 1;
      return PART;
    }
    const rest = text.slice(broken.missing);
    broken.missing = 0;
    broken.read += broken.text.length;
    const joint = jointOf(broken, rest);
    const joined = broken.columns + broken.text + joint + rest;
    const body = broken.columns.length;
    if (isComplete(joined, body, false)) return { what: 'end', joined };
    if (this.isWhole(text) || beginsDelivery(text, this.#prefix.body)) return APART;
    if (isComplete(joined, body, true)) return { what: 'end', joined };
    broken.foreignLines++;
    if (isWrapped(broken)) {
      broken.text += joint + rest;
      broken.lastLength = text.length;
    }
    return broken.foreignLines > MAX_FOREIGN_LINES || broken.read > MAX_READ_AGAIN ? APART : PART;
  }

  /** Whether the line is a trace line of its own, complete. Locates its columns. */
  isWhole(text: string): boolean {
    this.#prefix.locate(text);
    const { body } = this.#prefix;
    if (text.startsWith('<... ', body) || readSignal(text, body) !== null) return true;
    if (text.startsWith('+++ ', body)) return text.includes(' +++', body + 4);
    if (openingParen(text, body) < 0) return false;
    return endsUnfinished(text) || readCall(text, body, false) !== null;
  }

  // [pid 12022]
  // clone3({flags=CLONE_VM|…
  /** Holds columns from which a word too long for the rest of the line was wrapped away. False where it is none. */
  holdColumns(text: string): boolean {
    this.#prefix.locate(`${text} `);
    const { pid, body } = this.#prefix;
    if (pid === null || body <= text.length || !this.#live.has(pid)) return false;
    this.#columns = `${text} `;
    return true;
  }

  /** The line behind the columns that were held, where it has none itself. */
  withHeldColumns(text: string): string {
    const columns = this.#columns;
    if (columns === '') return text;
    this.#columns = '';
    this.#prefix.locate(text);
    return this.#prefix.pid === null ? columns + text : text;
  }
}

/** Whether the line ended where strace never splits one: what comes next is more of it, and not the program's own text. */
export function isWrapped({ text, lastLength }: Broken): boolean {
  if (lastLength === TERMINAL_COLUMNS || text.endsWith(',') || beginsDelivery(text, 0)) return true;
  const open = text.startsWith('<... ') ? text.indexOf('>') : openingParen(text, 0);
  return open >= 0 && closingParen(text, open) === UNENDING;
}

/** What was lost where the line was broken: a line feed in a name, or the blank that a mail program broke at. */
function jointOf({ text, lastLength }: Broken, rest: string): string {
  if (lastLength === TERMINAL_COLUMNS) return '';
  if (endsInDecoration(text)) return '\n';
  const isSplitByTracer = codeAt(text, text.length - 1) === SPACE || text.endsWith('(') || SECOND_HALF.test(rest);
  return lastLength > TERMINAL_COLUMNS || isSplitByTracer ? '' : ' ';
}

function isComplete(text: string, body: number, lenient: boolean): boolean {
  if (text.startsWith('<... ', body)) {
    const resumed = text.indexOf(' resumed>', body);
    return resumed > 0 && text.indexOf(') = ', resumed) > 0;
  }
  if (text.startsWith('--- ', body)) return readSignal(text, body) !== null;
  if (text.startsWith('+++ ', body)) return text.includes(' +++', body + 4);
  return endsUnfinished(text) || text.endsWith(DETACHED) || readCall(text, body, lenient) !== null;
}

/** Whether a signal or an end is told at `from`. */
function beginsDelivery(text: string, from: number): boolean {
  return ['--- SIG', '--- {si_signo=', '+++ exited with', '+++ killed by'].some((start) =>
    text.startsWith(start, from),
  );
}
