import type { TracerFormat } from '../../parsers/tracer-format.ts';

/** Lines that fit one format and not another: more than these, and a larger share of what was recognised, are no chance. */
const MIN_FOREIGN = 10;
const MIN_FOREIGN_SHARE = 0.1;

/** Lines of another tracer than the one that most lines are of. */
export interface Foreign {
  lines: number;
  /** Number of the first of them. */
  readonly first: number;
}

/** Counts which formats recognise the lines of an input. */
export class Tally {
  readonly #counts: number[];
  readonly #foreigners = new Map<number, Foreign>();
  #recognised = 0;

  /** For so many formats, which are named by their index. */
  constructor(formats: number) {
    this.#counts = Array.from({ length: formats }, () => 0);
  }

  /** One line, and for each format whether it fits. */
  add(fits: readonly boolean[], line: number): void {
    if (!fits.includes(true)) return;
    this.#recognised++;
    for (const [one, fitsOne] of fits.entries()) {
      if (!fitsOne) continue;
      this.#counts[one] = this.count(one) + 1;
      for (const [other, fitsOther] of fits.entries()) {
        if (!fitsOther) this.#addForeign(one, other, line);
      }
    }
  }

  /** Lines that the format fits. */
  count(format: number): number {
    return this.#counts[format] ?? 0;
  }

  /** Number of formats that fit any line. */
  get candidates(): number {
    return this.#counts.filter((count) => count > 0).length;
  }

  /** The format with more votes than any other and more than half of the recognised lines; -1 where none has. */
  get winner(): number {
    const most = Math.max(...this.#counts);
    const first = this.#counts.indexOf(most);
    const alone = first === this.#counts.lastIndexOf(most);
    return most > 0 && alone && most * 2 > this.#recognised ? first : -1;
  }

  /** Lines of that format which do not fit the winner; null where there are no more than chance has. */
  foreign(format: number, winner: number): Foreign | null {
    const found = this.#foreigners.get(this.#pair(format, winner));
    if (found === undefined || found.lines < MIN_FOREIGN) return null;
    return found.lines < this.#recognised * MIN_FOREIGN_SHARE ? null : found;
  }

  #addForeign(one: number, other: number, line: number): void {
    const key = this.#pair(one, other);
    const found = this.#foreigners.get(key);
    if (found === undefined) this.#foreigners.set(key, { lines: 1, first: line });
    else found.lines++;
  }

  #pair(one: number, other: number): number {
    return one * this.#counts.length + other;
  }
}

/** For each format, whether it fits the line. */
export function fitsOf(text: string, formats: readonly TracerFormat[]): readonly boolean[] {
  return formats.map((format) => format.recognizes(text));
}
