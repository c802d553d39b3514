/** A piece of a log: text that stays, the id of a process by its index, or whole seconds since the log's first stamp. */
type Part = string | { readonly id: number } | { readonly second: number };

/** A number that may be an id, or the whole seconds of a stamp that counts from 1970. */
const NUMBER = /\b(?:\d{10}(?=\.\d)|\d{3,7}\b)/g;
const STAMP_DIGITS = 10;

/** A log that can be had again with other ids and at another time. */
export class Template {
  readonly #parts: Part[] = [];
  /** How many processes the log has. */
  readonly ids: number;
  /** Seconds from its first stamp until a log that follows may begin. */
  readonly seconds: number;

  /** `text`: a log with a pid column. */
  constructor(text: string) {
    const ids = new Map<string, number>();
    for (const [, id = ''] of text.matchAll(/^(\d+)[:/ ]/gm)) if (!ids.has(id)) ids.set(id, ids.size);
    let [from, first, last] = [0, 0, 0];
    for (const { 0: word, index } of text.matchAll(NUMBER)) {
      const id = ids.get(word);
      if (word.length < STAMP_DIGITS && id === undefined) continue;
      this.#parts.push(text.slice(from, index));
      from = index + word.length;
      if (id !== undefined) {
        this.#parts.push({ id });
        continue;
      }
      if (first === 0) first = Number(word);
      last = Number(word);
      this.#parts.push({ second: last - first });
    }
    this.#parts.push(text.slice(from));
    this.ids = ids.size;
    this.seconds = last - first + 1;
  }

  /** The log with ids from `firstId` on, begun at `firstSecond`. */
  with(firstId: number, firstSecond: number): string {
    let text = '';
    for (const part of this.#parts) {
      if (typeof part === 'string') text += part;
      else text += 'id' in part ? firstId + part.id : firstSecond + part.second;
    }
    return text;
  }
}
