import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { pathRules } from '../analyze/diff/built-in-rules.ts';
import type { NamingOptions } from '../analyze/diff/make-runs.ts';
import { toBytes } from '../scan/unescape.ts';
import { UsageError } from './usage-error.ts';

const RULE_NAMES = pathRules.map(({ name }) => name);

/** What stands in the file of `forklore diff --config`. */
export const diffConfigSchema = z.strictObject({
  maps: z
    .record(z.string().min(1), z.string().min(1))
    .default({})
    .describe('directories of one run, and what stands for each in the other'),
  without: z.array(z.enum(RULE_NAMES)).readonly().default([]).describe('built-in rules that are not applied'),
});

/** Reads the file. Throws `UsageError` where it cannot be read or says what it must not. */
export async function readDiffConfig(path: string): Promise<NamingOptions> {
  const { maps, without } = parsed(path, await textOf(path));
  return {
    maps: Object.entries(maps).map(([from, to]) => ({ from: toBytes(from), to: toBytes(to) })),
    without: new Set(without),
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the configuration: ${messageOf(error)}`, { cause: error });
  }
}

function parsed(path: string, text: string): z.output<typeof diffConfigSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const result = diffConfigSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new UsageError(`${path}: ${where}${issue?.message ?? 'not a configuration'}`, { cause: result.error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
