import type { TracerFormat } from '../../parsers/tracer-format.ts';
import type { Dialect } from '../model/dialect.ts';
import { ForkloreError } from '../model/errors.ts';
import { LineScanner } from '../scan/lines.ts';
import { hasPasteMarks, type PasteMarks, pasteMarksOf, withoutPasteMarks } from '../scan/paste-marks.ts';
import { type ChunkReader, QUIET } from './chunk-reader.ts';
import { type Input, labelOf } from './open-input.ts';
import { PasteEvidence } from './paste-evidence.ts';
import { fitsOf, Tally } from './tally.ts';

/** As much of an input is looked at to tell what it is. */
export const HEAD_BYTES = 65_536;
/** A live pipe that is silent for so long is judged by what it has said. */
const PATIENCE_MS = 100;
/** So begins the first line of our own interchange format. */
const NDJSON_START = '{"format":"forklore/events"';

/** Tracers most of whose lines could as well be of a relative: those are no evidence of a second tracer. */
const RELATIVES: Partial<Record<Dialect, Dialect>> = { 'truss-aix': 'truss-illumos' };

/** What an input turned out to be, and the marks that a paste left on its lines. */
export type Detected =
  | { readonly kind: 'tracer'; readonly format: TracerFormat; readonly marks: PasteMarks }
  | { readonly kind: 'ndjson' };

/** Lets the formats vote on the lines of an input's head, as they stand and without what a paste may have put there. */
export class Votes {
  readonly #formats: readonly TracerFormat[];
  readonly #scanner: LineScanner;
  readonly #asTheyStand: Tally;
  readonly #bare: Tally;
  readonly #paste = new PasteEvidence();
  /** Lines that are not blank. */
  #lines = 0;
  #ndjson = false;
  #binary = false;
  #bytes = 0;

  constructor(formats: readonly TracerFormat[]) {
    this.#formats = formats;
    this.#asTheyStand = new Tally(formats.length);
    this.#bare = new Tally(formats.length);
    this.#scanner = new LineScanner(
      (buffer, start, end, line) => this.#vote(buffer.toString('latin1', start, end), line),
      () => {},
    );
  }

  /** Bytes looked at. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The next bytes of the input; those past `HEAD_BYTES` are left alone. */
  add(chunk: Buffer): void {
    const head = chunk.subarray(0, HEAD_BYTES - this.#bytes);
    this.#bytes += head.length;
    this.#binary ||= head.includes(0);
    this.#scanner.push(head);
  }

  /** The head is complete, or the input is shorter: a last line without line feed votes too. */
  finish(): void {
    this.#scanner.end();
  }

  /** Whether one format alone was recognised so far. */
  get unanimous(): boolean {
    return this.#ndjson || (this.#asTheyStand.candidates || this.#bare.candidates) === 1;
  }

  /**
   * What the input is: the format with more votes than any other and more than half of the lines that anything
   * recognised (foreign text around a trace is common, and votes for nobody). Throws 'not-a-trace' or
   * 'ambiguous-trace', naming the input.
   */
  verdict(name: string): Detected {
    if (this.#ndjson) return { kind: 'ndjson' };
    const marks = this.marks();
    const tally = hasPasteMarks(marks) ? this.#bare : this.#asTheyStand;
    const { winner } = tally;
    const format = this.#formats[winner];
    if (format !== undefined) {
      this.#requireAlone(format, winner, tally, name);
      return { kind: 'tracer', format, marks };
    }
    if (tally.candidates > 0) {
      throw new ForkloreError('ambiguous-trace', `${labelOf(name)}: more than one format fits: ${this.#votes(tally)}`);
    }
    if (this.#lines === 0) throw emptyInput(name);
    if (this.#binary)
      throw new ForkloreError('not-a-trace', `${labelOf(name)}: is a binary file, not the text of a tracer`);
    const looked = this.#lines === 1 ? 'line' : `${this.#lines} lines`;
    throw new ForkloreError(
      'not-a-trace',
      `${labelOf(name)}: no tracer's text was recognised in the first ${looked}; choose a format with --from`,
    );
  }

  /** The marks of a paste that the lines carry. */
  marks(): PasteMarks {
    return this.#paste.marks((line) => fitsOf(line, this.#formats).includes(true));
  }

  #votes(tally: Tally): string {
    const votes = this.#formats
      .map(({ dialect }, index) => ({ dialect, count: tally.count(index) }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count)
      .map(({ dialect, count }) => `${dialect} ${count} ${count === 1 ? 'line' : 'lines'}`);
    return `${votes.join(', ')} of ${this.#lines}; choose with --from`;
  }

  #vote(text: string, line: number): void {
    if (text.trim() === '') return;
    if (this.#lines === 0) this.#ndjson = text.startsWith(NDJSON_START);
    this.#lines++;
    const marks = pasteMarksOf(text);
    const fits = fitsOf(text, this.#formats);
    const bareFits = hasPasteMarks(marks) ? fitsOf(withoutPasteMarks(text, marks), this.#formats) : fits;
    this.#asTheyStand.add(fits, line);
    this.#bare.add(bareFits, line);
    const isSpoilt = bareFits.some((fit, index) => fit !== fits[index]);
    if (bareFits.includes(true)) this.#paste.add(text, marks, isSpoilt);
  }

  /** Throws where another tracer's text stands in the log as well: too much of it for chance. */
  #requireAlone({ dialect: own }: TracerFormat, winner: number, tally: Tally, name: string): void {
    for (const [index, { dialect }] of this.#formats.entries()) {
      const foreign = tally.foreign(index, winner);
      if (foreign === null || RELATIVES[own] === dialect) continue;
      const sentence = `${foreign.lines} lines are of ${dialect}, the first of them line ${foreign.first}, and not of ${own}`;
      throw new ForkloreError('ambiguous-trace', `${labelOf(name)}: ${sentence}: cut it in two, or choose with --from`);
    }
  }
}

/** The error for an input that holds nothing. */
export function emptyInput(name: string): ForkloreError {
  return new ForkloreError('not-a-trace', `${labelOf(name)}: nothing in it`);
}

/**
 * Looks at the head of an input and puts it back. Waits for no more than it needs: a live pipe that has shown one format
 * and then is silent is decided. One whose format `isDecided` needs only have said something.
 */
export async function readVotes(reader: ChunkReader, votes: Votes, isDecided: boolean): Promise<void> {
  const taken: Buffer[] = [];
  while (votes.bytes < HEAD_BYTES) {
    const chunk =
      votes.unanimous || (isDecided && votes.bytes > 0) ? await reader.next(PATIENCE_MS) : await reader.next();
    if (chunk === QUIET) {
      reader.unread(taken);
      return;
    }
    if (chunk === null) break;
    taken.push(Buffer.from(chunk));
    votes.add(chunk);
  }
  votes.finish();
  reader.unread(taken);
}

/** Looks at the beginning of an input. A file is opened again for reading, so that thousands do not stay open. */
export async function peek<T>(input: Input, look: (chunks: ChunkReader) => Promise<T>): Promise<T> {
  const { chunks } = input.open();
  try {
    return await look(chunks);
  } finally {
    if (input.sizeBytes !== null) chunks.close();
  }
}

/** The format of that dialect. */
export function formatOf(dialect: Dialect, formats: readonly TracerFormat[]): TracerFormat {
  const format = formats.find((candidate) => candidate.dialect === dialect);
  if (format === undefined) throw new ForkloreError('not-a-trace', `no format reads the dialect ${dialect}`);
  return format;
}
