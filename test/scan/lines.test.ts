import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineScanner, MAX_LINE_BYTES } from '../../src/scan/lines.ts';

interface Scanned {
  readonly lines: readonly string[];
  readonly tooLong: readonly number[];
}

function scan(text: string, chunkBytes: number): Scanned {
  const lines: string[] = [];
  const tooLong: number[] = [];
  const scanner = new LineScanner(
    (buffer, start, end, line) => {
      lines.push(buffer.toString('latin1', start, end));
      expect(line).toBe(lines.length);
    },
    (line) => tooLong.push(line),
  );
  const bytes = Buffer.from(text, 'latin1');
  // One buffer for all chunks, as a reader that reuses its own.
  const chunk = Buffer.alloc(chunkBytes);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const copied = bytes.copy(chunk, 0, at, at + chunkBytes);
    scanner.push(chunk.subarray(0, copied));
  }
  scanner.end();
  expect(scanner.lines).toBe(lines.length);
  return { lines, tooLong };
}

describe('LineScanner', () => {
  it.each([1, 2, 3, 7, 65_536])('gives the same lines in chunks of %i bytes', (chunkBytes) => {
    expect(scan('one\ntwo\r\n\n\r\nfi\rve\nsix', chunkBytes).lines).toEqual(['one', 'two', '', '', 'fi\rve', 'six']);
  });

  it('removes one carriage return before the line feed and no more', () => {
    expect(scan('a\r\r\n', 2).lines).toEqual(['a\r']);
  });

  it('gives no line for an empty input and none after a last line feed', () => {
    expect(scan('', 1).lines).toEqual([]);
    expect(scan('a\n', 1).lines).toEqual(['a']);
  });

  it('keeps every byte', () => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    expect(scan(all, 3).lines.join('\n')).toBe(all);
  });

  it('gives the lines that splitting gives, in any chunking', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\xff', '\r', '\n'), maxLength: 200 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 50 }), (input, chunkBytes) => {
        const split = input.split('\n').map((line) => line.replace(/\r$/, ''));
        const expected = input.endsWith('\n') || input === '' ? split.slice(0, -1) : split;
        expect(scan(input, chunkBytes).lines).toEqual(expected);
      }),
    );
  });

  it.each([1 << 16, (1 << 20) + 7, 1 << 23])('keeps both ends of a long line in chunks of %i bytes', (chunkBytes) => {
    const half = MAX_LINE_BYTES / 2;
    const head = 'h'.repeat(half);
    const tail = `${'t'.repeat(half - 4)} = 3`;
    const { lines, tooLong } = scan(`first\n${head}${'m'.repeat(3_000_001)}${tail}\nlast`, chunkBytes);
    expect(lines.map((line) => line.length)).toEqual([5, MAX_LINE_BYTES, 4]);
    expect(lines[1] === head + tail).toBe(true);
    expect(tooLong).toEqual([2]);
  });

  it('gives a line of exactly the limit whole', () => {
    const line = `${'x'.repeat(MAX_LINE_BYTES - 1)}y`;
    for (const chunkBytes of [65_536, 4_000_000]) {
      expect(scan(`${line}\n`, chunkBytes)).toEqual({ lines: [line], tooLong: [] });
      expect(scan(`${line}z\n`, chunkBytes).tooLong).toEqual([1]);
    }
  });

  it('reads a line of 100 MB in bounded memory and linear time', () => {
    const chunk = Buffer.alloc(65_536, 'x');
    let bytes = 0;
    const scanner = new LineScanner(
      (_buffer, start, end) => {
        bytes = end - start;
      },
      () => {},
    );
    const before = process.memoryUsage.rss();
    const startedAt = performance.now();
    for (let pushed = 0; pushed < 100_000_000; pushed += chunk.length) scanner.push(chunk);
    scanner.end();
    expect(bytes).toBe(MAX_LINE_BYTES);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(30_000_000);
  });
});
