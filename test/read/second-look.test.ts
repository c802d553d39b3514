import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Blame, blameNeeds } from '../../src/analyze/blame.ts';
import { Lives } from '../../src/analyze/lives.ts';
import { dialectTraits } from '../../src/model/dialect.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import type { LineSpan, TraceHeader } from '../../src/model/trace.ts';
import { type OpenTrace, openTrace } from '../../src/read/read-trace.ts';
import { samples } from '../sample-list.ts';
import { piped } from './traces.ts';

type Life = readonly LineSpan[];

/** Reads what blame needs, and tells the lives of the crashed. */
async function firstLook(trace: OpenTrace): Promise<readonly Life[]> {
  const blame = new Blame(trace.header);
  await trace.read({ start() {}, event: (event) => blame.add(event), diagnostic() {} });
  return blame.finish().crashes.map(({ life }) => life);
}

function optionsFor(header: TraceHeader) {
  const { platform } = dialectTraits[header.dialect];
  return { needs: { call: (name: string) => blameNeeds(name, platform), watched: new Set<number | null>() } };
}

/** The events of each life. */
function sorted(header: TraceHeader, lives: readonly Life[]): { lives: Lives; found: TraceEvent[][] } {
  const sorting = new Lives(header.joined && header.inputs.length > 1);
  const found = lives.map((): TraceEvent[] => []);
  for (const [index, life] of lives.entries()) {
    sorting.follow(life, { add: (event) => found[index]?.push(event) });
  }
  return { lives: sorting, found };
}

async function inFull(path: string, lives: readonly Life[]): Promise<TraceEvent[][]> {
  const trace = await openTrace([path], {});
  const { lives: sorting, found } = sorted(trace.header, lives);
  await trace.read({ start() {}, event: (event) => sorting.add(event), diagnostic() {} });
  return found;
}

async function again(trace: OpenTrace, lives: readonly Life[]): Promise<TraceEvent[][]> {
  const { lives: sorting, found } = sorted(trace.header, lives);
  const again = await trace.again();
  await again.events(lives.flat(), (event) => sorting.add(event));
  return found;
}

describe('a second look gives the events of the crashed, as a full reading has them', () => {
  it.each(samples.map((sample) => [sample.name, sample] as const))('%s', async (_, { path, isSet }) => {
    const { header } = await openTrace([path], {});
    const file = await openTrace([path], optionsFor(header));
    const lives = await firstLook(file);
    const full = await inFull(path, lives);
    for (const events of full) expect(events.length).toBeGreaterThan(0);
    expect(await again(file, lives)).toEqual(full);
    if (isSet) return;
    for (const chunkBytes of [50, 700]) {
      const pipe = await openTrace([], { ...optionsFor(header), stdin: piped(readFileSync(path), chunkBytes) });
      const pipedLives = await firstLook(pipe);
      expect(pipedLives).toEqual(lives);
      expect(await again(pipe, pipedLives)).toEqual(full);
    }
  });
});
