import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventSink, LineParser } from '../../parsers/tracer-format.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { ForkloreError } from '../model/errors.ts';
import type { TraceEvent } from '../model/event.ts';
import type { LineScanner } from '../scan/lines.ts';
import { NO_PASTE_MARKS } from '../scan/paste-marks.ts';
import { type Input, type Reading, unreadable } from './open-input.ts';
import { scannerFor } from './parser-lines.ts';

/** Of a file this much is read at a time: thousands of processes may be alive at once, each with a piece in memory. */
const PIECE_BYTES = 8192;
const NOTHING = Buffer.alloc(0);
const LINE_FEED = 10;

/** A file of a set that is to be merged by time. */
export interface MergeFile {
  readonly input: Input;
  /** Among the trace's inputs. */
  readonly index: number;
  /** When its first event is, in nanoseconds since the trace's origin. */
  readonly startNs: number;
  /** Whether its bytes on disk are the log's text. */
  readonly compressed: boolean;
  createParser(sink: EventSink): LineParser;
}

/** What the merge tells while it goes on. */
export interface MergeSink extends EventSink {
  /** Bytes read from disk. */
  bytesRead(bytes: number): void;
  /** So many lines were scanned. */
  lines(lines: number): void;
  /** A line of that input was shortened. */
  tooLong(input: number, line: number): void;
  /** That input is compressed and ends too early. */
  cut(input: number): void;
}

/**
 * Gives the events of all files in order of time; files that tie follow each other as listed, and each file's own order
 * is kept. A file is begun when the merge reaches its first stamp and read in pieces, open only for each of them: memory
 * and descriptors grow with the processes alive at a time, not with the files.
 */
export async function mergeFiles(
  files: readonly MergeFile[],
  sink: MergeSink,
  signal: AbortSignal | null,
): Promise<void> {
  const unpacked = new UnpackedFiles();
  const heap = new CursorHeap();
  for (const [order, file] of files.entries()) heap.push(new Cursor(file, order, sink, unpacked));
  try {
    for (let cursor = heap.pop(); cursor !== null; cursor = heap.pop()) {
      const next = heap.first;
      for (;;) {
        if (!cursor.advance()) await cursor.load(signal?.aborted ?? false);
        else {
          const event = cursor.take(next);
          if (event === null) break;
          sink.event(event);
        }
      }
      if (!cursor.over) heap.push(cursor);
    }
  } finally {
    await unpacked.remove();
  }
}

/** One file's events: a piece of text is held, and of it the events that are next. */
class Cursor {
  readonly #file: MergeFile;
  readonly #order: number;
  readonly #sink: MergeSink;
  readonly #unpacked: UnpackedFiles;
  readonly #events: TraceEvent[] = [];
  #taken = 0;
  /** Time of the next event; never less than the one before it, so that the file's own order is kept. */
  #atNs: number;
  #reader: { parser: LineParser; scanner: LineScanner; path: string } | null = null;
  #piece: Buffer = NOTHING;
  #scanned = 0;
  #offset = 0;
  #ended = false;

  constructor(file: MergeFile, order: number, sink: MergeSink, unpacked: UnpackedFiles) {
    this.#file = file;
    this.#order = order;
    this.#sink = sink;
    this.#unpacked = unpacked;
    this.#atNs = file.startNs;
  }

  /** Whether all events were taken. */
  get over(): boolean {
    return this.#ended && this.#taken === this.#events.length;
  }

  precedes(other: Cursor): boolean {
    return this.#atNs < other.#atNs || (this.#atNs === other.#atNs && this.#order < other.#order);
  }

