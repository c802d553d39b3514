import type { Diagnostic } from '../model/diagnostic.ts';
import type { TraceEvent } from '../model/event.ts';
import type { TraceCounts, TraceHeader } from '../model/trace.ts';
import { DIAGNOSTIC_FORMAT, END_FORMAT, EVENTS_FORMAT, EVENTS_VERSION } from './schema.ts';

/** The first line of the interchange format, with its line feed. */
export function writeHeader({ dialect, inputs, joined }: TraceHeader): string {
  return `${JSON.stringify({ format: EVENTS_FORMAT, version: EVENTS_VERSION, dialect, inputs, joined })}\n`;
}

/** One event's line. */
export function writeEvent(event: TraceEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** A diagnostic's line; written where it arose, between the events. */
export function writeDiagnostic({ code, input, line }: Diagnostic): string {
  return `${JSON.stringify({ format: DIAGNOSTIC_FORMAT, code, input, line })}\n`;
}

/** The last line. It carries the counts that the events alone do not tell, such as blank lines. */
export function writeEnd({ lines, events, unparsed }: TraceCounts): string {
  return `${JSON.stringify({ format: END_FORMAT, lines, events, unparsed })}\n`;
}
