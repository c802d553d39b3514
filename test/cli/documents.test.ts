import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Files } from '../../src/analyze/files.ts';
import { Summary } from '../../src/analyze/summary.ts';
import { Tree, type TreeNode } from '../../src/analyze/tree.ts';
import { blameSchema } from '../../src/cli/schemas/blame.ts';
import { filesSchema } from '../../src/cli/schemas/files.ts';
import { summarySchema } from '../../src/cli/schemas/summary.ts';
import { treeSchema } from '../../src/cli/schemas/tree.ts';
import { DIALECTS } from '../../src/model/dialect.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import type { TraceHeader, TraceSummary } from '../../src/model/trace.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { type FilesDocument, filesDocument } from '../../src/render/files-json.ts';
import { type BlameDocument, blameDocument, type TreeDocument, treeDocument } from '../../src/render/json.ts';
import { jsonText } from '../../src/render/json-text.ts';
import { type SummaryDocument, summaryDocument } from '../../src/render/summary-json.ts';
import { explained } from '../explained.ts';
import { CRASH_LOG, forklore, ROOT, shell } from './program.ts';

const LOG = /\.(?:strace|truss|dtruss|kdump|d)$/;
const logs = DIALECTS.flatMap((dialect) =>
  readdirSync(join(ROOT, 'samples', dialect))
    .filter((name) => LOG.test(name))
    .map((name) => `samples/${dialect}/${name}`),
);

interface Documents {
  readonly blame: BlameDocument;
  readonly tree: TreeDocument;
  readonly summary: SummaryDocument;
  readonly files: FilesDocument;
}

interface Folds {
  readonly header: TraceHeader;
  readonly events: TraceEvent[];
  readonly tree: Tree;
  readonly summary: Summary;
  readonly files: Files;
}

async function documents(...inputs: string[]): Promise<Documents> {
  let begun: Folds | undefined;
  const counts = await readTrace(
    inputs.map((input) => join(ROOT, input)),
    {},
    {
      start(header) {
        begun = {
          header: { ...header, inputs },
          events: [],
          tree: new Tree(header),
          summary: new Summary(header, { order: null, process: null, slowest: 10 }),
          files: new Files(header, { process: null, byProcess: true }),
        };
      },
      event(event) {
        begun?.events.push(event);
        begun?.tree.add(event);
        begun?.summary.add(event);
        begun?.files.add(event);
      },
      diagnostic() {},
    },
  );
  if (begun === undefined) throw new Error(`${inputs}: nothing was read`);
  const trace: TraceSummary = { ...begun.header, ...counts, diagnostics: [] };
  return {
    blame: blameDocument(explained(begun.header, begun.events), trace),
    tree: treeSchema.parse(JSON.parse(textOf(treeDocument(begun.tree.finish(), trace)))),
    summary: summaryDocument(begun.summary.finish(), trace),
    files: filesSchema.parse(JSON.parse(textOf(filesDocument(begun.files.finish(), trace)))),
  };
}

function textOf(document: object): string {
  return [...jsonText(document)].join('');
}

describe('the documents', () => {
  test.each(logs)('of %s keep to their schemas', async (log) => {
    const { blame, summary } = await documents(log);
    expect(blameSchema.parse(blame)).toEqual(blame);
    expect(summarySchema.parse(summary)).toEqual(summary);
    expect(textOf(blame)).toBe(`${JSON.stringify(blame, null, 2)}\n`);
  });

  test('of several inputs name the input beside every line', async () => {
    const { blame, tree, summary, files } = await documents(CRASH_LOG, 'samples/strace/crashes.strace');
    blameSchema.parse(blame);
    summarySchema.parse(summary);
    const lines = JSON.stringify([blame, tree, summary, files]).match(/(?:"input":"[^"]*",)?"line":\d+/g) ?? [];
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(line).toMatch(/^"input":/);
  });

  test('are what the program prints', async () => {
    const { blame, tree, summary, files } = await documents(CRASH_LOG);
    expect(JSON.parse((await forklore(['files', '--json', CRASH_LOG])).stdout)).toEqual(files);
    expect(JSON.parse((await forklore(['--json', CRASH_LOG])).stdout)).toEqual(blame);
    expect(JSON.parse((await forklore(['tree', '--json', CRASH_LOG])).stdout)).toEqual(tree);
    expect(JSON.parse((await forklore(['summary', '--json', CRASH_LOG])).stdout)).toEqual(summary);
  });

  test('keep the bytes of a path that is not UTF-8', async () => {
    const { blame } = await documents('samples/strace/names.strace');
    const paths = blame.crashes.flatMap((crash) => [crash.culprit, ...crash.candidates]);
    const odd = paths.filter((path) => path?.pathBytes !== undefined);
    expect(odd.length).toBeGreaterThan(0);
    for (const path of odd) {
      expect(path?.path).toContain('\ufffd');
      expect(Buffer.from(path?.pathBytes ?? '', 'base64').toString('utf8')).toBe(path?.path);
    }
    for (const path of paths) if (!path?.path.includes('\ufffd')) expect(path).not.toHaveProperty('pathBytes');
  });
});

describe('the published schemas', () => {
  test.concurrent('accept what the program prints', async () => {
    for (const name of ['blame', 'tree', 'summary', 'files']) {
      const schema = await published(name);
      const { stdout } = await forklore([name, '--json', CRASH_LOG]);
      expect(schema.safeParse(JSON.parse(stdout)).error).toBeUndefined();
      expect(schema.safeParse({ ...JSON.parse(stdout), extra: 1 }).success).toBe(false);
    }
  });

  test.concurrent('accept every line of the events', async () => {
    const schema = await published('events');
    const { stdout } = await shell('forklore events samples/strace/unfinished.strace');
    for (const line of stdout.trimEnd().split('\n')) expect(schema.safeParse(JSON.parse(line)).error).toBeUndefined();
  });
});

async function published(name: string): Promise<z.ZodType> {
  const { stdout, status } = await forklore(['schema', name]);
  expect(status).toBe(0);
  return z.fromJSONSchema(JSON.parse(stdout));
}

describe('JSON text', () => {
  test.each([
    [{}],
    [{ empty: [], none: {}, nothing: null, text: '"\\\n\u2028', number: -1.5e-7, truth: true }],
    [{ left: { out: undefined }, list: [[], [[1, 2], { a: [{}] }]] }],
  ])('of %j is that of JSON.stringify', (document) => {
    expect(textOf(document)).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  test('of a chain of 100,000 forks takes linear space and no call stack', () => {
    const depth = 100_000;
    const place = { input: 0, line: 1, atNs: null };
    const leaf = {
      program: null,
      argv: null,
      execs: [],
      threads: [],
      start: { place, how: 'fork' },
      end: { how: 'exited', status: 0, signal: null, coreDumped: null, place },
      crashed: false,
      traced: true,
    } as const;
    let node: TreeNode = { ...leaf, pid: depth, children: [] };
    for (let pid = depth - 1; pid > 0; pid--) node = { ...leaf, pid, children: [node] };
    const trace: TraceSummary = {
      dialect: 'strace',
      inputs: ['-'],
      joined: true,
      lines: 1,
      events: 1,
      unparsed: 0,
      diagnostics: [],
    };
    const blame = explained(trace, []);
    const text = textOf(treeDocument({ roots: [node], blame }, trace));
    expect(text.length).toBeLessThan(depth * 300);
    let processes: TreeDocument['roots'] = JSON.parse(text).roots;
    let found = 0;
    for (; processes.length > 0; processes = processes[0]?.children ?? []) found++;
    expect(found).toBe(depth);
  });
});
