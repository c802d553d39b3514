import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One run of a program. */
export interface Run {
  readonly seconds: number;
  /** Largest resident set; null where the system does not tell. */
  readonly peakMb: number | null;
}

/** Several runs of a program. */
export interface Runs {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly peakMb: number | null;
}

const POLL_MS = 5;

/** Runs a program with its output thrown away. Throws where it fails. */
export function run(command: readonly string[]): Promise<Run> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    let peakKb: number | null = null;
    const look = setInterval(() => {
      peakKb = peakOf(child.pid) ?? peakKb;
    }, POLL_MS);
    child.on('error', reject);
    child.on('exit', (status) => {
      clearInterval(look);
      const seconds = (performance.now() - started) / 1000;
      // grep -c says 1 where it counts nothing.
      if (status !== 0 && status !== 1) reject(new Error(`${command.join(' ')}: status ${status}`));
      else resolve({ seconds, peakMb: peakKb === null ? null : peakKb / 1024 });
    });
  });
}

function peakOf(pid: number | undefined): number | null {
  try {
    const digits = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return digits === undefined ? null : Number(digits);
  } catch {
    return null;
  }
}

/** Runs several programs in turn, so that what else the machine does falls on all alike. */
export async function measure(commands: readonly (readonly string[])[], times: number): Promise<Runs[]> {
  const runs: Run[][] = commands.map(() => []);
  for (let time = 0; time < times; time++) {
    for (const [index, command] of commands.entries()) runs[index]?.push(await run(command));
  }
  return runs.map(summarise);
}

function summarise(runs: readonly Run[]): Runs {
  const seconds = runs.map((one) => one.seconds).sort((a, b) => a - b);
  const peaks = runs.flatMap(({ peakMb }) => peakMb ?? []);
  return {
    median: seconds[seconds.length >> 1] ?? Number.NaN,
    min: seconds[0] ?? Number.NaN,
    max: seconds.at(-1) ?? Number.NaN,
    peakMb: peaks.length === 0 ? null : Math.max(...peaks),
  };
}
