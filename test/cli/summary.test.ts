import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CRASH_LOG, forklore, shell } from './program.ts';

const TIMED_LOG = 'samples/strace/opt-tt-T.strace';

describe('summary', () => {
  test.concurrent('prints a table, the processes, slow calls and waits, with their lines', async () => {
    const { stdout, status } = await forklore(['summary', TIMED_LOG]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^% time +total +mean +p50 +p95 +max +calls +errors +syscall$/m);
    expect(stdout).toMatch(/^ *49\.38 +50\.1 ms( +50\.1 ms){4} +1 +1 +pause$/m);
    expect(stdout).toMatch(/^ *100\.00 .* 16 +1 +total$/m);
    expect(stdout).toMatch(/^ +73 µs +crashes \(pid 11686\) +kill\(11688, SIGTERM\) = 0 +:19$/m);
  });

  test.skipIf(!existsSync('/usr/bin/script')).concurrent('fits a terminal of 80 columns', async () => {
    const program = `"${process.execPath}" bin/forklore.js summary --color=never ${TIMED_LOG} 2>/dev/null`;
    const { stdout } = await shell(`script -qec 'stty cols 80; ${program}' /dev/null`, { env: { SHELL: '/bin/sh' } });
    expect(stdout).toContain('total');
    expect(stdout.split(/\r?\n/).filter((line) => line.length > 80)).toEqual([]);
  });

  test.concurrent('sorts by what is asked for', async () => {
    const names = async (key: string) => {
      const { stdout } = await forklore(['summary', '--json', '--sort', key, TIMED_LOG]);
      return JSON.parse(stdout).calls.map((call: { name: string }) => call.name);
    };
    expect((await names('name')).slice(0, 3)).toEqual(['clock_nanosleep', 'clone', 'close']);
    expect((await names('calls'))[0]).toBe('openat');
    expect((await names('errors'))[0]).toBe('pause');
    expect((await names('time')).slice(0, 2)).toEqual(['pause', 'clock_nanosleep']);
  });

  test.concurrent('of one process holds its calls alone', async () => {
    const { stdout } = await forklore(['summary', '--json', '--process', 'rustc', CRASH_LOG]);
    const { processes, total } = JSON.parse(stdout);
    expect(processes).toHaveLength(1);
    expect(processes[0]).toMatchObject({ pid: 11900, total: { calls: total.calls } });
    expect((await forklore(['summary', '--process', 'nobody', CRASH_LOG])).stdout).toBe(
      'no call of nobody in 198 lines\n',
    );
  });

  test.concurrent('lists as many as --top says', async () => {
    const { stdout } = await forklore(['summary', '--top', '1', TIMED_LOG]);
    expect(stdout).toContain('… and 2 processes more');
    expect(JSON.parse((await forklore(['summary', '--json', '--top', '0', TIMED_LOG])).stdout).slowest).toEqual([]);
  });

  test.concurrent('refuses options that make no sense', async () => {
    for (const [args, sentence] of [
      [['--sort', 'size'], '--sort must be time, calls, errors or name, not "size"'],
      [['--top', '-1'], '--top must be a whole number'],
      [['--process', ''], '--process must not be empty'],
    ] as const) {
      const { status, stderr } = await forklore(['summary', ...args, TIMED_LOG]);
      expect(status).toBe(2);
      expect(stderr).toContain(sentence);
    }
    expect((await forklore(['tree', '--top', '3', TIMED_LOG])).stderr).toContain('tree has no option --top');
  });
});
