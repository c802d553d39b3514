import { doubled } from './texts.ts';

const FIRST_PAIRS = 64;

/** Numbers pairs of numbers, in the order they are asked for. A table with open addresses: a Map is five times as large. */
export class NumberPairs {
  #size = 0;
  /** By number, two by two. */
  #pairs = new Int32Array(2 * FIRST_PAIRS);
  /** Numbers from 1; 0 is a free slot. */
  #slots = new Int32Array(2 * FIRST_PAIRS);

  get size(): number {
    return this.#size;
  }

  first(id: number): number {
    return this.#pairs[2 * id] ?? 0;
  }

  second(id: number): number {
    return this.#pairs[2 * id + 1] ?? 0;
  }

  id(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    const pairs = this.#pairs;
    let slot = mixed(first, second) & mask;
    for (let number = this.#slots[slot] ?? 0; number !== 0; number = this.#slots[slot] ?? 0) {
      if (pairs[2 * number - 2] === first && pairs[2 * number - 1] === second) return number - 1;
      slot = (slot + 1) & mask;
    }
    if (2 * this.#size === pairs.length) this.#pairs = doubled(pairs);
    this.#pairs[2 * this.#size] = first;
    this.#pairs[2 * this.#size + 1] = second;
    this.#slots[slot] = ++this.#size;
    if (2 * this.#size > this.#slots.length) this.#grow();
    return this.#size - 1;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = mixed(this.first(id), this.second(id)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

/** Spreads a pair over 32 bits; the constants are those of MurmurHash3. */
function mixed(first: number, second: number): number {
  let hash = Math.imul(Math.imul(first, 0xcc9e2d51) ^ second, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
