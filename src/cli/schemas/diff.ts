import { z } from 'zod';
import { DIFF_FORMAT, type DiffDocument } from '../../render/diff-json.ts';
import { DOCUMENT_VERSION } from '../../render/json-parts.ts';
import { argv, count, line, maybeLine, pid, text, trace } from './parts.ts';

const side = z.enum(['a', 'b']);
const pairIndex = z.int().nonnegative().nullable().describe('index into pairs');
const both = { a: count, b: count };

const act = z.strictObject({
  kind: z.enum(['file', 'process', 'signal', 'call', 'housekeeping']),
  operation: z.string().describe('one name on all systems'),
  object: z.string().describe('the file or process as a symbol'),
  outcome: z.string().describe("'ok', the name of an error, or 'unfinished'; at level raw all that was printed of it"),
  count: count.describe('times in a row'),
  ...line,
  text: text.describe('the line as it stands in the log; null where its text is gone'),
});

const actOfBoth = z.strictObject({ a: act, b: act }).nullable();
const actOfEach = z.strictObject({ a: act.nullable(), b: act.nullable() });

const process = z.strictObject({
  pid,
  program: text,
  argv: argv.describe('with symbols in place of what differs by chance; null where the log does not show them'),
  ...line,
  end: z.strictObject({
    how: z.enum(['exited', 'killed', 'handled', 'inferred', 'unknown']),
    status: z.int().nullable(),
    signal: text,
    crashed: z.boolean(),
    ...maybeLine,
  }),
});

const counts = z.strictObject({
  same: count,
  changed: count.describe('the same call with another outcome'),
  onlyA: count,
  onlyB: count,
  moved: count.describe('done by both, in another order or by another thread'),
});

const loneTree = z.strictObject({
  root: process,
  below: pairIndex.describe('the pair of its parent'),
  processes: count.describe('the root and those below it that the other run has not either'),
  acts: count,
  crashed: count,
});

const fate = z.strictObject({
  found: z.boolean(),
  failure: text.describe('the error of the first that failed'),
  at: act.nullable(),
});
const fileDifference = z.strictObject({
  object: z.string(),
  a: fate.nullable().describe('null where A never looked for it'),
  b: fate.nullable().describe('null where B never looked for it'),
  processes: count.describe('pairs in which it differs in this way'),
  afterParting: z.boolean().describe('whether it may be no more than what came of a parting'),
});

const run = trace.extend({
  hidden: z
    .strictObject({ housekeeping: count, runtime: count, level: count, unseen: count })
    .describe('calls that were not compared'),
  unseen: z.array(z.string()).readonly().describe('operations that only the other log was recorded with'),
});

const hunk = z.strictObject({
  kind: z.enum(['same', 'changed', 'only-a', 'only-b', 'moved-a', 'moved-b', 'implied-a', 'implied-b', 'unordered']),
  acts: z.strictObject(both),
  a: z.array(act).readonly().describe('none of same; of unordered those without their like'),
  b: z.array(act).readonly(),
});

const pair = z.strictObject({
  a: process,
  b: process,
  reason: z.enum(['twin', 'command', 'program', 'acts', 'place']).describe('why they were compared'),
  elsewhere: z.boolean().describe('whether their parents were not compared with one another'),
  reordered: z.boolean().describe('whether it started in another order among its siblings'),
  endsAlike: z.boolean(),
  counts,
  threads: z
    .array(z.strictObject({ a: z.int().nullable(), b: z.int().nullable(), hunks: z.array(hunk).readonly() }))
    .readonly(),
});

const note = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unordered'), pair: pairIndex, stretches: count, acts: count }),
  z.strictObject({ kind: z.literal('threads-pooled'), pair: pairIndex, threadsA: count, threadsB: count }),
  z.strictObject({ kind: z.literal('ends-unseen'), side, processes: count }),
]);

const anyDiff = z.strictObject({
  format: z.literal(DIFF_FORMAT),
  version: z.literal(DOCUMENT_VERSION),
  a: run,
  b: run,
  level: z.enum(['files', 'calls', 'raw']),
  alike: z.boolean(),
  similarity: z.number().min(0).max(1).describe('share of acts that have their like in the other run'),
  counts,
  partings: z
    .array(
      z.strictObject({
        pair: pairIndex,
        lastAlike: actOfBoth.describe('the last thing both did alike'),
        lastFile: actOfBoth.describe('the last file both had found, up to there'),
        firstApart: actOfEach.describe('the first that each did then'),
        sameCall: z.boolean().describe('whether firstApart is one call with another outcome'),
        actsAfter: z.strictObject(both),
        nextFile: actOfEach,
        cause: pairIndex.describe('a child that ended differently before'),
      }),
    )
    .readonly()
    .describe('processes that end differently'),
  onlyA: z.array(loneTree).readonly(),
  onlyB: z.array(loneTree).readonly(),
  files: z.array(fileDifference).readonly(),
  failedOpens: z.array(fileDifference).readonly(),
  signals: z.array(z.strictObject({ side, pid, at: act.nullable() })).readonly(),
  notes: z.array(note).readonly(),
  pairs: z.array(pair).readonly(),
});

/** What `diff --json` prints. */
export const diffSchema: z.ZodType<DiffDocument> = anyDiff;
// The line above fails to compile where the schema lacks what the document has, this one where it asks for more.
true satisfies DiffDocument extends z.output<typeof anyDiff> ? true : false;
