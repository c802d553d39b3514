import { SPACE, TAB } from './cursor.ts';

/** What mail, a web page or a terminal put around every line of a text on its way. */
export interface PasteMarks {
  /** Escape sequences that colour a terminal or clear the rest of its line. */
  readonly colours: boolean;
  /** Blanks that do not break (U+00A0 in UTF-8) in place of plain ones. */
  readonly wideBlanks: boolean;
  /** `> `, once for each reply. */
  readonly quoting: boolean;
  /** Blanks and tabs in front of every line; empty where there are none. */
  readonly indent: string;
  /** Blanks behind the lines, up to a terminal's width. */
  readonly padding: boolean;
}

/** A text as it was written. */
export const NO_PASTE_MARKS: PasteMarks = {
  colours: false,
  wideBlanks: false,
  quoting: false,
  indent: '',
  padding: false,
};

const COLOUR = /\x1b\[[\d;]{0,16}[mK]/g;
const WIDE_BLANK = /\xc2\xa0/g;
/** With what stands in front of the first mark. A blank behind the last one belongs to it. */
const QUOTING = /^[ \t]*(?:> ?)+/;

/** The line as it was before those marks were put around it. Latin1 text. */
export function withoutPasteMarks(line: string, marks: PasteMarks): string {
  let text = line;
  if (marks.colours) text = text.replace(COLOUR, '');
  if (marks.wideBlanks) text = text.replace(WIDE_BLANK, ' ');
  if (marks.quoting) text = text.replace(QUOTING, '');
  const indented = commonStart(text, marks.indent);
  const end = marks.padding ? trimmedEnd(text) : text.length;
  return text.slice(Math.min(indented, end), end);
}

/** What the line may carry of each kind of mark: its indent is all blanks in front, once the others are gone. */
export function pasteMarksOf(line: string): PasteMarks {
  const quoted = line.replace(COLOUR, '').replace(WIDE_BLANK, ' ');
  const text = quoted.replace(QUOTING, '');
  return {
    colours: line.search(COLOUR) >= 0,
    wideBlanks: line.search(WIDE_BLANK) >= 0,
    quoting: text.length < quoted.length,
    indent: text.slice(0, text.length - text.trimStart().length),
    padding: trimmedEnd(text) < text.length,
  };
}

/** Whether there is anything to undo. */
export function hasPasteMarks(marks: PasteMarks): boolean {
  return marks.colours || marks.wideBlanks || marks.quoting || marks.indent !== '' || marks.padding;
}

/** Number of characters that both begin with. */
export function commonStart(text: string, other: string): number {
  let at = 0;
  while (at < other.length && text[at] === other[at]) at++;
  return at;
}

/** A carriage return counts as a blank: a terminal's recording doubles them. */
function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && isBlankOrReturn(text.charCodeAt(end - 1))) end--;
  return end;
}

function isBlankOrReturn(code: number): boolean {
  return code === SPACE || code === TAB || code === 13;
}
