import { setImmediate } from 'node:timers/promises';
import type { Outcome } from '../exit-codes.ts';
import { FullScreen } from '../full-screen.ts';
import { Interruption } from '../interruption.ts';
import type { ViewOptions } from '../options.ts';
import { readsPipe } from '../terminal.ts';

/** `forklore view`: explore a trace in the terminal, also while it is read. */
export async function view({ inputs, from, color }: ViewOptions): Promise<Outcome> {
  const terminal = new FullScreen(color);
  const [{ openExploration }, { explore }] = await Promise.all([
    import('../../explore/open-exploration.ts'),
    import('../../ui/explore.tsx'),
  ]);
  const interruption = new Interruption();
  const opening = openExploration(inputs, { from, stdin: process.stdin });
  terminal.enter();
  try {
    const left = await Promise.race([explore(opening, terminal, interruption.signal), nextUncaught()]);
    // A pipe may stay silent for ever.
    await Promise.race([opening.then((exploration) => exploration.close()), setImmediate()]);
    if (left === 'quit' || readsPipe(inputs)) return { kind: 'done' };
    return { kind: 'interrupted', by: interruption.by ?? 'SIGINT' };
  } finally {
    terminal.restore();
  }
}

/** Rejects with the next error that nothing catches: it is told when the terminal is restored, as any other is. */
function nextUncaught(): Promise<never> {
  return new Promise((_, reject) => {
    process.once('uncaughtException', reject);
  });
}
