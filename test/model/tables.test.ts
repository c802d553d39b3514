import { describe, expect, it } from 'vitest';
import { DiagnosticCounter } from '../../src/model/diagnostic.ts';
import { isCrashSignal, isDeadlyByDefault, signalName } from '../../src/model/signals.ts';
import { syscallOf } from '../../src/model/syscalls.ts';

describe('signals', () => {
  it('have other numbers on other systems', () => {
    expect(signalName(10, 'linux')).toBe('SIGUSR1');
    expect(signalName(10, 'illumos')).toBe('SIGBUS');
    expect(signalName(99, 'linux')).toBe('SIG#99');
  });

  it('are a crash where the program itself went wrong', () => {
    expect(['SIGSEGV', 'SIGABRT', 'SIGQUIT', 'SIGEMT'].every(isCrashSignal)).toBe(true);
    expect(['SIGKILL', 'SIGTERM', 'SIGPIPE', 'SIGXCPU'].some(isCrashSignal)).toBe(false);
  });

  it('end a process by default, but for a few', () => {
    expect(isDeadlyByDefault('SIGPWR', 'linux')).toBe(true);
    expect(isDeadlyByDefault('SIGPWR', 'illumos')).toBe(false);
    expect(isDeadlyByDefault('SIGCHLD', 'linux')).toBe(false);
  });
});

describe('syscallOf', () => {
  it.each([
    ['openat', 'open'],
    ['openat2', 'open'],
    ['openat#64', 'open'],
    ['64:openat', 'open'],
    ['execveat', 'exec'],
    ['syscall_0x1b3', 'spawn'],
    ['exit', 'exit-thread'],
    ['exit_group', 'exit'],
  ])('gives %s the role of %s', (name, role) => {
    expect(syscallOf(name, 'linux')?.role).toBe(role);
  });

  it('knows no call by the names of objects', () => {
    for (const name of ['constructor', '__proto__', 'toString', '', '#', ':']) {
      expect(syscallOf(name, 'linux')).toBeNull();
    }
  });

  it('tells the systems apart', () => {
    expect(syscallOf('_exit', 'illumos')?.role).toBe('exit');
    expect(syscallOf('forkx', 'linux')).toBeNull();
  });
});

it('counts diagnostics by code, with the first five places', () => {
  const counter = new DiagnosticCounter();
  for (let line = 1; line <= 7; line++) counter.add({ code: 'unparsed-line', input: 0, line });
  counter.add({ code: 'input-cut', input: 1, line: null });
  expect(counter.all()).toEqual([
    { code: 'unparsed-line', count: 7, places: [1, 2, 3, 4, 5].map((line) => ({ input: 0, line })) },
    { code: 'input-cut', count: 1, places: [] },
  ]);
});
