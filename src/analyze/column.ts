/** Rows that get their room together. */
const CHUNK_BITS = 12;
const CHUNK = 1 << CHUNK_BITS;

/**
 * Whole numbers below 2^32, one a row; 0 where none was set. A stretch of rows takes no room before one of them has
 * another.
 */
export class Column {
  readonly #chunks: (Uint32Array | null)[] = [];

  get(row: number): number {
    return this.#chunks[row >>> CHUNK_BITS]?.[row % CHUNK] ?? 0;
  }

  set(row: number, value: number): void {
    const at = row >>> CHUNK_BITS;
    let chunk = this.#chunks[at] ?? null;
    if (chunk === null) {
      if (value === 0) return;
      chunk = new Uint32Array(CHUNK);
      putAt(this.#chunks, at, chunk);
    }
    chunk[row % CHUNK] = value;
  }
}

/** Stands for null among whole numbers. */
const NONE = -0x80000000;

/**
 * Numbers of any kind, one a row; null where none was set. A stretch of nulls takes no room, a stretch of small whole
 * numbers half of what others do.
 */
export class NumberColumn {
  readonly #chunks: (Int32Array | Float64Array | null)[] = [];

  get(row: number): number | null {
    const value = this.#chunks[row >>> CHUNK_BITS]?.[row % CHUNK];
    return value === undefined || value === NONE ? null : value;
  }

  set(row: number, value: number | null): void {
    const at = row >>> CHUNK_BITS;
    let chunk = this.#chunks[at] ?? null;
    if (chunk === null) {
      if (value === null) return;
      chunk = new Int32Array(CHUNK).fill(NONE);
      putAt(this.#chunks, at, chunk);
    }
    if (chunk instanceof Int32Array && value !== null && (value | 0) !== value) {
      chunk = Float64Array.from(chunk);
      this.#chunks[at] = chunk;
    }
    chunk[row % CHUNK] = value ?? NONE;
  }
}

function putAt<Chunk>(chunks: (Chunk | null)[], at: number, chunk: Chunk): void {
  while (chunks.length <= at) chunks.push(null);
  chunks[at] = chunk;
}
