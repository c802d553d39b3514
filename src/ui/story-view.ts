import { piece } from './line.ts';
import { plainRow, type Row, selectionOf } from './rows.ts';
import type { Snapshot } from './session.ts';

/** Why the selected process crashed, or how it ended. */
export function storyRows({ state, story }: Snapshot, height: number): Row[] {
  const { top, cursor } = state.windows.story;
  const rows = (story ?? []).slice(top, top + height).map(({ line }, index): Row => {
    const selection = state.pane === 'detail' ? selectionOf(top + index === cursor, true) : null;
    return { line: [piece(' '), ...line], selection };
  });
  if (story === null) rows.push(plainRow([piece(' reading…', 'dim')]));
  return rows;
}
