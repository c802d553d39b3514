import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'vitest';
import { type BenchLog, forest, longLines, quietBuild, shortLives, straceBuild, threaded, trussBuild } from './logs.ts';
import { type Command, median, type Run, runInTurn } from './measure.ts';
import { Report, type Row } from './report.ts';

// `npm run bench` measures the built program beside grep and wc on the same logs, in turn. Nothing is asserted: times are
// the machine's. BENCH_MB: size of the builds' logs, and the others in proportion; BENCH_RUNS: how often everything runs;
// BENCH_FOLDER: where the logs are made and left; BENCH_REPORT: the document to put the tables into.

const MB = Number(process.env.BENCH_MB ?? 500);
const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const { BENCH_FOLDER, BENCH_REPORT } = process.env;
const START_UP_RUNS = 15;
/** What `build.strace` has 1,000 lines in. */
const SMALL_BYTES = 88_000;
const GROWTH = [1, 2, 4, 8];

const NODE = process.execPath;
const BIN = join(import.meta.dirname, '../../bin/forklore.js');
const ANALYSES = ['blame', 'tree', 'summary', 'files', 'events'];
/** Other readers of such logs, measured where they are installed. */
const OTHERS: Readonly<Record<string, Command>> = {
  'strace-process-tree': [],
  lnav: ['-n'],
};

/** A program to be measured, by the name of its row. */
interface Entry {
  readonly name: string;
  readonly command: Command;
}

test('bench', { timeout: 0 }, async () => {
  const folder = BENCH_FOLDER ?? mkdtempSync(join(tmpdir(), 'forklore-bench-'));
  mkdirSync(folder, { recursive: true });
  try {
    const bench = new Bench(folder);
    const inFolder = (name: string) => join(folder, name);
    const bytes = MB * 1e6;
    await bench.startUp();
    const build = await straceBuild(inFolder('build.strace'), bytes);
    await bench.compare('A followed build, strace', build, [piped(build.path)]);
    await bench.compare('A followed build, illumos truss', await trussBuild(inFolder('build.truss'), bytes));
    // At full size: 10,000 alive of 100,000, a million short lives, a million lines of 64 threads, lines of 50 MB.
    const forestLog = await forest(inFolder('forest.strace'), 200 * MB, 20 * MB);
    await bench.compare(`${(20 * MB).toLocaleString('en-US')} processes alive at a time`, forestLog);
    const short = await shortLives(inFolder('short.strace'), 2_000 * MB);
    await bench.compare(`${(2_000 * MB).toLocaleString('en-US')} short-lived processes`, short);
    const threads = await threaded(inFolder('threads.strace'), 16 * MB);
    await bench.compare('64 threads that interrupt each other', threads);
    await bench.compare(`Four lines of ${MB / 10} MB`, await longLines(inFolder('long.strace'), 100_000 * MB));
    await bench.compareTwo(bytes / 5);
    await bench.growth(bytes);
    if (BENCH_REPORT !== undefined) bench.report.writeTo(BENCH_REPORT);
  } finally {
    if (BENCH_FOLDER === undefined) rmSync(folder, { recursive: true, force: true });
  }
});

class Bench {
  readonly #folder: string;
  readonly #output: string;
  readonly report = new Report();

  constructor(folder: string) {
    this.#folder = folder;
    this.#output = join(folder, 'output');
  }

