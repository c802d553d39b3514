import { z } from 'zod';
import { SUMMARY_LIMITS } from '../../analyze/summary-limits.ts';
import { WAIT_KINDS } from '../../model/waits.ts';
import { DOCUMENT_VERSION } from '../../render/json-parts.ts';
import { SUMMARY_FORMAT, type SummaryDocument } from '../../render/summary-json.ts';
import { count, line, pid, text, trace } from './parts.ts';

const ns = z.number().nonnegative().nullable().describe('nanoseconds; null where the log shows no durations');

const counts = {
  calls: count.describe('that returned'),
  errors: count,
  errnos: z.record(z.string(), count).describe('the errors by name'),
  timed: count.describe('calls that show their duration'),
  totalNs: ns,
  meanNs: ns,
  p50Ns: ns,
  p95Ns: ns,
  maxNs: ns,
};
const namedCalls = z.array(z.strictObject({ name: z.string().describe('as printed'), ...counts })).readonly();

const slowCall = z.strictObject({
  name: z.string(),
  call: z.string().describe('as printed; long arguments end in ...'),
  durationNs: z.number().nonnegative(),
  pid,
  tid: z.int().nullable(),
  program: text,
  ...line,
});

const anySummary = z.strictObject({
  format: z.literal(SUMMARY_FORMAT),
  version: z.literal(DOCUMENT_VERSION),
  trace,
  elapsedNs: z.number().nonnegative().nullable().describe('from the first stamp to the last'),
  percentileError: z.number().describe('most that p50Ns and p95Ns are off, as a share of them'),
  total: z.strictObject(counts),
  calls: namedCalls,
  unfinished: z
    .array(z.strictObject({ name: z.string(), calls: count }))
    .readonly()
    .describe('begun and not seen to return: in no other count'),
  waits: z
    .array(
      z.strictObject({
        for: z.enum(WAIT_KINDS),
        calls: count,
        totalNs: z.number().nonnegative(),
        names: z.array(z.string()).readonly(),
      }),
    )
    .readonly()
    .nullable()
    .describe('calls that only wait, by what for'),
  processes: z
    .array(
      z.strictObject({ pid, program: text, ...line, total: z.strictObject(counts), waitingNs: ns, calls: namedCalls }),
    )
    .readonly(),
  unlisted: z
    .strictObject({ processes: count, calls: count })
    .describe('processes with too few calls to be listed, and calls of no listed process'),
  untraced: count.describe('processes that were created and not traced'),
  slowest: z.array(slowCall).readonly().describe('longest first, without those that only wait'),
  longestWaits: z.array(slowCall).readonly(),
  limits: z
    .array(z.strictObject({ code: z.enum(SUMMARY_LIMITS), count: count.nullable(), remedy: text }))
    .readonly()
    .describe('what the trace does not let us say'),
});

/** What `summary --json` prints. */
export const summarySchema: z.ZodType<SummaryDocument> = anySummary;
// The line above fails to compile where the schema lacks what the document has, this one where it asks for more.
true satisfies SummaryDocument extends z.output<typeof anySummary> ? true : false;
