import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { diffSchema } from '../../src/cli/schemas/diff.ts';
import { CRASH_LOG, forklore, ROOT, shell } from './program.ts';

const DIES = 'samples/strace/rustc-stack.strace';
const WORKS = 'samples/truss-illumos/rustc-works.truss';

const folder = mkdtempSync(join(tmpdir(), 'forklore-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A log of one process that does these calls; three lines that stand in every log first. */
function log(...calls: readonly string[]): string {
  const lines = ['execve("/bin/cat", ["cat"], 0x7ffc /* 9 vars */) = 0', ...calls, 'exit_group(0) = ?'];
  return `${lines.map((call) => `10 ${call}\n`).join('')}10 +++ exited with 0 +++\n`;
}

const open = (path: string, result = '3'): string => `openat(AT_FDCWD, "${path}", O_RDONLY) = ${result}`;

describe('diff', () => {
  test.concurrent('ends with 0 where two runs are alike, 1 where they are not, 2 where one cannot be read', async () => {
    expect(await forklore(['diff', DIES, DIES])).toMatchObject({
      status: 0,
      stderr: expect.not.stringContaining('error'),
    });
    expect(await forklore(['diff', DIES, WORKS])).toMatchObject({ status: 1 });
    expect(await forklore(['diff', DIES, 'no-such-file'])).toMatchObject({ status: 2, stdout: '' });
  });

  test.concurrent('quotes the lines of both logs, also of one that comes from standard input', async () => {
    const partings = (stdout: string) => diffSchema.parse(JSON.parse(stdout)).partings;
    const files = partings((await forklore(['diff', '--json', DIES, WORKS])).stdout);
    const [a, b] = [DIES, WORKS].map((log) => readFileSync(join(ROOT, log), 'latin1').split('\n'));
    expect(a).toContain(files[0]?.lastFile?.a.text);
    expect(b).toContain(files[0]?.lastFile?.b.text);
    const piped = await shell(`forklore diff --json ${DIES} - < ${WORKS}`);
    expect(piped.status).toBe(1);
    expect(partings(piped.stdout)).toEqual(files);
  });

  test.concurrent('takes a log, the same packed, and its events for alike', async () => {
    const text = readFileSync(join(ROOT, DIES));
    const packed = written('packed.gz', gzipSync(text));
    const { stdout: events } = await forklore(['events', DIES]);
    const ndjson = written('rustc.ndjson', events);
    expect(await forklore(['diff', DIES, packed])).toMatchObject({ status: 0 });
    expect(await forklore(['diff', ndjson, packed])).toMatchObject({ status: 0 });
    const changed = written('changed.ndjson', events.replaceAll('opcode_costs.rs', 'other_costs.rs'));
    const { stdout, status } = await forklore(['diff', changed, packed]);
    expect(status).toBe(1);
    expect(stdout).toContain('other_costs.rs');
  });

  test.concurrent('finds a planted difference at the level it is of', async () => {
    const a = written('a.strace', log(open('/etc/motd'), 'read(3, "x", 100) = 1', 'close(3) = 0'));
    const b = written('b.strace', log(open('/etc/motd'), 'read(3, 0x1, 100) = -1 EIO (I/O error)', 'close(3) = 0'));
    expect(await forklore(['diff', a, b])).toMatchObject({ status: 0 });
    const calls = await forklore(['diff', '--level', 'calls', a, b]);
    expect(calls).toMatchObject({ status: 1 });
    expect(calls.stdout).toMatch(/^~ read \/etc\/motd {2}ok → EIO/m);
  });

  test.concurrent('takes a path of one run for that of the other, by an option or a file', async () => {
    const a = written('map-a.strace', log(open('/home/a/proj/x.c')));
    const b = written('map-b.strace', log(open('/export/b/proj/x.c')));
    const config = written('diff.json', '{"maps":{"/home/a/proj":"/export/b/proj"}}');
    expect(await forklore(['diff', a, b, '--map', '/home/a/proj=/export/b/proj'])).toMatchObject({ status: 0 });
    expect(await forklore(['diff', a, b, '--config', config])).toMatchObject({ status: 0 });
    const wrong = await forklore(['diff', a, b, '--config', written('wrong.json', '{"maps":1}')]);
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toContain('wrong.json');
  });

  test.concurrent('tells only of the processes that were asked for', async () => {
    const { stdout } = await forklore(['diff', '--json', '--program', 'rustc', DIES, WORKS]);
    const { pairs } = diffSchema.parse(JSON.parse(stdout));
    expect(pairs.length).toBeGreaterThan(0);
    for (const { a } of pairs) expect(a.program).toMatch(/rustc$/);
    const none = await forklore(['diff', '--pid', '99', DIES, WORKS]);
    expect(none).toMatchObject({ status: 2, stdout: '' });
    expect(none.stderr).toContain('has such a process');
  });

  test.concurrent('lists what is done to paths', async () => {
    const { stdout, status } = await forklore(['diff', '--rules']);
    expect(status).toBe(0);
    expect(stdout).toContain(' → ');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test.concurrent('says of which log a line was not understood, and refuses it where it is told to', async () => {
    const odd = written('odd.strace', `${log(open('/etc/motd'))}what is this?\n`);
    const { stderr, status } = await forklore(['diff', '--strict', CRASH_LOG, odd]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^B: warning: /m);
  });
});
