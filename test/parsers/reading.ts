import { expect } from 'vitest';
import type { LoadedFormat, Needs } from '../../parsers/tracer-format.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { feeding } from '../feeding.ts';

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

export function readerOf(format: LoadedFormat): LogReader {
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
    const feed = feeding(format, sink, needs);
    feed.push(bytes);
    feed.end();
    return { events, diagnostics, skipped: feed.parser.skippedEvents };
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
