import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Compression, compressionOf } from '../../src/read/compression.ts';
import { decompress } from '../../src/read/decompress.ts';

/** Two members each, 'call one\n' and 'call two\n'; the zstd one has a frame to be skipped between them. */
const TWO_MEMBERS: Readonly<Record<Compression, string>> = {
  gzip: 'H4sIAAAAAAAAA0tOzMlRyM9L5QIA3bgUtAkAAAAfiwgAAAAAAAADS07MyVEoKc/nAgA2GBTaCQAAAA==',
  zstd: 'KLUv/SQJSQAAY2FsbCBvbmUK9wQwiVIqTRgEAAAAYWJjZCi1L/0kCUkAAGNhbGwgdHdvCnw/gmY=',
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAIY2FsbCBvbmUKAAAAAM4EGJLn+66vAAEhCWwYxdUftvN9AQAAAAAEWVr9N3pYWgAABObWtEYCACEBFgAAAHQv5aMBAAhjYWxsIHR3bwoAAAAAXl51Ozz9qhMAASEJbBjF1R+2830BAAAAAARZWg==',
};
const COMPRESSIONS: readonly Compression[] = ['gzip', 'zstd', 'xz'];

async function* inChunks(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  // One buffer for all chunks, as the reader of files has.
  const chunk = Buffer.alloc(chunkBytes);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield chunk.subarray(0, bytes.copy(chunk, 0, at, at + chunkBytes));
  }
}

async function decoded(compression: Compression, bytes: Buffer, chunkBytes: number) {
  const output: Buffer[] = [];
  let failed = false;
  try {
    for await (const chunk of decompress(compression, inChunks(bytes, chunkBytes))) output.push(chunk);
  } catch {
    failed = true;
  }
  return { output: Buffer.concat(output), failed };
}

function sampleLines(count: number): Buffer {
  let seed = 1;
  let text = '';
  for (let line = 0; line < count; line++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += `${1000 + (seed % 50)} openat(AT_FDCWD, "/usr/lib/file${seed % 10_007}.so", O_RDONLY) = ${seed % 17}\n`;
  }
  return Buffer.from(text);
}

function compressed(command: string, args: readonly string[], input: Buffer): Buffer {
  return execFileSync(command, args, { input, maxBuffer: 1 << 30 });
}

describe('compressionOf', () => {
  it.each(COMPRESSIONS)('knows %s by its first bytes and waits for them', (compression) => {
    const bytes = Buffer.from(TWO_MEMBERS[compression], 'base64');
    expect(compressionOf(bytes)).toBe(compression);
    expect(compressionOf(bytes.subarray(0, 2))).toBe('undecided');
  });

  it('takes text as it is', () => {
    expect(compressionOf(Buffer.from('12345 open("/etc/passwd")'))).toBe(null);
    expect(compressionOf(Buffer.from('P'))).toBe(null);
    expect(compressionOf(Buffer.from('\x52\x2a\x4d\x18', 'latin1'))).toBe('zstd');
  });
});

describe.each(COMPRESSIONS)('decompress %s', (compression) => {
  const bytes = Buffer.from(TWO_MEMBERS[compression], 'base64');

  it.each([1, 2, 3, 7, 65_536])('reads members that follow each other, in chunks of %i bytes', async (chunkBytes) => {
    const { output, failed } = await decoded(compression, bytes, chunkBytes);
    expect(output.toString()).toBe('call one\ncall two\n');
    expect(failed).toBe(false);
  });

  it('gives what there is, then fails, wherever the input is cut', async () => {
    for (let cut = 1; cut < bytes.length; cut++) {
      const { output, failed } = await decoded(compression, bytes.subarray(0, cut), 65_536);
      expect('call one\ncall two\n'.startsWith(output.toString())).toBe(true);
      if (cut > bytes.length - 4) expect(output.toString()).toBe('call one\ncall two\n');
      if (output.length === 0) expect(failed).toBe(true);
    }
  });

  it('never hangs on damaged input', async () => {
    for (let at = 6; at < bytes.length; at += 3) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      await decoded(compression, damaged, 65_536);
    }
  });
});

describe('output of the command-line tools', () => {
  const text = sampleLines(120_000);
  const cases: readonly [Compression, string, readonly string[]][] = [
    ['gzip', 'gzip', ['-c']],
    ['zstd', 'zstd', ['-q', '-c', '--no-check']],
    ['zstd', 'zstd', ['-q', '-c', '-9', '--check']],
    ['xz', 'xz', ['-c', '-1']],
    ['xz', 'xz', ['-c', '-0', '-T2', '--block-size=1MiB']],
  ];

  it.each(cases)('%s: %s %j', async (compression, command, args) => {
    if (spawnSync(command, ['--version']).error !== undefined) return;
    const whole = compressed(command, args, text);
    const { output, failed } = await decoded(compression, whole, 1_048_576);
    expect(output.equals(text)).toBe(true);
    expect(failed).toBe(false);
    const half = await decoded(compression, whole.subarray(0, whole.length / 2), 65_536);
    expect(half.failed).toBe(true);
    expect(half.output.equals(text.subarray(0, half.output.length))).toBe(true);
    expect(half.output.length).toBeGreaterThan(200_000);
  });

  it.each(cases)('%s: %s %j stays bounded in memory on 100 MB of one byte', async (compression, command, args) => {
    if (spawnSync(command, ['--version']).error !== undefined) return;
    const whole = compressed(command, args, Buffer.alloc(100_000_000, 'a'));
    let bytes = 0;
    let peak = 0;
    const before = process.memoryUsage.rss();
    for await (const chunk of decompress(compression, inChunks(whole, 1_048_576))) {
      bytes += chunk.length;
      peak = Math.max(peak, process.memoryUsage.rss());
    }
    expect(bytes).toBe(100_000_000);
    expect(peak - before).toBeLessThan(100_000_000);
  });
});
