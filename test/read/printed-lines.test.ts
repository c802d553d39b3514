import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { writeEnd, writeHeader } from '../../src/ndjson/write.ts';
import { type OpenTrace, openTrace } from '../../src/read/read-trace.ts';
import { samples } from '../sample-list.ts';
import { temporaryFolder } from './traces.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const IGNORE = { start() {}, event() {}, diagnostic() {} };

async function read(trace: OpenTrace): Promise<OpenTrace> {
  await trace.read(IGNORE);
  return trace;
}

/** Lines of a log of calls that are so many bytes long. */
function callLines(count: number, bytes: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const front = `${index + 100} openat(AT_FDCWD, "/f/`;
    return `${front.padEnd(bytes - 20, 'x')}", O_RDONLY) = 3`;
  });
}

describe('printed lines', () => {
  it('are the lines of a file, wherever they stand in it', async () => {
    const lines = callLines(60_000, 200);
    const path = folder.write('long.strace', `${lines.join('\n')}\n`);
    const { printed } = await read(await openTrace([path], {}));
    const wanted = [1, 2, 30_000, 59_999, 60_000];
    const found = await (await printed()).of(0, [...wanted, 60_001]);
    expect([...found]).toEqual(wanted.map((line) => [line, lines[line - 1]]));
  });

  it('are the lines of a compressed file', async () => {
    const lines = callLines(60_000, 200);
    const path = folder.write('long.strace.gz', gzipSync(`${lines.join('\n')}\n`));
    const { printed } = await read(await openTrace([path], {}));
    const found = await (await printed()).of(0, [7, 50_000]);
    expect([...found.values()]).toEqual([lines[6], lines[49_999]]);
  });

  it('are of a pipe what is kept of it', async () => {
    const lines = callLines(100_000, 200);
    const text = Buffer.from(`${lines.join('\n')}\n`);
    const half = text.length / 2 + 1;
    const stdin = Readable.from([text.subarray(0, half), text.subarray(half)]);
    const { printed } = await read(await openTrace([], { stdin }));
    const found = await (await printed()).of(0, [1, 99_999]);
    expect([...found]).toEqual([[99_999, lines[99_998]]]);
  });

  it('are those of each input', async () => {
    const inputs = ['one', 'two'].map((name) =>
      folder.write(`${name}.log`, `1 close(3) = 0\n1 open("${name}", 0) = 3\n`),
    );
    const { printed } = await read(await openTrace(inputs, {}));
    expect([...(await (await printed()).of(1, [2])).values()]).toEqual(['1 open("two", 0) = 3']);
  });

  it('are those of each file of a set, merged or not', async () => {
    const sets = samples.filter(({ isSet }) => isSet);
    expect(sets.length).toBeGreaterThan(0);
    for (const { path } of sets) {
      const { printed, header } = await read(await openTrace([path], {}));
      for (const [index, input] of header.inputs.entries()) {
        const [first] = readFileSync(input, 'latin1').split('\n');
        expect((await (await printed()).of(index, [1])).get(1)).toBe(first);
      }
    }
  });

  it('come without what a paste put around them', async () => {
    const path = folder.write('quoted.strace', '> 1 open("/a", O_RDONLY) = 3\n> 1 close(3) = 0\n> 1 close(4) = 0\n');
    const { printed } = await read(await openTrace([path], {}));
    expect((await (await printed()).of(0, [2])).get(2)).toBe('1 close(3) = 0');
  });

  it('are cut where nobody reads on', async () => {
    const path = folder.write('wide.strace', `${callLines(3, 10_000).join('\n')}\n`);
    const { printed } = await read(await openTrace([path], {}));
    expect((await (await printed()).of(0, [2])).get(2)).toHaveLength(4096);
  });

  it('are missing where the file is gone', async () => {
    const gone = mkdtempSync(join(tmpdir(), 'forklore-gone-'));
    const path = join(gone, 'a.strace');
    writeFileSync(path, `${callLines(3, 100).join('\n')}\n`);
    const { printed } = await read(await openTrace([path], {}));
    rmSync(gone, { recursive: true });
    expect((await (await printed()).of(0, [2])).size).toBe(0);
  });

  it('are missing of events, which hold no lines', async () => {
    const header = writeHeader({ dialect: 'strace', inputs: ['a'], joined: true });
    const path = folder.write('events.ndjson', header + writeEnd({ lines: 0, events: 0, unparsed: 0 }));
    const { printed } = await read(await openTrace([path], {}));
    expect((await (await printed()).of(0, [1])).size).toBe(0);
  });
});
