import { Box, useInput } from 'ink';
import { type ReactNode, useSyncExternalStore } from 'react';
import { count } from '../render/text/style.ts';
import { EventsView } from './events-view.tsx';
import { FilesView } from './files-view.tsx';
import { HelpView } from './help-view.tsx';
import { keyNames } from './keys.ts';
import { layout } from './layout.ts';
import { type Line, piece } from './line.ts';
import { Lines, plainRow } from './lines.tsx';
import type { Session, Snapshot } from './session.ts';
import { TABS, type Tab } from './state.ts';
import { Chips, StatusLine } from './status-line.tsx';
import { StoryView } from './story-view.tsx';
import type { Theme } from './theme.ts';
import { TreeView } from './tree-view.tsx';

/** The whole screen. */
export function App({ session, theme }: { readonly session: Session; readonly theme: Theme }): ReactNode {
  const snapshot = useSyncExternalStore(session.subscribe, session.snapshot);
  useInput((input, key) => {
    for (const name of keyNames(input, key)) session.press(name);
  });
  const { state } = snapshot;
  const { hasChips } = layout(state);
  return (
    <Box flexDirection="column" width={state.columns} height={state.rows} flexShrink={0}>
      <Panes snapshot={snapshot} theme={theme} />
      {hasChips ? <Chips snapshot={snapshot} width={state.columns} theme={theme} /> : null}
      <StatusLine snapshot={snapshot} width={state.columns} theme={theme} />
    </Box>
  );
}

function Panes({ snapshot, theme }: { readonly snapshot: Snapshot; readonly theme: Theme }): ReactNode {
  const { state } = snapshot;
  const { treeWidth, detailWidth, bodyHeight } = layout(state);
  const height = bodyHeight + 1;
  if (state.help) return <HelpView width={state.columns} height={height} theme={theme} />;
  return (
    <Box flexShrink={0}>
      {treeWidth > 0 ? <TreeView snapshot={snapshot} width={treeWidth} height={height} theme={theme} /> : null}
      {treeWidth > 0 && detailWidth > 0 ? <Divider height={height} theme={theme} /> : null}
      {detailWidth > 0 ? <DetailPane snapshot={snapshot} width={detailWidth} theme={theme} /> : null}
    </Box>
  );
}

function Divider({ height, theme }: { readonly height: number; readonly theme: Theme }): ReactNode {
  const rows = Array.from({ length: height }, () => plainRow([piece('│', 'dim')]));
  return <Lines rows={rows} width={1} height={height} theme={theme} />;
}

function DetailPane({
  snapshot,
  width,
  theme,
}: {
  readonly snapshot: Snapshot;
  readonly width: number;
  readonly theme: Theme;
}): ReactNode {
  const { state } = snapshot;
  const { bodyHeight, wholeHeight } = layout(state);
  const size = { snapshot, width, height: bodyHeight, theme };
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Lines rows={[plainRow(tabs(snapshot))]} width={width} height={1} theme={theme} />
      {state.tab === 'events' ? <EventsView {...size} wholeHeight={wholeHeight} /> : null}
      {state.tab === 'files' ? <FilesView {...size} wholeHeight={wholeHeight} /> : null}
      {state.tab === 'story' ? <StoryView {...size} /> : null}
    </Box>
  );
}

/** The names of the tabs, with how much is in each as far as it is known. */
function tabs({ state }: Snapshot): Line {
  const lengthOf = (tab: Tab): string => {
    const length = tab === 'story' ? null : state.lengths[tab];
    return length === null ? '' : `${count(length)} `;
  };
  return TABS.flatMap((tab, index): Line => {
    const isShown = tab === state.tab;
    const tone = isShown ? (state.pane === 'detail' ? 'chip' : 'heading') : 'dim';
    return [piece(index === 0 ? ' ' : '  '), piece(` ${tab} ${lengthOf(tab)}`, tone)];
  });
}
