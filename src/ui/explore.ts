import type { Exploration } from '../explore/exploration.ts';
import { mount } from './app.tsx';
import { type ColorDepth, themeOf } from './theme.ts';
import { Viewer } from './viewer.ts';

/** The terminal as a viewer needs it. */
export interface Terminal {
  /** A terminal, in whatever mode. */
  readonly keyboard: NodeJS.ReadStream;
  readonly colors: ColorDepth;
  readonly columns: number;
  readonly rows: number;
  /** Calls the listener when it has another size. Gives what ends that. */
  onResize(listener: () => void): () => void;
  /** Shows a frame, row by row. */
  show(frame: readonly string[]): void;
  /** Puts text into the terminal's clipboard. */
  copy(text: string): void;
  /** Gives it back until the program is continued. */
  suspend(): void;
}

/** How a person left. */
export type Leaving = 'quit' | 'interrupt';

/**
 * Shows the trace until the person leaves, or the signal is aborted. Throws what `opening` throws, and errors of its
 * own. The terminal is to be restored by the caller.
 */
export function explore(opening: Promise<Exploration>, terminal: Terminal, signal: AbortSignal): Promise<Leaving> {
  const ends: (() => void)[] = [];
  const leaving = new Promise<Leaving>((left, failed) => {
    signal.addEventListener('abort', () => left('interrupt'), { once: true });
    const { columns, rows, colors } = terminal;
    const copy = (text: string): void => terminal.copy(text);
    const suspend = (): void => terminal.suspend();
    const viewer = new Viewer(columns, rows, themeOf(colors), { left, failed, copy, suspend });
    ends.push(
      mount(viewer, terminal, failed),
      terminal.onResize(() => viewer.resize(terminal.columns, terminal.rows)),
      () => viewer.close(),
    );
    opening.then((exploration) => viewer.open(exploration)).catch(failed);
  });
  return leaving.finally(() => {
    for (const end of ends) end();
  });
}
