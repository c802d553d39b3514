import { PassThrough, Readable } from 'node:stream';
import type { EventList, EventRow, Exploration, ProcessRow } from '../../src/explore/exploration.ts';
import { openExploration } from '../../src/explore/open-exploration.ts';

/** An exploration of files. */
export function explore(...names: string[]): Promise<Exploration> {
  return openExploration(names, { from: null, stdin: Readable.from([]) });
}

/** An exploration of text that comes through a pipe and is over. */
export function explorePipe(text: Buffer): Promise<Exploration> {
  return openExploration([], { from: null, stdin: Readable.from([text]) });
}

/** A pipe that stays open, and the exploration of what is written into it; some of it at once. */
export async function exploreLive(
  text: string,
): Promise<{ readonly pipe: PassThrough; readonly exploration: Exploration }> {
  const pipe = new PassThrough();
  pipe.write(text);
  return { pipe, exploration: await openExploration([], { from: null, stdin: pipe }) };
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

/** Rows as a few words: the line, and what the event is. */
export function shown(rows: readonly EventRow[]): string[] {
  return rows.map(({ event }) => `${event.line} ${event.kind === 'syscall' ? event.name : event.kind}`);
}

/** Processes in the order of the tree, each with its depth in it and the key of its parent. */
export function allProcesses(
  exploration: Exploration,
): readonly (ProcessRow & { readonly depth: number; readonly parentKey: number | null })[] {
  const tree = exploration.processes();
  return Array.from({ length: tree.length }, (_, row) => {
    const process = exploration.process(tree.keyAt(row));
    if (process === null) throw new Error(`row ${row} of the tree is no process`);
    const parent = tree.parentOf(row);
    return { ...process, depth: tree.depthAt(row), parentKey: parent < 0 ? null : tree.keyAt(parent) };
  });
}
