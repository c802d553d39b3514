import { render, useInput } from 'ink';
import { useCallback, useLayoutEffect, useSyncExternalStore } from 'react';
import type { Terminal } from './explore.ts';
import { keyName } from './keys.ts';
import type { Viewer } from './viewer.ts';

/** Keys to a viewer, and its frames to the screen. */
export function App({
  viewer,
  show,
}: {
  readonly viewer: Viewer;
  /** Takes whole frames: Ink's own output takes a large one apart for 60 ms. */
  readonly show: (frame: readonly string[]) => void;
}): null {
  const frame = useSyncExternalStore(viewer.subscribe, viewer.frame);
  useInput(
    useCallback(
      (input, key) => {
        const name = keyName(input, key);
        if (name !== null) viewer.press(name);
      },
      [viewer],
    ),
  );
  useLayoutEffect(() => show(frame), [frame, show]);
  return null;
}

/** Puts the viewer on the terminal. Gives what takes it off again. */
export function mount(viewer: Viewer, terminal: Terminal, failed: (error: unknown) => void): () => void {
  const app = <App viewer={viewer} show={(frame) => terminal.show(frame)} />;
  // `debug`: Ink writes what the app renders, nothing, and no sequences of its own.
  const options = { stdin: terminal.keyboard, debug: true, exitOnCtrlC: false, patchConsole: false };
  const { unmount, waitUntilExit } = render(app, options);
  waitUntilExit().catch(failed);
  return unmount;
}
