import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { parseStream } from '../../src/read/parse-stream.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { piped } from './traces.ts';

const LOG = Buffer.from(
  '7 openat(AT_FDCWD, "/a\xff", O_RDONLY) = 3\r\n7 close(3) = 0\n\nnoise\n7 +++ exited with 0 +++',
  'latin1',
);

async function eventsOf(source: Readable, dialect: 'strace' | null): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of source.pipe(parseStream({ dialect }))) events.push(event);
  return events;
}

describe('parseStream', () => {
  it.each([1, 2, 3, 7, 65_536])('gives the events that readTrace gives, in chunks of %i bytes', async (size) => {
    const expected: unknown[] = [];
    await readTrace([], { stdin: piped(LOG, size) }, { start() {}, diagnostic() {}, event: (e) => expected.push(e) });
    expect(expected.length).toBeGreaterThan(3);
    expect(await eventsOf(piped(LOG, size), null)).toEqual(expected);
    expect(await eventsOf(piped(LOG, size), 'strace')).toEqual(expected);
  });

  it('gives events of a live pipe at once when it is told the dialect', async () => {
    const source = new PassThrough();
    const events = source.pipe(parseStream({ dialect: 'strace' }));
    source.write('7 close(3) = 0\n7 clo');
    const [event] = await events.take(1).toArray();
    expect(event).toMatchObject({ kind: 'syscall', name: 'close', line: 1 });
  });

  it('fails where nothing is recognised', async () => {
    const failing = pipeline(Readable.from([Buffer.from('a\nb\n')]), parseStream(), async (events) => {
      for await (const _ of events) expect.unreachable();
    });
    await expect(failing).rejects.toMatchObject({ name: 'ForkloreError', code: 'not-a-trace' });
  });

  it('shortens a line of 100 MB in linear time', async () => {
    const diagnostics: Diagnostic[] = [];
    const long = function* (): Generator<Buffer> {
      yield Buffer.from('7 close(3) = 0\n7 write(1, "');
      const filling = Buffer.alloc(65_536, 'x');
      for (let chunk = 0; chunk < 1600; chunk++) yield filling;
      yield Buffer.from('\n7 close(4) = 0\n');
    };
    const parser = parseStream({ dialect: 'strace', onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) });
    const lines: number[] = [];
    for await (const event of Readable.from(long()).pipe(parser)) lines.push(event.line);
    expect(lines).toEqual([1, 2, 3]);
    expect(diagnostics).toContainEqual({ code: 'line-too-long', input: 0, line: 2 });
  });
});
