import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { CRASH_LOG, forklore, NOISY_LOG, ROOT, type Run, shell } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'forklore-inputs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('trouble with an input', () => {
  const empty = file('empty.log', '');
  const binary = file('binary.log', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2, 3, 10, 0, 0]));
  const prose = file('prose.log', 'It was a dark and stormy night;\nthe rain fell in torrents.\n');

  test.concurrent.each([
    [['no-such.log'], /^forklore: no-such\.log: no such file\n$/],
    [['src/cli'], /^forklore: src\/cli: no strace -ff files \(NAME\.PID\) in this directory\n$/],
    [[empty], /^forklore: .*empty\.log: nothing in it\n$/],
    [[], /^forklore: standard input: nothing in it\n$/],
    [[binary], /^forklore: .*binary\.log: is a binary file, not the text of a tracer\n$/],
    [
      [prose],
      /^forklore: .*prose\.log: no tracer's text was recognised in the first 2 lines; choose a format with --from\n$/,
    ],
    [[CRASH_LOG, NOISY_LOG], /^forklore: .* holds truss-illumos, but .* holds strace: read them one at a time\n$/],
  ])('%j is one sentence and status 2', async (args, sentence) => {
    for (const command of ['blame', 'tree', 'events']) {
      const { stdout, stderr, status } = await forklore([command, ...args]);
      expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
      expect(stderr).toMatch(sentence);
    }
  });

  test.concurrent('cannot write to the terminal through its name', async () => {
    const { stderr } = await forklore(['\x1b[31mred\n']);
    expect(stderr).toBe('forklore: \\e[31mred\\n: no such file\n');
  });
});

describe('the same log', () => {
  // Names as long as that of standard input: they move what stands at the right edge.
  const log = readFileSync(join(ROOT, CRASH_LOG));
  file('L', log);
  file('Z', gzipSync(log));

  test.concurrent.each(['blame', 'tree'])('gives the same %s however it comes', async (command) => {
    const options = { cwd: folder };
    const plain = await forklore([command, 'L'], options);
    expect(plain).toMatchObject({ stderr: '', status: 0 });
    expect(plain.stdout).toContain('SIGSEGV');
    expect(await shell(`forklore events L | forklore ${command}`, options)).toEqual(plain);
    for (const other of [`cat L | forklore ${command}`, `forklore ${command} - < L`, `forklore ${command} Z`]) {
      expect(nameless(await shell(other, options))).toEqual(nameless(plain));
    }
  });

  test.concurrent('gives the same JSON from its events', async () => {
    for (const log of [CRASH_LOG, NOISY_LOG]) {
      const plain = await forklore(['--json', log]);
      expect(await shell(`forklore events ${log} | forklore --json`)).toEqual(plain);
    }
  });

  test.concurrent('gives the same events from its events', async () => {
    const once = await forklore(['events', CRASH_LOG]);
    expect(await shell(`forklore events ${CRASH_LOG} | forklore events`)).toEqual(once);
  });
});

function nameless(run: Run): Run {
  return { ...run, stdout: run.stdout.replace(/ [LZ-]:(\d+)$/gm, ' NAME:$1') };
}

describe('several inputs', () => {
  test.concurrent('are named beside every line', async () => {
    const logs = [CRASH_LOG, 'samples/strace/crashes.strace'];
    const { stdout, status } = await forklore(['--json', ...logs]);
    expect(status).toBe(0);
    const { trace, crashes } = JSON.parse(stdout);
    expect(trace.inputs).toEqual(logs);
    expect(new Set(crashes.map((crash: { fault: { input: string } }) => crash.fault.input))).toEqual(new Set(logs));
  });

  test.concurrent('one alone is not named', async () => {
    const { stdout } = await forklore(['--json', CRASH_LOG]);
    expect(stdout).not.toContain('"input":');
  });

  test.concurrent('of one strace -ff set are one trace', async () => {
    const whole = await forklore(['tree', 'samples/strace/ff.d']);
    expect(whole).toMatchObject({ status: 0 });
    expect(await forklore(['tree', 'samples/strace/ff.d/trace'])).toEqual(whole);
    const listed = await shell('forklore tree samples/strace/ff.d/trace.*');
    expect(listed).toEqual(whole);
  });
});
