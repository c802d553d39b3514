import type { ListName, State } from './state.ts';
import { clamp } from './window.ts';

/** Where everything stands. Widths in columns, heights in rows. */
export interface Layout {
  /** 0 where the tree is not shown. */
  readonly treeWidth: number;
  /** 0 where the detail is not shown. */
  readonly detailWidth: number;
  /** Between the line of headings and the lines at the bottom. */
  readonly bodyHeight: number;
  /** Below events and files: the one at the cursor in full, with a line above; 0 where there is no room. */
  readonly wholeHeight: number;
  /** Whether a line shows filters. */
  readonly hasChips: boolean;
}

const LEAST_TREE = 24;
const MOST_TREE = 60;
/** The line between the panes. */
const DIVIDER = 1;
/** Lines of an event shown in full, at least and at most. */
const LEAST_WHOLE = 4;
const MOST_WHOLE = 8;
/** Of the events' height, as much goes to the one in full. */
const WHOLE_SHARE = 0.2;
const LEAST_HEIGHT_FOR_WHOLE = 12;

/** The layout of the screen as it is. */
export function layout({ columns, rows, pane, zoomed, filters, prompt }: State): Layout {
  const hasChips = filters.length > 0 || prompt?.kind === 'filter';
  const bodyHeight = Math.max(1, rows - 2 - (hasChips ? 1 : 0));
  const wholeHeight =
    bodyHeight < LEAST_HEIGHT_FOR_WHOLE ? 0 : clamp(Math.floor(bodyHeight * WHOLE_SHARE), LEAST_WHOLE, MOST_WHOLE);
  const treeWidth = zoomed ? (pane === 'tree' ? columns : 0) : clamp(Math.floor(columns * 0.34), LEAST_TREE, MOST_TREE);
  const detailWidth = zoomed ? columns - treeWidth : Math.max(0, columns - treeWidth - DIVIDER);
  return { treeWidth, detailWidth, bodyHeight, wholeHeight, hasChips };
}

/** Rows of a list that are on the screen. */
export function heightOf(list: ListName, state: State): number {
  const { bodyHeight, wholeHeight } = layout(state);
  if (list === 'events') return bodyHeight - wholeHeight;
  // The names of its columns stand above the files.
  return list === 'files' ? Math.max(1, bodyHeight - wholeHeight - 1) : bodyHeight;
}
