import { widthOf } from './style.ts';

/** Between columns; a single blank where there is no room for two. */
const GAP = '  ';
const NARROW_GAP = ' ';

/** One column: its heading, and at which edge its texts stand. */
export interface Column {
  readonly heading: string;
  readonly align: 'left' | 'right';
}

/** Rows under their headings, each column as wide as its widest text; lines may be longer than the room there is. */
export function columns(
  spec: readonly Column[],
  rows: readonly (readonly string[])[],
  room = Number.POSITIVE_INFINITY,
): string[] {
  const headings = spec.map(({ heading }) => heading);
  const all = [headings, ...rows];
  const widths = spec.map((_, index) => all.reduce((most, row) => Math.max(most, widthOf(row[index] ?? '')), 0));
  const wanted = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (spec.length - 1);
  const gap = wanted > room ? NARROW_GAP : GAP;
  return all.map((row) => {
    const cells = spec.map(({ align }, index) => padded(row[index] ?? '', widths[index] ?? 0, align));
    return cells.join(gap).trimEnd();
  });
}

function padded(text: string, width: number, align: Column['align']): string {
  const blanks = ' '.repeat(width - widthOf(text));
  return align === 'left' ? text + blanks : blanks + text;
}
