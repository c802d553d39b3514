import { Readable } from 'node:stream';
import type { Needs } from '../../parsers/tracer-format.ts';
import { Blame, blameNeeds } from '../../src/analyze/blame.ts';
import type { BlameResult } from '../../src/analyze/blame-result.ts';
import { Tree, type TreeResult } from '../../src/analyze/tree.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { type Dialect, dialectTraits } from '../../src/model/dialect.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import type { TraceHeader } from '../../src/model/trace.ts';
import { writeEnd, writeEvent, writeHeader } from '../../src/ndjson/write.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { feeding } from '../feeding.ts';
import { loadedFormat } from '../loaded-formats.ts';

/** A log that was read in full, and what was found. */
export interface Reading {
  readonly events: readonly TraceEvent[];
  readonly diagnostics: readonly Diagnostic[];
  readonly tree: TreeResult;
}

export function headerOf(dialect: Dialect): TraceHeader {
  return { dialect, inputs: ['forest.log'], joined: true };
}

export function readWhole(text: string, dialect: Dialect): Reading {
  const events: TraceEvent[] = [];
  const diagnostics: Diagnostic[] = [];
  const tree = new Tree(headerOf(dialect));
  parse(text, dialect, null, diagnostics, (event) => {
    events.push(event);
    tree.add(event);
  });
  return { events, diagnostics, tree: tree.finish() };
}

/** The same with lines passed over that blame does not need. */
export function blameFiltered(text: string, dialect: Dialect): BlameResult {
  const blame = new Blame(headerOf(dialect));
  const { platform } = dialectTraits[dialect];
  const needs = { call: (name: string) => blameNeeds(name, platform), watched: blame.watched, keeping: blame };
  parse(text, dialect, needs, [], (event) => blame.add(event));
  return blame.finish();
}

export function blameOf(events: readonly TraceEvent[], dialect: Dialect): BlameResult {
  const blame = new Blame(headerOf(dialect));
  for (const event of events) blame.add(event);
  return blame.finish();
}

export function parse(
  text: string,
  dialect: Dialect,
  needs: Needs | null,
  diagnostics: Diagnostic[],
  event: (event: TraceEvent) => void,
): void {
  const sink = { event, diagnostic: (found: Diagnostic) => diagnostics.push(found) };
  const feed = feeding(loadedFormat(dialect), sink, needs);
  feed.push(Buffer.from(text, 'latin1'));
  feed.end();
}

/** The files of one recording, in a folder of their own. */
export async function readFiles(folder: string): Promise<{ header: TraceHeader; tree: TreeResult }> {
  const started: { readonly header: TraceHeader; readonly tree: Tree }[] = [];
  await readTrace(
    [folder],
    {},
    {
      start: (header) => started.push({ header, tree: new Tree(header) }),
      event: (event) => started[0]?.tree.add(event),
      diagnostic() {},
    },
  );
  const [only] = started;
  if (only === undefined) throw new Error('the reader gave no header');
  return { header: only.header, tree: only.tree.finish() };
}

/** The events as they come back from NDJSON. */
export async function throughNdjson(events: readonly TraceEvent[], dialect: Dialect): Promise<readonly TraceEvent[]> {
  const counts = { lines: events.length, events: events.length, unparsed: 0 };
  const text = [writeHeader(headerOf(dialect)), ...events.map(writeEvent), writeEnd(counts)].join('');
  const back: TraceEvent[] = [];
  await readTrace(
    [],
    { stdin: Readable.from([Buffer.from(text)]) },
    {
      start() {},
      event: (event) => back.push(event),
      diagnostic() {},
    },
  );
  return back;
}
