import type { EventSink, LineParser, Needs, TracerFormat } from '../../parsers/tracer-format.ts';
import { Clock } from '../model/clock.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Dialect } from '../model/dialect.ts';
import type { TraceEvent } from '../model/event.ts';
import type { TraceCounts, TraceHeader } from '../model/trace.ts';
import { type LineHandler, LineScanner } from '../scan/lines.ts';
import { hasPasteMarks, NO_PASTE_MARKS, type PasteMarks, withoutPasteMarks } from '../scan/paste-marks.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { emptyInput } from './detect.ts';
import { listInputs, type NumberedInput } from './input-set.ts';
import { mergeFiles } from './merge.ts';
import type { StandardInput } from './open-input.ts';
import { pasteDiagnostics } from './paste-evidence.ts';
import { type Log, type NdjsonFile, planReading, type SetFile } from './reading-plan.ts';
import { SetClock } from './set-clock.ts';

const PROGRESS_INTERVAL_MS = 100;

/** Where a trace goes, synchronously and in order: `start` once, before everything else. */
export interface TraceSink {
  start(header: TraceHeader): void;
  event(event: TraceEvent): void;
  diagnostic(diagnostic: Diagnostic): void;
}

/** How far reading is. */
export interface Progress {
  /** Before decompression. */
  readonly bytesRead: number;
  /** Null when it cannot be known (a pipe). */
  readonly bytesTotal: number | null;
  readonly lines: number;
}

export interface ReadOptions {
  /** The dialect, whatever the inputs look like; null: recognised from the content. */
  readonly from: Dialect | null;
  /** What the analysis needs; null: every event. A sink may get more than that. */
  readonly needs: Needs | null;
  /** Once aborted, reading ends as if the inputs ended there. */
  readonly signal: AbortSignal | null;
  /** Read when no input is named, or for '-'. */
  readonly stdin: StandardInput;
  /** Told at most ten times a second, and at the end. */
  readonly onProgress: ((progress: Progress) => void) | null;
  /** The formats to choose from; null: all. */
  readonly formats: readonly TracerFormat[] | null;
}

/**
 * Reads the inputs and gives their events to the sink. Throws `ForkloreError` where an input cannot be read or is not a
 * trace; what a log has lost or garbled is no error but an event or a diagnostic.
 */
export async function readTrace(
  names: readonly string[],
  options: Partial<ReadOptions>,
  sink: TraceSink,
): Promise<TraceCounts> {
  const signal = options.signal ?? null;
  const list = await listInputs(names, options.stdin ?? process.stdin, signal);
  const plan = await planReading(list, options.from ?? null, options.formats ?? undefined);
  const meter = new ProgressMeter(totalBytes(list.inputs), options.onProgress ?? null);
  const run = new TraceRun(sink, options.needs ?? null, signal, meter);
  sink.start(plan.header);
  switch (plan.kind) {
    case 'ndjson':
      await run.readNdjson(plan.files);
      break;
    case 'sequence':
      await run.readSequence(plan.format, plan.logs);
      break;
    case 'set':
      await run.readSet(plan.format, plan.files);
      break;
    default:
      plan satisfies never;
  }
  meter.finish();
  return run.counts();
}

/** One pass over the inputs, counting. */
class TraceRun {
  readonly #sink: TraceSink;
  readonly #needs: Needs | null;
  readonly #signal: AbortSignal | null;
  readonly #meter: ProgressMeter;
  #lines = 0;
  #events = 0;
  #unparsed = 0;

  constructor(sink: TraceSink, needs: Needs | null, signal: AbortSignal | null, meter: ProgressMeter) {
    this.#sink = sink;
    this.#needs = needs;
    this.#signal = signal;
    this.#meter = meter;
  }

