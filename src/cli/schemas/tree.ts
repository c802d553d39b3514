import { z } from 'zod';
import { type ProcessJson, TREE_FORMAT, type TreeDocument } from '../../render/json.ts';
import { DOCUMENT_VERSION } from '../../render/json-parts.ts';
import { argv, line, maybeLine, pid, text, trace } from './parts.ts';

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

/** What `tree --json` prints. */
export const treeSchema: z.ZodType<TreeDocument> = anyTree;
// The line above fails to compile where the schema lacks what the document has, this one where it asks for more.
true satisfies TreeDocument extends z.output<typeof anyTree> ? true : false;
