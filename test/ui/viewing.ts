import { setTimeout } from 'node:timers/promises';
import { render } from 'ink-testing-library';
import { createElement } from 'react';
import type { Exploration } from '../../src/explore/exploration.ts';
import { App } from '../../src/ui/app.tsx';
import type { Session } from '../../src/ui/session.ts';
import { type ColorDepth, themeOf } from '../../src/ui/theme.ts';
import { keysOfRest, typedKeys } from '../../src/ui/typed-keys.ts';
import { Viewer } from '../../src/ui/viewer.ts';

/** A session shown on a screen that is kept in memory. */
export interface Viewing {
  readonly session: Session;
  /** What was put into the clipboard, oldest first. */
  readonly copied: readonly string[];
  /** Presses keys, by what a terminal sends, and waits for what comes of them. */
  press(...keys: readonly string[]): Promise<void>;
  /** The rows of the screen, painted. */
  rows(): string[];
  close(): Promise<void>;
}

/** What terminals send for keys that are no characters. */
export const ENTER = '\r';
export const ESCAPE = '\x1b';
export const TAB = '\t';

/** Goes to a column. */
const COLUMN = /\x1b\[\d+G/g;

/** Looks at a trace, from when it is read and its screen is filled. */
export async function viewOf(
  exploration: Exploration,
  columns: number,
  height: number,
  colors: ColorDepth = 'none',
): Promise<Viewing> {
  const copied: string[] = [];
  const errors: unknown[] = [];
  const viewer = new Viewer(columns, height, themeOf(colors), {
    left: () => {},
    failed: (error) => errors.push(error),
    copy: (text) => copied.push(text),
    suspend: () => {},
  });
  const session = viewer.open(exploration);
  let frame: readonly string[] = [];
  const show = (rows: readonly string[]): void => {
    frame = rows;
  };
  const { stdin, unmount } = render(createElement(App, { viewer, show }));
  const settled = async (): Promise<void> => {
    do await setTimeout(5);
    while (errors.length === 0 && !isFilled(session));
    if (errors.length > 0) throw errors[0];
    // Drawn when all that changes has changed.
    await setTimeout(5);
  };
  await settled();
  return {
    session,
    copied,
    async press(...keys) {
      for (const text of keys) {
        const { keys: whole, rest } = typedKeys(text);
        for (const key of [...whole, ...keysOfRest(rest)]) stdin.write(key);
        await settled();
      }
    },
    rows: () => frame.map((row) => row.replaceAll(COLUMN, '')),
    async close() {
      unmount();
      viewer.close();
      await exploration.close();
    },
  };
}

function isFilled(session: Session): boolean {
  const { state, progress, events, eventsComplete, files, story, printed } = session.snapshot();
  if (!progress.done || !eventsComplete || state.running !== null || events.includes(null)) return false;
  if (state.closer !== null && printed === null) return false;
  if (state.selected === null) return true;
  return (state.tab !== 'files' || files !== null) && (state.tab !== 'story' || story !== null);
}
