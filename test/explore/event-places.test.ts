import { expect, test } from 'vitest';
import { PlacesByArrival } from '../../src/explore/event-places.ts';
import type { EventBase } from '../../src/model/event.ts';

/** Events in the order in which they come: of an input, at a line. */
function placesOf(events: readonly (readonly [input: number, line: number])[]): PlacesByArrival {
  const places = new PlacesByArrival('record');
  const common = { dialect: 'strace', pid: null, tid: null, time: null, atNs: null } as const;
  for (const [at, [input, line]] of events.entries()) {
    const event: EventBase = { ...common, input, line, endLine: line };
    places.slotOf(event, at + 1);
  }
  return places;
}

test('a line of what came in any order is found, or the next one of its input', () => {
  const places = placesOf([
    [0, 1],
    [1, 1],
    [0, 9],
    [0, 5000],
    [1, 3000],
    [0, 7],
    [0, 7],
    [0, 900_000_000],
  ]);
  const from = (input: number, line: number): number => places.slotFrom(input, line, 8);
  expect([from(0, 1), from(0, 2), from(0, 8), from(0, 10), from(0, 5001)]).toEqual([0, 5, 2, 3, 7]);
  expect([from(1, 2), from(1, 3000), from(1, 3001), from(0, 900_000_001), from(2, 1)]).toEqual([4, 4, 8, 8, 8]);
});
