import { describe, expect, test } from 'vitest';
import { strace } from '../../parsers/strace.ts';
import { Summary, type SummaryOptions, type SummaryResult } from '../../src/analyze/summary.ts';
import { Clock } from '../../src/model/clock.ts';

const ALL: SummaryOptions = { order: null, process: null, slowest: 3 };

function summaryOf(lines: Iterable<string>, options: Partial<SummaryOptions> = {}): SummaryResult {
  const summary = new Summary({ dialect: 'strace', inputs: ['log'], joined: true }, { ...ALL, ...options });
  const context = { input: 0, defaultPid: null, clock: new Clock(), needs: null };
  const parser = strace.createParser({ event: (event) => summary.add(event), diagnostic() {} }, context);
  let line = 0;
  for (const text of lines) parser.push(text, ++line);
  parser.end();
  return summary.finish();
}

function counts({ calls }: SummaryResult): Record<string, readonly [calls: number, errors: number]> {
  return Object.fromEntries(calls.map(({ name, calls: number, errors }) => [name, [number, errors]]));
}

describe('a call counts', () => {
  test('when it returns, once however often it was interrupted', () => {
    const result = summaryOf([
      '1 read(0,  <unfinished ...>',
      '2 getpid() = 2',
      '1 <... read resumed> <unfinished ...>',
      '2 getpid() = 2',
      '1 <... read resumed>"a", 1) = 1',
    ]);
    expect(counts(result)).toEqual({ read: [1, 0], getpid: [2, 0] });
  });

  test('each time a signal makes the kernel restart it, as an error', () => {
    const result = summaryOf([
      '1 nanosleep({tv_sec=1}, NULL) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)',
      '1 restart_syscall(<... resuming interrupted nanosleep ...>) = 0',
    ]);
    expect(counts(result)).toEqual({ nanosleep: [1, 1], restart_syscall: [1, 0] });
    expect(result.calls.find(({ name }) => name === 'nanosleep')?.errnos).toEqual([['ERESTART_RESTARTBLOCK', 1]]);
  });

  test('nowhere when its process dies in it', () => {
    const result = summaryOf(['1 getpid() = 1', '1 pause( <unfinished ...>', '1 +++ killed by SIGKILL +++']);
    expect(counts(result)).toEqual({ getpid: [1, 0] });
    expect(result.unfinished).toEqual([{ name: 'pause', calls: 1 }]);
    expect(result.limits).toContainEqual({ code: 'unfinished-calls', count: 1, remedy: null });
  });

  test('for the process that goes on when another thread calls exec', () => {
    const result = summaryOf([
      '1 execve("/bin/a", ["a"], 0x7 /* 0 vars */) = 0',
      '1 clone(child_stack=0x7, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 2',
      '1 pause( <unfinished ...>',
      '2 execve("/bin/b", ["b"], 0x7 /* 0 vars */ <unfinished ...>',
      '1 +++ superseded by execve in pid 2 +++',
      '1 <... execve resumed>) = 0',
      '1 getpid() = 1',
    ]);
    expect(counts(result)).toEqual({ execve: [2, 0], clone: [1, 0], getpid: [1, 0] });
    expect(result.processes.map(({ pid, program, total }) => [pid, program, total.calls])).toEqual([[1, '/bin/b', 4]]);
  });
});

describe('times', () => {
  const LOG = [
    '1 wait4(-1, NULL, 0, NULL) = 2 <3.000000>',
    '1 read(3, "", 9) = 0 <0.000030>',
    '1 read(3, "", 9) = 0 <0.000010>',
    '1 read(3, "", 9) = -1 EIO (Input/output error) <0.000020>',
    '1 exit_group(0) = ?',
  ];

  test('are of the calls that show them', () => {
    const { calls, total } = summaryOf([...LOG, '1 read(3, "", 9) = 0']);
    expect(calls.map(({ name }) => name)).toEqual(['wait4', 'read']);
    expect(calls[1]).toEqual({
      name: 'read',
      calls: 4,
      errors: 1,
      errnos: [['EIO', 1]],
      timed: 3,
      totalNs: 60_000,
      meanNs: 20_000,
      p50Ns: 20_000,
      p95Ns: 30_000,
      maxNs: 30_000,
    });
    expect(total).toMatchObject({ calls: 5, timed: 4, totalNs: 3_000_060_000, p50Ns: 20_000 });
  });

  test('are null without durations', () => {
    const { total, waits, limits } = summaryOf(['1 getpid() = 1']);
    expect(total).toMatchObject({ calls: 1, timed: 0, totalNs: null, meanNs: null, p50Ns: null, maxNs: null });
    expect(waits).toBeNull();
    expect(limits).toEqual([{ code: 'no-durations', count: null, remedy: 'record with -T' }]);
  });

  test('of waiting stand apart, also among the slowest calls', () => {
    const { waits, slowest, longestWaits } = summaryOf(LOG, { slowest: 2 });
    expect(waits).toEqual([{ kind: 'children', calls: 1, totalNs: 3e9, names: ['wait4'] }]);
    expect(slowest.map(({ text, place }) => [text, place.line])).toEqual([
      ['read(3, "", 9) = 0', 2],
      ['read(3, "", 9) = -1 EIO', 4],
    ]);
    expect(longestWaits.map(({ durationNs }) => durationNs)).toEqual([3e9]);
  });

  test('that no clock can show are left out', () => {
    const { total } = summaryOf([`1 getpid() = 1 <${'9'.repeat(400)}.5>`, '1 getpid() = 1 <0.000001>']);
    expect(total).toMatchObject({ calls: 2, timed: 1, totalNs: 1000 });
  });
});

