import { Readable } from 'node:stream';
import type { EventList, EventRow, Exploration } from '../../src/explore/exploration.ts';
import { openExploration } from '../../src/explore/open-exploration.ts';

/** An exploration of files. */
export function explore(...names: string[]): Promise<Exploration> {
  return openExploration(names, { from: null, stdin: Readable.from([]) });
}

/** An exploration of what comes through a pipe. */
export function explorePipe(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<Exploration> {
  return openExploration([], { from: null, stdin: Readable.from(chunks) });
}

/** Waits until something is so, and looks when something changed. */
export function until(exploration: Exploration, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo()) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = exploration.subscribe(look);
    look();
  });
}

/** Waits for the list to be complete; gives all of its rows. */
export async function allRows(exploration: Exploration, list: EventList): Promise<readonly EventRow[]> {
  await until(exploration, () => list.complete);
  return list.rows(0, list.length);
}
