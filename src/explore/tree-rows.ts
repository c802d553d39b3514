import type { Fate, ProcessTree } from './exploration.ts';

/** Of a million processes an object each would take longer to make than a person waits for a key. */
const FIRST_ROOM = 256;

/** A process tree in rows. */
export class TreeRows implements ProcessTree {
  readonly fates: Record<Fate, number> = {
    crashed: 0,
    killed: 0,
    failed: 0,
    exited: 0,
    running: 0,
    unknown: 0,
  };
  #keys = new Int32Array(FIRST_ROOM);
  #parents = new Int32Array(FIRST_ROOM);
  #depths = new Int32Array(FIRST_ROOM);
  /** Row of each key, counted from 1; 0: in none. */
  #rows = new Int32Array(FIRST_ROOM);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  keyAt(row: number): number {
    return row >= 0 && row < this.#length ? (this.#keys[row] ?? -1) : -1;
  }

  depthAt(row: number): number {
    return this.#depths[row] ?? 0;
  }

  parentOf(row: number): number {
    return row >= 0 && row < this.#length ? (this.#parents[row] ?? -1) : -1;
  }

  hasChildren(row: number): boolean {
    return row >= 0 && row + 1 < this.#length && this.depthAt(row + 1) > this.depthAt(row);
  }

  rowOf(key: number): number {
    return (this.#rows[key] ?? 0) - 1;
  }

  /** Puts a process into the next row, and gives that; -1 where it is in one already. `parent`: a row, or -1. */
  add(key: number, parent: number, fate: Fate): number {
    if (this.rowOf(key) >= 0) return -1;
    const row = this.#length++;
    if (row >= this.#keys.length) {
      this.#keys = grown(this.#keys, row + 1);
      this.#parents = grown(this.#parents, row + 1);
      this.#depths = grown(this.#depths, row + 1);
    }
    this.#rows = grown(this.#rows, key + 1);
    this.#keys[row] = key;
    this.#parents[row] = parent;
    this.#depths[row] = parent < 0 ? 0 : this.depthAt(parent) + 1;
    this.#rows[key] = row + 1;
    this.fates[fate]++;
    return row;
  }
}

function grown(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= numbers.length) return numbers;
  const more = new Int32Array(Math.max(length, 2 * numbers.length));
  more.set(numbers);
  return more;
}
