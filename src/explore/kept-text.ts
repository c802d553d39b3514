import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ChunkReader } from '../read/chunk-reader.ts';
import type { Input, Reading } from '../read/open-input.ts';
import { LineScanner } from '../scan/lines.ts';
import { LineMarks } from './line-marks.ts';
import type { Precedence } from './precedence.ts';
import type { Spool } from './spool.ts';

/** So long may what is handed on at a time take to be parsed; how much that is, a slow machine and a cold start decide. */
const SLICE_MS = 5;
const MIN_SLICE_BYTES = 8192;
const MAX_SLICE_BYTES = 65_536;
/** So much is read at a time when single lines are looked up. */
const PIECE_BYTES = 65_536;

/** Lines of an input, both included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Takes a line as latin1 text. */
export type OnLine = (text: string, line: number) => void;

/** A part of an input's text that stands in one piece in the spool. */
interface Extent {
  /** In the input's text. */
  readonly offset: number;
  readonly spooledAt: number;
  bytes: number;
}

const ignore = (): void => {};

/**
 * One input's text, of which any lines can be read again: while they are read for the first time it notes where they
 * are, and of a pipe or a compressed file it puts the text itself into the spool.
 */
export class KeptText {
  readonly #input: Input;
  readonly #spool: Spool;
  readonly #precedence: Precedence;
  readonly #marks = new LineMarks();
  /** In the order of the text. Empty where the input itself is read again. */
  readonly #extents: Extent[] = [];
  #sliceBytes = MIN_SLICE_BYTES;
  /** Over once the whole input was read for this; at once where it is noted while others read it. */
  #loaded: Promise<void> | null = null;

  constructor(input: Input, spool: Spool, precedence: Precedence) {
    this.#input = input;
    this.#spool = spool;
    this.#precedence = precedence;
  }

  /** The input, whose reading is noted here. It hands on little at a time, so that a key is answered in between. */
  noted(): Input {
    const { name, sizeBytes } = this.#input;
    this.#loaded = Promise.resolve();
    return { name, sizeBytes, open: () => this.#noted(), openAt: (offset) => this.#readingFrom(offset) };
  }

  /** Gives the lines of the ranges, which are in order and apart, as far as they are there. */
  async lines(ranges: readonly LineRange[], onLine: OnLine): Promise<void> {
    this.#loaded ??= this.#load();
    await this.#loaded;
    const file = this.#extents.length > 0 ? null : await open(this.#input.name);
    try {
      await this.#scan(ranges, file, onLine);
    } finally {
      await file?.close();
    }
  }

  async #scan(ranges: readonly LineRange[], file: FileHandle | null, onLine: OnLine): Promise<void> {
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    let index = 0;
    const take = (bytes: Buffer, start: number, end: number, line: number): void => {
      let range = ranges[index];
      if (range !== undefined && line > range.to) range = ranges[++index];
      if (range !== undefined && line >= range.from) onLine(bytes.toString('latin1', start, end), line);
    };
    let offset = -1;
    let scanner = new LineScanner(take, ignore);
    for (let range = ranges[0]; range !== undefined; range = ranges[index]) {
      const mark = this.#marks.before(range.from);
      if (mark.offset > offset) {
        ({ offset } = mark);
        scanner = new LineScanner(take, ignore, mark.lines);
      }
      const bytes = buffer.subarray(0, await this.#read(buffer, offset, file));
      if (bytes.length === 0) {
        scanner.end();
        return;
      }
      scanner.push(bytes);
      offset += bytes.length;
      if (scanner.lines >= range.to && ranges[index] === range) index++;
    }
  }

  async #read(into: Buffer, offset: number, file: FileHandle | null): Promise<number> {
    if (file !== null) return (await file.read(into, 0, into.length, offset)).bytesRead;
    const extent = this.#extents.findLast((one) => one.offset <= offset);
    if (extent === undefined) return 0;
    const within = offset - extent.offset;
    const wanted = Math.min(into.length, extent.bytes - within);
    return wanted <= 0 ? 0 : this.#spool.read(into.subarray(0, wanted), extent.spooledAt + within);
  }

  async #load(): Promise<void> {
    const reading = this.#input.open();
    try {
      // Somebody waits for it: it gives way to keys alone.
      for await (const _ of this.#noting(reading)) await nextTurn();
    } finally {
      reading.chunks.close();
    }
  }

  #noted(): Reading {
    const reading = this.#input.open();
    return {
      chunks: new ChunkReader(this.#yielding(this.#noting(reading)), null, () => reading.chunks.close()),
      get bytesRead() {
        return reading.bytesRead;
      },
      // What is read again is not.
      compressed: false,
      get cut() {
        return reading.cut;
      },
    };
  }

  async *#noting(reading: Reading): AsyncGenerator<Buffer> {
    const { chunks } = reading;
    for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
      const spools = reading.compressed || this.#input.openAt === null;
      for (let at = 0; at < chunk.length; ) {
        const slice = chunk.subarray(at, at + this.#sliceBytes);
        at += slice.length;
        if (spools) await this.#keep(slice);
        this.#marks.add(slice);
        yield slice;
      }
    }
  }

  async *#yielding(slices: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const slice of slices) {
      const began = performance.now();
      yield slice;
      const isSlow = performance.now() - began > SLICE_MS;
      const bytes = this.#sliceBytes;
      this.#sliceBytes = isSlow ? Math.max(bytes / 2, MIN_SLICE_BYTES) : Math.min(bytes * 2, MAX_SLICE_BYTES);
      await this.#precedence.turn();
    }
  }

  async #keep(slice: Buffer): Promise<void> {
    const offset = this.#marks.bytes;
    const spooledAt = await this.#spool.append(slice);
    const last = this.#extents.at(-1);
    if (last !== undefined && last.spooledAt + last.bytes === spooledAt) last.bytes += slice.length;
    else this.#extents.push({ offset, spooledAt, bytes: slice.length });
  }

  #readingFrom(offset: number): Reading {
    return {
      chunks: new ChunkReader(this.#chunksFrom(offset), null, ignore),
      bytesRead: 0,
      compressed: false,
      cut: false,
    };
  }

  async *#chunksFrom(start: number): AsyncGenerator<Buffer> {
    const file = this.#extents.length > 0 ? null : await open(this.#input.name);
    try {
      for (let offset = start; ; ) {
        const buffer = Buffer.allocUnsafe(MAX_SLICE_BYTES);
        const bytes = await this.#read(buffer, offset, file);
        if (bytes === 0) return;
        yield buffer.subarray(0, bytes);
        offset += bytes;
      }
    } finally {
      await file?.close();
    }
  }
}
