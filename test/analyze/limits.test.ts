import { describe, expect, test } from 'vitest';
import { limitClause, limitOf } from '../../src/analyze/limits.ts';
import { callOf } from './calls.ts';

describe('a limit', () => {
  test.each([
    ['setrlimit', 'RLIMIT_CPU, {rlim_cur=1, rlim_max=RLIM64_INFINITY}', 'RLIMIT_CPU was set to 1 s'],
    ['setrlimit', 'RLIMIT_AS,{ cur=67108864,max=67108864 }', 'RLIMIT_AS was set to 64 MiB'],
    ['prlimit64', '0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}', 'RLIMIT_STACK is 8 MiB'],
    ['prlimit64', '0, RLIMIT_NPROC, {rlim_cur=8, rlim_max=9}, {rlim_cur=1, rlim_max=9}', 'RLIMIT_NPROC was set to 8'],
    ['getrlimit', 'RLIMIT_STACK, {rlim_cur=RLIM_INFINITY, rlim_max=RLIM_INFINITY}', 'RLIMIT_STACK is unlimited'],
    [
      'prlimit64',
      'pid=0, resource=RLIMIT_FSIZE, new_limit={rlim_cur=4*1024, rlim_max=1}, old_limit=NULL',
      'RLIMIT_FSIZE was set to 4 KiB',
    ],
  ])('is read from %s(%s)', (name, args, expected) => {
    const limit = limitOf(callOf(5, name, args, '0'));
    expect(limit === null ? null : limitClause(limit)).toEqual({
      text: expected,
      place: { input: 0, line: 5, atNs: null },
    });
  });

  test.each([
    ['getrlimit', 'RLIMIT_STACK, 0x08047748'],
    ['prlimit64', '0, 0x3, 0, 0x7ffc1000'],
    ['getrusage', 'RUSAGE_SELF, {ru_utime={tv_sec=0}}'],
  ])('is not known from %s(%s)', (name, args) => {
    expect(limitOf(callOf(5, name, args, '0'))).toBeNull();
  });

  test('that another process was given says so', () => {
    const args = '77, RLIMIT_CPU, {rlim_cur=1, rlim_max=1}, NULL';
    expect(limitOf(callOf(1, 'prlimit64', args, '0'))?.pid).toBe(77);
    expect(limitOf({ ...callOf(1, 'prlimit64', args, '-1'), outcome: 'failed' })).toBeNull();
  });
});
