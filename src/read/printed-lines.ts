import { LineScanner } from '../scan/lines.ts';
import { hasPasteMarks, type PasteMarks, withoutPasteMarks } from '../scan/paste-marks.ts';
import type { Mark } from './input-record.ts';
import type { SetFile } from './reading-plan.ts';
import { chunksFrom, fileFrom, type ReadLog, scannerFrom } from './text-again.ts';

/** More of a line nobody reads; a written buffer may be a megabyte. */
const MAX_BYTES = 4096;

/** The lines that answers point at, as they stand in the inputs. */
export class PrintedLines {
  readonly #logs: readonly ReadLog[];
  readonly #files: readonly SetFile[];
  readonly #isText: boolean;

  /**
   * `logs`: the inputs as they were read, more of them while they are. `files`: of a set, which may be merged and leave no
   * logs; null otherwise. `isText`: whether the inputs are what a tracer printed, and not our own format.
   */
  constructor(logs: readonly ReadLog[], files: readonly SetFile[] | null, isText: boolean) {
    this.#logs = logs;
    this.#files = files ?? [];
    this.#isText = isText;
  }

  /**
   * The lines with these numbers, ascending, of an input: latin1, without what a paste put around them, the first 4,096
   * bytes. Missing are those whose text is gone, or never was there: of a pipe only the latest is kept, and our own
   * format has no lines of a tracer. Never throws for a file that is gone meanwhile.
   */
  async of(input: number, numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const found = new Map<number, string>();
    if (!this.#isText) return found;
    const log = this.#logs[input];
    const file = this.#files[input];
    if (log !== undefined) {
      for (const stretch of stretches(log, numbers)) await collect(log, stretch, found);
    } else if (file !== undefined) {
      const lines = new Collector(numbers, file.marks, found);
      const scanner = new LineScanner(lines.add, () => {});
      await pushInto(scanner, fileFrom(0, file.input, file.compressed), lines.last);
    }
    return found;
  }
}

/** Lines that are read in one go. */
interface Stretch {
  readonly mark: Mark;
  readonly numbers: number[];
}

/** What lies behind one mark is read together; of a compressed input all is, for it is unpacked from its beginning. */
function stretches({ record, reading }: ReadLog, numbers: readonly number[]): Stretch[] {
  const found: Stretch[] = [];
  for (const number of numbers) {
    const mark = record.textMarkBefore(number);
    if (mark === null) continue;
    const last = found.at(-1);
    if (last !== undefined && (last.mark === mark || reading.compressed)) last.numbers.push(number);
    else found.push({ mark, numbers: [number] });
  }
  return found;
}

async function collect(log: ReadLog, { mark, numbers }: Stretch, found: Map<number, string>): Promise<void> {
  const lines = new Collector(numbers, log.log.marks, found);
  await pushInto(scannerFrom(mark, lines.add), chunksFrom(mark, log), lines.last);
}

async function pushInto(scanner: LineScanner, chunks: AsyncIterable<Buffer>, last: number): Promise<void> {
  for await (const chunk of chunks) {
    scanner.push(chunk);
    if (scanner.lines >= last) return;
  }
  scanner.end();
}

/** Keeps the lines it was asked for. */
class Collector {
  readonly last: number;
  readonly #wanted: ReadonlySet<number>;
  readonly #marks: PasteMarks;
  readonly #found: Map<number, string>;

  constructor(numbers: readonly number[], marks: PasteMarks, found: Map<number, string>) {
    this.last = numbers.at(-1) ?? 0;
    this.#wanted = new Set(numbers);
    this.#marks = marks;
    this.#found = found;
  }

  readonly add = (buffer: Buffer, start: number, end: number, line: number): void => {
    if (!this.#wanted.has(line)) return;
    const text = buffer.toString('latin1', start, Math.min(end, start + MAX_BYTES));
    this.#found.set(line, hasPasteMarks(this.#marks) ? withoutPasteMarks(text, this.#marks) : text);
  };
}
