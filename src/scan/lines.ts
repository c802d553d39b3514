const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** A longer line is delivered without its middle. */
export const MAX_LINE_BYTES = 1_048_576;
const HALF_LINE_BYTES = MAX_LINE_BYTES / 2;
const FIRST_CAPACITY_BYTES = 256;
/** U+FEFF, which some editors write at the beginning of a file. It is no part of the first line. Latin1 text. */
export const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/**
 * Takes one line: the bytes [start, end) of the buffer, without line feed and one carriage return before it, the first
 * one without a byte order mark. The bytes are the caller's only until it returns. Lines count from 1.
 */
export type LineHandler = (buffer: Buffer, start: number, end: number, line: number) => void;

/**
 * Takes many whole lines: the bytes [start, end) of the buffer, which end in a line feed, `MAX_LINE_BYTES` of them at most.
 * `linesBefore`: lines of the input before them. Gives the number of the last one.
 */
export type LinesHandler = (buffer: Buffer, start: number, end: number, linesBefore: number) => number;

/**
 * Finds the lines in a stream of chunks, on the bytes. A line that lies within a chunk is handed over where it lies;
 * only one that crosses a border is copied. Of a line longer than `MAX_LINE_BYTES` the first and the last half of that
 * are kept (the end of a call's line holds its result), in any chunking the same.
 */
export class LineScanner {
  readonly #onLine: LineHandler;
  readonly #onTooLong: (line: number) => void;
  readonly #onLines: LinesHandler | null;
  /**
   * The line begun in an earlier chunk. Byte n of it stands at n in the first half; the second half is a ring, so it
   * holds the last bytes however long the line is.
   */
  #held = Buffer.allocUnsafe(FIRST_CAPACITY_BYTES);
  #heldBytes = 0;
  #line: number;
  readonly #linesBefore: number;

  /**
   * `onTooLong` is told the number of each shortened line, just before the line itself is handed over. `linesBefore`:
   * lines of the input that come before the first chunk. `onLines`: takes lines that lie whole within a chunk many at
   * once, all but the first.
   */
  constructor(
    onLine: LineHandler,
    onTooLong: (line: number) => void,
    linesBefore = 0,
    onLines: LinesHandler | null = null,
  ) {
    this.#onLine = onLine;
    this.#onLines = onLines;
    this.#onTooLong = onTooLong;
    this.#line = linesBefore;
    this.#linesBefore = linesBefore;
  }

  /** Number of the line handed over last. */
  get lines(): number {
    return this.#line;
  }

  /** How much of a line has begun that is not handed over yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Lines up to that number, with the one that has begun, were handed over by another way. */
  passOver(lines: number): void {
    this.#line = lines;
    this.#heldBytes = 0;
  }

  /** The next chunk. It may be overwritten once this returns. */
  push(chunk: Buffer): void {
    let start = 0;
    let lineFeed = chunk.indexOf(LINE_FEED);
    if (this.#heldBytes > 0 && lineFeed >= 0) {
      this.#hold(chunk, 0, lineFeed);
      this.#deliverHeld();
      start = lineFeed + 1;
      lineFeed = chunk.indexOf(LINE_FEED, start);
    }
    while (lineFeed >= 0) {
      if (this.#onLines !== null && this.#line > this.#linesBefore) {
        const end = chunk.lastIndexOf(LINE_FEED, start + MAX_LINE_BYTES - 1) + 1;
        if (end > start) {
          this.#line = this.#onLines(chunk, start, end, this.#line);
          start = end;
          lineFeed = chunk.indexOf(LINE_FEED, start);
          continue;
        }
      }
      if (lineFeed - start > MAX_LINE_BYTES) {
        this.#hold(chunk, start, lineFeed);
        this.#deliverHeld();
      } else {
        this.#deliver(chunk, start, lineFeed);
      }
      start = lineFeed + 1;
      lineFeed = chunk.indexOf(LINE_FEED, start);
    }
    if (start < chunk.length) this.#hold(chunk, start, chunk.length);
  }

  /** The input is over: hands over a last line that has no line feed. */
  end(): void {
    if (this.#heldBytes > 0) this.#deliverHeld();
  }

  #deliver(buffer: Buffer, start: number, end: number): void {
    const bare = end > start && buffer[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    const first = this.#line === 0 ? afterByteOrderMark(buffer, start, bare) : start;
    this.#onLine(buffer, first, bare, ++this.#line);
  }

  #deliverHeld(): void {
    const bytes = this.#heldBytes;
    this.#heldBytes = 0;
    if (bytes <= MAX_LINE_BYTES) {
      this.#deliver(this.#held, 0, bytes);
      return;
    }
    this.#onTooLong(this.#line + 1);
    const oldest = HALF_LINE_BYTES + (bytes % HALF_LINE_BYTES);
    const joined = Buffer.concat([
      this.#held.subarray(0, HALF_LINE_BYTES),
      this.#held.subarray(oldest),
      this.#held.subarray(HALF_LINE_BYTES, oldest),
    ]);
    this.#deliver(joined, 0, joined.length);
  }

  #hold(chunk: Buffer, start: number, end: number): void {
    this.#grow(Math.min(this.#heldBytes + end - start, MAX_LINE_BYTES));
    let from = start;
    while (from < end) {
      const held = this.#heldBytes;
      const at = held < MAX_LINE_BYTES ? held : HALF_LINE_BYTES + (held % HALF_LINE_BYTES);
      const bytes = Math.min(end - from, MAX_LINE_BYTES - at);
      chunk.copy(this.#held, at, from, from + bytes);
      this.#heldBytes += bytes;
      from += bytes;
    }
  }

  #grow(bytes: number): void {
    if (bytes <= this.#held.length) return;
    const capacity = Math.min(Math.max(bytes, this.#held.length * 2), MAX_LINE_BYTES);
    const grown = Buffer.allocUnsafe(capacity);
    this.#held.copy(grown, 0, 0, this.#heldBytes);
    this.#held = grown;
  }
}

function afterByteOrderMark(buffer: Buffer, start: number, end: number): number {
  const text = start + BYTE_ORDER_MARK.length;
  return text <= end && buffer.toString('latin1', start, text) === BYTE_ORDER_MARK ? text : start;
}
