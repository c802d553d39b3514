import { z } from 'zod';
import { DIALECTS } from '../../model/dialect.ts';

// What the schemas of several documents have in common.

/** How many. */
export const count = z.int().nonnegative();
/** A process. */
export const pid = z.int().nullable().describe('null where the log has no pids');
/** Text that may not be known. */
export const text = z.string().nullable();
/** A command line. */
export const argv = z.array(z.string()).readonly().nullable().describe('null where the log does not show it');

const input = z.string().exactOptional().describe('the input that `line` is in; present when there are several');
/** A line of the log. */
export const line = { input, line: z.int().positive().describe('counted from 1 in its own input') };
/** A line that may not be known. */
export const maybeLine = { input, line: z.int().positive().nullable() };

/** A path. */
export const path = {
  path: z.string().describe('absolute where the log allows it; bytes that are not UTF-8 are U+FFFD'),
  pathBytes: z.base64().exactOptional().describe('the bytes of `path`; present when they are not UTF-8'),
};

/** The trace that was read. */
export const trace = z.strictObject({
  inputs: z.array(z.string()).min(1).readonly(),
  dialect: z.enum(DIALECTS),
  lines: count,
  events: count,
  unparsed: count.describe('lines that nothing understood'),
  processes: count,
});
