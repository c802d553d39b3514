import type { LineParser } from '../../parsers/tracer-format.ts';
import type { Clock } from '../model/clock.ts';
import type { LineScanner } from '../scan/lines.ts';
import { hasPasteMarks } from '../scan/paste-marks.ts';
import type { SievedLines } from './kept-lines.ts';
import type { Reading } from './open-input.ts';
import { readSifted, roomFor, scannerFor } from './parser-lines.ts';
import type { ScanAhead } from './scan-ahead.ts';
import type { ReadLog } from './text-again.ts';

/** Less is read before a second thread would be of use. */
const MIN_BYTES_AHEAD = 134_217_728;

/** A log that is read, and what takes part in it. */
export interface LogScanParts extends ReadLog {
  readonly parser: LineParser;
  readonly clock: Clock;
  /** Where lines that can wait are kept; null where every line is read as it comes. */
  readonly kept: SievedLines | null;
  /** Once aborted, the log ends there. */
  readonly signal: AbortSignal | null;
  /** Told the number of each line that was shortened. */
  readonly onTooLong: (line: number) => void;
  /** Told after each chunk how many bytes of the input were taken, and lines read. */
  readonly onProgress: (bytes: number, lines: number) => void;
  /** Waited for after each chunk of a pipe. */
  readonly onChunk: (() => Promise<void>) | null;
}

/** Drives one log through its parser. Of a large file, a second thread scans the lines ahead. */
export class LogScan {
  readonly #parts: LogScanParts;
  readonly #scanner: LineScanner;
  #ahead: ScanAhead | null = null;
  #triedAhead = false;
  #bytes = 0;

  constructor(parts: LogScanParts) {
    const { log, parser, kept, onTooLong } = parts;
    this.#parts = parts;
    this.#scanner = scannerFor(parser, { marks: log.marks, from: null, kept, onTooLong });
  }

  /** Bytes of the input taken, before decompression. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Reads the log to its end, and gives the number of lines. Throws where the input cannot be read. */
  async run(): Promise<number> {
    const { log, reading, parser, record } = this.#parts;
    try {
      await this.#readChunks(reading, true);
      if (this.#ahead?.isReady && log.input.openAt !== null) {
        reading.chunks.close();
        await this.#takeScanned(this.#ahead);
        await this.#ahead.close();
        await this.#readRest(log.input.openAt(this.#bytes));
      }
    } finally {
      await this.#ahead?.close();
    }
    this.#scanner.end();
    parser.end();
    record.selfContained = parser.selfContained;
    return this.#scanner.lines;
  }

  /** Reads chunks to their end, or until a second thread has started to scan ahead. */
  async #readChunks(reading: Reading, mayScanAhead: boolean): Promise<void> {
    const { record, onChunk } = this.#parts;
    const { chunks } = reading;
    const bytesBefore = this.#bytes;
    for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
      this.#bytes = bytesBefore + reading.bytesRead;
      if (mayScanAhead && !reading.compressed) await this.#startAhead();
      this.#note(chunk);
      this.#scanner.push(chunk);
      this.#tell();
      if (record.keepsText) await onChunk?.();
      if (mayScanAhead && this.#ahead?.isReady) return;
    }
  }

  async #readRest(rest: Reading): Promise<void> {
    try {
      await this.#readChunks(rest, false);
    } finally {
      rest.chunks.close();
    }
  }

  async #startAhead(): Promise<void> {
    const { log, parser, kept } = this.#parts;
    const { sieve } = parser;
    if (this.#triedAhead || sieve === null || hasPasteMarks(log.marks) || log.input.openAt === null) return;
    if ((log.input.sizeBytes ?? 0) < MIN_BYTES_AHEAD) return;
    const { CAN_SCAN_AHEAD, ScanAhead } = await import('./scan-ahead.ts');
    if (CAN_SCAN_AHEAD) this.#ahead = ScanAhead.start(log.input.name, sieve, roomFor(sieve, kept));
    this.#triedAhead = true;
  }

  /** Takes what was scanned ahead from where the scanner's last line ended. */
  async #takeScanned(ahead: ScanAhead): Promise<void> {
    const { parser, signal } = this.#parts;
    const { sieve } = parser;
    if (sieve === null) return;
    // Of the first piece the beginning was in the last chunk.
    let again = this.#scanner.heldBytes;
    ahead.scanFrom(this.#bytes - again);
    for (;;) {
      const text = await ahead.next(this.#scanner.lines);
      if (text === null || signal?.aborted) return;
      this.#bytes += text.length - again;
      this.#note(text.subarray(again));
      again = 0;
      this.#scanner.passOver(readSifted(parser, sieve));
      this.#tell();
    }
  }

  #note(chunk: Buffer): void {
    const { record, clock } = this.#parts;
    record.add(chunk, this.#scanner, clock);
  }

  #tell(): void {
    const { record, parser, onProgress } = this.#parts;
    record.selfContained = parser.selfContained;
    onProgress(this.#bytes, this.#scanner.lines);
  }
}
