import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import {
  apart,
  cutStart,
  fittedLine,
  lineWidth,
  paintedLine,
  piece,
  shifted,
  widthOf,
  wrappedText,
} from '../../src/ui/line.ts';
import { themeOf } from '../../src/ui/theme.ts';

const textOf = (line: readonly { readonly text: string }[]): string => line.map(({ text }) => text).join('');

describe('a line', () => {
  test.each([
    ['abc', 5, 'abc  '],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日… '],
    ['é\u0301té', 3, 'é\u0301té'],
    ['👍🏽ok', 3, '👍🏽…'],
    ['abc', 0, ''],
  ])('of %s takes exactly %i columns', (text, width, shown) => {
    const line = fittedLine([piece(text)], width);
    expect(textOf(line)).toBe(shown);
    expect(lineWidth(line)).toBe(width);
  });

  test('is cut in any of its pieces', () => {
    expect(textOf(fittedLine([piece('ab'), piece('cd')], 3))).toBe('ab…');
    expect(textOf(fittedLine([piece('ab'), piece('cd')], 2))).toBe('a…');
    expect(textOf(fittedLine([piece('ab'), piece('')], 2))).toBe('ab');
  });

  test('loses its first columns; half a wide character is a blank', () => {
    expect(textOf(shifted([piece('ab'), piece('cdef')], 3))).toBe('def');
    expect(textOf(shifted([piece('日本')], 1))).toBe(' 本');
  });

  test('looks as its pieces do, where there are colours', () => {
    const line = [piece('a', 'crash'), piece('b')];
    expect(paintedLine(line, 3, themeOf('16'))).toBe('\x1b[1;31ma\x1b[0mb ');
    expect(paintedLine(line, 3, themeOf('none'))).toBe('\x1b[1ma\x1b[0mb ');
  });

  test('is told apart when it is selected, also without colours', () => {
    const line = [piece('ab')];
    expect(paintedLine(line, 2, themeOf('none'), 'active')).toBe('\x1b[7mab\x1b[0m');
    expect(paintedLine(line, 2, themeOf('16'), 'passive')).toBe('\x1b[97;100mab\x1b[0m');
  });

  test('with two ends keeps the right one', () => {
    expect(textOf(apart([piece('left side')], [piece('7 ms')], 12))).toBe('left s… 7 ms');
    expect(textOf(apart([piece('left')], [piece('7 ms')], 4))).toBe('left');
  });
});

test('a character is as wide as string-width takes it for', () => {
  const differing: string[] = [];
  for (let code = 0x20; code < 0xffff; code++) {
    const character = String.fromCharCode(code);
    if (widthOf(character) !== stringWidth(character)) differing.push(`U+${code.toString(16)}`);
  }
  expect(differing).toEqual([]);
  expect(widthOf('日本 ναί 한국 é\u0301👍🏽')).toBe(stringWidth('日本 ναί 한국 é\u0301👍🏽'));
});

test('a path keeps its end', () => {
  expect(cutStart('/usr/include/stdio.h', 9)).toBe('…/stdio.h');
  expect(cutStart('/a', 9)).toBe('/a');
});

test('text is wrapped between words, and in a word that is too long', () => {
  expect(wrappedText('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrappedText('openat(AT_FDCWD', 6)).toEqual(['openat', '(AT_FD', 'CWD']);
});
