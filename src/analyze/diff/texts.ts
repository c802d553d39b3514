/** Bytes of one block: most texts are paths. */
const BLOCK_BYTES = 2 ** 20;
const FIRST_TEXTS = 256;

/** Numbers texts in the order they are first asked for, and keeps them as bytes: a million paths fit into 80 MB. Latin1. */
export class Texts {
  readonly #blocks: Buffer[] = [];
  /** Bytes taken of the last block. */
  #taken = 0;
  #size = 0;
  // By number: its block, where it begins there, its length and its hash.
  #places = new Int32Array(4 * FIRST_TEXTS);
  /** A table with open addresses: numbers from 1, and 0 is a free slot. */
  #slots = new Int32Array(2 * FIRST_TEXTS);

  get size(): number {
    return this.#size;
  }

  id(text: string): number {
    const hash = hashOf(text);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let number = this.#slots[slot] ?? 0; number !== 0; number = this.#slots[slot] ?? 0) {
      if (this.#isText(number - 1, text, hash)) return number - 1;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#add(text, hash) + 1;
    if (2 * this.#size > this.#slots.length) this.#grow();
    return this.#size - 1;
  }

  text(id: number): string {
    const start = this.#place(id, 1);
    const block = this.#blocks[this.#place(id, 0)];
    if (block === undefined || id < 0 || id >= this.#size) throw new RangeError(`no text has the number ${id}`);
    return block.toString('latin1', start, start + this.#place(id, 2));
  }

  #place(id: number, column: number): number {
    return this.#places[4 * id + column] ?? 0;
  }

  #isText(id: number, text: string, hash: number): boolean {
    const { length } = text;
    if (this.#place(id, 3) !== hash || this.#place(id, 2) !== length) return false;
    const block = this.#blocks[this.#place(id, 0)];
    const start = this.#place(id, 1);
    for (let index = 0; index < length; index++) if (block?.[start + index] !== text.charCodeAt(index)) return false;
    return true;
  }

  #add(text: string, hash: number): number {
    const { length } = text;
    if (this.#blocks.length === 0 || this.#taken + length > BLOCK_BYTES) {
      this.#blocks.push(Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, length)));
      this.#taken = 0;
    }
    const block = this.#blocks.length - 1;
    this.#blocks[block]?.write(text, this.#taken, 'latin1');
    if (4 * this.#size === this.#places.length) this.#places = doubled(this.#places);
    this.#places.set([block, this.#taken, length, hash], 4 * this.#size);
    this.#taken += length;
    return this.#size++;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = this.#place(id, 3) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

/** The numbers, with as much room again behind them. */
export function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

/** FNV-1a over the bytes, its high bits mixed into the low ones that choose a slot. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash ^ (hash >>> 15);
}
