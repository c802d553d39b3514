import { detach } from './detach.ts';

const SLOTS = 256;

/** A name, and what is known of it. */
export interface Known<T> {
  readonly name: string;
  readonly about: T;
}

/**
 * The names that a log repeats, each one string with what is known of it. A name cut out anew costs more, and its hash is
 * computed again in each map it is looked up in.
 */
export class Names<T> {
  readonly #ask: (name: string) => T;
  readonly #slots = new Array<Known<T> | null>(SLOTS).fill(null);

  /** `ask` must say the same of the same name at all times. */
  constructor(ask: (name: string) => T) {
    this.#ask = ask;
  }

  /** The name at [from, to) of the text. */
  at(text: string, from: number, to: number): Known<T> {
    const length = to - from;
    const slot =
      length === 0
        ? 0
        : slotOf(length, text.charCodeAt(from), text.charCodeAt(to - 1), text.charCodeAt(from + (length >> 1)));
    const last = this.#slots[slot];
    if (last != null && last.name.length === length && text.startsWith(last.name, from)) return last;
    const name = detach(text.slice(from, to));
    const known = { name, about: this.#ask(name) };
    this.#slots[slot] = known;
    return known;
  }
}

function slotOf(length: number, first: number, last: number, middle: number): number {
  return (length + first * 5 + middle * 17 + last * 67) & (SLOTS - 1);
}
