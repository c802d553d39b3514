import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { BlameResult } from '../../src/analyze/blame-result.ts';
import type { Dialect } from '../../src/model/dialect.ts';
import type { Request } from './happening.ts';
import type { Oddity, Run } from './kernel.ts';
import { ALL_FEATURES, type Features, type Plan, plans } from './plan.ts';
import { blameFiltered, blameOf, readFiles, readWhole, throughNdjson } from './reading.ts';
import { PLAIN, printStrace, printStraceFiles, type StraceOptions } from './strace-printer.ts';
import { PLAIN_TRUSS, printTruss, type TrussOptions } from './truss-printer.ts';
import { foundOf, hasOldCulprit, lineOf, truthOf, type View } from './truth.ts';
import { simulate } from './world.ts';

// Runs of simulated kernels, printed as the tracers print them: what is found must be what happened. A failure prints
// the smallest plan; FORKLORE_FOREST_RUNS=100000 looks at more of them.

const RUNS = Number(process.env.FORKLORE_FOREST_RUNS ?? 60);
/** Looks also at runs with what is known to be told wrongly, behind which other faults would hide. */
const STRICT = process.env.FORKLORE_FOREST_ODD !== undefined;
const SEED = Number(process.env.FORKLORE_FOREST_SEED ?? 1);

function holds(features: Features, property: (plan: Plan) => void): void {
  fc.assert(fc.property(plans(features), property), { numRuns: RUNS, seed: SEED });
}

const THREAD_ODDITIES: readonly Oddity[] = ['torn-thread', 'early-thread-end', 'early-fault'];
const TRUSS_ODDITIES: readonly Oddity[] = [];
const SET_ODDITIES: readonly Oddity[] = [...THREAD_ODDITIES, 'threaded-exec'];

function isOpen({ oddities }: Run, known: readonly Oddity[]): boolean {
  return STRICT || !known.some((oddity) => oddities.has(oddity));
}

function checkStrace(plan: Plan, options: StraceOptions): void {
  const run = simulate(plan, 'strace');
  const { text, lines, anonymous } = printStrace(run, options);
  fc.pre(isOpen(run, THREAD_ODDITIES) && (STRICT || !anonymous));
  const view: View = {
    lines,
    orders: 'enter',
    showsAll: options.calls === null,
    showsPaths: options.paths,
    showsDeaths: true,
    showsReturns: true,
    threadIds: true,
    ignores: () => false,
  };
  check(run, text, view, 'strace');
}

function checkTruss(plan: Plan, options: TrussOptions): void {
  const run = simulate(plan, 'truss');
  const { text, lines } = printTruss(run, options);
  fc.pre(isOpen(run, TRUSS_ODDITIES));
  const view: View = {
    lines,
    orders: 'return',
    showsAll: options.calls === null,
    showsPaths: false,
    showsDeaths: false,
    showsReturns: true,
    threadIds: false,
    // No exit shows: nobody can tell a handler that gave up from one that went on.
    ignores: ({ fate }) => options.calls !== null && fate.kind === 'crash' && fate.how === 'handled',
  };
  check(run, text, view, 'truss-illumos');
}

function check(run: Run, text: string, view: View, dialect: Dialect): void {
  fc.pre(STRICT || !hasOldCulprit(run, view));
  const reading = readWhole(text, dialect);
  const found = foundOf(reading.tree.blame, reading.tree.roots, run, view);
  expect(found, text).toEqual(truthOf(run, view));
  // What the program says on the same terminal is no trace line.
  const serious = reading.diagnostics.filter(({ code }) => code !== 'output-mixed-in' && code !== 'unparsed-line');
  expect(serious, text).toEqual([]);
  const full = blameOf(reading.events, dialect);
  const filtered = blameFiltered(text, dialect);
  if (STRICT || view.showsDeaths) expect(filtered, text).toEqual(full);
  else expect(withoutReasons(filtered), text).toEqual(withoutReasons(full));
}

function withoutReasons(blame: BlameResult) {
  return JSON.parse(JSON.stringify(blame, (key, value) => (key === 'reasons' || key === 'confidence' ? null : value)));
}

