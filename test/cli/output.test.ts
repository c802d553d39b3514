import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { progressText } from '../../src/cli/progress.ts';
import { CRASH_LOG, forklore, NOISY_LOG, shell } from './program.ts';

const PAINT = '\x1b[';

describe('exit status', () => {
  test.concurrent('is 1 for crashes only where it was asked for', async () => {
    expect(await forklore([CRASH_LOG])).toMatchObject({ status: 0 });
    expect(await forklore(['--exit-code', CRASH_LOG])).toMatchObject({ status: 1 });
    expect(await forklore(['--exit-code', '--json', CRASH_LOG])).toMatchObject({ status: 1 });
    expect(await forklore(['--exit-code', 'samples/strace/pipeline.strace'])).toMatchObject({ status: 0 });
  });

  test.concurrent('is 2 for lines not understood only where --strict asks, with the same answer', async () => {
    for (const command of ['blame', 'tree', 'events']) {
      const lenient = await forklore([command, NOISY_LOG]);
      const strict = await forklore([command, '--strict', NOISY_LOG]);
      expect(lenient.status).toBe(0);
      expect(strict.status).toBe(2);
      expect(strict.stdout).toBe(lenient.stdout);
      expect(strict.stderr).toBe(`${lenient.stderr}forklore: 4 lines were not understood, which --strict refuses\n`);
    }
    expect(await forklore(['--strict', CRASH_LOG])).toMatchObject({ stderr: '', status: 0 });
  });

  test.concurrent('--strict outweighs --exit-code', async () => {
    const log = await shell(`{ cat ${CRASH_LOG}; echo '11900 ???'; } | forklore --strict --exit-code`);
    expect(log).toMatchObject({ status: 2 });
  });
});

