import { BINDINGS } from './keys.ts';
import { fittedLine, type Line, padEnd, piece } from './line.ts';
import { plainRow, type Row } from './rows.ts';

const KEYS_WIDTH = 10;
const COLUMN_WIDTH = 40;
const MOST_COLUMNS = 3;

/** All keys: groups side by side, or where there is little room, in as many columns as it takes. */
export function helpRows(width: number, height: number): Row[] {
  const groups = BINDINGS.map(({ title, bindings }): Line[] => [
    [piece(` ${title}`, 'heading')],
    ...bindings.map(({ keys, help }): Line => [piece(` ${padEnd(keys, KEYS_WIDTH)}`, 'call'), piece(help)]),
  ]);
  const most = Math.max(1, Math.min(MOST_COLUMNS, Math.floor(width / COLUMN_WIDTH)));
  const whole = sideBySide(groups, most);
  const isFitting = whole.every((column) => column.length <= height);
  const columns = isFitting ? whole : inColumns(groups.flat(), height);
  const columnWidth = isFitting ? COLUMN_WIDTH : Math.floor(width / columns.length);
  return Array.from({ length: height }, (_, row) =>
    plainRow(columns.flatMap((column) => fittedLine(column[row] ?? [], columnWidth))),
  );
}

/** Groups in order, with a blank line between two in one column: the first column holds one, the last what is left. */
function sideBySide(groups: readonly Line[][], most: number): Line[][] {
  const last = groups.slice(most - 1).flatMap((group, index): Line[] => [...(index === 0 ? [] : [[]]), ...group]);
  return [...groups.slice(0, most - 1), last];
}

function inColumns(lines: readonly Line[], height: number): Line[][] {
  const columns = Math.ceil(lines.length / height);
  return Array.from({ length: columns }, (_, column) => lines.slice(column * height, (column + 1) * height));
}
