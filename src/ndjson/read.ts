import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import split2 from 'split2';
import type { z } from 'zod';
import type { Diagnostic } from '../model/diagnostic.ts';
import { ForkloreError } from '../model/errors.ts';
import type { TraceEvent } from '../model/event.ts';
import type { TraceCounts, TraceHeader } from '../model/trace.ts';
import { DIAGNOSTIC_FORMAT, diagnosticSchema, END_FORMAT, endSchema, eventSchema, headerSchema } from './schema.ts';

/** A traced line has at most 1 MiB, and JSON writes a byte with at most six characters; a call may take up two lines. */
export const MAX_NDJSON_LINE = 16_777_216;

/** Where what is read goes, synchronously and in order. */
export interface NdjsonSink {
  header(header: TraceHeader): void;
  /** `line`: of the NDJSON itself. */
  event(event: TraceEvent, line: number): void;
  diagnostic(diagnostic: Diagnostic): void;
}

/** What is known at the end of the file. */
export interface NdjsonEnd {
  /** As the last line says; where there is none (a cut file), as far as the events tell. */
  readonly counts: TraceCounts;
  /** Whether the file stops in the middle of a line. */
  readonly cut: boolean;
  /** Physical lines of the NDJSON itself. */
  readonly lines: number;
}

/**
 * Reads the interchange format from bytes. Throws 'invalid-ndjson' with `name:line: sentence`; a broken last line is no
 * error but the sign of a file that was cut.
 */
export async function readNdjson(chunks: AsyncIterable<Buffer>, name: string, sink: NdjsonSink): Promise<NdjsonEnd> {
  const lines = new NdjsonLines(name, sink);
  const split = split2('\n', (text) => lines.add(text), { maxLength: MAX_NDJSON_LINE });
  // Nothing is pushed on: the mapper hands every event over itself. Flowing lets the stream end.
  split.resume();
  try {
    await pipeline(Readable.from(chunks, { objectMode: false }), split);
  } catch (error) {
    if (error instanceof Error && error.message === 'maximum buffer reached') throw lines.tooLong(error);
    throw error;
  }
  return lines.end();
}

/** What the first line says. Throws 'invalid-ndjson'. */
export function readHeader(text: string, name: string): TraceHeader {
  const { dialect, inputs, joined } = checked(headerSchema, parsed(text, name, 1), name, 1);
  return { dialect, inputs, joined };
}

/** The event that one line tells; null for any other line. */
export function eventOf(text: string): TraceEvent | null {
  try {
    const value: unknown = JSON.parse(text);
    return conforms(eventSchema, value) ? value : null;
  } catch {
    return null;
  }
}

class NdjsonLines {
  readonly #name: string;
  readonly #sink: NdjsonSink;
  #line = 0;
  #inputs: number | null = null;
  /** A line that is no JSON: harmless if it is the last one. */
  #broken: ForkloreError | null = null;
  #end: TraceCounts | null = null;
  #events = 0;
  #unparsed = 0;
  /** The greatest line number seen in each input. */
  readonly #lastLines: number[] = [];

  constructor(name: string, sink: NdjsonSink) {
    this.#name = name;
    this.#sink = sink;
  }

  add(text: string): void {
    this.#line++;
    if (text.trim() === '') return;
    if (this.#broken !== null) throw this.#broken;
    if (this.#end !== null) throw invalid(this.#name, this.#line, 'a line follows the end of the trace');
    if (this.#inputs === null) {
      const header = readHeader(text, this.#name);
      this.#inputs = header.inputs.length;
      this.#sink.header(header);
      return;
    }
    const value = this.#parsedUnlessLast(text);
    if (value !== undefined) this.#take(value);
  }

  end(): NdjsonEnd {
    const lines = this.#lastLines.reduce((sum, line) => sum + (line ?? 0), 0);
    const counts = this.#end ?? { lines, events: this.#events, unparsed: this.#unparsed };
    return { counts, cut: this.#broken !== null, lines: this.#line };
  }

  tooLong(cause: Error): ForkloreError {
    const sentence = `the line is longer than ${MAX_NDJSON_LINE} characters`;
    return invalid(this.#name, this.#line + 1, sentence, cause);
  }

  /** Undefined, which JSON cannot say, where the line is broken and may be the last. */
  #parsedUnlessLast(text: string): unknown {
    try {
      return parsed(text, this.#name, this.#line);
    } catch (error) {
      if (!(error instanceof ForkloreError)) throw error;
      this.#broken = error;
      return undefined;
    }
  }

  #take(value: unknown): void {
    switch (formatOf(value)) {
      case null: {
        const event = checked(eventSchema, value, this.#name, this.#line);
        this.#checkInput(event.input);
        this.#events++;
        if (event.kind === 'unparsed') this.#unparsed++;
        this.#lastLines[event.input] = Math.max(this.#lastLines[event.input] ?? 0, event.endLine);
        this.#sink.event(event, this.#line);
        break;
      }
      case DIAGNOSTIC_FORMAT: {
        const { code, input, line } = checked(diagnosticSchema, value, this.#name, this.#line);
        this.#checkInput(input);
        this.#sink.diagnostic({ code, input, line });
        break;
      }
      case END_FORMAT: {
        const { lines, events, unparsed } = checked(endSchema, value, this.#name, this.#line);
        this.#end = { lines, events, unparsed };
        break;
      }
      default:
        throw invalid(this.#name, this.#line, 'the line is neither an event, a diagnostic nor the end of the trace');
    }
  }

  #checkInput(input: number): void {
    const inputs = this.#inputs ?? 0;
    if (input >= inputs) {
      throw invalid(this.#name, this.#line, `input ${input} is not among the ${inputs} of the first line`);
    }
  }
}

function formatOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'format' in value ? value.format : null;
}

function parsed(text: string, name: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(name, line, 'the line is no JSON', error);
  }
}

/** The value itself, not the schema's copy of it: keys keep their order, and writing it again gives the same bytes. */
function checked<T>(schema: z.ZodType<T>, value: unknown, name: string, line: number): T {
  if (conforms(schema, value)) return value;
  const error = schema.safeParse(value).error;
  const issue = error?.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw invalid(name, line, `${place}${issue?.message ?? 'the line has another shape'}`, error);
}

/** Sound because no schema here transforms or adds anything. */
function conforms<T>(schema: z.ZodType<T>, value: unknown): value is T {
  return schema.safeParse(value).success;
}

function invalid(name: string, line: number, sentence: string, cause?: unknown): ForkloreError {
  return new ForkloreError('invalid-ndjson', `${name}:${line}: ${sentence}`, { cause });
}
