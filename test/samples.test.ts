import { existsSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, relative } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Needs } from '../parsers/tracer-format.ts';
import { Blame, blameNeeds } from '../src/analyze/blame.ts';
import { selectFiles } from '../src/analyze/file-selection.ts';
import { Files, type FilesResult, filesNeeds } from '../src/analyze/files.ts';
import { Summary } from '../src/analyze/summary.ts';
import { Tree } from '../src/analyze/tree.ts';
import { type Diagnostic, DiagnosticCounter } from '../src/model/diagnostic.ts';
import { dialectTraits } from '../src/model/dialect.ts';
import type { TraceEvent } from '../src/model/event.ts';
import type { TraceCounts, TraceHeader, TraceSummary } from '../src/model/trace.ts';
import { eventSchema } from '../src/ndjson/schema.ts';
import { writeDiagnostic, writeEnd, writeEvent, writeHeader } from '../src/ndjson/write.ts';
import { readTrace } from '../src/read/read-trace.ts';
import { filesDocument } from '../src/render/files-json.ts';
import { jsonText } from '../src/render/json-text.ts';
import { renderBlame } from '../src/render/text/blame.ts';
import { renderFiles } from '../src/render/text/files.ts';
import { renderSummary } from '../src/render/text/summary.ts';
import { renderTree } from '../src/render/text/tree.ts';
import { explained } from './explained.ts';
import { SAMPLES, samples } from './sample-list.ts';

// Every log in samples/<dialect>/ is read in seven ways and compared with the goldens beside it. To accept new goldens
// run `npx vitest run -u test/samples.test.ts` and read them line by line against the log.

interface Reading {
  readonly header: TraceHeader;
  readonly counts: TraceCounts;
  readonly events: readonly TraceEvent[];
  readonly diagnostics: readonly Diagnostic[];
}

function withinSamples(name: string): string {
  return isAbsolute(name) ? relative(SAMPLES, name) : name;
}

async function read(
  input: string | Readable,
  needs: Needs | null = null,
  each?: (event: TraceEvent) => void,
): Promise<Reading> {
  let header: TraceHeader | undefined;
  const events: TraceEvent[] = [];
  const diagnostics: Diagnostic[] = [];
  const sink = {
    start: (started: TraceHeader) => {
      header = { ...started, inputs: started.inputs.map(withinSamples) };
    },
    event: (event: TraceEvent) => {
      events.push(event);
      each?.(event);
    },
    diagnostic: (diagnostic: Diagnostic) => {
      diagnostics.push(diagnostic);
    },
  };
  const options = { needs, ...(typeof input === 'string' ? {} : { stdin: input }) };
  const counts = await readTrace(typeof input === 'string' ? [input] : [], options, sink);
  if (header === undefined) throw new Error('the reader gave no header');
  return { header, counts, events, diagnostics };
}

function summary({ header, counts, diagnostics }: Reading): TraceSummary {
  const counter = new DiagnosticCounter();
  for (const diagnostic of diagnostics) counter.add(diagnostic);
  return { ...header, inputs: header.inputs.map((name) => basename(name)), ...counts, diagnostics: counter.all() };
}

function toNdjson({ header, counts, events, diagnostics }: Reading): string {
  return [writeHeader(header), ...events.map(writeEvent), ...diagnostics.map(writeDiagnostic), writeEnd(counts)].join(
    '',
  );
}

function blameOf(reading: Reading) {
  const blame = new Blame(reading.header);
  for (const event of reading.events) blame.add(event);
  return blame.finish();
}

function summaryOf(reading: Reading) {
  const fold = new Summary(reading.header, { order: null, process: null, slowest: 10 });
  for (const event of reading.events) fold.add(event);
  return fold.finish();
}

const EVERYTHING = { process: null, byProcess: true };

function filesOf(reading: Reading) {
  const files = new Files(reading.header, EVERYTHING);
  for (const event of reading.events) files.add(event);
  return files.finish();
}

const VIEW = { color: false, width: 100 };

/** Answers that only some samples have a golden of: an empty file asks for one. */
const CHOSEN: readonly { readonly golden: string; text(reading: Reading): string }[] = [
  {
    golden: 'full.txt',
    text: (reading) => renderBlame(explained(reading.header, reading.events), summary(reading), VIEW, true),
  },
  {
    // Over all, what failed, and by process.
    golden: 'files.txt',
    text: (reading) =>
      [{}, { failed: true }, { byProcess: true }]
        .map((wanted) => {
          const style = { failed: false, written: false, sort: null, flat: false, byProcess: false, ...wanted };
          return renderFiles(selectFiles(filesOf(reading), style), summary(reading), VIEW, style);
        })
        .join('\n'),
  },
  {
    golden: 'summary.txt',
    text: (reading) => renderSummary(summaryOf(reading), summary(reading), VIEW, { processes: 10, process: null }),
  },
];