  counts(): TraceCounts {
    return { lines: this.#lines, events: this.#events, unparsed: this.#unparsed };
  }

  event(event: TraceEvent): void {
    this.#events++;
    if (event.kind === 'unparsed') this.#unparsed++;
    this.#sink.event(event);
  }

  diagnostic(diagnostic: Diagnostic): void {
    this.#sink.diagnostic(diagnostic);
  }

  /** One log after another, each with a parser and a clock of its own. */
  async readSequence(format: TracerFormat, logs: readonly Log[]): Promise<void> {
    for (const [index, { input, pid, marks }] of logs.entries()) {
      if (this.#signal?.aborted) return;
      const context = { input: index, defaultPid: pid, clock: new Clock(), needs: this.#needs };
      const parser = format.createParser(this, context);
      for (const code of pasteDiagnostics(marks)) this.diagnostic({ code, input: index, line: null });
      const reading = input.open();
      try {
        const lines = await this.#scan(reading.chunks, parser, marks, index, () => reading.bytesRead);
        if (lines === 0 && pid === null && !this.#signal?.aborted) throw emptyInput(input.name);
      } finally {
        reading.chunks.close();
      }
      if (reading.cut) this.diagnostic({ code: 'input-cut', input: index, line: null });
      this.#meter.inputDone(reading.bytesRead);
    }
  }

  /** Merged by time; where the stamps cannot order the files, one after another in ascending order of pid. */
  async readSet(format: TracerFormat, files: readonly SetFile[]): Promise<void> {
    const clocks = SetClock.from(files.map(({ first }) => first).filter((first) => first !== null));
    if (clocks === null) {
      if (files.length > 1) this.diagnostic({ code: 'set-untimed', input: 0, line: null });
      return this.readSequence(
        format,
        files.map(({ input, pid }) => ({ input, pid, marks: NO_PASTE_MARKS })),
      );
    }
    const mergeable = files.map(({ input, pid, first, compressed }, index) => ({
      input,
      index,
      compressed,
      startNs: first === null ? Number.POSITIVE_INFINITY : clocks.startNs(first),
      createParser: (sink: EventSink) => {
        const clock = first === null ? new Clock() : clocks.clockFor(first);
        return format.createParser(sink, { input: index, defaultPid: pid, clock, needs: null });
      },
    }));
    const sink = {
      event: (event: TraceEvent) => this.event(event),
      diagnostic: (diagnostic: Diagnostic) => this.diagnostic(diagnostic),
      bytesRead: (bytes: number) => this.#meter.inputDone(bytes),
      lines: (lines: number) => {
        this.#lines += lines;
        this.#meter.report(0, this.#lines);
      },
      tooLong: (input: number, line: number) => this.diagnostic({ code: 'line-too-long', input, line }),
      cut: (input: number) => this.diagnostic({ code: 'input-cut', input, line: null }),
    };
    await mergeFiles(mergeable, sink, this.#signal);
  }

  /** Files of our own format. Their events are what was asked for when they were written, so nothing is passed over. */
  async readNdjson(files: readonly NdjsonFile[]): Promise<void> {
    const { readNdjson } = await import('../ndjson/read.ts');
    for (const { input, firstInput } of files) {
      if (this.#signal?.aborted) return;
      const reading = input.open();
      const place = <T extends { readonly input: number }>(value: T): T =>
        firstInput === 0 ? value : { ...value, input: value.input + firstInput };
      let events = 0;
      try {
        const copies = copiesOf(reading.chunks, () => this.#meter.report(reading.bytesRead, this.#lines + events));
        const { counts, cut } = await readNdjson(copies, input.name, {
          header() {},
          event: (event) => {
            events++;
            this.#sink.event(place(event));
          },
          diagnostic: (diagnostic) => this.diagnostic(place(diagnostic)),
        });
        this.#lines += counts.lines;
        this.#events += counts.events;
        this.#unparsed += counts.unparsed;
        if ((cut || reading.cut) && !this.#signal?.aborted) {
          this.diagnostic({ code: 'input-cut', input: firstInput, line: null });
        }
      } finally {
        reading.chunks.close();
      }
      this.#meter.inputDone(reading.bytesRead);
    }
  }

  /** The hot loop. Gives the number of lines. */
  async #scan(
    chunks: ChunkReader,
    parser: LineParser,
    marks: PasteMarks,
    input: number,
    bytesRead: () => number,
  ): Promise<number> {
    const onLine: LineHandler = (buffer, start, end, line) => {
      if (parser.mayMatter(buffer, start, end)) parser.push(buffer.toString('latin1', start, end), line);
    };
    const scanner = new LineScanner(hasPasteMarks(marks) ? withoutMarks(marks, onLine) : onLine, (line) =>
      this.diagnostic({ code: 'line-too-long', input, line }),
    );
    for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
      scanner.push(chunk);
      this.#meter.report(bytesRead(), this.#lines + scanner.lines);
    }
    scanner.end();
    parser.end();
    this.#lines += scanner.lines;
    this.#events += parser.skippedEvents;
    return scanner.lines;
  }
}

/** Tells how far reading is, now and then. */
class ProgressMeter {
  readonly #bytesTotal: number | null;
  readonly #onProgress: ((progress: Progress) => void) | null;
  #bytesDone = 0;
  #lines = 0;
  #toldAt = performance.now();

  constructor(bytesTotal: number | null, onProgress: ((progress: Progress) => void) | null) {
    this.#bytesTotal = bytesTotal;
    this.#onProgress = onProgress;
  }

  /** Bytes of the input under way, and lines of all. */
  report(bytes: number, lines: number): void {
    this.#lines = lines;
    if (this.#onProgress === null) return;
    const now = performance.now();
    if (now - this.#toldAt < PROGRESS_INTERVAL_MS) return;
    this.#toldAt = now;
    this.#tell(bytes);
  }

  inputDone(bytes: number): void {
    this.#bytesDone += bytes;
  }

  finish(): void {
    this.#tell(0);
  }

  #tell(bytes: number): void {
    this.#onProgress?.({
      bytesRead: this.#bytesDone + bytes,
      bytesTotal: this.#bytesTotal,
      lines: this.#lines,
    });
  }
}

/** Nobody pastes a log so large that a copy of each line would take long. */
function withoutMarks(marks: PasteMarks, onLine: LineHandler): LineHandler {
  return (buffer, start, end, line) => {
    const bytes = Buffer.from(withoutPasteMarks(buffer.toString('latin1', start, end), marks), 'latin1');
    onLine(bytes, 0, bytes.length, line);
  };
}

function totalBytes(inputs: readonly NumberedInput[]): number | null {
  let total = 0;
  for (const { input } of inputs) {
    if (input.sizeBytes === null) return null;
    total += input.sizeBytes;
  }
  return total;
}

/** A stream reads ahead of what it handed on, and a chunk is valid only until the next one is asked for. */
async function* copiesOf(chunks: ChunkReader, onChunk: () => void): AsyncGenerator<Buffer> {
  for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
    yield Buffer.from(chunk);
    onChunk();
  }
}