describe('standard error', () => {
  test.concurrent('tells of lines not understood, with the first of them', async () => {
    const { stderr } = await forklore([NOISY_LOG]);
    expect(stderr).toMatch(
      /^warning: 4 lines were not understood \(samples\/truss-illumos\/stderr-mixed-pids\.truss:\d+/m,
    );
  });

  test.concurrent.each([
    ['strace/opt-no-f.strace', 'add -f to follow children'],
    ['strace/opt-openat.strace', 'add process to -e trace='],
    ['strace/ff-untimed.d', 'add -ttt beside -ff'],
    ['strace/crashes-stderr.strace', 'add -o FILE'],
    ['dtruss/mixed-output.dtruss', '2>FILE'],
    ['dtruss/pasted.dtruss', 'attach the log as a file'],
    ['strace/composed-7.0-colour.strace', 'add -o FILE and send the file'],
    ['truss-illumos/cut.truss', 'record until the program ends'],
  ])('tells of %s how to record a better log, once and last', async (name, advice) => {
    const { stderr } = await forklore([`samples/${name}`]);
    const lines = stderr.trimEnd().split('\n');
    const told = lines.filter((line) => line.startsWith('next time: '));
    expect(told.filter((line) => line.includes(advice))).toHaveLength(1);
    expect(lines.slice(-told.length)).toEqual(told);
  });

  test.concurrent('does not advise following children where they were followed', async () => {
    const { stderr } = await forklore(['tree', 'samples/truss-freebsd/out-of-step.truss']);
    expect(stderr).toBe('note: the log shows nothing of 1 child process, although it follows children\n');
  });

  test.concurrent('says nothing of a log that lacks nothing', async () => {
    for (const name of ['strace/crashes.strace', 'strace/ff.d', 'truss-illumos/follow-fork.truss']) {
      expect(await forklore([`samples/${name}`])).toMatchObject({ stderr: '' });
    }
  });

  test.concurrent('is silent beside JSON', async () => {
    expect(await forklore(['--json', NOISY_LOG])).toMatchObject({ stderr: '', status: 0 });
  });
});

describe('colour', () => {
  test.concurrent('is for terminals, unless it is asked for', async () => {
    const plain = await forklore([CRASH_LOG]);
    expect(plain.stdout).not.toContain(PAINT);
    expect((await forklore(['--color=always', CRASH_LOG])).stdout).toContain(PAINT);
    expect((await forklore(['tree', '--color=always', CRASH_LOG])).stdout).toContain(PAINT);
    expect((await forklore([CRASH_LOG], { env: { NO_COLOR: '' } })).stdout).toBe(plain.stdout);
  });

  test.skipIf(!existsSync('/usr/bin/script')).concurrent('on a terminal obeys NO_COLOR, TERM and --color', async () => {
    const onTerminal = async (options: string, env: Record<string, string>) => {
      const program = `"${process.execPath}" bin/forklore.js ${options} ${CRASH_LOG}`;
      const { stdout } = await shell(`script -qec '${program}' /dev/null`, {
        env: { TERM: 'xterm', SHELL: '/bin/sh', ...env },
      });
      return stdout.includes(PAINT);
    };
    expect(await onTerminal('', { NO_COLOR: '' })).toBe(true);
    expect(await onTerminal('--color never', { NO_COLOR: '' })).toBe(false);
    expect(await onTerminal('', { NO_COLOR: '1' })).toBe(false);
    expect(await onTerminal('--color always', { NO_COLOR: '1' })).toBe(true);
    expect(await onTerminal('', { NO_COLOR: '', TERM: 'dumb' })).toBe(false);
  });
});

describe('an output that is closed', () => {
  test.concurrent('ends the run at once and quietly', async () => {
    // Endless: only the closed pipe can end it.
    const log = `while :; do cat ${CRASH_LOG} 2>/dev/null || break; done`;
    const { stdout, stderr, status } = await shell(
      `{ ${log}; } | { forklore events; echo "status $?" >&2; } | head -n 1`,
    );
    expect(stdout).toMatch(/^\{"format":"forklore\/events"/);
    expect({ stderr, status }).toEqual({ stderr: 'status 0\n', status: 0 });
  });

  test.concurrent('is no trouble for an answer either', async () => {
    for (const args of [CRASH_LOG, `tree ${CRASH_LOG}`, `--json ${CRASH_LOG}`, 'schema blame', '--help', '--version']) {
      const { stderr } = await shell(`{ sleep 0.1; forklore ${args}; echo "status $?" >&2; } | true`);
      expect(stderr).toBe('status 0\n');
    }
  });

  test.skipIf(!existsSync('/dev/full')).concurrent('is told from one that is full', async () => {
    for (const args of [CRASH_LOG, `events ${CRASH_LOG}`, '--version']) {
      const run = await shell(`forklore ${args} > /dev/full`);
      expect(run).toEqual({
        stdout: '',
        stderr: 'forklore: standard output: no space left on the device\n',
        status: 2,
      });
    }
  });
});

describe('a slow reader', () => {
  test.concurrent('gets every event', async () => {
    const logs = `for i in 1 2 3 4 5 6 7 8 9 10; do cat ${CRASH_LOG}; done`;
    const counted = await shell(`{ ${logs}; } | forklore events | { sleep 0.5; wc -l; }`);
    expect(Number(counted.stdout)).toBeGreaterThan(1900);
  });
});

describe('progress', () => {
  test('tells bytes, rate and time left', () => {
    expect(progressText({ bytesRead: 412e6, bytesTotal: 1204e6, lines: 4_000_000 }, null, 2000)).toBe(
      '412 MB of 1,204 MB, 2,000,000 lines/s, 3.84 s left',
    );
  });

  test('tells the processes and crashes seen so far', () => {
    const progress = { bytesRead: 9e6, bytesTotal: null, lines: 500 };
    const text = '9 MB, 500 lines/s, ';
    expect(progressText(progress, { processes: 1733, crashes: 1 }, 1000)).toBe(`${text}1,733 processes, 1 crash`);
    expect(progressText(progress, { processes: 1, crashes: 0 }, 1000)).toBe(`${text}1 process, 0 crashes`);
    expect(progressText(progress, { processes: 2, crashes: null }, 1000)).toBe(`${text}2 processes`);
  });

  test('tells no more than is known', () => {
    expect(progressText({ bytesRead: 3e6, bytesTotal: null, lines: 500 }, null, 1000)).toBe('3 MB, 500 lines/s');
    expect(progressText({ bytesRead: 0, bytesTotal: 5e6, lines: 0 }, null, 1000)).toBe('0 MB of 5 MB, 0 lines/s');
  });
});