  async startUp(): Promise<void> {
    const { path } = await straceBuild(join(this.#folder, 'small.strace'), SMALL_BYTES);
    const entries = [
      { name: 'node -e 0', command: [NODE, '-e', '0'] },
      { name: 'forklore --version', command: [NODE, BIN, '--version'] },
      { name: 'forklore blame, 1,000 lines', command: [NODE, BIN, 'blame', path] },
    ];
    const all = await this.#run(entries, Math.max(RUNS, START_UP_RUNS));
    const [node = []] = all;
    const rows = all.map((runs, index) => [entries[index]?.name ?? '', seconds(runs), ratio(runs, node)]);
    this.report.add('Start-up', [['', 'seconds', '× node -e 0'], ...rows]);
  }

  async compare(title: string, log: BenchLog, further: readonly Entry[] = []): Promise<void> {
    const { path, bytes, lines } = log;
    const grep = { name: 'grep -c openat', command: ['grep', '-c', 'openat', path] };
    const entries = [grep, { name: 'wc -l', command: ['wc', '-l', path] }, ...others(path), ...ours(path), ...further];
    const all = await this.#run(entries, RUNS);
    const [beside = []] = all;
    const rows = all.map((runs, index) => {
      const middle = median(runs.map((run) => run.seconds));
      const rates = [bytes / 1e6 / middle, lines / 1000 / middle].map((rate) => rate.toFixed(0));
      return [entries[index]?.name ?? '', seconds(runs), user(runs), ...rates, peak(runs), ratio(runs, beside)];
    });
    const size = `${(bytes / 1e6).toFixed(0)} MB, ${lines.toLocaleString('en-US')} lines`;
    const head = ['', 'seconds', 'user', 'MB/s', 'klines/s', 'peak MB', '× grep'];
    this.report.add(`${title}: ${size}`, [head, ...rows]);
  }

  /** Two recordings of one build: process ids and times are others, and the compiler crashed in one of them. */
  async compareTwo(bytes: number): Promise<void> {
    const [a, b] = [join(this.#folder, 'a.strace'), join(this.#folder, 'b.strace')];
    const lines = (await straceBuild(a, bytes)).lines + (await quietBuild(b, bytes)).lines;
    const diff = (level: string): Entry => ({
      name: `forklore diff --level ${level}`,
      command: [NODE, BIN, 'diff', '--level', level, a, b],
    });
    const entries = [{ name: 'grep -c openat', command: ['grep', '-c', 'openat', a, b] }, diff('files'), diff('calls')];
    const all = await this.#run(entries, 1);
    const rows = all.map((runs, index) => [entries[index]?.name ?? '', seconds(runs), user(runs), peak(runs)]);
    const title = `Two recordings of one build: ${lines.toLocaleString('en-US')} lines together`;
    this.report.add(title, [['', 'seconds', 'user', 'peak MB'], ...rows]);
  }

  /** How times and memory grow from an eighth of the log to the whole. */
  async growth(bytes: number): Promise<void> {
    const rows: Row[] = [];
    let first: readonly Run[][] = [];
    for (const factor of GROWTH) {
      const { path } = await straceBuild(join(this.#folder, 'growth.strace'), (bytes * factor) / Math.max(...GROWTH));
      const all = await this.#run(ours(path), RUNS);
      if (factor === 1) first = all;
      rows.push([`${factor} ×`, ...all.map((runs, index) => growthCell(runs, first[index] ?? []))]);
    }
    const title = `Growth, from ${(bytes / Math.max(...GROWTH) / 1e6).toFixed(0)} MB: seconds, times the first, peak MB`;
    this.report.add(title, [['', ...ANALYSES], ...rows]);
  }

  #run(entries: readonly Entry[], rounds: number): Promise<Run[][]> {
    const commands = entries.map(({ command }) => command);
    return runInTurn(commands, rounds, this.#output);
  }
}

function ours(path: string): Entry[] {
  return ANALYSES.map((analysis) => ({ name: `forklore ${analysis}`, command: [NODE, BIN, analysis, path] }));
}

function piped(path: string): Entry {
  return { name: 'cat, forklore blame', command: ['sh', '-c', 'cat "$1" | "$2" "$3"', 'sh', path, NODE, BIN] };
}

function others(path: string): Entry[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return Object.entries(OTHERS)
    .filter(([name]) => folders.some((folder) => existsSync(join(folder, name))))
    .map(([name, options]) => ({ name, command: [name, ...options, path] }));
}

function seconds(runs: readonly Run[]): string {
  return spread(runs.map((run) => run.seconds));
}

function user(runs: readonly Run[]): string {
  return orDash(median(runs.flatMap((run) => run.userSeconds ?? [])), 2);
}

function peak(runs: readonly Run[]): string {
  return orDash(Math.max(...runs.map((run) => run.peakMb ?? Number.NaN)), 0);
}

function orDash(number: number, decimals: number): string {
  return Number.isNaN(number) ? '–' : number.toFixed(decimals);
}

/** '1.20 (2.0 ×) 96': seconds, how many times those of the first, and megabytes. */
function growthCell(runs: readonly Run[], first: readonly Run[]): string {
  const [own, base] = [runs, first].map((some) => median(some.map((run) => run.seconds)));
  const times = (own ?? Number.NaN) / (base ?? Number.NaN);
  return `${own?.toFixed(2)} (${times.toFixed(1)} ×) ${peak(runs)}`;
}

function ratio(runs: readonly Run[], beside: readonly Run[]): string {
  return spread(runs.map((run, round) => run.seconds / (beside[round]?.seconds ?? Number.NaN)));
}

/** '0.31 (0.30–0.35)'. */
function spread(numbers: readonly number[]): string {
  return `${median(numbers).toFixed(2)} (${Math.min(...numbers).toFixed(2)}–${Math.max(...numbers).toFixed(2)})`;
}
