import { describe, expect, test } from 'vitest';
import { CALLS, compare, FILES, type LogText, RAW } from './comparing.ts';

// What one log does not show, and what a tracer did in place of a shell, is no difference.

function strace(...lines: readonly string[]): LogText {
  return { text: lines.map((line) => `${line}\n`).join(''), dialect: 'strace' };
}

describe('descriptors', () => {
  const whole = strace(
    '10 execve("/bin/x", ["x"], 0x7ffd00 /* 3 vars */) = 0',
    '10 brk(NULL) = 0x5000',
    '10 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3',
    '10 pipe2([4, 5], 0) = 0',
    '10 read(3, "a", 10) = 1',
    '10 read(4, "b", 10) = 1',
    '10 exit_group(0) = ?',
    '10 +++ exited with 0 +++',
  );
  const without = (...names: readonly string[]): LogText =>
    strace(...whole.text.split('\n').filter((line) => line !== '' && !names.some((name) => line.includes(`${name}(`))));

  test.each([{ names: ['brk', 'pipe2'] }, { names: ['brk', 'openat'] }, { names: ['brk', 'openat', 'pipe2'] }])(
    'that a log recorded without $names does not show being made are no difference',
    ({ names }) => {
      const { result, differences } = compare(whole, without(...names), CALLS);
      expect(differences).toEqual([]);
      expect(result.alike).toBe(true);
    },
  );

  test('that two whole logs show are told apart', () => {
    const other = strace(...whole.text.trimEnd().replace('read(3, "a"', 'read(4, "a"').split('\n'));
    const { differences } = compare(whole, other, CALLS);
    expect(differences).toEqual(['A /bin/x: read /etc/passwd ok']);
  });
});

describe('the exec of a program that one recording begins with', () => {
  const body = (pid: number): string[] => [
    `${pid} openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3`,
    `${pid} exit_group(0) = ?`,
    `${pid} +++ exited with 0 +++`,
  ];
  const alone = strace('10 execve("/bin/x", ["x"], 0x7ffd00 /* 3 vars */) = 0', ...body(10));
  const belowShell = strace(
    '20 execve("/bin/sh", ["sh"], 0x7ffd00 /* 3 vars */) = 0',
    '20 vfork() = 21',
    '21 execve("/usr/bin/x", ["x"], 0x7ffd00 /* 3 vars */) = -1 ENOENT (No such file or directory)',
    '21 execve("/bin/x", ["x"], 0x7ffd00 /* 3 vars */) = 0',
    ...body(21),
    '20 exit_group(0) = ?',
    '20 +++ exited with 0 +++',
  );

  test.each([FILES, CALLS])('is none where the other has it of a child, at level $level', (question) => {
    expect(compare(alone, belowShell, question).differences).toEqual(['only B: /bin/sh, 1 in all']);
    expect(compare(belowShell, alone, question).differences).toEqual(['only A: /bin/sh, 1 in all']);
  });
});

describe('two tracers at level raw', () => {
  const linux = (flags: string, bytes: number): LogText =>
    strace(
      '10 execve("/bin/x", ["x"], 0x7ffd00 /* 3 vars */) = 0',
      `10 openat(AT_FDCWD, "/srv/out", ${flags}) = 3`,
      `10 write(3, "abc"..., ${bytes}) = ${bytes}`,
      '10 exit_group(0) = ?',
      '10 +++ exited with 0 +++',
    );
  const macos: LogText = {
    text: [
      '\tPID/THRD  SYSCALL(args) \t\t = return',
      ' 20/0x1:  fork()\t\t = 0 0',
      ' 20/0x1:  open("/srv/out\\0", 0x601, 0x1A4)\t\t = 3 0',
      ' 20/0x1:  write(0x3, "abc\\0", 0x200)\t\t = 512 0',
      '',
    ].join('\n'),
    dialect: 'dtruss',
  };

  test('are compared by what both show', () => {
    const { differences } = compare(linux('O_WRONLY|O_CREAT|O_TRUNC, 0644', 512), macos, RAW);
    expect(differences).toEqual([]);
  });

  test('are told apart by how a file is opened, by its mode and by bytes', () => {
    expect(compare(linux('O_WRONLY|O_CREAT|O_EXCL, 0644', 512), macos, RAW).differences).toEqual([
      'A! x: open to write /srv/out ok how=write+create+exclusive mode=644',
      'B! x: open to write /srv/out ok how=write+create+truncate mode=644',
    ]);
    expect(compare(linux('O_WRONLY|O_CREAT|O_TRUNC, 0600', 512), macos, RAW).differences).toHaveLength(2);
    expect(compare(linux('O_WRONLY|O_CREAT|O_TRUNC, 0644', 511), macos, RAW).differences).toEqual([
      'A! x: write /srv/out ok bytes=511',
      'B! x: write /srv/out ok bytes=512',
    ]);
  });

  test('are not compared by what one of them does not show', () => {
    const { result, differences } = compare(linux('O_WRONLY|O_CREAT|O_TRUNC', 512), macos, RAW);
    expect(differences).toEqual([]);
    expect(result.alike).toBe(true);
  });
});
