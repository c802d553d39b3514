import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The project's folder; programs run in it, so that inputs are named as a person would name them. */
export const ROOT = join(import.meta.dirname, '..', '..');
export const PROGRAM = join(ROOT, 'bin', 'forklore.js');
/** A log with one crash. */
export const CRASH_LOG = 'samples/strace/rustc-crash.strace';
/** A log with lines that nothing understood. */
export const NOISY_LOG = 'samples/truss-illumos/stderr-mixed-pids.truss';

requireFreshBuild();

/** Stale output would be tested without anybody noticing. */
function requireFreshBuild(): void {
  for (const source of [...sourcesIn('src'), ...sourcesIn('parsers')]) {
    const built = statSync(join(ROOT, 'dist', source.replace(/\.tsx?$/, '.js')), { throwIfNoEntry: false });
    const changedAt = statSync(join(ROOT, source)).mtimeMs;
    if ((built?.mtimeMs ?? 0) < changedAt && !isLeftOut(source)) {
      throw new Error(`dist/ is older than ${source}: run \`npm run build\` (or \`npm test\`, which does)`);
    }
  }
}

/** Types alone, and what compiled code is made of, have nothing built beside them. */
function isLeftOut(source: string): boolean {
  return source.endsWith('.d.ts') || source.includes('/assembly/');
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  /** Null where a signal ended it. */
  readonly status: number | null;
}

export interface RunOptions {
  /** Standard input; none is an empty one. */
  readonly input?: string | Buffer;
  /** The project's folder unless given. */
  readonly cwd?: string;
  /** Besides a PATH and NO_COLOR. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program to its end. */
export function forklore(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return finished(process.execPath, [PROGRAM, ...args], options);
}

/** Runs a shell command, in which `forklore` is the program. */
export function shell(command: string, options: RunOptions = {}): Promise<Run> {
  const script = `forklore() { "${process.execPath}" "${PROGRAM}" "$@"; }\n${command}`;
  return finished('sh', ['-c', script], options);
}

function finished(file: string, args: readonly string[], { input, cwd = ROOT, env }: RunOptions): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: { PATH: process.env.PATH, NO_COLOR: '1', ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ stdout, stderr, status }));
    // It may end without having read its input.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}
