import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { type BenchLog, forest, longLines, quietBuild, shortLives, straceBuild, threaded, trussBuild } from './logs.ts';
import { measure, type Runs } from './measure.ts';

// Measures the built program beside grep and wc on the same logs, in turn. `npm run bench`; BENCH_MB is the size of the
// large logs, BENCH_RUNS how often everything runs. Nothing is asserted: times are the machine's.

const MB = Number(process.env.BENCH_MB ?? 500);
const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const BIN = join(import.meta.dirname, '../../bin/forklore.js');
const NODE = process.execPath;
const ANALYSES = ['blame', 'tree', 'summary', 'files', 'events'] as const;

test('bench', { timeout: 0 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forklore-bench-'));
  mkdirSync(folder, { recursive: true });
  try {
    await startUp(folder);
    const bytes = MB * 1e6;
    await compare('a followed build, strace', await straceBuild(join(folder, 'build.strace'), bytes));
    await compare('a followed build, illumos truss', await trussBuild(join(folder, 'build.truss'), bytes));
    await compare('10,000 processes alive at a time', await forest(join(folder, 'forest.strace')));
    await compare('a million short-lived processes', await shortLives(join(folder, 'short.strace')));
    await compare('64 threads interleaving every call', await threaded(join(folder, 'threads.strace')));
    await compare('four lines of 50 MB', await longLines(join(folder, 'long.strace')));
    await compareTwo(folder, bytes / 5);
    await growth(folder, bytes / 8);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function startUp(folder: string): Promise<void> {
  const { path } = await straceBuild(join(folder, 'small.strace'), 85_000);
  const commands = [
    [NODE, '-e', '0'],
    [NODE, BIN, '--version'],
    [NODE, BIN, path],
  ];
  const [node, ...others] = await measure(commands, Math.max(RUNS, 9));
  if (node === undefined) return;
  print('start-up', [
    ['', 'seconds', 'times node -e 0'],
    ['node -e 0', seconds(node), ''],
    ...['forklore --version', 'forklore, 1,000 lines'].map((name, index) => {
      const one = others[index];
      return one === undefined ? [name] : [name, seconds(one), ratio(one, node)];
    }),
  ]);
}

async function compare(title: string, { path, bytes, lines }: BenchLog): Promise<void> {
  const others = [['wc', '-l', path], ...beside(path)];
  const ours = ANALYSES.map((command) => [NODE, BIN, command, path]);
  const names = [...others.map(([program = '']) => program), ...ANALYSES.map((command) => `forklore ${command}`)];
  const runs = await measure([['grep', '-c', 'openat', path], ...others, ...ours], RUNS);
  const [grep] = runs;
  if (grep === undefined) return;
  const rows = ['grep -c openat', ...names].map((name, index) => {
    const one = runs[index];
    if (one === undefined) return [name];
    const rate = [(bytes / 1e6 / one.median).toFixed(0), (lines / 1000 / one.median).toFixed(0)];
    return [name, seconds(one), ...rate, one.peakMb?.toFixed(0) ?? '-', ratio(one, grep)];
  });
  const size = `${(bytes / 1e6).toFixed(0)} MB, ${lines.toLocaleString('en-US')} lines`;
  print(`${title}: ${size}`, [['', 'seconds', 'MB/s', 'klines/s', 'peak MB', 'times grep'], ...rows]);
}

/** Two recordings of one build: process ids and the time of day are others, and rustc crashed in one of them. */
async function compareTwo(folder: string, bytes: number): Promise<void> {
  const a = await straceBuild(join(folder, 'a.strace'), bytes);
  const b = await quietBuild(join(folder, 'b.strace'), bytes);
  const levels = ['files', 'calls'];
  const runs = await measure(
    [
      ['grep', '-c', 'openat', a.path, b.path],
      ...levels.map((level) => [NODE, BIN, 'diff', '--level', level, a.path, b.path]),
    ],
    1,
  );
  const rows = ['grep -c openat', ...levels.map((level) => `forklore diff --level ${level}`)].map((name, index) => {
    const one = runs[index];
    return one === undefined ? [name] : [name, seconds(one), one.peakMb?.toFixed(0) ?? '-'];
  });
  const lines = (a.lines + b.lines).toLocaleString('en-US');
  print(`two recordings of one build: ${lines} lines together`, [['', 'seconds', 'peak MB'], ...rows]);
  for (const { path } of [a, b]) rmSync(path);
}

/** Other tools, where somebody put them on the PATH. */
function beside(path: string): string[][] {
  const tools = (process.env.BENCH_TOOLS ?? '').split(' ').filter((tool) => tool !== '');
  return tools.map((tool) => [tool, path]);
}

async function growth(folder: string, bytes: number): Promise<void> {
  const rows: string[][] = [];
  let first: Runs[] = [];
  for (const factor of [1, 2, 4, 8]) {
    const { path } = await straceBuild(join(folder, `growth-${factor}.strace`), bytes * factor);
    const runs = await measure(
      ANALYSES.map((command) => [NODE, BIN, command, path]),
      1,
    );
    if (factor === 1) first = runs;
    const cells = runs.map((one, index) => {
      const base = first[index];
      return base === undefined ? '' : `${one.median.toFixed(2)} (${(one.median / base.median).toFixed(1)} ×)`;
    });
    rows.push([`${factor} ×`, ...cells]);
    rmSync(path);
  }
  print(`growth from ${(bytes / 1e6).toFixed(0)} MB: seconds`, [['', ...ANALYSES], ...rows]);
}

function seconds({ median, min, max }: Runs): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function ratio(one: Runs, base: Runs): string {
  return (one.median / base.median).toFixed(2);
}

/** A table, its first column to the left and the others to the right. */
function print(title: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  process.stderr.write(`\n${title}\n\n${lines.map((line) => `    ${line.trimEnd()}\n`).join('')}`);
}
