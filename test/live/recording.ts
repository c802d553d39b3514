import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blameNeeds } from '../../src/analyze/blame.ts';
import type { BlameResult } from '../../src/analyze/blame-result.ts';
import { Tree, type TreeResult } from '../../src/analyze/tree.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { readTrace } from '../../src/read/read-trace.ts';

/** What a program told of one of its tasks while it was recorded. */
export interface Truth {
  readonly role: string;
  readonly pid: number;
  readonly parentPid: number;
  readonly tid: number;
  /** Absolute path of the file it worked on, as latin1 bytes. */
  readonly path: string;
}

export type Target = 'file' | 'stderr' | 'set';

/** A log strace wrote, and what really happened. */
export interface Recording {
  /** What to give `readTrace`. */
  readonly input: string;
  readonly truths: readonly Truth[];
  /** The program's exit status; null where a signal ended it. */
  readonly status: number | null;
}

/** Why nothing can be recorded on this machine, or null. */
export function missing(): string | null {
  if (spawnSync('gcc', ['--version']).status !== 0) return 'gcc is not installed';
  const { status, error } = spawnSync('strace', ['-o', '/dev/null', 'true']);
  if (error !== undefined) return 'strace is not installed';
  return status === 0 ? null : 'strace may not trace on this machine';
}

/** A folder with the compiled programs and two files to work on. */
export class Studio {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'forklore-live-')));
  #recorded = 0;

  constructor() {
    mkdirSync(this.path('work'));
    for (const name of ['a.c', 'b.c']) writeFileSync(this.path(name), 'int main;\n');
    for (const program of ['deaths', 'places']) {
      const source = join(import.meta.dirname, `${program}.c`);
      const compiled = spawnSync('gcc', ['-O1', '-w', '-pthread', '-o', this.path(program), source]);
      if (compiled.status !== 0) throw new Error(`gcc could not compile ${program}.c: ${compiled.stderr}`);
    }
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  record(options: readonly string[], target: Target, command: readonly string[]): Recording {
    const input = this.path(`log${++this.#recorded}`);
    const output = target === 'stderr' ? [] : ['-o', input];
    const run = spawnSync('strace', [...options, ...output, ...command], {
      cwd: this.path('work'),
      env: { PATH: process.env.PATH, LANG: 'C' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
      timeout: 10_000,
    });
    if (target === 'stderr') writeFileSync(input, run.stderr);
    return { input, truths: readTruths(String(run.output[3])), status: run.status };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function readTruths(told: string): Truth[] {
  return told
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [role = '', pid, parentPid, tid, path = ''] = line.split(' ');
      return {
        role,
        pid: Number(pid),
        parentPid: Number(parentPid),
        tid: Number(tid),
        path: Buffer.from(path, 'hex').toString('latin1'),
      };
    });
}

export interface Story {
  readonly tree: TreeResult;
  readonly blame: BlameResult;
}

/** Reads the log: all of it, or with `filtered` only the lines blame needs. */
export async function tell(input: string, filtered: boolean): Promise<Story> {
  const tree = new Tree({ dialect: 'strace', inputs: [input], joined: true });
  const needs = { call: (name: string) => blameNeeds(name, 'linux'), watched: tree.watched, keeping: tree.keeping };
  const sink = { start() {}, event: (event: TraceEvent) => tree.add(event), diagnostic() {} };
  await readTrace([input], { from: 'strace', needs: filtered ? needs : null }, sink);
  const result = tree.finish();
  return { tree: result, blame: result.blame };
}
