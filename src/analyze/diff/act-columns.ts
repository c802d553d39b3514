/** One row of the columns. */
export interface ActRow {
  readonly id: number;
  readonly count: number;
  readonly before: number;
  /** Calls the thread had made when it was done last of these times. */
  readonly until: number;
  /** Calls the thread made after that; known when the thread is over. */
  readonly after: number;
  /** Among all events of the run. */
  readonly order: number;
  readonly input: number;
  readonly line: number;
  readonly endLine: number;
}

const WIDTH = 9;
const COUNT = 1;
const UNTIL = 3;
const AFTER = 4;
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
    return this.#cell(index, COUNT);
  }

  before(index: number): number {
    return this.#cell(index, 2);
  }

  until(index: number): number {
    return this.#cell(index, UNTIL);
  }

  after(index: number): number {
    return this.#cell(index, AFTER);
  }

  order(index: number): number {
    return this.#cell(index, 5);
  }

  input(index: number): number {
    return this.#cell(index, 6);
  }

  line(index: number): number {
    return this.#cell(index, 7);
  }

  endLine(index: number): number {
    return this.#cell(index, 8);
  }

  row(index: number): ActRow {
    return {
      id: this.id(index),
      count: this.count(index),
      before: this.before(index),
      until: this.until(index),
      after: this.after(index),
      order: this.order(index),
      input: this.input(index),
      line: this.line(index),
      endLine: this.endLine(index),
    };
  }

  /** Adds a row; one like the last is counted there. */
  push(row: ActRow): void {
    const last = this.#length - 1;
    if (last < 0 || this.id(last) !== row.id) {
      this.append(row);
      return;
    }
    this.addCount(last, row.count);
    this.#cells[last * WIDTH + UNTIL] = row.until;
    this.#cells[last * WIDTH + AFTER] = row.after;
  }

  /** Adds a row, whatever the last one is. */
  append({ id, count, before, until, after, order, input, line, endLine }: ActRow): void {
    const at = this.#length * WIDTH;
    if (at === this.#cells.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    this.#cells.set([id, count, before, until, after, order, input, line, endLine], at);
    this.#length++;
  }

  addCount(index: number, more: number): void {
    this.#cells[index * WIDTH + COUNT] = this.count(index) + more;
  }

  #cell(index: number, column: number): number {
    return this.#cells[index * WIDTH + column] ?? 0;
  }
}
