import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { LISTED_KINDS } from '../../src/explore/event-kinds.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { samples } from '../sample-list.ts';
import { allRows, explorePipe } from './reading.ts';

// What is shown is read again, from the middle of the log and without most of its lines: it must be what the whole
// reading told. So that there is a middle, each sample stands in the log several times.

const TIMES = 3;
/** Rows that are read again one by one. */
const SINGLE_ROWS = 12;

async function eventsOf(text: Buffer): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const event = (event: TraceEvent): void => {
    events.push(event);
  };
  await readTrace([], { stdin: Readable.from([text]) }, { start() {}, event, diagnostic() {} });
  return events;
}

/** One event for each line: of several the one that says most. In the order of their first lines. */
function listed(events: readonly TraceEvent[]): TraceEvent[] {
  const kinds: readonly string[] = LISTED_KINDS;
  const byLine = new Map<number, TraceEvent>();
  for (const event of events) {
    const known = byLine.get(event.line);
    if (!kinds.includes(event.kind)) continue;
    if (known === undefined || kinds.indexOf(event.kind) < kinds.indexOf(known.kind)) byLine.set(event.line, event);
  }
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}

describe.each(samples.filter(({ isSet }) => !isSet))('$name', ({ path }) => {
  test('shows the events of the whole reading, all at once and one by one', async () => {
    const text = Buffer.concat(Array.from({ length: TIMES }, () => readFileSync(path)));
    const exploration = await explorePipe(text);
    const list = exploration.events({ process: null, filters: [] });
    const rows = await allRows(exploration, list);
    const wanted = listed(await eventsOf(text));
    expect(rows.map(({ event }) => event)).toEqual(wanted);
    const step = Math.max(Math.ceil(wanted.length / SINGLE_ROWS), 1);
    for (let index = step - 1; index < wanted.length; index += step) {
      const [row] = await list.rows(index, index + 1);
      expect(row?.event).toEqual(wanted[index]);
    }
    await exploration.close();
  });
});
