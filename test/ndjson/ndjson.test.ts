import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { DIALECTS } from '../../src/model/dialect.ts';
import type { EventBase, TraceEvent } from '../../src/model/event.ts';
import type { TraceHeader } from '../../src/model/trace.ts';
import { EventBytes } from '../../src/ndjson/event-bytes.ts';
import { readNdjson } from '../../src/ndjson/read.ts';
import { eventSchema } from '../../src/ndjson/schema.ts';
import { writeDiagnostic, writeEnd, writeEvent, writeHeader } from '../../src/ndjson/write.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { piped } from '../read/traces.ts';

const header: TraceHeader = { dialect: 'strace', inputs: ['a\n"b"\xff', 'é'], joined: true };

const text = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const pid = orNull(fc.integer({ min: 0, max: 4_194_304 }));
const whole = orNull(fc.maxSafeInteger().map((value) => value + 0));

const base: { readonly [Key in keyof EventBase]: fc.Arbitrary<EventBase[Key]> } = {
  dialect: fc.constantFrom(...DIALECTS),
  input: fc.constantFrom(0, 1),
  line: fc.integer({ min: 1 }),
  endLine: fc.integer({ min: 1 }),
  pid,
  tid: pid,
  time: orNull(text),
  atNs: whole,
};

const event: fc.Arbitrary<TraceEvent> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('syscall' as const),
      ...base,
      name: text,
      args: text,
      result: orNull(text),
      detail: orNull(text),
      errno: orNull(fc.record({ name: orNull(text), number: whole }, { noNullPrototype: true })),
      durationNs: whole,
      outcome: fc.constantFrom('returned' as const, 'failed' as const, 'unfinished' as const, 'restarted' as const),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('signal' as const),
      ...base,
      signal: text,
      disposition: orNull(fc.constantFrom('default' as const, 'caught' as const, 'ignored' as const)),
      siginfo: orNull(text),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    { kind: fc.constant('fault' as const), ...base, fault: text, pc: orNull(text), siginfo: orNull(text) },
    { noNullPrototype: true },
  ),
  fc.record({ kind: fc.constant('exit' as const), ...base, status: whole }, { noNullPrototype: true }),
  fc.record(
    { kind: fc.constant('killed' as const), ...base, signal: orNull(text), coreDumped: orNull(fc.boolean()) },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('process-start' as const),
      ...base,
      parentPid: pid,
      via: orNull(
        fc.constantFrom('fork' as const, 'vfork' as const, 'clone' as const, 'thread' as const, 'attach' as const),
      ),
    },
    { noNullPrototype: true },
  ),
  fc.record({ kind: fc.constant('identity' as const), ...base }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant('program' as const), ...base, program: text }, { noNullPrototype: true }),
  fc.record(
    { kind: fc.constant('lookup' as const), ...base, callLine: fc.integer({ min: 1 }), path: text },
    { noNullPrototype: true },
  ),
  fc.record({ kind: fc.constant('detach' as const), ...base }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant('note' as const), ...base, text }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant('unparsed' as const), ...base, text }, { noNullPrototype: true }),
);

const unparsed: TraceEvent = {
  kind: 'unparsed',
  dialect: 'strace',
  input: 1,
  line: 7,
  endLine: 7,
  pid: null,
  tid: null,
  time: null,
  atNs: null,
  text: 'Ã¼\0\x1b[31m\x85',
};

async function read(written: string | Buffer, chunkBytes = 65_536) {
  const bytes = Buffer.from(written);
  const events: TraceEvent[] = [];
  const diagnostics: Diagnostic[] = [];
  const headers: TraceHeader[] = [];
  const end = await readNdjson(piped(bytes, chunkBytes), 'trace.ndjson', {
    header: (found) => headers.push(found),
    event: (found) => events.push(found),
    diagnostic: (found) => diagnostics.push(found),
  });
  return { headers, events, diagnostics, ...end };
}

