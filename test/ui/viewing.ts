import { setTimeout } from 'node:timers/promises';
import { render } from 'ink-testing-library';
import { createElement } from 'react';
import type { Exploration } from '../../src/explore/exploration.ts';
import { App } from '../../src/ui/app.tsx';
import { Session } from '../../src/ui/session.ts';
import { type ColorDepth, themeOf } from '../../src/ui/theme.ts';

/** A session shown on a screen that is kept in memory. */
export interface Viewing {
  readonly session: Session;
  /** What was put into the clipboard, oldest first. */
  readonly copied: readonly string[];
  /** Presses keys, by what a terminal sends, and waits for what comes of them. */
  press(...keys: readonly string[]): Promise<void>;
  /** The rows of the screen; blanks at their ends are not shown. */
  rows(): string[];
  close(): Promise<void>;
}

/** What terminals send for keys that are no characters. */
export const ENTER = '\r';
export const ESCAPE = '\x1b';
export const TAB = '\t';

/** Looks at a trace, from when it is read and its screen is filled. */
export async function viewOf(
  exploration: Exploration,
  columns: number,
  height: number,
  colors: ColorDepth = 'none',
): Promise<Viewing> {
  const copied: string[] = [];
  const errors: unknown[] = [];
  const end = { left: () => {}, failed: (error: unknown) => errors.push(error) };
  const session = new Session(exploration, columns, height, (text) => copied.push(text), end);
  const app = createElement(App, { session, theme: themeOf(colors) });
  const { stdin, stdout, lastFrame, unmount, rerender } = render(app);
  Object.defineProperty(stdout, 'columns', { value: columns });
  rerender(createElement(App, { session, theme: themeOf(colors) }));
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
      for (const key of keys) {
        stdin.write(key);
        // A lone escape is told from the beginning of a sequence by what follows it.
        await settled();
      }
    },
    rows: () => (lastFrame() ?? '').split('\n'),
    async close() {
      unmount();
      session.close();
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
