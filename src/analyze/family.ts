import { Column } from './column.ts';

/** Who is whose child, by number, in the order in which it became known. Numbers begin at 1; 0 is nobody. */
export class Family {
  #size = 0;
  readonly #parent = new Column();
  readonly #firstChild = new Column();
  readonly #next = new Column();
  /** Of the first child, the last one. */
  readonly #previous = new Column();
  /** Of one that turned out to be a part of another: that one. */
  readonly #mergedInto = new Column();

  /** Somebody new. */
  add(): number {
    return ++this.#size;
  }

  parentOf(one: number): number {
    return this.#parent.get(one);
  }

  /** Those that nobody is known to have made. */
  *roots(): Generator<number> {
    for (let one = 1; one <= this.#size; one++) {
      if (this.#parent.get(one) === 0 && this.#mergedInto.get(one) === 0) yield one;
    }
  }

  *children(parent: number): Generator<number> {
    for (let child = this.#firstChild.get(parent); child !== 0; ) {
      // It may be given to somebody else before the next one is asked for.
      const next = this.#next.get(child);
      yield child;
      child = next;
    }
  }

  /** Where the child has no parent so far. */
  link(child: number, parent: number): void {
    let above = parent;
    for (let into = parent; into !== 0; into = this.#mergedInto.get(into)) above = into;
    if (this.#parent.get(child) === 0 && above !== child) this.#append(child, above);
  }

  /** `from` is nobody, and its children are those of `into`. */
  merge(from: number, into: number): void {
    if (this.#parent.get(from) !== 0) this.#remove(from);
    this.#mergedInto.set(from, into);
    for (const child of this.children(from)) {
      this.#parent.set(child, 0);
      this.#next.set(child, 0);
      if (child !== into) this.#append(child, into);
    }
    this.#firstChild.set(from, 0);
  }

  #append(child: number, parent: number): void {
    this.#parent.set(child, parent);
    const first = this.#firstChild.get(parent);
    if (first === 0) {
      this.#firstChild.set(parent, child);
    } else {
      const last = this.#previous.get(first);
      this.#next.set(last, child);
      this.#previous.set(child, last);
    }
    this.#previous.set(first === 0 ? child : first, child);
  }

  #remove(child: number): void {
    const parent = this.#parent.get(child);
    const first = this.#firstChild.get(parent);
    const [previous, next] = [this.#previous.get(child), this.#next.get(child)];
    if (child === first) this.#firstChild.set(parent, next);
    else this.#next.set(previous, next);
    // What is before the first is the last.
    const after = next === 0 ? first : next;
    if (after !== child) this.#previous.set(after, previous);
    this.#parent.set(child, 0);
    this.#next.set(child, 0);
  }
}
