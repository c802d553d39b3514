import { count } from '../render/text/style.ts';
import { eventRows } from './events-view.ts';
import { fileRows } from './files-view.ts';
import { helpRows } from './help-view.ts';
import { layout } from './layout.ts';
import { type Line, paintedLine, piece } from './line.ts';
import { withMatches } from './matches.ts';
import { plainRow, type Row } from './rows.ts';
import type { Snapshot } from './session.ts';
import { TABS, type Tab } from './state.ts';
import { chipsRow, statusRow } from './status-line.ts';
import { storyRows } from './story-view.ts';
import type { Theme } from './theme.ts';
import { treeRows } from './tree-view.ts';

/** Rows of a part of the screen, from a column on. */
interface Pane {
  readonly left: number;
  readonly width: number;
  readonly rows: readonly Row[];
}

/** The whole screen: what each row shows, painted. */
export function frameOf(snapshot: Snapshot, theme: Theme): string[] {
  const { state } = snapshot;
  const { columns } = state;
  const { bodyHeight, hasChips } = layout(state);
  const height = bodyHeight + 1;
  const below = [...(hasChips ? [chipsRow(snapshot)] : []), statusRow(snapshot, columns)];
  return [
    ...painted(panes(snapshot, height), height, theme),
    ...painted([{ left: 0, width: columns, rows: below }], below.length, theme),
  ];
}

/** A screen with one line, before there is anything else to show. */
export function emptyFrame(text: string, columns: number, rows: number, theme: Theme): string[] {
  return painted([{ left: 0, width: columns, rows: [plainRow([piece(` ${text}`, 'dim')])] }], rows, theme);
}

function panes(snapshot: Snapshot, height: number): Pane[] {
  const { state } = snapshot;
  if (state.help) return [{ left: 0, width: state.columns, rows: helpRows(state.columns, height) }];
  const { treeWidth, detailWidth } = layout(state);
  const listed = treeWidth > 0 ? treeRows(snapshot, treeWidth, height) : [];
  const tree = { left: 0, width: treeWidth, rows: state.pane === 'tree' ? marked(listed, snapshot) : listed };
  if (detailWidth === 0) return [tree];
  const left = state.columns - detailWidth;
  const divider = { left: treeWidth, width: left - treeWidth, rows: Array.from({ length: height }, () => DIVIDER) };
  return [tree, divider, { left, width: detailWidth, rows: detailRows(snapshot, detailWidth) }];
}

const DIVIDER = plainRow([piece('│', 'dim')]);

function detailRows(snapshot: Snapshot, width: number): Row[] {
  const { bodyHeight, wholeHeight } = layout(snapshot.state);
  const rows: Readonly<Record<Tab, () => Row[]>> = {
    events: () => eventRows(snapshot, width, bodyHeight, wholeHeight),
    files: () => fileRows(snapshot, width, bodyHeight, wholeHeight),
    story: () => storyRows(snapshot, bodyHeight),
  };
  const { tab, pane } = snapshot.state;
  return [plainRow(tabs(snapshot)), ...(pane === 'detail' ? marked(rows[tab](), snapshot) : rows[tab]())];
}

/** The rows of the list that is searched, with what was found. */
function marked(rows: readonly Row[], { state }: Snapshot): Row[] {
  return rows.map(({ line, selection }) => ({ line: withMatches(line, state.query), selection }));
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

/**
 * The panes side by side. Each begins in its column whatever stands to the left of it: a terminal may take a character
 * for wider than we do.
 */
function painted(side: readonly Pane[], height: number, theme: Theme): string[] {
  return Array.from({ length: height }, (_, index) =>
    side
      .filter(({ width }) => width > 0)
      .map(({ left, width, rows }) => {
        const { line, selection } = rows[index] ?? BLANK;
        return `${left === 0 ? '' : toColumn(left)}${paintedLine(line, width, theme, selection)}`;
      })
      .join(''),
  );
}

const BLANK = plainRow([]);

function toColumn(column: number): string {
  return `\x1b[${column + 1}G`;
}
