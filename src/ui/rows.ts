import type { Line } from './line.ts';
import type { Selection } from './theme.ts';

/** A row of a pane. */
export interface Row {
  readonly line: Line;
  readonly selection: Selection;
}

/** The line as a row that is not selected. */
export function plainRow(line: Line): Row {
  return { line, selection: null };
}

/** How the row at the cursor of a list looks. */
export function selectionOf(isCursor: boolean, isInUse: boolean): Selection {
  if (!isCursor) return null;
  return isInUse ? 'active' : 'passive';
}