describe('one process', () => {
  const LOG = [
    '1 execve("/bin/make", ["make"], 0x7 /* 0 vars */) = 0',
    '1 fork() = 2',
    '2 getpid() = 2',
    '2 execve("/usr/bin/cc1", ["cc1"], 0x7 /* 0 vars */) = 0',
    '2 close(3) = 0',
    '2 execve("/usr/bin/as", ["as"], 0x7 /* 0 vars */) = 0',
    '2 brk(NULL) = 0x5',
  ];

  test('is chosen by its pid', () => {
    const result = summaryOf(LOG, { process: '2' });
    expect(counts(result)).toEqual({ getpid: [1, 0], execve: [2, 0], close: [1, 0], brk: [1, 0] });
    expect(result.processes.map(({ pid }) => pid)).toEqual([2]);
  });

  test('is chosen by a program, for as long as it is that', () => {
    expect(counts(summaryOf(LOG, { process: 'cc1' }))).toEqual({ execve: [1, 0], close: [1, 0] });
    expect(counts(summaryOf(LOG, { process: '/bin/make' }))).toEqual({ execve: [1, 0], fork: [1, 0], getpid: [1, 0] });
    expect(counts(summaryOf(LOG, { process: 'c1' }))).toEqual({});
  });
});

describe('more than can be kept', () => {
  function* manyProcesses(number: number): Generator<string> {
    for (let id = 2; id < number + 2; id++) {
      yield `1 fork() = ${id}`;
      yield `${id} getpid() = ${id} <0.000002>`;
      yield `${id} open("/file-${id}", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000003>`;
      yield `${id} exit_group(0) = ?`;
      yield `${id} +++ exited with 0 +++`;
      yield `1 wait4(-1, NULL, 0, NULL) = ${id} <0.000009>`;
    }
  }

  test('processes are listed while they fit, the rest in the sums', () => {
    const number = 20_000;
    const result = summaryOf(manyProcesses(number));
    expect(counts(result)).toEqual({
      fork: [number, 0],
      getpid: [number, 0],
      open: [number, number],
      wait4: [number, 0],
    });
    expect(result.processes.length).toBeLessThan(number / 2);
    expect(result.processes[0]).toMatchObject({ pid: 1, total: { calls: 2 * number } });
    expect(result.unlisted.processes).toBe(number + 1 - result.processes.length);
    expect(result.unlisted.calls).toBe(2 * result.unlisted.processes);
    expect(result.limits.map(({ code }) => code)).toContain('processes-unlisted');
  });

  test('names and errors are counted as others', () => {
    const number = 5000;
    function* odd(): Generator<string> {
      for (let id = 0; id < number; id++) yield `1 call_${id}() = -1 E${id} (Odd)`;
      for (let id = 0; id < number; id++) yield `1 one() = -1 E${id} (Odd)`;
    }
    const result = summaryOf(odd());
    expect(result.total).toMatchObject({ calls: 2 * number, errors: 2 * number });
    expect(result.calls.length).toBeLessThan(number / 2);
    expect(result.calls[0]).toMatchObject({ name: '(other names)' });
    expect(result.total.errnos.length).toBeLessThan(number / 2);
    expect(result.total.errnos.reduce((sum, [, times]) => sum + times, 0)).toBe(2 * number);
  });

  test('arguments of slow calls lose their end', () => {
    const { slowest } = summaryOf([`1 open("${'x'.repeat(100_000)}", O_RDONLY) = 3 <1.000000>`]);
    expect(slowest[0]?.text).toMatch(/^open\("x{199}\.\.\.\) = 3$/);
  });
});
