import type { Sieve } from '../../parsers/sieve.ts';
import type { LineParser } from '../../parsers/tracer-format.ts';
import { type LineHandler, LineScanner, type LinesHandler } from '../scan/lines.ts';
import { hasPasteMarks, type PasteMarks, withoutPasteMarks } from '../scan/paste-marks.ts';
import { firstWholeLine, type Mark } from './input-record.ts';
import type { SievedLines } from './kept-lines.ts';
import type { ChunkRoom } from './open-input.ts';

/** How lines come to a parser. */
export interface LineWay {
  /** What a paste put around each line. */
  readonly marks: PasteMarks;
  /** Where reading begins; null for the beginning. */
  readonly from: Mark | null;
  /** Where lines that can wait are kept; null where every line is read as it comes. */
  readonly kept: SievedLines | null;
  /** Told the number of each line that was shortened. */
  readonly onTooLong: (line: number) => void;
}

/** A scanner that gives the parser those lines that may matter, without the marks of a paste. */
export function scannerFor(parser: LineParser, { marks, from, kept, onTooLong }: LineWay): LineScanner {
  const isPlain = !hasPasteMarks(marks);
  const onLine = isPlain ? plainLine(parser) : markedLine(parser, marks);
  // What of a line stands before the mark is gone: it is not read.
  const first = from === null ? 1 : firstWholeLine(from);
  return new LineScanner(
    (buffer, start, end, line) => {
      if (line >= first) onLine(buffer, start, end, line);
    },
    onTooLong,
    from?.lines ?? 0,
    isPlain ? linesAtOnce(parser, kept) : null,
  );
}

/** Where chunks are best read into: a sieve looks at them where they lie. */
export function roomFor(sieve: Sieve, kept: SievedLines | null): ChunkRoom {
  return (bytes) => {
    kept?.makeRoom(bytes);
    return sieve.room(bytes);
  };
}

/** Reads those of the lines the sieve has that it finds, and gives the number of the last line it has. */
export function readSifted(parser: LineParser, sieve: Sieve): number {
  while (sieve.next()) parser.push(sieve.text, sieve.line);
  return sieve.line;
}

function plainLine(parser: LineParser): LineHandler {
  return (buffer, start, end, line) => {
    if (parser.mayMatter(buffer, start, end)) parser.push(buffer.toString('latin1', start, end), line);
  };
}

/** Nobody pastes a log so large that a copy of each line would take long. */
function markedLine(parser: LineParser, marks: PasteMarks): LineHandler {
  const give = plainLine(parser);
  return (buffer, start, end, line) => {
    const bytes = Buffer.from(withoutPasteMarks(buffer.toString('latin1', start, end), marks), 'latin1');
    give(bytes, 0, bytes.length, line);
  };
}

function linesAtOnce(parser: LineParser, kept: SievedLines | null): LinesHandler | null {
  const { sieve, pushLines = null } = parser;
  return sieve === null ? pushLines : sievedLines(parser, sieve, kept);
}

function sievedLines(parser: LineParser, sieve: Sieve, kept: SievedLines | null): LinesHandler {
  return (buffer, start, end, linesBefore) => {
    if (!sieve.holds(buffer)) kept?.makeRoom(end - start);
    sieve.load(buffer, start, end, linesBefore);
    return readSifted(parser, sieve);
  };
}
