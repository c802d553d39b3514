import type { Clock } from '../model/clock.ts';
import type { LineScanner } from '../scan/lines.ts';

/** Text of a pipe that is kept for a second look. */
const TAIL_BYTES = 16_777_216;
/** Of a file a mark is kept every so many bytes. */
const MARK_BYTES = 4_194_304;

/** A place between two chunks where reading may begin again. */
export interface Mark {
  /** Bytes before it, decompressed. */
  readonly offset: number;
  /** Lines that ended before it. */
  readonly lines: number;
  /** Whether it is in the middle of a line. */
  readonly inLine: boolean;
  readonly clock: Clock;
}

/** Number of the first line that lies whole behind the mark. */
export function firstWholeLine({ lines, inLine }: Mark): number {
  return lines + (inLine ? 2 : 1);
}

/** What is kept of the reading of one input, so that some of its lines can be read again. */
export class InputRecord {
  /** Whether each line tells by itself whose it is; otherwise reading can only begin at the beginning. */
  selfContained = true;
  /** Whether the text itself is kept. */
  readonly keepsText: boolean;
  readonly #markBytes: number;
  readonly #marks: Mark[] = [];
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #offset = 0;

  /** `keepsText`: of a pipe, which cannot be read again, the last chunks are kept, a mark before each. */
  constructor(keepsText: boolean, markBytes = MARK_BYTES) {
    this.keepsText = keepsText;
    this.#markBytes = markBytes;
  }

  /** A chunk is about to be scanned. */
  add(chunk: Buffer, scanner: LineScanner | null, clock: Clock): void {
    const latest = this.#marks.at(-1);
    if (this.keepsText || latest === undefined || this.#offset - latest.offset >= this.#markBytes) {
      const [lines, inLine] = scanner === null ? [0, false] : [scanner.lines, scanner.heldBytes > 0];
      this.#marks.push({ offset: this.#offset, lines, inLine, clock: clock.copy() });
    }
    this.#offset += chunk.length;
    if (!this.keepsText) return;
    this.#chunks.push(Buffer.from(chunk));
    this.#kept += chunk.length;
    while (this.#kept > TAIL_BYTES && this.#chunks.length > 1) {
      this.#kept -= this.#chunks.shift()?.length ?? 0;
      this.#marks.shift();
    }
  }

  /** Whether the text kept begins with the input. */
  get #hasBeginning(): boolean {
    return this.#marks[0]?.offset === 0;
  }

  /** The first line that can be read again, whole; null when none. */
  get firstLine(): number | null {
    const [first] = this.#marks;
    if (first === undefined || !(this.selfContained || this.#hasBeginning)) return null;
    return firstWholeLine(first);
  }

  /** The last mark from which the line, or else the first that is left, is read; null when nothing can be. */
  markBefore(line: number): Mark | null {
    const [first = null] = this.#marks;
    if (!this.selfContained) return this.#hasBeginning ? first : null;
    return this.textMarkBefore(line) ?? first;
  }

  /** The last mark before the text of the line, whoever's the line is; null where that text is gone. */
  textMarkBefore(line: number): Mark | null {
    const beyond = this.#marks.findIndex((mark) => firstWholeLine(mark) > line);
    return (beyond < 0 ? this.#marks.at(-1) : this.#marks[beyond - 1]) ?? null;
  }

  /** The text kept from a mark on; null where the input itself is to be read. */
  textFrom(mark: Mark): readonly Buffer[] | null {
    return this.keepsText ? this.#chunks.slice(this.#marks.indexOf(mark)) : null;
  }
}
