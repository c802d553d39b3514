import { setImmediate } from 'node:timers/promises';
import type { Outcome } from '../exit-codes.ts';
import { FullScreen } from '../full-screen.ts';
import { keepHeapSmall } from '../heap.ts';
import { Interruption } from '../interruption.ts';
import type { ViewOptions } from '../options.ts';
import { readsPipe } from '../terminal.ts';

/** `forklore view`: explore a trace in the terminal, also while it is read. */
export async function view({ inputs, from, color }: ViewOptions): Promise<Outcome> {
  const terminal = new FullScreen(color);
  const interruption = new Interruption();
  keepHeapSmall();
  terminal.enter(`opening ${inputs.length === 0 ? 'standard input' : inputs.join(' ')}…`);
  try {
    const { openExploration } = await import('../../explore/open-exploration.ts');
    const opening = openExploration(inputs, { from, stdin: process.stdin });
    // It is told when there is something to show it.
    opening.catch(() => {});
    const { explore } = await import('../../ui/explore.ts');
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
