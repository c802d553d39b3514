import { z } from 'zod';
import { DIAGNOSTIC_CODES, type Diagnostic } from '../model/diagnostic.ts';
import { DIALECTS } from '../model/dialect.ts';
import type { TraceEvent } from '../model/event.ts';
import type { TraceCounts, TraceHeader } from '../model/trace.ts';

/**
 * The lines of forklore's interchange format, NDJSON in UTF-8. A line with `kind` is an event; one with `format` is
 * about the trace:
 *
 *   {"format":"forklore/events","version":1,"dialect":"strace","inputs":["build.log"],"joined":true}     first
 *   {"kind":"exit","dialect":"strace","input":0,"line":7,"endLine":7,"pid":31,"tid":null,…}              as in the log
 *   {"format":"forklore/diagnostic","code":"truncated-call","input":0,"line":9}                          in between
 *   {"format":"forklore/end","lines":48211,"events":48102,"unparsed":3}                                  last
 *
 * Text holds the bytes of the log as the characters U+0000 to U+00FF. A change of shape is a new version.
 */
export const EVENTS_FORMAT = 'forklore/events';
export const DIAGNOSTIC_FORMAT = 'forklore/diagnostic';
export const END_FORMAT = 'forklore/end';
export const EVENTS_VERSION = 1;

const count = z.int().nonnegative();
const lineNumber = z.int().positive();

const base = {
  dialect: z.enum(DIALECTS),
  input: count,
  line: lineNumber,
  endLine: lineNumber,
  pid: z.int().nullable(),
  tid: z.int().nullable(),
  time: z.string().nullable(),
  atNs: z.number().nullable(),
};

const errno = z.strictObject({ name: z.string().nullable(), number: z.number().nullable() });

const anyEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    ...base,
    kind: z.literal('syscall'),
    name: z.string(),
    args: z.string(),
    result: z.string().nullable(),
    detail: z.string().nullable(),
    errno: errno.nullable(),
    durationNs: z.number().nullable(),
    outcome: z.enum(['returned', 'failed', 'unfinished', 'restarted']),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('signal'),
    signal: z.string(),
    disposition: z.enum(['default', 'caught', 'ignored']).nullable(),
    siginfo: z.string().nullable(),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('fault'),
    fault: z.string(),
    pc: z.string().nullable(),
    siginfo: z.string().nullable(),
  }),
  z.strictObject({ ...base, kind: z.literal('exit'), status: z.number().nullable() }),
  z.strictObject({
    ...base,
    kind: z.literal('killed'),
    signal: z.string().nullable(),
    coreDumped: z.boolean().nullable(),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('process-start'),
    parentPid: z.int().nullable(),
    via: z.enum(['fork', 'vfork', 'clone', 'thread', 'attach']).nullable(),
  }),
  z.strictObject({ ...base, kind: z.literal('identity') }),
  z.strictObject({ ...base, kind: z.literal('program'), program: z.string() }),
  z.strictObject({ ...base, kind: z.literal('lookup'), callLine: lineNumber, path: z.string() }),
  z.strictObject({ ...base, kind: z.literal('detach') }),
  z.strictObject({ ...base, kind: z.literal('lost'), call: z.string().nullable(), text: z.string() }),
  z.strictObject({ ...base, kind: z.literal('note'), text: z.string() }),
  z.strictObject({ ...base, kind: z.literal('unparsed'), text: z.string() }),
]);

/** One event line. */
export const eventSchema: z.ZodType<TraceEvent> = anyEvent;
// The line above fails to compile where the schema lacks what the model has, this one where it asks for more.
true satisfies TraceEvent extends z.output<typeof anyEvent> ? true : false;

const anyHeader = z.strictObject({
  format: z.literal(EVENTS_FORMAT),
  version: z.literal(EVENTS_VERSION),
  dialect: z.enum(DIALECTS),
  inputs: z.array(z.string()).min(1).readonly(),
  joined: z.boolean(),
});

/** The first line. */
export const headerSchema: z.ZodType<TraceHeader> = anyHeader;

/** A line that says what was odd about the log; stands after what was read before it. */
export const diagnosticSchema: z.ZodType<Diagnostic> = z.strictObject({
  format: z.literal(DIAGNOSTIC_FORMAT),
  code: z.enum(DIAGNOSTIC_CODES),
  input: count,
  line: lineNumber.nullable(),
});

/** The last line. */
export const endSchema: z.ZodType<TraceCounts> = z.strictObject({
  format: z.literal(END_FORMAT),
  lines: count,
  events: count,
  unparsed: count,
});
