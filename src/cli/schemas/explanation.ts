import { z } from 'zod';
import { FAULT_KINDS } from '../../analyze/fault-reason.ts';
import { count, line, maybeLine, path, pid, text } from './parts.ts';

/** A process that sent a signal. */
export const sender = z
  .strictObject({ pid: z.int(), program: text, ...maybeLine })
  .describe('`line`: its call, where the log shows it');

/** A resource limit. */
export const limit = z.strictObject({
  resource: z.string(),
  value: text.describe('a decimal number; null: unlimited'),
  set: z.boolean().describe('false: a call asked for it'),
  ...line,
});

const word = z.strictObject({ text: z.string(), cut: z.boolean().describe('whether the tracer cut it') });

const reason = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  clauses: z
    .array(z.strictObject({ text: z.string(), ...maybeLine }))
    .min(1)
    .readonly()
    .describe('the most important first; without a line: rests on that of the fault'),
  mapping: z
    .strictObject({
      start: z.string(),
      end: z.string().describe('the first address behind it'),
      protection: text,
      kind: z.enum(['file', 'anonymous', 'heap']),
      path: text,
      ...line,
    })
    .nullable()
    .describe('at the fault address, or beside it'),
});

const work = z.strictObject({
  use: z
    .strictObject({
      callsSince: count.describe('calls between the open and the fault'),
      readBytes: count.nullable().describe('null where the log shows no reads'),
      toEnd: z.boolean().nullable(),
      mapped: z.strictObject(line).nullable(),
      closed: z.strictObject(line).nullable(),
    })
    .nullable()
    .describe('what was done with the culprit before the fault'),
  chain: z
    .array(z.strictObject({ ...path, ...line }))
    .readonly()
    .describe("opens of the culprit's kind, from the main input to the culprit"),
  chainLeftOut: count.describe('steps left out behind the first'),
  inFlight: z
    .strictObject({ name: z.string(), args: z.string(), ...line })
    .nullable()
    .describe('the call that had not returned at the fault'),
  looks: z
    .array(z.strictObject({ ...path, errno: text.describe('null: it is there'), ...line }))
    .readonly()
    .describe('paths looked at after the last open'),
  lookCount: count,
  mainInput: text.describe('as the command line names it'),
  output: text,
  responseFiles: z.array(z.string()).readonly(),
});

const rerun = z.strictObject({
  directory: text,
  program: z.string(),
  words: z.array(word).readonly(),
  wordsLeftOut: z.boolean(),
  environment: z.array(word).readonly().nullable().describe('null where the log does not show it'),
  environmentLeftOut: z.boolean(),
  ...line,
});

const failedParent = z.strictObject({ pid, program: text, status: z.int().nullable(), ...line });

/** What explains a crash. */
export const explanation = {
  reason: reason.nullable().describe('why the signal came, as far as the log proves it'),
  work: work.nullable().describe('what the process was doing'),
  rerun: rerun.nullable().describe('what runs the program again'),
  knownSince: z.strictObject(line).nullable().describe('the first line looked at, where earlier ones were let go'),
  failure: z.array(failedParent).readonly().describe('the parents that failed after it, nearest first'),
  limits: z.array(limit).readonly(),
};
