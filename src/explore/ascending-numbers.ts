/** Whole numbers below 2^32 in ascending order. */
export class AscendingNumbers {
  #numbers = new Uint32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The number at the index, or -1. */
  at(index: number): number {
    return index < this.#length ? (this.#numbers[index] ?? -1) : -1;
  }

  /** Index of the first number that is not less; the length where all are. */
  indexFrom(number: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  has(number: number): boolean {
    return this.at(this.indexFrom(number)) === number;
  }

  /** Puts in others, which are in ascending order and not in yet. What comes after the least of them is moved. */
  add(others: readonly number[]): void {
    this.#grow(this.#length + others.length);
    let from = this.#length - 1;
    let to = this.#length + others.length - 1;
    this.#length += others.length;
    for (let other = others.length - 1; other >= 0; ) {
      const mine = from < 0 ? -1 : (this.#numbers[from] ?? -1);
      const theirs = others[other] ?? -1;
      if (mine > theirs) from--;
      else other--;
      this.#numbers[to--] = Math.max(mine, theirs);
    }
  }

  clear(): void {
    this.#length = 0;
  }

  #grow(length: number): void {
    if (length <= this.#numbers.length) return;
    const grown = new Uint32Array(Math.max(length, 2 * this.#numbers.length));
    grown.set(this.#numbers.subarray(0, this.#length));
    this.#numbers = grown;
  }
}
