import { Column, NumberColumn } from './column.ts';
import type { Place } from './process.ts';

/** A place, or none, in each row. */
export class PlaceColumns {
  readonly #input = new Column();
  readonly #line = new Column();
  readonly #atNs = new NumberColumn();

  get(row: number): Place | null {
    const line = this.#line.get(row);
    return line === 0 ? null : { input: this.#input.get(row), line, atNs: this.#atNs.get(row) };
  }

  set(row: number, place: Place | null): void {
    this.#input.set(row, place?.input ?? 0);
    this.#line.set(row, place?.line ?? 0);
    this.#atNs.set(row, place?.atNs ?? null);
  }
}
