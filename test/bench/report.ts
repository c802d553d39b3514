import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** The cells of a row; the first is its name. */
export type Row = readonly string[];

/** Tables of what was measured: shown when they are done, and kept for a file. */
export class Report {
  readonly #sections: string[] = [];

  /** The first row is the table's head. */
  add(title: string, rows: readonly Row[]): void {
    const section = `## ${title}\n\n${table(rows)}`;
    this.#sections.push(section);
    process.stderr.write(`\n${section}`);
  }

  /** Puts the tables into the document in place of the ones before; what stands above those stays. */
  writeTo(path: string): void {
    const [above = ''] = readFileSync(path, 'utf8').split(/^## /m);
    writeFileSync(path, above + [`## The machine\n\n${machine()}\n`, ...this.#sections].join('\n'));
  }
}

/** A table of Markdown whose columns are aligned, the first to the left and the others to the right. */
function table(rows: readonly Row[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), 3));
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [top = '', ...lines] = rows.map((row) => line(row.map((cell, column) => padded(cell, widths[column], column))));
  return [top, line(rule), ...lines].join('');
}

function line(cells: Row): string {
  return `| ${cells.join(' | ')} |\n`;
}

function padded(cell: string, width = 0, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function machine(): string {
  const [first, ...others] = cpus();
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  return `${others.length + 1} × ${first?.model.trim()}, ${memoryGib} GiB; ${type()} ${release()}, Node ${process.version}.`;
}
