import type { LineParser, LoadedFormat, Needs, TracerFormat } from '../../parsers/tracer-format.ts';
import type { CallRows } from '../model/call-rows.ts';
import { Clock } from '../model/clock.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Dialect } from '../model/dialect.ts';
import type { TraceEvent } from '../model/event.ts';
import type { TraceCounts, TraceHeader } from '../model/trace.ts';
import { NO_PASTE_MARKS } from '../scan/paste-marks.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { emptyInput } from './detect.ts';
import { InputRecord } from './input-record.ts';
import { listInputs, type NumberedInput } from './input-set.ts';
import { SievedLines } from './kept-lines.ts';
import { LogScan } from './log-scan.ts';
import type { Input, StandardInput } from './open-input.ts';
import { roomFor } from './parser-lines.ts';
import { pasteDiagnostics } from './paste-evidence.ts';
import type { PrintedLines } from './printed-lines.ts';
import { type Progress, ProgressMeter } from './progress-meter.ts';
import { type Log, type NdjsonFile, planReading, type ReadingPlan, readThrough, type SetFile } from './reading-plan.ts';
import type { SecondLook } from './second-look.ts';
import type { ReadLog } from './text-again.ts';

/** Where a trace goes, synchronously and in order: `start` once, before everything else. */
export interface TraceSink {
  start(header: TraceHeader): void;
  /** `textLine`: the line of its input that the event is read from again: of our own format not the log's line. */
  event(event: TraceEvent, textLine: number): void;
  /** Takes calls many at once, in order among the events, theirs only until it returns; without it each is an event. */
  calls?(rows: CallRows): void;
  diagnostic(diagnostic: Diagnostic): void;
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
  /** Waited for after each chunk of a pipe: the time for a second look at what is still kept of it. */
  readonly onChunk: (() => Promise<void>) | null;
  /** Told at most ten times a second, and at the end. */
  readonly onProgress: ((progress: Progress) => void) | null;
  /** The formats to choose from; null: all. */
  readonly formats: readonly TracerFormat[] | null;
  /** Stands between an input and its reading, where the log is no set; null: nothing does. */
  readonly through: ((input: Input) => Input) | null;
}

/** A trace whose inputs were found and recognised. */
export interface OpenTrace {
  readonly header: TraceHeader;
  /** What is read, and how. */
  readonly plan: ReadingPlan;
  /** Bytes of the inputs as they are on disk; null where there is a pipe among them. */
  readonly totalBytes: number | null;
  /** What was read so far, again. */
  again(): Promise<SecondLook>;
  /** The text of lines that were read. */
  printed(): Promise<PrintedLines>;
  /** Gives the events to the sink. At most once. */
  read(sink: TraceSink): Promise<TraceCounts>;
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
  return (await openTrace(names, options)).read(sink);
}

/** Finds the inputs and recognises what is in them. Throws as `readTrace`. */
export async function openTrace(names: readonly string[], options: Partial<ReadOptions>): Promise<OpenTrace> {
  const signal = options.signal ?? null;
  const list = await listInputs(names, () => options.stdin ?? process.stdin, signal);
  const planned = await planReading(list, options.from ?? null, options.formats ?? undefined);
  const plan = options.through == null ? planned : readThrough(planned, options.through);
  const bytes = totalBytes(list.inputs);
  const meter = new ProgressMeter(bytes, options.onProgress ?? null);
  const run = new TraceRun(plan, options, meter);
  const { header } = plan;
  return {
    header,
    plan,
    totalBytes: bytes,
    again: () => run.again(),
    printed: () => run.printed(),
    read: (sink) => run.read(sink),
  };
}

/** Events carry their times. */
const NO_CLOCK = new Clock();
const NO_SINK: TraceSink = { start() {}, event() {}, diagnostic() {} };

/** One pass over the inputs, counting. */
class TraceRun {
  readonly #plan: ReadingPlan;
  readonly #needs: Needs | null;
  readonly #signal: AbortSignal | null;
  readonly #onChunk: (() => Promise<void>) | null;
  readonly #meter: ProgressMeter;
  /** What is kept of each input that is or was read. */
  readonly #logs: ReadLog[] = [];
  /** Lines of the log at hand that can wait. */
  #kept: SievedLines | null = null;
  #sink = NO_SINK;
  /** As of the sink, where that takes calls many at once. */
  calls?: (rows: CallRows) => void;
  #lines = 0;
  #events = 0;
  #unparsed = 0;

  constructor(plan: ReadingPlan, options: Partial<ReadOptions>, meter: ProgressMeter) {
    this.#plan = plan;
    this.#needs = options.needs ?? null;
    this.#signal = options.signal ?? null;
    this.#onChunk = options.onChunk ?? null;
    this.#meter = meter;
  }

