import { z } from 'zod';
import { SUMMARY_LIMITS } from '../analyze/summary-limits.ts';
import { WAIT_KINDS } from '../model/waits.ts';
import { diagnosticSchema, endSchema, eventSchema, headerSchema } from '../ndjson/schema.ts';
import { BLAME_FORMAT, type BlameDocument, type ProcessJson, TREE_FORMAT, type TreeDocument } from '../render/json.ts';
import { DOCUMENT_VERSION } from '../render/json-parts.ts';
import { SUMMARY_FORMAT, type SummaryDocument } from '../render/summary-json.ts';
import { explanation, limit, sender } from './explanation-schema.ts';
import type { SchemaName } from './options.ts';
import { argv, count, line, maybeLine, path, pid, text, trace } from './schema-parts.ts';

const opened = z.strictObject({
  ...path,
  printed: z.string().describe('as the call names it'),
  call: z.string(),
  ...line,
  tid: z.int().nullable(),
  fd: z.int().nullable(),
  stillOpen: z.boolean().nullable().describe('at the fault point'),
});

const candidate = z.strictObject({
  ...path,
  ...line,
  confidence: z.enum(['high', 'medium', 'low']),
  reasons: z.array(z.string()).readonly(),
});

const crash = z.strictObject({
  pid,
  tid: z.int().nullable().describe('the faulting thread'),
  program: text,
  argv,
  cwd: text,
  ancestors: z
    .array(z.strictObject({ pid, program: text }))
    .readonly()
    .describe('nearest first; an unknown parent ends the list'),
  signal: z.string(),
  how: z
    .enum(['killed', 'handled', 'inferred'])
    .describe('handled: exited non-zero out of its own crash handler; inferred: the log shows no deaths'),
  coreDumped: z.boolean().nullable(),
  exitStatus: z.int().nullable(),
  fault: z
    .strictObject({
      ...line,
      signal: text.describe('the first signal; the crash may end in another'),
      code: text,
      address: text,
      at: z.number().nullable().describe('seconds since the first stamp of the trace'),
      sender: sender.nullable().describe('who sent the signal; null where the machine or nobody known did'),
    })
    .describe('the first line that shows the fatal fault or signal'),
  end: z.strictObject(line).nullable(),
  lastOpened: opened.nullable(),
  unnamedOpen: z.strictObject(line).nullable().describe('a later open of a file that the log does not name'),
  lastFailedOpen: z.strictObject({ ...path, errno: text, ...line }).nullable(),
  culprit: candidate.nullable().describe('the file it was most likely working on'),
  candidates: z.array(candidate).readonly().describe('the runners-up, best first'),
  ...explanation,
});

const anyBlame = z.strictObject({
  format: z.literal(BLAME_FORMAT),
  version: z.literal(DOCUMENT_VERSION),
  trace,
  crashes: z.array(crash).readonly(),
  killed: z
    .array(
      z.strictObject({
        pid,
        program: text,
        signal: text,
        ...maybeLine,
        sender: sender.nullable(),
        limit: limit.nullable().describe('the limit that was exceeded, for signals that tell of one'),
        lastOpened: opened.nullable(),
      }),
    )
    .readonly(),
  survived: z.array(z.strictObject({ pid, program: text, signal: z.string(), ...line, count })).readonly(),
});

const process = z.strictObject({
  pid,
  program: text,
  argv,
  execs: z.array(z.strictObject({ program: text, argv, ...line })).readonly(),
  threads: z.array(z.int()).readonly().describe('ids of further threads'),
  start: z.strictObject({
    ...line,
    how: z.enum(['fork', 'vfork', 'clone', 'thread', 'attach', 'exec', 'unknown']),
  }),
  end: z.strictObject({
    how: z.enum(['exited', 'killed', 'handled', 'inferred', 'unknown']),
    status: z.int().nullable(),
    signal: text,
    coreDumped: z.boolean().nullable(),
    ...maybeLine,
  }),
  get children(): z.ZodType<readonly ProcessJson[]> {
    return z.array(process).readonly();
  },
});

const anyTree = z.strictObject({
  format: z.literal(TREE_FORMAT),
  version: z.literal(DOCUMENT_VERSION),
  trace,
  roots: z.array(process).readonly(),
});

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

/** What `blame --json` prints. */
export const blameSchema: z.ZodType<BlameDocument> = anyBlame;
/** What `tree --json` prints. */
export const treeSchema: z.ZodType<TreeDocument> = anyTree;
/** What `summary --json` prints. */
export const summarySchema: z.ZodType<SummaryDocument> = anySummary;
// The lines above fail to compile where a schema lacks what the document has, these where it asks for more.
true satisfies BlameDocument extends z.output<typeof anyBlame> ? true : false;
true satisfies TreeDocument extends z.output<typeof anyTree> ? true : false;
true satisfies SummaryDocument extends z.output<typeof anySummary> ? true : false;

const TITLES: Readonly<Record<SchemaName, string>> = {
  blame: 'forklore blame --json',
  tree: 'forklore tree --json',
  summary: 'forklore summary --json',
  events: 'One line of forklore events',
};

/** The JSON Schema (draft 2020-12) of an output. */
export function jsonSchemaOf(name: SchemaName): object {
  const schema = z.toJSONSchema(schemaOf(name), {
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // `readonly` is a matter of our types and says nothing about the document.
      delete jsonSchema.readOnly;
    },
  });
  return { title: TITLES[name], ...schema };
}

function schemaOf(name: SchemaName): z.ZodType {
  switch (name) {
    case 'blame':
      return blameSchema;
    case 'tree':
      return treeSchema;
    case 'summary':
      return summarySchema;
    case 'events':
      return z.union([headerSchema, eventSchema, diagnosticSchema, endSchema]);
    default:
      return name satisfies never;
  }
}
