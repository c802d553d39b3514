import { expect } from 'vitest';
import type { Needs, TracerFormat } from '../../parsers/tracer-format.ts';
import { Clock } from '../../src/model/clock.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { TraceEvent } from '../../src/model/event.ts';

/** What a parser made of some lines. */
export interface Reading {
  readonly events: TraceEvent[];
  readonly diagnostics: Diagnostic[];
  /** Events it passed over. */
  readonly skipped: number;
}

/** The ways a test reads a log of one format. */
export interface LogReader {
  /** `each` is told of every event at once. */
  read(bytes: Buffer, needs?: Needs | null, each?: (event: TraceEvent) => void): Reading;
  readLines(...lines: string[]): Reading;
  /** The only event of the lines, and no diagnostic. */
  one(...lines: string[]): TraceEvent | undefined;
}

export function readerOf(format: TracerFormat): LogReader {
  const read: LogReader['read'] = (bytes, needs = null, each) => {
    const events: TraceEvent[] = [];
    const diagnostics: Diagnostic[] = [];
    const sink = {
      event: (event: TraceEvent) => {
        events.push(event);
        each?.(event);
      },
      diagnostic: (diagnostic: Diagnostic) => diagnostics.push(diagnostic),
    };
    const parser = format.createParser(sink, { input: 0, defaultPid: null, clock: new Clock(), needs });
    let line = 0;
    for (let start = 0; start < bytes.length; ) {
      const feed = bytes.indexOf(10, start);
      const next = feed < 0 ? bytes.length : feed;
      const end = next > start && bytes[next - 1] === 13 ? next - 1 : next;
      line++;
      if (parser.mayMatter(bytes, start, end)) parser.push(bytes.toString('latin1', start, end), line);
      start = next + 1;
    }
    parser.end();
    return { events, diagnostics, skipped: parser.skippedEvents };
  };
  const readLines: LogReader['readLines'] = (...lines) => read(Buffer.from(lines.join('\n'), 'latin1'));
  const one: LogReader['one'] = (...lines) => {
    const { events, diagnostics } = readLines(...lines);
    expect(diagnostics).toEqual([]);
    expect(events).toHaveLength(1);
    return events[0];
  };
  return { read, readLines, one };
}

/** Codes of the diagnostics with their lines. */
export function codes({ diagnostics }: Reading): string[] {
  return diagnostics.map(({ code, line }) => `${code}:${line}`);
}

export function kinds({ events }: Reading): TraceEvent['kind'][] {
  return events.map((event) => event.kind);
}

/** An analysis that needs these calls alone. */
export function needsOf(...names: string[]): Needs {
  return { call: (name) => names.includes(name), watched: new Set() };
}
