import { type LineHandler, LineScanner } from '../scan/lines.ts';
import { firstWholeLine, type InputRecord, type Mark } from './input-record.ts';
import type { Input, Reading } from './open-input.ts';
import type { Log } from './reading-plan.ts';

/** One input that was read from beginning to end, or is being read. */
export interface ReadLog {
  readonly log: Log;
  /** The first reading. */
  readonly reading: Reading;
  readonly record: InputRecord;
}

/** Finds the lines behind a mark. What of a line stands before it is gone: that line is not read. */
export function scannerFrom(mark: Mark, onLine: LineHandler): LineScanner {
  const first = firstWholeLine(mark);
  return new LineScanner(
    (buffer, start, end, line) => {
      if (line >= first) onLine(buffer, start, end, line);
    },
    () => {},
    mark.lines,
  );
}

/** The text of an input behind a mark: kept, or from its file. Nothing where the file is gone meanwhile. */
export async function* chunksFrom(mark: Mark, { log, reading, record }: ReadLog): AsyncGenerator<Buffer> {
  const kept = record.textFrom(mark);
  if (kept !== null) yield* kept;
  else yield* fileFrom(mark.offset, log.input, reading.compressed);
}

/** A file from a byte on, as `chunksFrom`; of a compressed one all that comes before is unpacked again. */
export async function* fileFrom(offset: number, input: Input, compressed: boolean): AsyncGenerator<Buffer> {
  const seeking = compressed || input.openAt === null ? null : input.openAt(offset);
  const reading = seeking ?? input.open();
  let skip = seeking === null ? offset : 0;
  try {
    for (let chunk = await reading.chunks.next(); chunk !== null; chunk = await reading.chunks.next()) {
      if (skip < chunk.length) yield chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.length);
    }
  } catch {
    // It was readable a moment ago: what came so far is what there is.
  } finally {
    reading.chunks.close();
  }
}
