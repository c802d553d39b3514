import type { EventSink, LineParser, LoadedFormat, Needs } from '../parsers/tracer-format.ts';
import { Clock } from '../src/model/clock.ts';
import { SievedLines } from '../src/read/kept-lines.ts';
import { scannerFor } from '../src/read/parser-lines.ts';
import { NO_PASTE_MARKS } from '../src/scan/paste-marks.ts';

/** A log being read as the reader does it, but synchronously, so that a property can read thousands. */
export interface Feeding {
  readonly parser: LineParser;
  /** Lines so far. */
  readonly lines: number;
  push(chunk: Buffer): void;
  end(): void;
}

export function feeding(
  format: LoadedFormat,
  sink: EventSink,
  needs: Needs | null,
  onTooLong: (line: number) => void = () => {},
): Feeding {
  const clock = new Clock();
  const parser = format.createParser(sink, { input: 0, defaultPid: null, clock, needs });
  const keeping = needs?.keeping ?? null;
  const kept =
    keeping === null || parser.sieve === null ? null : new SievedLines(parser.sieve, keeping, format, 0, clock);
  if (kept !== null) keeping?.begin(kept);
  const scanner = scannerFor(parser, { marks: NO_PASTE_MARKS, from: null, kept, onTooLong });
  return {
    parser,
    get lines() {
      return scanner.lines;
    },
    push: (chunk) => scanner.push(chunk),
    end() {
      scanner.end();
      parser.end();
    },
  };
}