describe.each(samples)('$name', ({ dialect, path, golden, isSet }) => {
  let first: Promise<Reading> | undefined;
  const once = () => {
    first ??= read(path);
    return first;
  };

  test('gives the events of its golden', async () => {
    const { events } = await once();
    await expect(events.map(writeEvent).join('')).toMatchFileSnapshot(`${golden}.events.ndjson`);
  });

  test('is recognised as its folder says', async () => {
    expect((await once()).header.dialect).toBe(dialect);
  });

  test('comes back the same from NDJSON', async () => {
    const reading = await once();
    const again = await read(Readable.from([Buffer.from(toNdjson(reading))]));
    expect(again.events).toEqual(reading.events);
    expect(again.counts).toEqual(reading.counts);
    expect(again.diagnostics).toEqual(reading.diagnostics);
    expect(again.header).toEqual(reading.header);
  });

  test.skipIf(isSet)('gives the same events however it is cut in chunks', async () => {
    const { events, diagnostics } = await once();
    for (const size of [1, 2, 3, 7, 65_536]) {
      const cut = await read(Readable.from(chunksOf(readFileSync(path), size)));
      expect(cut.events, `chunks of ${size}`).toEqual(events);
      expect(cut.diagnostics, `chunks of ${size}`).toEqual(diagnostics);
    }
  });

  test.skipIf(isSet)('accounts for every line', async () => {
    const { events, diagnostics } = await once();
    const covered = new Set<number>();
    for (const { line, endLine } of events) for (let at = line; at <= endLine; at++) covered.add(at);
    for (const { line } of diagnostics) if (line !== null) covered.add(line);
    const lines = readFileSync(path, 'latin1').split('\n');
    const lost = lines.flatMap((text, index) => (text.trim() === '' || covered.has(index + 1) ? [] : [index + 1]));
    expect(lost).toEqual([]);
  });

  test('gives events that fit the schema', async () => {
    for (const event of (await once()).events) expect(eventSchema.safeParse(event).error).toBeUndefined();
  });

  test('tells the tree and the blame of its goldens', async () => {
    const reading = await once();
    const tree = new Tree(reading.header);
    for (const event of reading.events) tree.add(event);
    await expect([...renderTree(tree.finish(), summary(reading), VIEW)].join('')).toMatchFileSnapshot(
      `${golden}.tree.txt`,
    );
    await expect(renderBlame(explained(reading.header, reading.events), summary(reading), VIEW)).toMatchFileSnapshot(
      `${golden}.blame.txt`,
    );
  });

  test.each(CHOSEN.filter((chosen) => existsSync(`${golden}.${chosen.golden}`)))(
    'gives the text of its $golden',
    async (chosen) => {
      await expect(chosen.text(await once())).toMatchFileSnapshot(`${golden}.${chosen.golden}`);
    },
  );

  test('has every call that returned in its summary, once', async () => {
    const reading = await once();
    const returned = reading.events.filter((event) => event.kind === 'syscall' && event.outcome !== 'unfinished');
    const { total, calls, processes, unlisted, unfinished } = summaryOf(reading);
    const sum = (parts: readonly { readonly calls: number }[]) => parts.reduce((all, part) => all + part.calls, 0);
    expect(total.calls).toBe(returned.length);
    expect(sum(calls)).toBe(returned.length);
    expect(sum(processes.map((process) => process.total)) + unlisted.calls).toBe(returned.length);
    expect(sum(unfinished)).toBe(reading.events.filter((event) => event.kind === 'syscall').length - returned.length);
  });

  test('counts the same when calls are told by numbers', async () => {
    const reading = await once();
    const options = { order: null, process: null, slowest: 3 };
    const counted = new Summary(reading.header, options);
    const needs = { call: () => true, watched: counted.watched, counting: counted };
    const { counts } = await read(path, needs, (event) => counted.add(event));
    const whole = new Summary(reading.header, options);
    for (const event of reading.events) whole.add(event);
    expect(counted.finish()).toEqual(whole.finish());
    expect(counts).toEqual(reading.counts);
  });

  test('tells the same files when lines nobody needs are passed over', async () => {
    const reading = await once();
    const files = new Files(reading.header, EVERYTHING);
    const { platform } = dialectTraits[dialect];
    const needs = { call: (name: string) => filesNeeds(name, platform), watched: files.watched };
    await read(path, needs, (event) => files.add(event));
    const trace = summary(reading);
    const text = (result: FilesResult) => [...jsonText(filesDocument(result, trace))].join('');
    expect(text(files.finish())).toBe(text(filesOf(reading)));
  });

  test('tells the same when lines nobody needs are passed over', async () => {
    const reading = await once();
    const blame = new Blame(reading.header);
    const { platform } = dialectTraits[dialect];
    const needs = { call: (name: string) => blameNeeds(name, platform), watched: blame.watched, keeping: blame };
    const filtered = await read(path, needs, (event) => blame.add(event));
    expect(blame.finish()).toEqual(blameOf(reading));
    expect(filtered.counts).toEqual(reading.counts);
  });
});

function* chunksOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
