import type { ReactNode } from 'react';
import { piece } from './line.ts';
import { Lines, plainRow, type Row, selectionOf } from './lines.tsx';
import type { Snapshot } from './session.ts';
import type { Theme } from './theme.ts';

/** Why the selected process crashed, or how it ended. */
export function StoryView({
  snapshot,
  width,
  height,
  theme,
}: {
  readonly snapshot: Snapshot;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}): ReactNode {
  const { state, story } = snapshot;
  const { top, cursor } = state.windows.story;
  const rows = (story ?? []).slice(top, top + height).map(({ line }, index): Row => {
    const selection = state.pane === 'detail' ? selectionOf(top + index === cursor, true) : null;
    return { line: [piece(' '), ...line], selection };
  });
  if (story === null) rows.push(plainRow([piece(' reading…', 'dim')]));
  return <Lines rows={rows} width={width} height={height} theme={theme} />;
}
