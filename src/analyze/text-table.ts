import { detach } from '../scan/detach.ts';

/** Texts that are looked for before another copy is kept. */
const RECENT = 4096;

/** Texts by number, from 1; 0 is none. What comes again and again is kept once. */
export class TextTable {
  readonly #texts: string[] = [];
  readonly #recent = new Map<string, number>();

  /** The text's number. */
  add(text: string): number {
    const known = this.#recent.get(text);
    if (known !== undefined) return known;
    if (this.#recent.size >= RECENT) this.#recent.clear();
    const own = detach(text);
    const number = this.#texts.push(own);
    this.#recent.set(own, number);
    return number;
  }

  /** Null where there is none. */
  get(number: number): string | null {
    return this.#texts[number - 1] ?? null;
  }
}
