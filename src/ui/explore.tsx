import { Box, render, useInput } from 'ink';
import type { ReactNode } from 'react';
import type { Exploration } from '../explore/exploration.ts';
import { App } from './app.tsx';
import { commandOf, keyNames } from './keys.ts';
import { piece } from './line.ts';
import { Lines, plainRow } from './lines.tsx';
import { Session } from './session.ts';
import { type ColorDepth, type Theme, themeOf } from './theme.ts';

/** The terminal as the views need it. */
export interface Terminal {
  /** Takes whole frames; tells of another size by 'resize'. */
  readonly output: NodeJS.WriteStream;
  /** A terminal, in whatever mode. */
  readonly keyboard: NodeJS.ReadStream;
  readonly colors: ColorDepth;
  /** Puts text into the terminal's clipboard. */
  copy(text: string): void;
}

/** How a person left. */
export type Leaving = 'quit' | 'interrupt';

/**
 * Shows the trace until the person leaves, or the signal is aborted. Throws what `opening` throws, and errors of its
 * own. The terminal is to be restored by the caller.
 */
export async function explore(
  opening: Promise<Exploration>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Leaving> {
  const { output, keyboard, colors } = terminal;
  const theme = themeOf(colors);
  const shown: { session: Session | null } = { session: null };
  const resized = (): void => shown.session?.resize(output.columns, output.rows);
  output.on('resize', resized);
  let unmount = (): void => {};
  try {
    return await new Promise<Leaving>((leave, fail) => {
      signal.addEventListener('abort', () => leave('interrupt'), { once: true });
      const waiting = <Waiting columns={output.columns} rows={output.rows} theme={theme} leave={leave} />;
      // `debug`: every frame is handed over whole, as soon as it is made.
      const options = { stdout: output, stdin: keyboard, debug: true, exitOnCtrlC: false, patchConsole: false };
      const ink = render(waiting, options);
      unmount = ink.unmount;
      ink.waitUntilExit().catch(fail);
      opening.then((exploration) => {
        const session = new Session(exploration, output.columns, output.rows, terminal.copy, {
          left: leave,
          failed: fail,
        });
        shown.session = session;
        ink.rerender(<App session={session} theme={theme} />);
      }, fail);
    });
  } finally {
    output.off('resize', resized);
    unmount();
    shown.session?.close();
  }
}

/** Before the first line of a live pipe has come. */
function Waiting({
  columns,
  rows,
  theme,
  leave,
}: {
  readonly columns: number;
  readonly rows: number;
  readonly theme: Theme;
  readonly leave: (how: Leaving) => void;
}): ReactNode {
  useInput((input, key) => {
    for (const name of keyNames(input, key)) {
      const command = commandOf(name);
      if (command === 'quit' || command === 'interrupt') leave(command);
    }
  });
  const line = plainRow([piece(' waiting for the first lines of the trace…  q quits', 'dim')]);
  return (
    <Box height={rows} flexShrink={0}>
      <Lines rows={[line]} width={columns} height={rows} theme={theme} />
    </Box>
  );
}
