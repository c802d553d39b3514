import { describe, expect, it } from 'vitest';
import { isUtf8, toUtf8, unescapeBytes } from '../../src/scan/unescape.ts';

describe('unescapeBytes', () => {
  it.each([
    ['plain', 'plain'],
    ['\\n\\t\\r\\v\\f\\"\\\\', '\n\t\r\v\f"\\'],
    ['\\33[31m', '\x1b[31m'],
    ['\\0', '\0'],
    ['\\303\\251', '\xc3\xa9'],
    ['\\0017', '\x017'],
    ['\\18', '\x018'],
    ['\\777', '\xff'],
    ['\\x1b\\xE9', '\x1b\xe9'],
    ['\\x1', '\\x1'],
    ['\\q', '\\q'],
    ['cut\\', 'cut\\'],
  ])('reads %j as C does', (text, bytes) => {
    expect(unescapeBytes(text, 'c')).toBe(bytes);
  });

  it.each([
    ['a\\"b', 'a"b'],
    ['a\\x1bb', 'a\x1bb'],
    ['a\\nb', 'a\\nb'],
    ['a\\\\b', 'a\\\\b'],
  ])('leaves all but quotes and hexadecimal as they are in %j', (text, bytes) => {
    expect(unescapeBytes(text, 'quote-and-hex')).toBe(bytes);
  });
});

describe('text of bytes', () => {
  it('is UTF-8', () => {
    expect(toUtf8('caf\xc3\xa9')).toBe('café');
    expect(isUtf8('caf\xc3\xa9')).toBe(true);
  });

  it('has U+FFFD for bytes that are none', () => {
    expect(toUtf8('caf\xe9')).toBe('caf\ufffd');
    expect(isUtf8('caf\xe9')).toBe(false);
  });

  it('may have U+FFFD of its own', () => {
    expect(isUtf8('\xef\xbf\xbd')).toBe(true);
  });
});
