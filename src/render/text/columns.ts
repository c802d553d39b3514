import { widthOf } from './style.ts';

/** Blanks between columns. */
const GAP = '  ';

/** One column: its heading, and at which edge its texts stand. */
export interface Column {
  readonly heading: string;
  readonly align: 'left' | 'right';
}

/** Rows under their headings, each column as wide as its widest text; nothing behind the last column. */
export function columns(spec: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const headings = spec.map(({ heading }) => heading);
  const all = [headings, ...rows];
  const widths = spec.map((_, index) => all.reduce((most, row) => Math.max(most, widthOf(row[index] ?? '')), 0));
  return all.map((row) => {
    const cells = spec.map(({ align }, index) => padded(row[index] ?? '', widths[index] ?? 0, align));
    return cells.join(GAP).trimEnd();
  });
}

function padded(text: string, width: number, align: Column['align']): string {
  const blanks = ' '.repeat(width - widthOf(text));
  return align === 'left' ? text + blanks : blanks + text;
}
