const LINE_FEED = 10;
/** A mark is kept every so many bytes. */
const MARK_BYTES = 131_072;

/** A place in an input's text from which its lines can be counted on. */
export interface LineMark {
  /** Bytes before it. */
  readonly offset: number;
  /** Lines that ended before it. */
  readonly lines: number;
  /** Whether it is in the middle of a line. */
  readonly inLine: boolean;
}

const BEGINNING: LineMark = { offset: 0, lines: 0, inLine: false };

/** Where the lines of a growing text are. */
export class LineMarks {
  readonly #marks: LineMark[] = [BEGINNING];
  #offset = 0;
  #lines = 0;
  #inLine = false;

  /** Bytes so far. */
  get bytes(): number {
    return this.#offset;
  }

  /** Lines that are complete so far. */
  get lines(): number {
    return this.#lines;
  }

  /** What comes next in the text. */
  add(bytes: Buffer): void {
    const latest = this.#marks.at(-1) ?? BEGINNING;
    if (this.#offset - latest.offset >= MARK_BYTES) {
      this.#marks.push({ offset: this.#offset, lines: this.#lines, inLine: this.#inLine });
    }
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) this.#lines++;
    this.#offset += bytes.length;
    if (bytes.length > 0) this.#inLine = bytes[bytes.length - 1] !== LINE_FEED;
  }

  /** The last mark from which the line is met whole. */
  before(line: number): LineMark {
    let low = 0;
    let high = this.#marks.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (firstWhole(this.#marks[middle] ?? BEGINNING) <= line) low = middle;
      else high = middle;
    }
    return this.#marks[low] ?? BEGINNING;
  }
}

/** Number of the first line that begins at the mark or after it. */
export function firstWhole({ lines, inLine }: LineMark): number {
  return lines + (inLine ? 2 : 1);
}
