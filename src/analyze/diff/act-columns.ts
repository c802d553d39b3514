/** One row of the columns. */
export interface ActRow {
  readonly id: number;
  readonly count: number;
  readonly before: number;
  /** Among all events of the run. */
  readonly order: number;
  readonly input: number;
  readonly line: number;
  readonly endLine: number;
}

const WIDTH = 7;
const FIRST_ROWS = 8;

/** Acts of one thread, in a tenth of the room that objects would take. Read as an `ActList`. */
export class ActColumns {
  #cells = new Int32Array(WIDTH * FIRST_ROWS);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  id(index: number): number {
    return this.#cell(index, 0);
  }

  count(index: number): number {
    return this.#cell(index, 1);
  }

  before(index: number): number {
    return this.#cell(index, 2);
  }

  order(index: number): number {
    return this.#cell(index, 3);
  }

  input(index: number): number {
    return this.#cell(index, 4);
  }

  line(index: number): number {
    return this.#cell(index, 5);
  }

  endLine(index: number): number {
    return this.#cell(index, 6);
  }

  row(index: number): ActRow {
    return {
      id: this.id(index),
      count: this.count(index),
      before: this.before(index),
      order: this.order(index),
      input: this.input(index),
      line: this.line(index),
      endLine: this.endLine(index),
    };
  }

  /** Adds a row; one like the last is counted there. */
  push(row: ActRow): void {
    if (this.#length > 0 && this.id(this.#length - 1) === row.id) this.addCount(this.#length - 1, row.count);
    else this.append(row);
  }

  /** Adds a row, whatever the last one is. */
  append({ id, count, before, order, input, line, endLine }: ActRow): void {
    const at = this.#length * WIDTH;
    if (at === this.#cells.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    this.#cells.set([id, count, before, order, input, line, endLine], at);
    this.#length++;
  }

  addCount(index: number, more: number): void {
    this.#cells[index * WIDTH + 1] = this.count(index) + more;
  }

  #cell(index: number, column: number): number {
    return this.#cells[index * WIDTH + column] ?? 0;
  }
}
