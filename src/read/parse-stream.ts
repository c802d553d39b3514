import { Duplex, pipeline, Transform } from 'node:stream';
import split2 from 'split2';
import { formats } from '../../parsers/index.ts';
import type { EventSink, LineParser } from '../../parsers/tracer-format.ts';
import { Clock } from '../model/clock.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Dialect } from '../model/dialect.ts';
import { ForkloreError } from '../model/errors.ts';
import { BYTE_ORDER_MARK, MAX_LINE_BYTES } from '../scan/lines.ts';
import { NO_PASTE_MARKS, withoutPasteMarks } from '../scan/paste-marks.ts';
import { formatOf, HEAD_BYTES, Votes } from './detect.ts';
import { pasteDiagnostics } from './paste-evidence.ts';

const LINE_FEED = 10;
const STREAM_NAME = 'the stream';

export interface ParseStreamOptions {
  /** Null: recognised from the first 64 KiB, which are held back until then. */
  readonly dialect: Dialect | null;
  readonly onDiagnostic: ((diagnostic: Diagnostic) => void) | null;
}

/**
 * A stream to pipe a tracer's output into and to read `TraceEvent` objects from: `source.pipe(parseStream())`. Fails with
 * a `ForkloreError` where nothing is recognised. For saved logs `readTrace` is faster. Lines longer than 1 MiB lose
 * their end, with the diagnostic 'line-too-long'.
 */
export function parseStream(options: Partial<ParseStreamOptions> = {}): Duplex {
  const diagnostic = options.onDiagnostic ?? (() => {});
  const text = latin1Text((line) => diagnostic({ code: 'line-too-long', input: 0, line }));
  const lines = split2('\n', { decodeStrings: false });
  const events = lineEvents(options.dialect ?? null, diagnostic);
  // Each of the three destroys the others; the error reaches the reader through the last.
  pipeline(text, lines, events, () => {});
  return Duplex.from({ writable: text, readable: events });
}

/** Bytes to text, one character a byte, each line at most `MAX_LINE_BYTES` long. */
function latin1Text(onTooLong: (line: number) => void): Transform {
  let line = 1;
  let lineBytes = 0;
  return new Transform({
    readableObjectMode: true,
    transform(chunk: Buffer, _encoding, done) {
      let start = 0;
      while (start < chunk.length) {
        const lineFeed = chunk.indexOf(LINE_FEED, start);
        const end = lineFeed < 0 ? chunk.length : lineFeed;
        const room = MAX_LINE_BYTES - lineBytes;
        if (end - start > room && room >= 0) onTooLong(line);
        lineBytes += end - start;
        const kept = Math.min(end, start + Math.max(room, 0));
        this.push(`${chunk.toString('latin1', start, kept)}${lineFeed < 0 ? '' : '\n'}`);
        if (lineFeed >= 0) {
          line++;
          lineBytes = 0;
        }
        start = end + 1;
      }
      done();
    },
  });
}

/** Lines to events. Holds the first lines back until they show their format. */
function lineEvents(dialect: Dialect | null, diagnostic: (diagnostic: Diagnostic) => void): Transform {
  let parser: LineParser | null = null;
  let marks = NO_PASTE_MARKS;
  let held: string[] = [];
  let line = 0;
  const votes = new Votes(formats);
  const begin = async (sink: EventSink): Promise<LineParser> => {
    votes.finish();
    const format = await (dialect === null ? tracerOnly(votes) : formatOf(dialect, formats)).load();
    const begun = format.createParser(sink, { input: 0, defaultPid: null, clock: new Clock(), needs: null });
    marks = votes.marks();
    for (const code of pasteDiagnostics(marks)) diagnostic({ code, input: 0, line: null });
    for (const text of held) begun.push(withoutPasteMarks(text, marks), ++line);
    held = [];
    return begun;
  };
  const hold = async (text: string, sink: EventSink): Promise<void> => {
    held.push(text);
    votes.add(Buffer.from(`${text}\n`, 'latin1'));
    if (dialect !== null || votes.bytes >= HEAD_BYTES) parser = await begin(sink);
  };
  const end = async (sink: EventSink): Promise<void> => {
    parser ??= await begin(sink);
    parser.end();
  };
  return new Transform({
    objectMode: true,
    transform(raw: string, _encoding, done) {
      const text = raw.slice(
        line + held.length === 0 && raw.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0,
        raw.endsWith('\r') ? raw.length - 1 : raw.length,
      );
      if (parser === null) {
        hold(text, { event: (event) => this.push(event), diagnostic }).then(() => done(), done);
        return;
      }
      try {
        parser.push(withoutPasteMarks(text, marks), ++line);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new ForkloreError('not-a-trace', String(error)));
      }
    },
    flush(done) {
      end({ event: (event) => this.push(event), diagnostic }).then(() => done(), done);
    },
  });
}

function tracerOnly(votes: Votes) {
  const detected = votes.verdict(STREAM_NAME);
  if (detected.kind === 'tracer') return detected.format;
  throw new ForkloreError('not-a-trace', `${STREAM_NAME} holds forklore events: read them with readTrace`);
}
