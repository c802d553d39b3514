import { heightOf } from './layout.ts';
import { focusedList, type ListName, type State, type TreeEntry, withSelected } from './state.ts';
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
  if (list === 'events') return { ...moved, follows: false };
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

/** Key of the process in a row of the tree; null: all processes, in the first. */
function keyAt({ shown }: State, cursor: number): number | null {
  return cursor === 0 ? null : (shown[cursor - 1]?.key ?? null);
}

/** The processes of which no ancestor is folded. */
export function unhidden(entries: readonly TreeEntry[], folded: ReadonlySet<number>): readonly TreeEntry[] {
  if (folded.size === 0) return entries;
  const shown: TreeEntry[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (entry.depth > hiddenBelow) continue;
    hiddenBelow = folded.has(entry.key) ? entry.depth : Number.POSITIVE_INFINITY;
    shown.push(entry);
  }
  return shown;
}

/** The tree with other processes or other folds; the selected one keeps the cursor, or what hides it gets it. */
export function withTree(state: State, entries: readonly TreeEntry[], folded: ReadonlySet<number>): State {
  const shown = unhidden(entries, folded);
  const parents = entries === state.entries ? state.parents : parentsAmong(entries);
  const changed = { ...state, entries, parents, folded, shown, lengths: { ...state.lengths, tree: shown.length + 1 } };
  return selectShown(changed, state.selected);
}

function parentsAmong(entries: readonly TreeEntry[]): Set<number> {
  return new Set(entries.flatMap(({ parentKey }) => parentKey ?? []));
}

/** The process selected in the tree, or the nearest of its ancestors that is shown. */
export function selectShown(state: State, key: number | null): State {
  const { cursor } = state.windows.tree;
  // Most often it is where it was: trees grow at their ends.
  if (keyAt(state, cursor) === key) return withCursor(state, 'tree', cursor, movedTo);
  for (let wanted = key; wanted !== null; wanted = parentOf(state, wanted)) {
    const at = state.shown.findIndex((entry) => entry.key === wanted);
    if (at >= 0) return withCursor(state, 'tree', at + 1, movedTo);
  }
  return withCursor(state, 'tree', 0, movedTo);
}

function parentOf({ entries }: State, key: number): number | null {
  return entries.find((entry) => entry.key === key)?.parentKey ?? null;
}

/** The process selected and shown, whatever hides it. */
export function reveal(state: State, key: number | null): State {
  if (key === null) return selectShown(state, null);
  const folded = new Set(state.folded);
  for (let parent = parentOf(state, key); parent !== null; parent = parentOf(state, parent)) folded.delete(parent);
  const unfolded = folded.size === state.folded.size ? state : withTree(state, state.entries, folded);
  return selectShown(unfolded, key);
}

/** The next crashed process in that direction, round the end; null: there is none. */
export function crashFrom({ entries, selected }: State, direction: 1 | -1): number | null {
  const at = entries.findIndex(({ key }) => key === selected);
  const turned = direction === 1 ? [...entries.slice(at + 1), ...entries.slice(0, at + 1)] : before(entries, at);
  return turned.find(({ fate }) => fate === 'crashed')?.key ?? null;
}

/** Entries from the one before an index back to the first, and then from the last. */
function before(entries: readonly TreeEntry[], index: number): TreeEntry[] {
  const at = Math.max(0, index);
  return [...entries.slice(at), ...entries.slice(0, at)].reverse();
}

/** Left: folds the process, or goes to its parent; to the left of the events, and from there to the tree. */
export function goLeft(state: State): State {
  if (state.pane === 'detail') {
    if (state.tab === 'events' && state.shift > 0) return { ...state, shift: Math.max(0, state.shift - SIDE_STEP) };
    return { ...state, pane: 'tree' };
  }
  const { cursor } = state.windows.tree;
  const entry = state.shown[cursor - 1];
  if (entry === undefined) return state;
  if (state.parents.has(entry.key) && !state.folded.has(entry.key)) {
    return withTree(state, state.entries, new Set(state.folded).add(entry.key));
  }
  return selectShown(state, entry.parentKey);
}

/** Right: unfolds the process, or goes to its first child, or to the right pane; further to the right of the events. */
export function goRight(state: State): State {
  if (state.pane === 'detail') {
    return state.tab === 'events' ? { ...state, shift: state.shift + SIDE_STEP } : state;
  }
  const { cursor } = state.windows.tree;
  const entry = state.shown[cursor - 1];
  if (entry === undefined || !state.parents.has(entry.key)) return { ...state, pane: 'detail' };
  if (!state.folded.has(entry.key)) return moveBy(state, 1);
  const folded = new Set(state.folded);
  folded.delete(entry.key);
  return withTree(state, state.entries, folded);
}
