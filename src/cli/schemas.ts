import { z } from 'zod';
import { DIALECTS } from '../model/dialect.ts';
import { diagnosticSchema, endSchema, eventSchema, headerSchema } from '../ndjson/schema.ts';
import { BLAME_FORMAT, type BlameDocument, type ProcessJson, TREE_FORMAT, type TreeDocument } from '../render/json.ts';
import { DOCUMENT_VERSION } from '../render/json-parts.ts';
import type { SchemaName } from './options.ts';

const count = z.int().nonnegative();
const pid = z.int().nullable().describe('null where the log has no pids');
const text = z.string().nullable();
const argv = z.array(z.string()).readonly().nullable().describe('null where the log does not show it');

const input = z.string().exactOptional().describe('the input that `line` is in; present when there are several');
const line = { input, line: z.int().positive().describe('counted from 1 in its own input') };
const maybeLine = { input, line: z.int().positive().nullable() };

const path = {
  path: z.string().describe('absolute where the log allows it; bytes that are not UTF-8 are U+FFFD'),
  pathBytes: z.base64().exactOptional().describe('the bytes of `path`; present when they are not UTF-8'),
};

const trace = z.strictObject({
  inputs: z.array(z.string()).min(1).readonly(),
  dialect: z.enum(DIALECTS),
  lines: count,
  events: count,
  unparsed: count.describe('lines that nothing understood'),
  processes: count,
});

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
    })
    .describe('the first line that shows the fatal fault or signal'),
  end: z.strictObject(line).nullable(),
  lastOpened: opened.nullable(),
  lastFailedOpen: z.strictObject({ ...path, errno: text, ...line }).nullable(),
  culprit: candidate.nullable().describe('the file it was most likely working on'),
  candidates: z.array(candidate).readonly().describe('the runners-up, best first'),
});

const anyBlame = z.strictObject({
  format: z.literal(BLAME_FORMAT),
  version: z.literal(DOCUMENT_VERSION),
  trace,
  crashes: z.array(crash).readonly(),
  killed: z
    .array(z.strictObject({ pid, program: text, signal: text, ...maybeLine, lastOpened: opened.nullable() }))
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
    how: z.enum(['exited', 'killed', 'handled', 'unknown']),
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

/** What `blame --json` prints. */
export const blameSchema: z.ZodType<BlameDocument> = anyBlame;
/** What `tree --json` prints. */
export const treeSchema: z.ZodType<TreeDocument> = anyTree;
// The lines above fail to compile where a schema lacks what the document has, these where it asks for more.
true satisfies BlameDocument extends z.output<typeof anyBlame> ? true : false;
true satisfies TreeDocument extends z.output<typeof anyTree> ? true : false;

const TITLES: Readonly<Record<SchemaName, string>> = {
  blame: 'forklore blame --json',
  tree: 'forklore tree --json',
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
    case 'events':
      return z.union([headerSchema, eventSchema, diagnosticSchema, endSchema]);
    default:
      return name satisfies never;
  }
}
