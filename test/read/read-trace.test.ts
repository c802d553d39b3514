import { mkdirSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadedFormat } from '../../parsers/tracer-format.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { toyFormat } from './toy-format.ts';
import { piped, readAll, temporaryFolder, toys } from './traces.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('readTrace of one input', () => {
  const text = '7 call one\r\n\nnoise \xff\x1b\nhalf two\n8 call three';
  const bytes = Buffer.from(text, 'latin1');

  it('gives header, events, diagnostics and counts', async () => {
    const path = folder.write('build.log', bytes);
    const { header, events, diagnostics, counts, names } = await readAll([path]);
    expect(header).toEqual({ dialect: 'strace', inputs: [path], joined: true });
    expect(names).toEqual(['one', 'noise \xff\x1b', 'three', 'two']);
    expect(events.map((event) => event.line)).toEqual([1, 3, 5, 4]);
    expect(diagnostics).toEqual([{ code: 'unparsed-line', input: 0, line: 3 }]);
    expect(counts).toEqual({ lines: 5, events: 4, unparsed: 1 });
  });

  it.each([1, 2, 3, 7, 65_536])('gives the same from a pipe in chunks of %i bytes, compressed or not', async (size) => {
    const expected = { ...(await readAll([folder.write('a', bytes)])), header: null };
    for (const content of [bytes, gzipSync(bytes)]) {
      const found = await readAll([], { stdin: piped(content, size) });
      expect(found.header?.inputs).toEqual(['-']);
      expect({ ...found, header: null }).toEqual(expected);
    }
  });

  it('uses what a cut compressed input holds, with a diagnostic', async () => {
    const whole = gzipSync(Buffer.from('call a\n'.repeat(100_000)), { level: 1 });
    const { diagnostics, counts } = await readAll([folder.write('a.gz', whole.subarray(0, whole.length - 500))]);
    expect(counts.events).toBeGreaterThan(1000);
    expect(diagnostics.at(-1)).toEqual({ code: 'input-cut', input: 0, line: null });
  });

  it('reports a shortened line', async () => {
    const { diagnostics, counts } = await readAll([folder.write('a', `call a\ncall ${'x'.repeat(2_000_000)}\n`)]);
    expect(counts.events).toBe(2);
    expect(diagnostics).toEqual([{ code: 'line-too-long', input: 0, line: 2 }]);
  });

  it('counts the events of lines that are passed over', async () => {
    const path = folder.write('a', 'call a\nskip\nskip\n');
    const needs = { call: () => false, watched: new Set<number | null>() };
    expect((await readAll([path], { needs })).counts).toEqual({ lines: 3, events: 3, unparsed: 0 });
  });

  it('gives the events of a line before it looks at the next one', async () => {
    const seen: string[] = [];
    const toy = toyFormat('strace');
    const format = await toy.load();
    const watching: LoadedFormat = {
      createParser: (sink, context) => {
        const parser = format.createParser(sink, context);
        return {
          push: (line: string, number: number) => parser.push(line, number),
          mayMatter: () => {
            seen.push('look');
            return true;
          },
          end: () => parser.end(),
          sieve: null,
          selfContained: true,
          skippedEvents: 0,
        };
      },
    };
    const sink = { start() {}, diagnostic() {}, event: () => seen.push('event') };
    await readTrace(
      [folder.write('a', 'call a\ncall b\n')],
      { formats: [{ ...toy, load: async () => watching }] },
      sink,
    );
    expect(seen).toEqual(['look', 'event', 'look', 'event']);
  });

  it('follows a live pipe line by line and ends when it is aborted', async () => {
    const stdin = new PassThrough();
    const abort = new AbortController();
    const names: string[] = [];
    const arrived: (() => void)[] = [];
    const sink = {
      start() {},
      diagnostic() {},
      event: (event: { name?: string; kind: string }) => {
        names.push(event.name ?? event.kind);
        arrived.shift()?.();
      },
    };
    const next = () => new Promise<void>((resolve) => arrived.push(resolve));
    const first = next();
    const reading = readTrace([], { formats: toys, stdin, signal: abort.signal }, sink);
    stdin.write('call a\n');
    await first;
    const second = next();
    stdin.write('half b\ncall c\ncall d');
    await second;
    abort.abort();
    expect(await reading).toEqual({ lines: 4, events: 4, unparsed: 0 });
    expect(names).toEqual(['a', 'c', 'd', 'b']);
    expect(stdin.destroyed).toBe(true);
  });

  it('tells progress at the end, with the total where it is known', async () => {
    const told: unknown[] = [];
    const path = folder.write('a', 'call a\ncall b\n');
    await readAll([path], { onProgress: (progress) => told.push(progress) });
    await readAll([], { stdin: piped(Buffer.from('call a\n'), 100), onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([
      { bytesRead: 14, bytesTotal: 14, lines: 2 },
      { bytesRead: 7, bytesTotal: null, lines: 1 },
    ]);
  });

  it('takes the dialect it is told', async () => {
    const { header, names } = await readAll([folder.write('a', 'call a\n')], { from: 'truss-illumos' });
    expect(header?.dialect).toBe('truss-illumos');
    expect(names).toEqual(['call a']);
  });
});

describe('readTrace of several inputs', () => {
  it('reads logs one after another, not joined', async () => {
    const paths = [folder.write('b', '@5 call b\n'), folder.write('a', '@1 call a\n')];
    const { header, events, names } = await readAll(paths);
    expect(header).toEqual({ dialect: 'strace', inputs: paths, joined: false });
    expect(names).toEqual(['b', 'a']);
    expect(events.map(({ input, line, atNs }) => [input, line, atNs])).toEqual([
      [0, 1, 0],
      [1, 1, 0],
    ]);
  });

  it('reads standard input among files', async () => {
    const stdin = piped(Buffer.from('call pipe\n'), 3);
    const { names } = await readAll([folder.write('a', 'call a\n'), '-'], { stdin });
    expect(names).toEqual(['a', 'pipe']);
  });

  it('refuses two dialects', async () => {
    const paths = [folder.write('a', 'call a\n'), folder.write('b', 'other b\n')];
    await expect(readAll(paths)).rejects.toMatchObject({
      code: 'mixed-dialects',
      message: `${paths[1]} holds truss-illumos, but ${paths[0]} holds strace: read them one at a time`,
    });
  });
});

describe('readTrace of nothing readable', () => {
  it('says in one sentence what is wrong', async () => {
    const missing = folder.path('build.truss');
    await expect(readAll([missing])).rejects.toMatchObject({
      code: 'unreadable-input',
      message: `${missing}: no such file`,
    });
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    await expect(readAll([], { stdin })).rejects.toMatchObject({ code: 'no-input' });
    await expect(readAll(['-', '-'])).rejects.toThrow('standard input can be read only once');
    await expect(readAll([], { stdin: piped(Buffer.alloc(0), 1) })).rejects.toThrow('standard input: nothing in it');
    await expect(readAll([folder.write('a', '')], { from: 'strace' })).rejects.toThrow('nothing in it');
    mkdirSync(folder.path('none'));
    await expect(readAll([folder.path('none')])).rejects.toThrow('no strace -ff files (NAME.PID) in this directory');
    await expect(readAll([folder.write('b.gz', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]))])).rejects.toThrow(
      'b.gz: nothing of the gzip data could be decompressed',
    );
  });
});
