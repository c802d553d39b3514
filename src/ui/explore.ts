import type { Exploration } from '../explore/exploration.ts';
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

/** So long the log is read before Ink is loaded, which takes half a second: what is there is seen before. */
const GLANCE_MS = 150;

/**
 * Shows the trace until the person leaves, or the signal is aborted. Throws what `opening` throws, and errors of its
 * own. The terminal is to be restored by the caller.
 */
export function explore(opening: Promise<Exploration>, terminal: Terminal, signal: AbortSignal): Promise<Leaving> {
  let end = (): void => {};
  const leaving = new Promise<Leaving>((left, failed) => {
    signal.addEventListener('abort', () => left('interrupt'), { once: true });
    const { columns, rows, colors } = terminal;
    const copy = (text: string): void => terminal.copy(text);
    const suspend = (): void => terminal.suspend();
    const viewer = new Viewer(columns, rows, themeOf(colors), { left, failed, copy, suspend });
    end = show(viewer, opening, terminal, failed);
  });
  return leaving.finally(end);
}

/** Shows what the viewer shows, and gives it the keys that are pressed. Gives what ends that. */
function show(
  viewer: Viewer,
  opening: Promise<Exploration>,
  terminal: Terminal,
  failed: (error: unknown) => void,
): () => void {
  const draw = (): void => terminal.show(viewer.frame());
  const ends = [terminal.onResize(() => viewer.resize(terminal.columns, terminal.rows)), () => viewer.close()];
  let isOver = false;
  const mountInk = async (): Promise<void> => {
    const unsubscribe = viewer.subscribe(draw);
    await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
    draw();
    const app = import('./app.tsx');
    opening.then((exploration) => exploration.giveWayTo(app)).catch(failed);
    const { mount } = await app;
    if (!isOver) ends.push(mount(viewer, terminal, failed));
    unsubscribe();
  };
  opening.then((exploration) => viewer.open(exploration)).catch(failed);
  mountInk().catch(failed);
  return () => {
    isOver = true;
    for (const end of ends) end();
  };
}