  /** The next event, or null: there is none in memory, or the other file's comes first. */
  take(other: Cursor | null): TraceEvent | null {
    const event = this.#events[this.#taken];
    if (event === undefined) return null;
    if (event.atNs !== null && event.atNs > this.#atNs) this.#atNs = event.atNs;
    if (other?.precedes(this)) return null;
    this.#taken++;
    return event;
  }

  /**
   * Scans the piece at hand for the next event, line by line: text takes a tenth of the memory of its events. False when
   * the next piece must be loaded first.
   */
  advance(): boolean {
    if (this.#ended || this.#taken < this.#events.length) return true;
    if (this.#reader === null) return false;
    this.#events.length = 0;
    this.#taken = 0;
    const { scanner } = this.#reader;
    const linesBefore = scanner.lines;
    while (this.#events.length === 0 && this.#scanned < this.#piece.length) {
      const lineFeed = this.#piece.indexOf(LINE_FEED, this.#scanned);
      const end = lineFeed < 0 ? this.#piece.length : lineFeed + 1;
      scanner.push(this.#piece.subarray(this.#scanned, end));
      this.#scanned = end;
    }
    this.#sink.lines(scanner.lines - linesBefore);
    return this.#events.length > 0;
  }

  /** Reads the next piece. An aborted file ends here; one not begun yet has nothing. */
  async load(aborted: boolean): Promise<void> {
    if (aborted && this.#reader === null) {
      this.#ended = true;
      return;
    }
    this.#reader ??= await this.#start();
    const { parser, scanner, path } = this.#reader;
    this.#piece = aborted ? NOTHING : await readPiece(path, this.#offset);
    this.#scanned = 0;
    this.#offset += this.#piece.length;
    if (!this.#file.compressed) this.#sink.bytesRead(this.#piece.length);
    if (this.#piece.length > 0) return;
    const linesBefore = scanner.lines;
    scanner.end();
    parser.end();
    this.#ended = true;
    this.#sink.lines(scanner.lines - linesBefore);
    if (this.#file.compressed) await this.#unpacked.drop(path);
  }

  async #start(): Promise<{ parser: LineParser; scanner: LineScanner; path: string }> {
    const file = this.#file;
    const parser = file.createParser({
      event: (event) => this.#events.push(event),
      diagnostic: (diagnostic: Diagnostic) => this.#sink.diagnostic(diagnostic),
    });
    const onTooLong = (line: number): void => this.#sink.tooLong(file.index, line);
    const scanner = scannerFor(parser, { marks: NO_PASTE_MARKS, from: null, kept: null, onTooLong });
    if (!file.compressed) return { parser, scanner, path: file.input.name };
    const reading = file.input.open();
    const path = await this.#unpacked.add(reading, this.#order).catch((error: unknown) => {
      throw error instanceof ForkloreError ? error : unreadable(file.input.name, error);
    });
    this.#sink.bytesRead(reading.bytesRead);
    if (reading.cut) this.#sink.cut(file.index);
    return { parser, scanner, path };
  }
}

async function readPiece(path: string, offset: number): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const buffer = Buffer.allocUnsafe(PIECE_BYTES);
      const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The cursor that comes first, quickly. */
class CursorHeap {
  readonly #cursors: Cursor[] = [];

  get first(): Cursor | null {
    return this.#cursors[0] ?? null;
  }

  push(cursor: Cursor): void {
    const cursors = this.#cursors;
    let at = cursors.length;
    cursors.push(cursor);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = cursors[above];
      if (parent === undefined || !cursor.precedes(parent)) break;
      cursors[at] = parent;
      at = above;
    }
    cursors[at] = cursor;
  }

  pop(): Cursor | null {
    const cursors = this.#cursors;
    const first = cursors[0];
    const last = cursors.pop();
    if (first === undefined || last === undefined) return null;
    if (cursors.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = cursors[2 * at + 1];
      const right = cursors[2 * at + 2];
      if (left === undefined) break;
      const below = right?.precedes(left) ? 2 * at + 2 : 2 * at + 1;
      const child = cursors[below];
      if (child === undefined || !child.precedes(last)) break;
      cursors[at] = child;
      at = below;
    }
    cursors[at] = last;
    return first;
  }
}

/**
 * Compressed files of a set, unpacked to disk while they are merged: thousands of decoders with their windows would not
 * fit in memory, and a compressed file cannot be left in the middle and entered again.
 */
class UnpackedFiles {
  #folder: string | null = null;

  async add({ chunks }: Reading, order: number): Promise<string> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'forklore-'));
    const path = join(this.#folder, String(order));
    const file = await open(path, 'wx', 0o600);
    try {
      for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) await file.appendFile(chunk);
    } finally {
      chunks.close();
      await file.close();
    }
    return path;
  }

  async drop(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  async remove(): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
  }
}
