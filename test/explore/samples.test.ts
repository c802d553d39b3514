import { describe, expect, test } from 'vitest';
import { LISTED_KINDS } from '../../src/explore/event-kinds.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { samples } from '../sample-list.ts';
import { allRows, explore } from './reading.ts';

// What is shown is read again, from the middle of the log and without most of its lines: it must be what the whole
// reading told.

/** More single rows than this are not read again of one sample. */
const SINGLE_ROWS = 200;

async function eventsOf(path: string): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const event = (event: TraceEvent): void => {
    events.push(event);
  };
  await readTrace([path], {}, { start() {}, event, diagnostic() {} });
  return events;
}

/** One event for each line: of several the one that says most. In the order of their first lines. */
function listed(events: readonly TraceEvent[]): TraceEvent[] {
  const kinds: readonly string[] = LISTED_KINDS;
  const byLine = new Map<string, TraceEvent>();
  for (const event of events) {
    const place = `${event.input}:${event.line}`;
    const known = byLine.get(place);
    if (!kinds.includes(event.kind)) continue;
    if (known === undefined || kinds.indexOf(event.kind) < kinds.indexOf(known.kind)) byLine.set(place, event);
  }
  return [...byLine.values()].sort((a, b) => a.input - b.input || a.line - b.line);
}

describe.each(samples.filter(({ isSet }) => !isSet))('$name', ({ path }) => {
  test('shows the events of the whole reading, all at once and one by one', async () => {
    const exploration = await explore(path);
    const list = exploration.events({ process: null, filters: [] });
    const rows = await allRows(exploration, list);
    const wanted = listed(await eventsOf(path));
    expect(rows.map(({ event }) => event)).toEqual(wanted);
    const step = Math.ceil(wanted.length / SINGLE_ROWS);
    for (let index = 0; index < wanted.length; index += step) {
      const [row] = await list.rows(index, index + 1);
      expect(row?.event).toEqual(wanted[index]);
    }
    await exploration.close();
  });
});
