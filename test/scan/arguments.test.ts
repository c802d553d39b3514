import { describe, expect, it } from 'vitest';
import { splitArguments } from '../../src/scan/arguments.ts';

describe('splitArguments', () => {
  it.each([
    ['', []],
    ['3', ['3']],
    ['3, "a, b", 4', ['3', '"a, b"', '4']],
    ['"a\\", b", c', ['"a\\", b"', 'c']],
    ['{a=1, b=[2, 3]}, (4, 5)', ['{a=1, b=[2, 3]}', '(4, 5)']],
    ['0x7 /* 35 vars, or so */, 1', ['0x7 /* 35 vars, or so */', '1']],
    ['3</a, b>, "x"', ['3</a, b>', '"x"']],
    ['3</etc/passwd>, "x"', ['3</etc/passwd>', '"x"']],
    ['AT_FDCWD</home/me>, "x"', ['AT_FDCWD</home/me>', '"x"']],
    ['1 < 2, 3', ['1 < 2', '3']],
    ['"cut', ['"cut']],
    ['{cut, 1', ['{cut, 1']],
    ['1, ', ['1', '']],
    ['), 1', [')', '1']],
  ])('splits %j', (args, pieces) => {
    expect(splitArguments(args)).toEqual(pieces);
  });
});
