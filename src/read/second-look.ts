import type { LoadedFormat, Needs } from '../../parsers/tracer-format.ts';
import type { TraceEvent } from '../model/event.ts';
import type { LineSpan } from '../model/trace.ts';
import type { InputRecord, Mark } from './input-record.ts';
import { mergeFiles } from './merge.ts';
import { scannerFor } from './parser-lines.ts';
import type { NdjsonFile, SetFile } from './reading-plan.ts';
import { mergeableFiles } from './set-files.ts';
import { chunksFrom, type ReadLog } from './text-again.ts';

/** Reads lines of a trace once more: from its files, or of a pipe what was kept of it. */
export interface SecondLook {
  /**
   * Gives the events of the spans' tasks, each span's in order, and events of others now and then. Never throws for a
   * file that is gone meanwhile: then there are no events.
   */
  events(spans: readonly LineSpan[], onEvent: (event: TraceEvent) => void): Promise<void>;
  /** The first line of an input that can be read again; null when none can. */
  firstLine(input: number): number | null;
}

const ignore = (): void => {};

/** A second look into logs that are read one after another. */
export class LogsAgain implements SecondLook {
  readonly #format: LoadedFormat;
  readonly #logs: readonly ReadLog[];

  /** `logs` may grow while the trace is read. */
  constructor(format: LoadedFormat, logs: readonly ReadLog[]) {
    this.#format = format;
    this.#logs = logs;
  }

  firstLine(input: number): number | null {
    return this.#logs[input]?.record.firstLine ?? null;
  }

  async events(spans: readonly LineSpan[], onEvent: (event: TraceEvent) => void): Promise<void> {
    for (const [input, log] of this.#logs.entries()) {
      const own = spans.filter((span) => span.input === input).sort((a, b) => a.from - b.from);
      for (const region of regions(own, log.record)) await this.#read(input, log, region, onEvent);
    }
  }

  async #read(input: number, readLog: ReadLog, region: Region, onEvent: (event: TraceEvent) => void): Promise<void> {
    const { mark, watched, to } = region;
    const needs: Needs = { call: () => false, watched };
    const sink = { event: onEvent, diagnostic: ignore };
    const context = { input, defaultPid: readLog.log.pid, clock: mark.clock.copy(), needs };
    const parser = this.#format.createParser(sink, context);
    const scanner = scannerFor(parser, { marks: readLog.log.marks, from: mark, kept: null, onTooLong: ignore });
    for await (const chunk of chunksFrom(mark, readLog)) {
      scanner.push(chunk);
      if (scanner.lines >= to) break;
    }
    scanner.end();
    parser.end();
  }
}

const WHOLE = { from: 1, to: Number.MAX_SAFE_INTEGER };

/** A second look into the files of a set: a task's events are all of its file. */
export class SetAgain implements SecondLook {
  readonly #format: LoadedFormat;
  readonly #files: readonly SetFile[];
  readonly #logs: readonly ReadLog[];

  /** `logs`: the files as they were read, where they could not be merged. */
  constructor(format: LoadedFormat, files: readonly SetFile[], logs: readonly ReadLog[]) {
    this.#format = format;
    this.#files = files;
    this.#logs = logs;
  }

  firstLine(): number {
    return 1;
  }

  async events(spans: readonly LineSpan[], onEvent: (event: TraceEvent) => void): Promise<void> {
    const wanted = new Map<number, SetFile>();
    for (const [index, file] of this.#files.entries()) {
      if (spans.some(({ tasks }) => tasks.has(file.pid))) wanted.set(index, file);
    }
    const mergeable = mergeableFiles(this.#format, this.#files);
    if (mergeable === null) {
      const whole = [...wanted].map(([input, { pid }]) => ({ ...WHOLE, input, tasks: new Set([pid]) }));
      return new LogsAgain(this.#format, this.#logs).events(whole, onEvent);
    }
    const chosen = mergeable.filter(({ index }) => wanted.has(index));
    const sink = { event: onEvent, diagnostic: ignore, bytesRead: ignore, lines: ignore, tooLong: ignore, cut: ignore };
    await mergeFiles(chosen, sink, null).catch(ignore);
  }
}

/** A second look into files of our own format. */
export class EventsAgain implements SecondLook {
  readonly #files: readonly NdjsonFile[];
  readonly #logs: readonly ReadLog[];

  /** `logs`: as far as the files were read. */
  constructor(files: readonly NdjsonFile[], logs: readonly ReadLog[]) {
    this.#files = files;
    this.#logs = logs;
  }

  firstLine(input: number): number | null {
    const log = this.#logs.findLast((_, index) => (this.#files[index]?.firstInput ?? 0) <= input);
    return log?.record.firstLine ?? null;
  }

  async events(spans: readonly LineSpan[], onEvent: (event: TraceEvent) => void): Promise<void> {
    const { readNdjson } = await import('../ndjson/read.ts');
    for (const [index, log] of this.#logs.entries()) {
      const { firstInput } = this.#files[index] ?? { firstInput: 0 };
      const mark = log.record.markBefore(1);
      if (mark === null || !spans.some(({ input }) => input >= firstInput)) continue;
      const event = (event: TraceEvent): void => onEvent({ ...event, input: event.input + firstInput });
      const sink = { header() {}, event, diagnostic: ignore };
      await readNdjson(copied(chunksFrom(mark, log)), log.log.input.name, sink).catch(ignore);
    }
  }
}

/** A stream reads ahead, and a chunk is valid only until the next one. */
async function* copied(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

/** Lines to be read in one go. */
interface Region {
  readonly mark: Mark;
  readonly to: number;
  readonly watched: ReadonlySet<number | null>;
}

/** Spans that can be read from one mark, or overlap, are read together. `spans`: by their first lines. */
function regions(spans: readonly LineSpan[], record: InputRecord): Region[] {
  const found: { mark: Mark; to: number; watched: Set<number | null> }[] = [];
  for (const { from, to, tasks } of spans) {
    const mark = record.markBefore(from);
    if (mark === null) continue;
    const last = found.at(-1);
    if (last !== undefined && (last.mark === mark || from <= last.to)) {
      last.to = Math.max(last.to, to);
      for (const id of tasks) last.watched.add(id);
    } else {
      found.push({ mark, to, watched: new Set(tasks) });
    }
  }
  return found;
}