describe('the interchange format', () => {
  it('gives back every event as it was, and the same bytes when written again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 20 }),
        fc.constantFrom(1, 2, 3, 7, 65_536),
        async (events, size) => {
          for (const one of events) expect(eventSchema.safeParse(one).success).toBe(true);
          const written = writeHeader(header) + events.map(writeEvent).join('');
          const found = await read(written, size);
          expect(found.headers).toEqual([header]);
          expect(found.events).toEqual(events);
          expect(found.events.map(writeEvent).join('')).toBe(events.map(writeEvent).join(''));
          expect(found.cut).toBe(false);
        },
      ),
    );
  });

  it('is written as bytes as it is as text', () => {
    const anyText = fc.oneof(
      { weight: 6, arbitrary: text },
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('\ud800', 'a\udfff', '\u2028', 'é'.repeat(9000), '\x01"\\'.repeat(20_000), 'x'.repeat(400_000)),
    );
    const number = orNull(fc.oneof(fc.maxSafeInteger(), fc.double(), fc.constantFrom(-0, 999_999_999, 1e9, 2 ** 53)));
    const other = fc.record({
      args: anyText,
      time: orNull(anyText),
      detail: orNull(anyText),
      atNs: number,
      tid: number,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(event, other), { maxLength: 30 }), (pairs) => {
        const events = pairs.map(([one, more]) => (one.kind === 'syscall' ? { ...one, ...more } : one));
        const written: Buffer[] = [];
        const lines = new EventBytes((bytes) => written.push(Buffer.from(bytes)));
        lines.line(writeHeader(header));
        for (const one of events) lines.event(one);
        lines.flush();
        expect(Buffer.concat(written).toString()).toBe(writeHeader(header) + events.map(writeEvent).join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps diagnostics and counts', async () => {
    const diagnostics: Diagnostic[] = [
      { code: 'unparsed-line', input: 1, line: 7 },
      { code: 'input-cut', input: 0, line: null },
    ];
    const counts = { lines: 48_211, events: 48_102, unparsed: 3 };
    const found = await read(
      writeHeader(header) + writeEvent(unparsed) + diagnostics.map(writeDiagnostic).join('') + writeEnd(counts),
    );
    expect(found.diagnostics).toEqual(diagnostics);
    expect(found.counts).toEqual(counts);
  });

  it('counts what it can where the end is missing', async () => {
    const other = { ...unparsed, input: 0, line: 3, endLine: 9 };
    const { counts, cut } = await read(writeHeader(header) + writeEvent(unparsed) + writeEvent(other));
    expect(counts).toEqual({ lines: 16, events: 2, unparsed: 2 });
    expect(cut).toBe(false);
  });

  it('stands a cut anywhere after the first line', async () => {
    const whole = Buffer.from(writeHeader(header) + writeEvent(unparsed) + writeEvent(unparsed));
    const first = Buffer.byteLength(writeHeader(header));
    const second = first + Buffer.byteLength(writeEvent(unparsed));
    for (let length = first; length <= whole.length; length++) {
      const found = await read(whole.subarray(0, length));
      expect(found.cut).toBe(
        length !== first && (length < second - 1 || (length > second && length < whole.length - 1)),
      );
      expect(found.events.length).toBe(length >= whole.length - 1 ? 2 : length >= second - 1 ? 1 : 0);
    }
  });

  it.each([
    ['', '{"format":"forklore/events","version":2}', 'trace.ndjson:1: version: '],
    ['', 'call a', 'trace.ndjson:1: the line is no JSON'],
    [writeHeader(header), 'null', 'trace.ndjson:2: Invalid input'],
    [writeHeader(header), '[]', 'trace.ndjson:2: Invalid input'],
    [writeHeader(header), `{"kind":\n${writeEvent(unparsed)}`, 'trace.ndjson:2: the line is no JSON'],
    [
      writeHeader(header),
      JSON.stringify({ ...unparsed, pid: '7' }),
      'trace.ndjson:2: pid: Invalid input: expected number',
    ],
    [writeHeader(header), JSON.stringify({ ...unparsed, input: 2 }), 'trace.ndjson:2: input 2 is not among the 2'],
    [writeHeader(header), JSON.stringify({ ...unparsed, extra: 1 }), 'trace.ndjson:2: Unrecognized key: "extra"'],
    [writeHeader(header), '{"format":"other"}', 'trace.ndjson:2: the line is neither an event'],
    [
      writeHeader(header),
      '{"format":"forklore/diagnostic","code":"toString","input":0,"line":1}',
      'trace.ndjson:2: code',
    ],
    [
      writeHeader(header) + writeEnd({ lines: 1, events: 1, unparsed: 0 }),
      writeEvent(unparsed),
      'trace.ndjson:3: a line follows the end of the trace',
    ],
  ])('refuses what is not of the format (%#)', async (before, line, message) => {
    await expect(read(`${before}${line}\n\n${writeEvent(unparsed)}`)).rejects.toMatchObject({
      code: 'invalid-ndjson',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a line without end', async () => {
    const endless = writeHeader(header) + 'x'.repeat(20_000_000);
    await expect(read(endless)).rejects.toThrow('trace.ndjson:2: the line is longer than 16777216 characters');
  });
});

describe('readTrace of the interchange format', () => {
  async function events(stdin: Buffer, chunkBytes: number) {
    const lines: string[] = [];
    const counts = await readTrace(
      [],
      { stdin: piped(stdin, chunkBytes) },
      {
        start: (found) => lines.push(writeHeader(found)),
        event: (found) => lines.push(writeEvent(found)),
        diagnostic: (found) => lines.push(writeDiagnostic(found)),
      },
    );
    return lines.join('') + writeEnd(counts);
  }

  it.each([1, 7, 65_536])('gives the same events as the log it was made from, in chunks of %i bytes', async (size) => {
    const log =
      'make: noise \xff\n\n7 open("/a\xe9", O_RDONLY) = 3\n7 read(3, <unfinished ...>\n8 +++ exited with 0 +++\n';
    const written = await events(Buffer.from(log, 'latin1'), 65_536);
    expect(written.split('\n').length).toBeGreaterThan(5);
    expect(await events(Buffer.from(written), size)).toBe(written);
    expect(await events(gzipSync(written), size)).toBe(written);
  });

  it('reports a cut file', async () => {
    const cut = Buffer.from(writeHeader(header) + writeEvent(unparsed)).subarray(0, -9);
    expect(await events(cut, 65_536)).toContain('"code":"input-cut"');
  });
});
