import type { ProcessTree } from '../explore/exploration.ts';
import { heightOf } from './layout.ts';
import { focusedList, type ListName, type State, withSelected } from './state.ts';
import { centredOn, fitted, movedTo, type Window } from './window.ts';

/** Columns that a step to the side hides or shows. */
const SIDE_STEP = 8;

/** The cursor of the list in use moved to a row. */
export function moveTo(state: State, cursor: number): State {
  return withCursor(state, focusedList(state), cursor, movedTo);
}

/** As `moveTo`, by so many rows. */
export function moveBy(state: State, rows: number): State {
  return moveTo(state, state.windows[focusedList(state)].cursor + rows);
}

/** The row shown with what led there above it. */
export function showRow(state: State, list: ListName, cursor: number): State {
  return withCursor(state, list, cursor, (_, to, length, height) => centredOn(to, length, height));
}

function withCursor(
  state: State,
  list: ListName,
  cursor: number,
  place: (window: Window, cursor: number, length: number, height: number) => Window,
): State {
  const length = state.lengths[list];
  // A list that is not counted yet takes the place as it is; it is fitted when it is counted.
  const window =
    length === null
      ? { top: Math.max(0, cursor), cursor: Math.max(0, cursor) }
      : place(state.windows[list], cursor, length, heightOf(list, state));
  const moved = { ...state, windows: { ...state.windows, [list]: window } };
  if (list === 'events') return { ...moved, follows: false, sought: null };
  return list === 'tree' ? withSelected(moved, keyAt(state, window.cursor)) : moved;
}

/** The last row; of events that still come, always the last. */
export function moveToEnd(state: State): State {
  const list = focusedList(state);
  return { ...moveTo(state, (state.lengths[list] ?? 1) - 1), follows: list === 'events' };
}

/** Windows fitted to the screen and to their lists. */
export function refitted(state: State): State {
  const windowOf = (list: ListName): Window => {
    const length = state.lengths[list];
    return length === null ? state.windows[list] : fitted(state.windows[list], length, heightOf(list, state));
  };
  return {
    ...state,
    windows: {
      tree: windowOf('tree'),
      events: windowOf('events'),
      files: windowOf('files'),
      story: windowOf('story'),
    },
  };
}

// ---- the tree

/** Row of the tree that a row shown is; -1 for the first, which stands for all processes. */
export function treeRowAt({ shown }: State, index: number): number {
  if (index <= 0) return -1;
  return shown === null ? index - 1 : (shown[index - 1] ?? -1);
}

/** Key of the process in a row shown; null: all processes, in the first. */
function keyAt(state: State, index: number): number | null {
  const key = state.tree.keyAt(treeRowAt(state, index));
  return key < 0 ? null : key;
}

/** The rows of which no ancestor is folded; null: all of them. */
function unhidden(tree: ProcessTree, folded: ReadonlySet<number>): Int32Array | null {
  if (folded.size === 0) return null;
  const shown = new Int32Array(tree.length);
  let length = 0;
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (let row = 0; row < tree.length; row++) {
    const depth = tree.depthAt(row);
    if (depth > hiddenBelow) continue;
    hiddenBelow = folded.has(tree.keyAt(row)) ? depth : Number.POSITIVE_INFINITY;
    shown[length++] = row;
  }
  return shown.subarray(0, length);
}

/** Index among the rows shown of a row of the tree; -1 where it is hidden. */
function indexOfRow({ shown }: State, row: number): number {
  if (shown === null || row < 0) return row + 1;
  let low = 0;
  let high = shown.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((shown[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return shown[low] === row ? low + 1 : -1;
}

/** The state with another tree or other folds; the selected process keeps the cursor, or what hides it gets it. */
export function withTree(state: State, tree: ProcessTree, folded: ReadonlySet<number>): State {
  const shown = unhidden(tree, folded);
  const length = (shown ?? tree).length + 1;
  return selectShown({ ...state, tree, folded, shown, lengths: { ...state.lengths, tree: length } }, state.selected);
}

/** The process selected in the tree, or the nearest of its ancestors that is shown. */
export function selectShown(state: State, key: number | null): State {
  let row = key === null ? -1 : state.tree.rowOf(key);
  while (indexOfRow(state, row) < 0) row = state.tree.parentOf(row);
  return withCursor(state, 'tree', indexOfRow(state, row), movedTo);
}

/** The process selected and shown, whatever hides it. */
export function reveal(state: State, key: number | null): State {
  if (key === null) return selectShown(state, null);
  const { tree } = state;
  const folded = new Set(state.folded);
  for (let row = tree.parentOf(tree.rowOf(key)); row >= 0; row = tree.parentOf(row)) folded.delete(tree.keyAt(row));
  const unfolded = folded.size === state.folded.size ? state : withTree(state, tree, folded);
  return selectShown(unfolded, key);
}

/** The next crashed process in that direction, round the end; null: there is none. */
export function crashFrom({ tree, crashes, selected }: State, direction: 1 | -1): number | null {
  const at = selected === null ? -1 : tree.rowOf(selected);
  const rows = crashes
    .map((key) => tree.rowOf(key))
    .filter((row) => row >= 0)
    .sort((a, b) => (a - b) * direction);
  const row = rows.find((one) => (one - at) * direction > 0) ?? rows[0];
  return row === undefined ? null : tree.keyAt(row);
}

/** Left: folds the process, or goes to its parent; to the left of the events, and from there to the tree. */
export function goLeft(state: State): State {
  if (state.pane === 'detail') {
    if (state.tab === 'events' && state.shift > 0) return { ...state, shift: Math.max(0, state.shift - SIDE_STEP) };
    return { ...state, pane: 'tree' };
  }
  const { cursor } = state.windows.tree;
  const row = treeRowAt(state, cursor);
  const key = state.tree.keyAt(row);
  if (key < 0) return state;
  if (state.tree.hasChildren(row) && !state.folded.has(key)) {
    return withTree(state, state.tree, new Set(state.folded).add(key));
  }
  return selectShown(state, keyAt(state, indexOfRow(state, state.tree.parentOf(row))));
}

/** Right: unfolds the process, or goes to its first child, or to the right pane; further to the right of the events. */
export function goRight(state: State): State {
  if (state.pane === 'detail') {
    return state.tab === 'events' ? { ...state, shift: state.shift + SIDE_STEP } : state;
  }
  const { cursor } = state.windows.tree;
  const row = treeRowAt(state, cursor);
  if (!state.tree.hasChildren(row)) return { ...state, pane: 'detail' };
  const folded = new Set(state.folded);
  return folded.delete(state.tree.keyAt(row)) ? withTree(state, state.tree, folded) : moveBy(state, 1);
}
