/** Lines of a dump that are not whole: folded, wrapped, or broken by a name with a line feed in it. */
import { COLON, isBlank, isDigit, SPACE, TAB, trimmedEnd } from '../src/scan/cursor.ts';
import { MAX_INDENT } from './kdump-front.ts';

/** Mail programs wrap at 70 to 80 columns. */
const WRAP_COLUMNS = 66;
/** Longest path of any BSD, its record's columns and quotes: what is longer is no broken name. */
const MAX_NAME_BYTES = 1024 + 128;
const MAX_NAME_LINES = 32;
const MAX_ID_DIGITS = 10;
const INDENT = ' '.repeat(MAX_INDENT + 1);
const DUMP_INDENT = '   ';

/** A record whose line ended too early. */
export class BrokenRecord {
  readonly what: 'name' | 'call' | 'ktruss';
  /** At least one. */
  readonly lines: string[];
  /** The first one's number. */
  readonly line: number;
  #bytes: number;

  constructor(what: BrokenRecord['what'], text: string, line: number) {
    this.what = what;
    this.lines = [text];
    this.line = line;
    this.#bytes = text.length;
  }

  get head(): string {
    return this.lines[0] ?? '';
  }

  /** Takes one more line. */
  add(text: string): void {
    this.lines.push(text);
    this.#bytes += text.length + 1;
  }

  /** Whether it is longer than any name can make it. */
  get isTooLong(): boolean {
    return this.#bytes > MAX_NAME_BYTES || this.lines.length >= MAX_NAME_LINES;
  }

  /** The lines as one: with line feeds between them, unless the first is as long as one that a mail program wrapped. */
  get joined(): string {
    return this.lines.join(this.#separator);
  }

  /**
   * The name that begins at `from` in the first line and ends before the last line's last quote, and whether it was
   * folded as OpenBSD does it: a backslash, and on the next line a tab.
   */
  name(from: number): { readonly text: string; readonly isFolded: boolean } {
    const { lines } = this;
    const last = lines.length - 1;
    const isFolded = lines.every(
      (text, index) => (index === 0 || text.startsWith('\t')) && (index === last || text.endsWith('\\')),
    );
    const parts = lines.map((text, index) => {
      const start = index === 0 ? from : isFolded ? 1 : 0;
      const end = index === last ? trimmedEnd(text, text.length) - 1 : isFolded ? text.length - 1 : text.length;
      return text.slice(start, end);
    });
    return { text: parts.join(isFolded ? '' : this.#separator), isFolded };
  }

  get #separator(): string {
    return this.head.length >= WRAP_COLUMNS ? '' : '\n';
  }
}

/** Whether the line is by its indent of the record before it: data, a dump, a field. */
export function isIndented(text: string): boolean {
  if (text.charCodeAt(0) === TAB || text.startsWith(INDENT)) return true;
  //    0000:  7f 45 4c 46 02 01 01 00
  const colon = text.startsWith(DUMP_INDENT) ? skipHex(text, DUMP_INDENT.length) : -1;
  return colon > DUMP_INDENT.length && text.charCodeAt(colon) === COLON && text.charCodeAt(colon + 1) === SPACE;
}

function skipHex(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); isDigit(code) || (code >= 97 && code <= 102); ) code = text.charCodeAt(++at);
  return at;
}

/** Start of the word that ends at `to`. */
function wordBefore(text: string, to: number): number {
  let at = to;
  while (at > 0 && !isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

// some text   755 100101 uul      CALL  close(0x3)
//            ^
/**
 * Where the columns of a record begin that stands behind other text and has its type at `type`: the numbers before its
 * name, one of which is a process that is known. Or -1.
 */
export function columnsBefore(text: string, type: number, known: { knows(pid: number): boolean }): number {
  let start = -1;
  let at = trimmedEnd(text, wordBefore(text, trimmedEnd(text, type)));
  for (let numbers = 0; numbers < 2 && at > 0; numbers++) {
    let digits = at;
    while (digits > 0 && isDigit(text.charCodeAt(digits - 1))) digits--;
    if (digits === at || at - digits > MAX_ID_DIGITS) break;
    if (known.knows(Number(text.slice(digits, at)))) start = digits;
    at = trimmedEnd(text, digits);
  }
  return start;
}
