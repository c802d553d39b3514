import { ReadStream } from 'node:tty';
import { keysOfRest, typedKeys } from '../ui/typed-keys.ts';

/** The rest of an escape sequence is there sooner, also over a slow line; nobody presses a key that soon after Escape. */
const ESCAPE_MS = 30;

/** The keys that are pressed on a terminal, one at a time and whole. */
export class Keyboard extends ReadStream {
  #keys: string[] = [];
  /** Where this begins an escape sequence is not known yet. */
  #rest = '';
  #waiting: NodeJS.Timeout | null = null;

  /** The next key; null until there is one. For size 0, which is Node asking for more to be read, always null. */
  override read(size?: number): string | null {
    if (size === 0) {
      super.read(0);
      return null;
    }
    if (this.#keys.length === 0) this.#take(super.read());
    return this.#keys.shift() ?? null;
  }

  #take(text: unknown): void {
    if (typeof text !== 'string') return;
    if (this.#waiting !== null) clearTimeout(this.#waiting);
    const { keys, rest } = typedKeys(this.#rest + text);
    this.#keys.push(...keys);
    this.#rest = rest;
    this.#waiting = rest === '' ? null : setTimeout(() => this.#endRest(), ESCAPE_MS);
  }

  #endRest(): void {
    this.#keys.push(...keysOfRest(this.#rest));
    this.#rest = '';
    this.#waiting = null;
    this.emit('readable');
  }
}
