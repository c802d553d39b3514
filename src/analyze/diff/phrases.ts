/** Phrases of two lists by number: number `a[i]` is the phrase that begins at token `i` of A. */
export interface Phrases {
  readonly a: Int32Array;
  readonly b: Int32Array;
}

/**
 * Numbers the phrases that are twice as long as those given, which are `length` tokens long: equal numbers are equal
 * phrases, in both lists. Tokens themselves are phrases of length 1.
 */
export function longerPhrases({ a, b }: Phrases, length: number): Phrases {
  const numbers = new PairNumbers(a.length + b.length);
  return { a: doubled(a, length, numbers), b: doubled(b, length, numbers) };
}

function doubled(phrases: Int32Array, length: number, numbers: PairNumbers): Int32Array {
  const longer = new Int32Array(Math.max(0, phrases.length - length));
  for (let index = 0; index < longer.length; index++) {
    longer[index] = numbers.of(phrases[index] ?? 0, phrases[index + length] ?? 0);
  }
  return longer;
}

/** Numbers pairs of numbers, in the order they are asked for. A table with open addresses: a Map is five times as large. */
class PairNumbers {
  readonly #mask: number;
  readonly #first: Int32Array;
  readonly #second: Int32Array;
  /** From 1; 0 is a free slot. */
  readonly #number: Int32Array;
  #count = 0;

  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * most + 2));
    this.#mask = size - 1;
    this.#first = new Int32Array(size);
    this.#second = new Int32Array(size);
    this.#number = new Int32Array(size);
  }

  of(first: number, second: number): number {
    let slot = mixed(first, second) & this.#mask;
    for (let number = this.#number[slot] ?? 0; number !== 0; number = this.#number[slot] ?? 0) {
      if (this.#first[slot] === first && this.#second[slot] === second) return number - 1;
      slot = (slot + 1) & this.#mask;
    }
    this.#first[slot] = first;
    this.#second[slot] = second;
    this.#number[slot] = ++this.#count;
    return this.#count - 1;
  }
}

/** Spreads a pair over 32 bits; the constants are those of MurmurHash3. */
function mixed(first: number, second: number): number {
  let hash = Math.imul(Math.imul(first, 0xcc9e2d51) ^ second, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
