import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CRASH_LOG, forklore, PROGRAM, ROOT, type Run, shell } from './program.ts';

const log = readFileSync(join(ROOT, CRASH_LOG));

/** Starts the program on a pipe that stays open. */
function start(...args: string[]): { child: ChildProcessWithoutNullStreams; run: Promise<Run> } {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const run = new Promise<Run>((resolve) => child.on('close', (status) => resolve({ stdout, stderr, status })));
  return { child, run };
}

const QUIET_MS = 1500;

/** Writes, and waits until the program has taken it all and does nothing any more, however busy the machine is. */
async function feed(child: ChildProcessWithoutNullStreams, text: Buffer): Promise<void> {
  await new Promise<void>((resolve) => child.stdin.write(text, () => resolve()));
  let before = '';
  for (let now = cpuTime(child); now !== before || now === ''; now = cpuTime(child)) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    if (now === '') return;
  }
}

/** What the program has worked so far; '' where the system does not tell. */
function cpuTime({ pid }: ChildProcessWithoutNullStreams): string {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) ? readFileSync(path, 'latin1').split(' ').slice(13, 15).join(' ') : '';
}

describe('a live pipe', () => {
  test.concurrent.each(['SIGINT', 'SIGTERM'] as const)('ended by %s gives the answer so far', async (signal) => {
    const whole = await forklore(['-'], { input: log });
    const { child, run } = start();
    await feed(child, log);
    child.kill(signal);
    expect(await run).toEqual(whole);
    expect(whole.stdout).toContain('SIGSEGV');
  });

  test.concurrent('ended by Ctrl-C keeps the status that was asked for', async () => {
    const { child, run } = start('--exit-code');
    await feed(child, log);
    child.kill('SIGINT');
    expect(await run).toMatchObject({ status: 1 });
  });

  test.concurrent('gives its events while it is open', async () => {
    const { child, run } = start('events');
    let told = '';
    const killed = new Promise<void>((resolve) => {
      child.stdout.on('data', (text: string) => {
        told += text;
        if (told.includes('"kind":"killed"')) resolve();
      });
    });
    child.stdin.write(log);
    await killed;
    expect(told).toMatch(/^\{"format":"forklore\/events"/);
    child.stdin.end();
    expect(await run).toMatchObject({ stderr: '', status: 0 });
  });

  test.skipIf(!existsSync('/usr/bin/script')).concurrent('announces a crash before it ends', async () => {
    const pipeline = `{ cat ${CRASH_LOG}; sleep 6; echo over >/dev/tty; } | "${process.execPath}" bin/forklore.js >/dev/null`;
    const { stdout } = await shell(`script -qec '${pipeline}' /dev/null`, {
      env: { TERM: 'xterm', SHELL: '/bin/bash' },
    });
    expect(stdout).toMatch(/^crash: rustc \(pid 11900\) SIGSEGV, [^\n]*, -:186\r\nover\r\n$/);
  });

  test.concurrent('announces nothing where nobody looks', async () => {
    expect(await forklore([], { input: log })).toMatchObject({ stderr: '', status: 0 });
  });
});
