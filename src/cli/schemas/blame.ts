import { z } from 'zod';
import { BLAME_FORMAT, type BlameDocument } from '../../render/json.ts';
import { DOCUMENT_VERSION } from '../../render/json-parts.ts';
import { explanation, limit, sender } from './explanation.ts';
import { argv, count, line, maybeLine, path, pid, text, trace } from './parts.ts';

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

/** What `blame --json` prints. */
export const blameSchema: z.ZodType<BlameDocument> = anyBlame;
// The line above fails to compile where the schema lacks what the document has, this one where it asks for more.
true satisfies BlameDocument extends z.output<typeof anyBlame> ? true : false;
