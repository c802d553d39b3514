/**
 * A map that mostly holds one entry or none: a third of the room of a `Map` then, of which each process would have
 * half a dozen. Entries come in the order in which they were set.
 */
export class SmallMap<Key, Value> {
  /** The oldest entry, or null where there is none or it was deleted. */
  #first: { readonly key: Key; value: Value } | null = null;
  #others: Map<Key, Value> | null = null;

  get size(): number {
    return (this.#first === null ? 0 : 1) + (this.#others?.size ?? 0);
  }

  get(key: Key): Value | undefined {
    const first = this.#first;
    return first !== null && first.key === key ? first.value : this.#others?.get(key);
  }

  has(key: Key): boolean {
    return this.#first?.key === key || this.#others?.has(key) === true;
  }

  set(key: Key, value: Value): void {
    if (this.#first?.key === key) this.#first.value = value;
    else if (this.size === 0) this.#first = { key, value };
    else {
      this.#others ??= new Map();
      this.#others.set(key, value);
    }
  }

  delete(key: Key): boolean {
    if (this.#first?.key !== key) return this.#others?.delete(key) === true;
    this.#first = null;
    return true;
  }

  clear(): void {
    this.#first = null;
    this.#others = null;
  }

  // Arrays where there is one entry or none, not generators: each process asks for them several times.

  keys(): Iterable<Key> {
    if (this.#others === null) return this.#first === null ? [] : [this.#first.key];
    return this.#first === null ? this.#others.keys() : [this.#first.key, ...this.#others.keys()];
  }

  values(): Iterable<Value> {
    if (this.#others === null) return this.#first === null ? [] : [this.#first.value];
    return this.#first === null ? this.#others.values() : [this.#first.value, ...this.#others.values()];
  }

  *[Symbol.iterator](): Generator<readonly [Key, Value]> {
    if (this.#first !== null) yield [this.#first.key, this.#first.value];
    if (this.#others !== null) yield* this.#others;
  }
}
