import { describe, expect, test } from 'vitest';
import { LastWords } from '../../src/analyze/last-words.ts';
import type { Dialect } from '../../src/model/dialect.ts';
import { callOf } from './calls.ts';

function wordsOf(
  calls: readonly [name: string, args: string, result?: string][],
  dialect: Dialect = 'strace',
): LastWords {
  const words = new LastWords();
  for (const [index, [name, args, result = '1']] of calls.entries()) {
    words.add(callOf(index + 1, name, args, result, dialect));
  }
  return words;
}

describe('the last words', () => {
  test.each<[Dialect, string, string, string]>([
    [
      'strace',
      'write',
      String.raw`2, "a.c:7: main: Assertion \`0' failed.\n", 35`,
      "a.c:7: main: Assertion \\`0' failed.",
    ],
    ['strace', 'write', String.raw`2, "bad \"quotes\" \303\244\n", 16`, 'bad "quotes" \xc3\xa4'],
    ['strace', 'write', '2</dev/pts/0>, "x: x.c:7: main: Ass"..., 60', 'x: x.c:7: main: Ass...'],
    [
      'strace',
      'writev',
      String.raw`2, [{iov_base="*** ", iov_len=4}, {iov_base="smashed", iov_len=7}, {iov_base="\n", iov_len=1}], 3`,
      '*** smashed',
    ],
    ['strace', 'writev', String.raw`2, [{"free(): ", 8}, {"invalid pointer\n", 16}], 2`, 'free(): invalid pointer'],
    ['truss-illumos', 'write', '2, " A s s e r t i o n   f a".., 57', 'Assertion fa...'],
    ['truss-illumos', 'write', String.raw`2, " a " bC3A4\n", 6`, 'a"b\xc3\xa4'],
    ['truss-freebsd', 'write', String.raw`2,"say "no"\n",9`, 'say "no"'],
    ['truss-aix', 'kwrite', String.raw`2, " n o\n", 3`, 'no'],
    ['dtruss', 'write_nocancel', String.raw`0x2, "whole\n\0", 0x6`, 'whole'],
    ['dtruss', 'write', '0x2, "half", 0x200', 'half...'],
  ])('are read as %s prints %s(%s)', (dialect, name, args, expected) => {
    expect(wordsOf([[name, args]], dialect).last()?.text).toBe(expected);
  });

  test('are put together from several writes', () => {
    const words = wordsOf([
      ['write', '2, "terminate called: ", 18'],
      ['write', String.raw`2, "bad_alloc\n", 10`],
      ['write', String.raw`2, "  what():  no memory\n", 21`],
    ]);
    expect(words.last()).toEqual({
      text: 'terminate called: bad_alloc what():  no memory',
      place: expect.objectContaining({ line: 1 }),
    });
  });

  test('are those that give up, not what follows them', () => {
    const words = wordsOf([
      ['write', String.raw`2, "warning: odd\n", 13`],
      ['write', String.raw`2, "thread 'main' panicked at a.rs:2:5:\nindex out of bounds\n", 60`],
      ['write', String.raw`2, "note: run with RUST_BACKTRACE=1\n", 32`],
    ]);
    expect(words.last()?.text).toBe("thread 'main' panicked at a.rs:2:5: index out of bounds");
  });

  test('are the last line where none gives up', () => {
    const words = wordsOf([['write', String.raw`2, "one\ntwo\n\n", 9`]]);
    expect(words.message()).toBeNull();
    expect(words.last()?.text).toBe('two');
  });

  test('are heard through duplicates and the terminal, and nowhere else', () => {
    const said = (calls: [string, string, string?][]) => wordsOf(calls).last()?.text ?? null;
    expect(said([['write', String.raw`1, "out\n", 4`]])).toBeNull();
    expect(said([['write', String.raw`3, "file\n", 5`]])).toBeNull();
    expect(
      said([
        ['dup', '2', '7'],
        ['write', String.raw`7, "copy\n", 5`],
      ]),
    ).toBe('copy');
    expect(
      said([
        ['fcntl', '2, F_DUPFD_CLOEXEC, 10', '10'],
        ['write', String.raw`10, "copy\n", 5`],
      ]),
    ).toBe('copy');
    expect(
      said([
        ['dup', '2', '7'],
        ['close', '7', '0'],
        ['write', String.raw`7, "late\n", 5`],
      ]),
    ).toBeNull();
    expect(
      said([
        ['open', '"/dev/tty", O_RDWR', '3'],
        ['write', String.raw`3, "tty\n", 4`],
      ]),
    ).toBe('tty');
    expect(said([['sendto', String.raw`2, "sent\n", 5, 0, NULL, 0`]])).toBeNull();
  });

  test('stay bounded', () => {
    const many = Array.from({ length: 1000 }, (): [string, string] => ['write', String.raw`2, "line\n", 5`]);
    expect(wordsOf([['write', `2, "${'x'.repeat(5000)}", 5000`], ...many]).last()?.text).toBe('line');
    expect(wordsOf([['write', `2, "${'x'.repeat(5000)}", 5000`]]).last()?.text).toBe(`${'x'.repeat(200)}...`);
  });
});
