import type { DiagnosticCode } from '../model/diagnostic.ts';
import { commonStart, type PasteMarks, withoutPasteMarks } from '../scan/paste-marks.ts';

/** A paste marks every line; the others are wrapped, or not of the trace. */
const MIN_SHARE = 0.5;
/** Some marks may stand on some lines only, or within names: lines that nothing recognises with them are the sign. */
const MIN_SHARE_SPOILT = 0.1;
/** Markdown and its relatives indent by so many blanks. */
const INDENT_STEP = 4;
/** Lines kept to find out how deep the indent is. */
const MAX_EXAMPLES = 64;

/** How often each kind of mark was seen on lines of a trace. */
interface Seen {
  lines: number;
  /** Of these, lines that are recognised as something else with the marks, or not at all. */
  spoilt: number;
}

/** Finds out from a log's head which marks of a paste its lines carry. */
export class PasteEvidence {
  #lines = 0;
  readonly #colours: Seen = { lines: 0, spoilt: 0 };
  readonly #wideBlanks: Seen = { lines: 0, spoilt: 0 };
  readonly #quoting: Seen = { lines: 0, spoilt: 0 };
  readonly #padding: Seen = { lines: 0, spoilt: 0 };
  /** What lines have in front that are spoilt by it. */
  readonly #spoiltIndent = new CommonIndent();

  /** A line that is of a trace without its marks; `isSpoilt` where it is not with them, or of another. */
  add(line: string, marks: PasteMarks, isSpoilt: boolean): void {
    this.#lines++;
    count(this.#colours, marks.colours, isSpoilt);
    count(this.#wideBlanks, marks.wideBlanks, isSpoilt);
    count(this.#quoting, marks.quoting, isSpoilt);
    count(this.#padding, marks.padding, isSpoilt);
    if (marks.indent !== '' && isSpoilt) this.#spoiltIndent.add(line, marks.indent);
  }

  /** The marks of the log. `fits` tells whether a line is of a trace as it stands. */
  marks(fits: (line: string) => boolean): PasteMarks {
    const outer: PasteMarks = {
      colours: this.#isCommon(this.#colours) || this.#spoils(this.#colours),
      wideBlanks: this.#isCommon(this.#wideBlanks) || this.#spoils(this.#wideBlanks),
      quoting: this.#isCommon(this.#quoting) || this.#spoils(this.#quoting),
      indent: '',
      padding: this.#isCommon(this.#padding),
    };
    return { ...outer, indent: this.#indentOf(outer, fits) };
  }

  #isCommon({ lines }: Seen): boolean {
    return lines > this.#lines * MIN_SHARE;
  }

  #spoils({ spoilt }: Seen): boolean {
    return spoilt > this.#lines * MIN_SHARE_SPOILT;
  }

  /**
   * Some tracers begin lines with blanks of their own, and tell kinds of lines by their number: no more is taken than is
   * needed, in steps that people use.
   */
  #indentOf(outer: PasteMarks, fits: (line: string) => boolean): string {
    if (this.#spoiltIndent.lines <= this.#lines * MIN_SHARE) return '';
    const { common, examples } = this.#spoiltIndent;
    const step = stepOf(common);
    const stepFits = (line: string): boolean => fits(withoutPasteMarks(line, { ...outer, indent: step }));
    return examples.every(stepFits) ? step : common;
  }
}

/** What is worth telling of the marks: an indent and padding lose nothing, and some tracers have them of their own. */
export function pasteDiagnostics({ colours, quoting, wideBlanks }: PasteMarks): readonly DiagnosticCode[] {
  const codes: DiagnosticCode[] = [];
  if (quoting || wideBlanks) codes.push('pasted');
  if (colours) codes.push('coloured');
  return codes;
}

/** What lines have in common in front. */
class CommonIndent {
  lines = 0;
  common = '';
  /** The first of the lines. */
  readonly examples: string[] = [];

  add(line: string, indent: string): void {
    this.common = this.lines === 0 ? indent : this.common.slice(0, commonStart(this.common, indent));
    this.lines++;
    if (this.examples.length < MAX_EXAMPLES) this.examples.push(line);
  }
}

/** Its tabs, or as many blanks as make whole steps. */
function stepOf(indent: string): string {
  const tabs = indent.length - indent.replace(/^\t+/, '').length;
  return indent.slice(0, tabs > 0 ? tabs : indent.length - (indent.length % INDENT_STEP));
}

function count(seen: Seen, isThere: boolean, isSpoilt: boolean): void {
  if (!isThere) return;
  seen.lines++;
  if (isSpoilt) seen.spoilt++;
}
