import type { TracerFormat } from '../../parsers/tracer-format.ts';
import type { Dialect } from '../model/dialect.ts';
import { ForkloreError } from '../model/errors.ts';
import { LineScanner } from '../scan/lines.ts';
import { type ChunkReader, QUIET } from './chunk-reader.ts';
import { labelOf } from './open-input.ts';

/** As much of an input is looked at to tell what it is. */
export const HEAD_BYTES = 65_536;
/** A live pipe that is silent for so long is judged by what it has said. */
const PATIENCE_MS = 100;
/** So begins the first line of our own interchange format. */
const NDJSON_START = '{"format":"forklore/events"';

/** What an input turned out to be. */
export type Detected = { readonly kind: 'tracer'; readonly format: TracerFormat } | { readonly kind: 'ndjson' };

/** Lines that fit one format and not another: more than these, and a larger share of what was recognised, are no chance. */
const MIN_FOREIGN = 10;
const MIN_FOREIGN_SHARE = 0.1;

interface Foreign {
  lines: number;
  /** Number of the first of them. */
  readonly first: number;
}

/** Counts which formats recognise the lines of an input. */
export class Votes {
  readonly #formats: readonly TracerFormat[];
  readonly #counts: number[];
  readonly #scanner: LineScanner;
  #lines = 0;
  #recognised = 0;
  /** Physical lines, blank ones included. */
  #physical = 0;
  readonly #foreigners = new Map<number, Foreign>();
  #ndjson = false;
  #binary = false;
  #bytes = 0;

  constructor(formats: readonly TracerFormat[]) {
    this.#formats = formats;
    this.#counts = formats.map(() => 0);
    this.#scanner = new LineScanner(
      (buffer, start, end) => this.#vote(buffer.toString('latin1', start, end)),
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
    return this.#ndjson || this.#counts.filter((count) => count > 0).length === 1;
  }

  /**
   * What the input is: the format with more votes than any other and more than half of the lines that anything
   * recognised (foreign text around a trace is common, and votes for nobody). Throws 'not-a-trace' or
   * 'ambiguous-trace', naming the input.
   */
  verdict(name: string): Detected {
    if (this.#ndjson) return { kind: 'ndjson' };
    const most = Math.max(...this.#counts);
    const winner = this.#formats[this.#counts.indexOf(most)];
    if (winner !== undefined && most > 0) {
      const alone = this.#counts.indexOf(most) === this.#counts.lastIndexOf(most);
      if (alone && most * 2 > this.#recognised) {
        this.#requireAlone(this.#counts.indexOf(most), name);
        return { kind: 'tracer', format: winner };
      }
      throw new ForkloreError('ambiguous-trace', `${labelOf(name)}: more than one format fits: ${this.#tally()}`);
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

  #tally(): string {
    const votes = this.#formats
      .map((format, index) => ({ dialect: format.dialect, count: this.#counts[index] ?? 0 }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count)
      .map(({ dialect, count }) => `${dialect} ${count} ${count === 1 ? 'line' : 'lines'}`);
    return `${votes.join(', ')} of ${this.#lines}; choose with --from`;
  }

  #vote(text: string): void {
    this.#physical++;
    if (text.trim() === '') return;
    if (this.#lines === 0) this.#ndjson = text.startsWith(NDJSON_START);
    this.#lines++;
    const fits = this.#formats.map((format) => format.recognizes(text));
    if (!fits.includes(true)) return;
    this.#recognised++;
    for (const [one, fitsOne] of fits.entries()) {
      if (!fitsOne) continue;
      this.#counts[one] = (this.#counts[one] ?? 0) + 1;
      for (const [other, fitsOther] of fits.entries()) {
        if (!fitsOther) this.#foreign(one, other).lines++;
      }
    }
  }

  /** Lines that fit one format and not the other. */
  #foreign(one: number, other: number): Foreign {
    const key = one * this.#formats.length + other;
    let foreign = this.#foreigners.get(key);
    if (foreign === undefined) {
      foreign = { lines: 0, first: this.#physical };
      this.#foreigners.set(key, foreign);
    }
    return foreign;
  }

  /** Throws where another tracer's text stands in the log as well: too much of it for chance. */
  #requireAlone(winner: number, name: string): void {
    for (const [index, { dialect }] of this.#formats.entries()) {
      const foreign = this.#foreigners.get(index * this.#formats.length + winner);
      if (foreign === undefined || foreign.lines < MIN_FOREIGN) continue;
      if (foreign.lines < this.#recognised * MIN_FOREIGN_SHARE) continue;
      const own = this.#formats[winner]?.dialect ?? '';
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
 * and then is silent is decided.
 */
export async function readVotes(reader: ChunkReader, votes: Votes): Promise<void> {
  const taken: Buffer[] = [];
  while (votes.bytes < HEAD_BYTES) {
    const chunk = votes.unanimous ? await reader.next(PATIENCE_MS) : await reader.next();
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

/** The format of that dialect. */
export function formatOf(dialect: Dialect, formats: readonly TracerFormat[]): TracerFormat {
  const format = formats.find((candidate) => candidate.dialect === dialect);
  if (format === undefined) throw new ForkloreError('not-a-trace', `no format reads the dialect ${dialect}`);
  return format;
}
