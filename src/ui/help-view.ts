import { BINDINGS } from './keys.ts';
import { fittedLine, type Line, padEnd, piece } from './line.ts';
import { plainRow, type Row } from './rows.ts';

const KEYS_WIDTH = 10;
const COLUMN_WIDTH = 40;

/** All keys, in as many columns as fit. */
export function helpRows(width: number, height: number): Row[] {
  const lines = BINDINGS.flatMap(({ title, bindings }, index): Line[] => [
    ...(index === 0 ? [] : [[]]),
    [piece(` ${title}`, 'heading')],
    ...bindings.map(({ keys, help }): Line => [piece(` ${padEnd(keys, KEYS_WIDTH)}`, 'call'), piece(help)]),
  ]);
  const columns = Math.max(1, Math.min(3, Math.floor(width / COLUMN_WIDTH)));
  const perColumn = Math.min(height, Math.ceil(lines.length / columns));
  return Array.from({ length: perColumn }, (_, row) =>
    plainRow(
      Array.from({ length: columns }, (_, column) =>
        fittedLine(lines[column * perColumn + row] ?? [], COLUMN_WIDTH),
      ).flat(),
    ),
  );
}
