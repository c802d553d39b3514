import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';

/** A program with its arguments. */
export type Command = readonly string[];

/** One run of a program. */
export interface Run {
  readonly seconds: number;
  /** Processor time outside the kernel, of all threads; null where there is no GNU time to tell. */
  readonly userSeconds: number | null;
  /** Largest resident set; null as above. */
  readonly peakMb: number | null;
}

const GNU_TIME = '/usr/bin/time';
const HAS_GNU_TIME = existsSync(GNU_TIME);
/** User seconds, and kilobytes of the largest resident set. */
const TIME_FORMAT = '%U %M';

/** Runs a program with its output written to `outputPath`. Throws where it fails. */
export async function run(command: Command, outputPath: string): Promise<Run> {
  const timePath = `${outputPath}.time`;
  const timing = HAS_GNU_TIME ? [GNU_TIME, '-q', '-f', TIME_FORMAT, '-o', timePath] : [];
  const [program = '', ...args] = [...timing, ...command];
  const output = await open(outputPath, 'w');
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', output.fd, 'ignore'] });
  const [status] = await once(child, 'exit').finally(() => output.close());
  const seconds = (performance.now() - started) / 1000;
  // grep -c says 1 where it counts nothing.
  if (status !== 0 && status !== 1) throw new Error(`${command.join(' ')}: status ${status}`);
  if (!HAS_GNU_TIME) return { seconds, userSeconds: null, peakMb: null };
  const [userSeconds = Number.NaN, peakKb = Number.NaN] = (await readFile(timePath, 'latin1'))
    .trim()
    .split(' ')
    .map(Number);
  return { seconds, userSeconds, peakMb: peakKb / 1024 };
}

/** Runs several programs in turn, so that what else the machine does falls on all alike; all runs of each. */
export async function runInTurn(commands: readonly Command[], rounds: number, outputPath: string): Promise<Run[][]> {
  const runs: Run[][] = commands.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of commands.entries()) runs[index]?.push(await run(command, outputPath));
  }
  return runs;
}

/** The middle one of several numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
