import { describe, expect, test } from 'vitest';
import { type CrashedProcess, FaultExplainer } from '../../src/analyze/fault-explainer.ts';
import type { SyscallEvent } from '../../src/model/event.ts';
import { callOf } from './calls.ts';

// What must not be said: logs close to those of the samples, where the evidence is missing or speaks against it.

const FAULT_LINE = 100;

function explained(
  events: readonly SyscallEvent[],
  fault: Partial<CrashedProcess['fault']>,
  crash: Partial<CrashedProcess> = {},
): string[] | null {
  const life = [{ input: 0, from: 1, to: FAULT_LINE, tasks: new Set([1, 2]) }];
  const place = { input: 0, line: FAULT_LINE, atNs: null };
  const machine = { place, signal: 'SIGSEGV', code: 'SEGV_MAPERR', address: '0x7f0000001000', sender: null };
  const subject = { pid: 1, tid: 1, program: null, signal: 'SIGSEGV', limits: [], life, ...crash };
  const fold = new FaultExplainer(
    { ...subject, fault: { ...machine, ...fault } },
    { dialect: 'strace', inputs: ['log'], joined: true },
  );
  for (const event of events) fold.add(event);
  const reason = fold.finish();
  return reason === null ? null : [reason.kind, ...reason.clauses.map(({ text }) => text)];
}

const map = (line: number, protection: string, rest = 'MAP_PRIVATE|MAP_ANONYMOUS, -1, 0') =>
  callOf(line, 'mmap', `NULL, 8192, ${protection}, ${rest}`, '0x7f0000000000');
const exec = callOf(1, 'execve', '"./a", ["./a"], 0x7ffc00000000 /* 3 vars */', '0');

describe('a fault is not explained', () => {
  test('by a mapping that the system denies', () => {
    expect(explained([map(2, 'PROT_READ|PROT_WRITE')], {})).toBeNull();
  });

  test('by a protection that allows every access', () => {
    const fault = { code: 'SEGV_ACCERR' };
    expect(explained([map(2, 'PROT_READ|PROT_WRITE|PROT_EXEC')], fault)).toBeNull();
    expect(explained([map(2, 'PROT_READ')], fault)?.[0]).toBe('read-only');
  });

  test('by what handlers do after it', () => {
    const late = callOf(FAULT_LINE + 1, 'munmap', '0x7f0000000000, 8192', '0');
    const point = callOf(FAULT_LINE, 'getpid', '', '1');
    expect(explained([map(2, 'PROT_READ'), point, late], {})).toBeNull();
    expect(explained([map(2, 'PROT_READ'), { ...late, line: 3 }, point], {})?.[0]).toBe('unmapped');
  });

  test('by memory of the program before its exec', () => {
    const unmap = callOf(3, 'munmap', '0x7f0000000000, 8192', '0');
    expect(explained([map(2, 'PROT_READ'), unmap, { ...exec, line: 4 }], {})).toBeNull();
  });

  test('as never mapped where the log does not begin with the exec', () => {
    const other = callOf(2, 'mmap', 'NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0', '0x7f5500000000');
    expect(explained([other], {})).toBeNull();
    expect(explained([exec, other], {})?.[0]).toBe('never-mapped');
  });

  test('by a signal that its handler sent later', () => {
    const kill = callOf(3, 'tgkill', '1, 1, SIGSEGV', '0');
    const sender = { pid: 1, program: null, place: null };
    expect(explained([kill], { sender })).toBeNull();
    expect(explained([kill], { sender, code: 'SI_TKILL', address: null })?.[0]).toBe('raised');
  });

  test('by what its parent wrote', () => {
    const words = { ...callOf(2, 'write', '2, "Assertion failed", 16', '16'), pid: 7 };
    const kill = callOf(3, 'tgkill', '1, 1, SIGABRT', '0');
    const fault = { signal: 'SIGABRT', code: 'SI_TKILL', address: null };
    expect(explained([words], fault)).toBeNull();
    expect(explained([words, kill], fault)).toEqual(['abort', 'it sent SIGABRT to itself']);
    expect(explained([{ ...words, pid: 1 }, kill], fault)).toEqual(['abort', 'abort after: Assertion failed']);
  });

  test('as a stack that ran out where the stack is of another thread', () => {
    const clone = callOf(4, 'clone', 'child_stack=0x7f0000001ff0, flags=CLONE_VM|CLONE_THREAD', '2');
    const guard = callOf(3, 'mprotect', '0x7f0000000000, 4096, PROT_NONE', '0');
    const events = [map(2, 'PROT_READ|PROT_WRITE'), guard, clone];
    const fault = { code: 'SEGV_ACCERR', address: '0x7f0000000ff0' };
    expect(explained(events, fault, { tid: 2 })?.slice(0, 2)).toEqual([
      'stack-exhausted',
      'stack exhausted: 4 KiB of thread stack',
    ]);
    expect(explained(events, fault, { tid: 1 })?.slice(0, 2)).toEqual(['guard', 'below the thread stack of 2, 4 KiB']);
  });

  test('as a main stack that ran out where a mapping lies above it, or in a thread', () => {
    const limit = callOf(2, 'prlimit64', '0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}', '0');
    const address = '0x7ffd00000ff8';
    expect(explained([exec, limit], { address })?.[0]).toBe('below-stack');
    expect(explained([exec, limit], { address }, { tid: 2 })).toBeNull();
    const above = callOf(3, 'mmap', 'NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0', '0x7ffe00000000');
    expect(explained([exec, limit, above], { address })?.[0]).toBe('never-mapped');
  });

  test('by a file whose length reaches there', () => {
    const events = [
      callOf(2, 'openat', 'AT_FDCWD, "a.bin", O_RDWR', '3'),
      map(3, 'PROT_READ', 'MAP_SHARED, 3, 0'),
      callOf(4, 'ftruncate', '3, 8192', '0'),
    ];
    const fault = { signal: 'SIGBUS', code: 'BUS_ADRERR' };
    expect(explained(events, fault, { signal: 'SIGBUS' })?.[0]).toBe('no-page');
    const shorter = callOf(5, 'ftruncate', '3, 4096', '0');
    expect(explained([...events, shorter], fault, { signal: 'SIGBUS' })?.[0]).toBe('past-end-of-file');
  });

  test('by memory that was refused long before', () => {
    const refused = {
      ...map(2, 'PROT_READ'),
      outcome: 'failed' as const,
      result: '-1',
      errno: { name: 'ENOMEM', number: null },
    };
    const fault = { address: '0x8' };
    expect(explained([refused], fault)).toEqual([
      'null-pointer',
      'null pointer: offset 0x8',
      'mmap of 8 KiB failed before: ENOMEM',
    ]);
    const work = Array.from({ length: 40 }, (_, index) => callOf(3 + index, 'getpid', '', '1'));
    expect(explained([refused, ...work], fault)).toEqual(['null-pointer', 'null pointer: offset 0x8']);
  });
});
