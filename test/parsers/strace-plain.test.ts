import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strace } from '../../parsers/strace.ts';
import { Clock } from '../../src/model/clock.ts';
import { samples } from '../sample-list.ts';

/** What the lines say, and how many were read on their bytes; `onBytes`: whether they may be. */
function read(lines: readonly Buffer[], onBytes: boolean) {
  const told: unknown[] = [];
  const sink = {
    event: (event: unknown) => told.push(event),
    diagnostic: (diagnostic: unknown) => told.push(diagnostic),
  };
  const parser = strace.createParser(sink, { input: 0, defaultPid: null, clock: new Clock(), needs: null });
  let plain = 0;
  for (const [index, line] of lines.entries()) {
    if (onBytes && parser.pushBytes?.(line, 0, line.length, index + 1)) plain++;
    else parser.push(line.toString('latin1'), index + 1);
  }
  parser.end();
  return { told, plain };
}

function expectTheSame(lines: readonly Buffer[]): number {
  const { told, plain } = read(lines, true);
  expect(told).toEqual(read(lines, false).told);
  return plain;
}

function linesOf(text: string): Buffer[] {
  return text.split(/\r?\n/).map((line) => Buffer.from(line, 'latin1'));
}

const PLAIN = `
7 1700000000.000001 brk(NULL) = 0x5581
7 1700000000.000002 openat(AT_FDCWD, "/a \\"b\\\\", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
7 1700000000.000003 rt_sigaction(SIGCHLD, {sa_handler=SIG_DFL, sa_mask=[INT CHLD], sa_flags=0},  <unfinished ...>
8 1700000000.000004 read(3,  <unfinished ...>
7 1700000000.000005 <... rt_sigaction resumed>NULL, 8) = 0
8 1700000000.000006 <... read resumed>"\\177ELF\\2"..., 832) = 832
8 1700000000.000007 pause( <unfinished ...>
7 1700000000.000008 write(2, "a\\nb", 4) = 4
8 1700000000.000009 <... pause resumed>) = ? ERESTARTNOHAND (To be restarted if no handler)
7 1700000000.000010 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 9
9 10:21:45.391854 close(3) = 0
9 10:21:46 close(4)                = -1 EBADF (Bad file descriptor)
9 close(5) = 0
7 1700000000.000011 exit_group(0) = ?
7 1700000000.000012 +++ exited with 0 +++`;

describe('lines of strace read on their bytes', () => {
  it('are the plain ones of tasks that were met', () => {
    expect(expectTheSame(linesOf(PLAIN))).toBe(8);
  });

  it.each(samples.filter(({ dialect, isSet }) => dialect === 'strace' && !isSet).map(({ name, path }) => [name, path]))(
    'say what their text says: %s',
    (_name, path) => {
      expectTheSame(linesOf(readFileSync(path, 'latin1')));
    },
  );

  it('say what their text says, whatever bytes are put into them', () => {
    const lines = PLAIN.split('\n').slice(1);
    const pieces = fc.constantFrom(
      ...[
        '"',
        '\\',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '/* ',
        ' */',
        "'",
        '<',
        '>',
        ' = 3',
        ') = 3',
        ':',
        ' ',
        '\t',
        ',',
        '.',
      ],
      ...['Process 41 attached', 'strace: Process 41 attached', ' <unfinished ...>', ' resumed>', '...', '3</x>', '9'],
      ...[
        ' <ptrace(SYSCALL): No such process>',
        '[wait(0x057f) = 23] WIFSTOPPED,sig=SIGTRAP',
        'strace: WARNING: x',
        '?',
      ],
      ...['\x00', '\x0b', '\xa0', '\xff', '-', 'E', '0x', ' <0.000021>', '+++ exited with 0 +++', '8 '],
    );
    const change = fc.record({ line: fc.nat(lines.length - 1), at: fc.nat(120), cut: fc.nat(12), piece: pieces });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const changed = [...lines];
        for (const { line, at, cut, piece } of changes) {
          const text = changed[line] ?? '';
          changed[line] = text.slice(0, at) + piece + text.slice(at + cut);
        }
        expectTheSame(changed.map((line) => Buffer.from(line, 'latin1')));
      }),
      { numRuns: 3000 },
    );
  });
});
