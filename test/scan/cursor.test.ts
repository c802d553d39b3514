import { describe, expect, it } from 'vitest';
import { closingQuote, readDecimal, skipDigits, skipName, skipSpaces } from '../../src/scan/cursor.ts';

describe('closingQuote', () => {
  it.each([
    ['"a"', 2],
    ['""', 1],
    ['"a\\"b"', 5],
    ['"a\\\\" b"', 4],
    ['"a\\\\\\"b"', 7],
    ['"never', -1],
    ['"never\\"', -1],
  ])('ends %j at %i', (text, expected) => {
    expect(closingQuote(text, 0)).toBe(expected);
  });

  it('does not take a backslash in front of the string for its own', () => {
    expect(closingQuote('\\"a"', 1)).toBe(3);
  });
});

describe('skipName', () => {
  it.each([
    ['openat64(', 8],
    ['_exit(', 5],
    ['1open(', 0],
    ['', 0],
  ])('stops behind the name of %j', (text, expected) => {
    expect(skipName(text, 0)).toBe(expected);
  });
});

it('skips blanks and tabs, to the end of the text where there is nothing else', () => {
  expect(skipSpaces(' \t x', 0)).toBe(3);
  expect(skipSpaces('   ', 0)).toBe(3);
});

it('reads the digits it skipped', () => {
  expect(skipDigits('x4194304 ', 1)).toBe(8);
  expect(readDecimal('x4194304 ', 1, 8)).toBe(4_194_304);
});
