import { codeAt } from './cursor.ts';
import { detach } from './detach.ts';

const SLOTS = 256;

/**
 * One string for each name that a log repeats. A name cut out anew costs more, and its hash is computed again in each map it is
 * looked up in.
 */
export class Names {
  readonly #slots = new Array<string>(SLOTS).fill('');

  /** The name at [from, to) of the text. */
  at(text: string, from: number, to: number): string {
    const length = to - from;
    const middle = codeAt(text, from + (length >> 1));
    const slot = (length + codeAt(text, from) * 5 + middle * 17 + codeAt(text, to - 1) * 67) & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known !== undefined && known.length === length && text.startsWith(known, from)) return known;
    const name = detach(text.slice(from, to));
    this.#slots[slot] = name;
    return name;
  }
}