  async again(): Promise<SecondLook> {
    const { EventsAgain, LogsAgain, SetAgain } = await import('./second-look.ts');
    const plan = this.#plan;
    switch (plan.kind) {
      case 'ndjson':
        return new EventsAgain(plan.files, this.#logs);
      case 'sequence':
        return new LogsAgain(plan.format, this.#logs);
      case 'set':
        return new SetAgain(plan.format, plan.files, this.#logs);
      default:
        return plan satisfies never;
    }
  }

  async printed(): Promise<PrintedLines> {
    const { PrintedLines } = await import('./printed-lines.ts');
    const plan = this.#plan;
    return new PrintedLines(this.#logs, plan.kind === 'set' ? plan.files : null, plan.kind !== 'ndjson');
  }

  async read(sink: TraceSink): Promise<TraceCounts> {
    const plan = this.#plan;
    this.#sink = sink;
    if (sink.calls !== undefined) {
      this.calls = (rows) => {
        this.#events += rows.count;
        sink.calls?.(rows);
      };
    }
    sink.start(plan.header);
    switch (plan.kind) {
      case 'ndjson':
        await this.#readNdjson(plan.files);
        break;
      case 'sequence':
        await this.#readSequence(plan.format, plan.logs);
        break;
      case 'set':
        await this.#readSet(plan.format, plan.files);
        break;
      default:
        plan satisfies never;
    }
    this.#meter.finish();
    return { lines: this.#lines, events: this.#events, unparsed: this.#unparsed };
  }

  event(event: TraceEvent): void {
    this.#events++;
    if (event.kind === 'unparsed') this.#unparsed++;
    this.#sink.event(event, event.line);
  }

  diagnostic(diagnostic: Diagnostic): void {
    this.#sink.diagnostic(diagnostic);
  }

  /** One log after another, each with a parser and a clock of its own. */
  async #readSequence(format: LoadedFormat, logs: readonly Log[]): Promise<void> {
    for (const [index, log] of logs.entries()) {
      if (this.#signal?.aborted) return;
      const { input, pid, marks } = log;
      for (const code of pasteDiagnostics(marks)) this.diagnostic({ code, input: index, line: null });
      const clock = new Clock();
      const parser = format.createParser(this, { input: index, defaultPid: pid, clock, needs: this.#needs });
      this.#kept?.end();
      const kept = this.#keep(parser, format, index, clock);
      this.#kept = kept;
      const reading = input.open(parser.sieve === null ? null : roomFor(parser.sieve, kept));
      const record = new InputRecord(input.openAt === null);
      this.#logs.push({ log, reading, record });
      const scan = new LogScan({
        ...{ log, reading, record, parser, clock, kept },
        signal: this.#signal,
        onTooLong: (line) => this.diagnostic({ code: 'line-too-long', input: index, line }),
        onProgress: (bytes, lines) => this.#meter.report(bytes, this.#lines + lines),
        onChunk: this.#onChunk,
      });
      try {
        const lines = await scan.run();
        if (lines === 0 && pid === null && !this.#signal?.aborted) throw emptyInput(input.name);
        this.#lines += lines;
        this.#events += parser.skippedEvents;
      } finally {
        reading.chunks.close();
      }
      if (reading.cut) this.diagnostic({ code: 'input-cut', input: index, line: null });
      this.#meter.inputDone(scan.bytes);
    }
  }

  /** Merged by time; where the stamps cannot order the files, one after another in ascending order of pid. */
  async #readSet(format: LoadedFormat, files: readonly SetFile[]): Promise<void> {
    const { mergeableFiles } = await import('./set-files.ts');
    const mergeable = mergeableFiles(format, files);
    if (mergeable === null) {
      if (files.length > 1) this.diagnostic({ code: 'set-untimed', input: 0, line: null });
      return this.#readSequence(format, files);
    }
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
    const { mergeFiles } = await import('./merge.ts');
    await mergeFiles(mergeable, sink, this.#signal);
  }

  /** Files of our own format. Their events are what was asked for when they were written, so nothing is passed over. */
  async #readNdjson(files: readonly NdjsonFile[]): Promise<void> {
    const { readNdjson } = await import('../ndjson/read.ts');
    for (const { input, firstInput } of files) {
      if (this.#signal?.aborted) return;
      const reading = input.open();
      const record = new InputRecord(input.openAt === null);
      // Its lines are not those of the log.
      record.selfContained = false;
      this.#logs.push({ log: { input, pid: null, marks: NO_PASTE_MARKS }, reading, record });
      const place = <T extends { readonly input: number }>(value: T): T =>
        firstInput === 0 ? value : { ...value, input: value.input + firstInput };
      let events = 0;
      try {
        const copies = copiesOf(reading.chunks, async (chunk) => {
          record.add(chunk, null, NO_CLOCK);
          this.#meter.report(reading.bytesRead, this.#lines + events);
          if (input.sizeBytes === null) await this.#onChunk?.();
        });
        const { counts, cut } = await readNdjson(copies, input.name, {
          header() {},
          event: (event, textLine) => {
            events++;
            this.#sink.event(place(event), textLine);
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

  #keep({ sieve }: LineParser, format: LoadedFormat, input: number, clock: Clock): SievedLines | null {
    const keeping = this.#needs?.keeping ?? null;
    if (sieve === null || keeping === null) return null;
    const kept = new SievedLines(sieve, keeping, format, input, clock);
    keeping.begin(kept);
    return kept;
  }
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
async function* copiesOf(chunks: ChunkReader, onChunk: (chunk: Buffer) => Promise<void>): AsyncGenerator<Buffer> {
  for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
    const copy = Buffer.from(chunk);
    yield copy;
    await onChunk(copy);
  }
}