const folder = mkdtempSync(join(tmpdir(), 'forest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files of strace -ff. `ignores`: what they leave open. */
async function checkFiles(plan: Plan, options: StraceOptions, ignores: View['ignores']): Promise<void> {
  const run = simulate({ ...plan, reusesIds: false }, 'strace');
  fc.pre(isOpen(run, SET_ODDITIES));
  const set = mkdtempSync(join(folder, 'set-'));
  const files = printStraceFiles(run, 'log', options);
  for (const [name, { text }] of files) writeFileSync(join(set, name), text);
  const { header, tree } = await readFiles(set);
  rmSync(set, { recursive: true });
  const lines = run.happenings.map(({ index, tid }) => {
    const input = header.inputs.indexOf(join(set, `log.${tid}`));
    return lineOf({ input, line: files.get(`log.${tid}`)?.lines[index] ?? 0 });
  });
  const view: View = {
    lines,
    orders: 'enter',
    showsAll: true,
    showsPaths: false,
    showsDeaths: true,
    showsReturns: false,
    threadIds: true,
    ignores,
  };
  fc.pre(STRICT || !hasOldCulprit(run, view));
  const all = [...files].map(([name, { text }]) => `== ${name}\n${text}`).join('');
  expect(foundOf(tree.blame, tree.roots, run, view), all).toEqual(truthOf(run, view));
}

async function holdsForFiles(features: Features, property: (plan: Plan) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(plans(features), property), { numRuns: Math.ceil(RUNS / 2), seed: SEED });
}

const SIMPLE: Features = { threads: false, execs: false, spawns: false, survivals: false };

describe('strace -f -o', () => {
  test('one process', () => holds(SIMPLE, (plan) => checkStrace(plan, PLAIN)));
  test('one process that survives', () => holds({ ...SIMPLE, survivals: true }, (plan) => checkStrace(plan, PLAIN)));
  test('children', () => holds({ ...SIMPLE, spawns: true }, (plan) => checkStrace(plan, PLAIN)));
  test('programs', () => holds({ ...SIMPLE, spawns: true, execs: true }, (plan) => checkStrace(plan, PLAIN)));
  test('threads', () => holds({ ...SIMPLE, threads: true }, (plan) => checkStrace(plan, PLAIN)));
  test('all', () => holds(ALL_FEATURES, (plan) => checkStrace(plan, PLAIN)));
});

describe('strace -f -o, all features', () => {
  const variants: readonly Partial<StraceOptions>[] = [
    { version: '4.26' },
    { version: '6.16' },
    { stamps: '-t' },
    { stamps: '-tt', durations: true },
    { stamps: '-ttt', pointers: true },
    { stamps: '-r' },
    { paths: true },
    { paths: true, version: '6.16', stamps: '-ttt', durations: true },
  ];
  test.each(variants)('%o', (variant) => holds(ALL_FEATURES, (plan) => checkStrace(plan, { ...PLAIN, ...variant })));
});

describe('strace -f on standard error', () => {
  const stderr: StraceOptions = { ...PLAIN, layout: 'stderr' };
  test('one process', () => holds({ ...SIMPLE, survivals: true }, (plan) => checkStrace(plan, stderr)));
  test('children', () => holds({ ...SIMPLE, spawns: true, execs: true }, (plan) => checkStrace(plan, stderr)));
  test('threads', () => holds({ ...SIMPLE, threads: true }, (plan) => checkStrace(plan, stderr)));
  test('all', () => holds(ALL_FEATURES, (plan) => checkStrace(plan, stderr)));
  test('all, -q', () => holds(ALL_FEATURES, (plan) => checkStrace(plan, { ...stderr, quiet: true })));
  test('all, 4.26', () => holds(ALL_FEATURES, (plan) => checkStrace(plan, { ...stderr, version: '4.26' })));
  test('all, 6.16 -tt', () =>
    holds(ALL_FEATURES, (plan) => checkStrace(plan, { ...stderr, version: '6.16', stamps: '-tt' })));
});

describe('truss -f', () => {
  test('one process', () => holds({ ...SIMPLE, survivals: true }, (plan) => checkTruss(plan, PLAIN_TRUSS)));
  test('children', () => holds({ ...SIMPLE, spawns: true }, (plan) => checkTruss(plan, PLAIN_TRUSS)));
  test('programs', () => holds({ ...SIMPLE, spawns: true, execs: true }, (plan) => checkTruss(plan, PLAIN_TRUSS)));
  test('threads', () => holds({ ...SIMPLE, threads: true }, (plan) => checkTruss(plan, PLAIN_TRUSS)));
  test('all', () => holds(ALL_FEATURES, (plan) => checkTruss(plan, PLAIN_TRUSS)));
  test('all, -d', () => holds(ALL_FEATURES, (plan) => checkTruss(plan, { ...PLAIN_TRUSS, stamps: 1 })));
  test('all, -d -D -E', () => holds(ALL_FEATURES, (plan) => checkTruss(plan, { ...PLAIN_TRUSS, stamps: 3 })));
});

describe('strace -ff', () => {
  const stamped: StraceOptions = { ...PLAIN, stamps: '-ttt' };
  const clear = () => false;
  test('children, merged by time', () =>
    holdsForFiles({ ...SIMPLE, spawns: true, execs: true }, (plan) => checkFiles(plan, stamped, clear)));
  test('all, merged by time', () => holdsForFiles(ALL_FEATURES, (plan) => checkFiles(plan, stamped, clear)));
  test('all, merged by time, 6.16 -y', () =>
    holdsForFiles(ALL_FEATURES, (plan) => checkFiles(plan, { ...stamped, version: '6.16' }, clear)));
  // Without stamps nothing orders what several threads did.
  test('all, one after another', () =>
    holdsForFiles(ALL_FEATURES, (plan) => checkFiles(plan, PLAIN, ({ hasThreads }) => hasThreads)));
});

describe('only opens', () => {
  const opens: Pick<StraceOptions, 'calls'> = { calls: new Set<Request['name']>(['open']) };
  const features: Features = { ...ALL_FEATURES, threads: false };
  test('strace -f -o -e trace=openat', () => holds(features, (plan) => checkStrace(plan, { ...PLAIN, ...opens })));
  test('strace -f -e trace=openat', () =>
    holds(features, (plan) => checkStrace(plan, { ...PLAIN, ...opens, layout: 'stderr' })));
  test('truss -f -t open', () =>
    holds(features, (plan) =>
      checkTruss({ ...plan, reusesIds: STRICT && plan.reusesIds }, { ...PLAIN_TRUSS, ...opens }),
    ));
});

test('truss of one process', () =>
  holds({ ...SIMPLE, survivals: true, threads: STRICT, execs: true }, (plan) =>
    checkTruss(plan, { ...PLAIN_TRUSS, follows: false }),
  ));

test('the same from our own interchange format', () =>
  holdsForFiles(ALL_FEATURES, async (plan) => {
    const { events } = readWhole(printStrace(simulate(plan, 'strace'), PLAIN).text, 'strace');
    expect(blameOf(await throughNdjson(events, 'strace'), 'strace')).toEqual(blameOf(events, 'strace'));
  }));
