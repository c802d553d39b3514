import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets what a person waits for go before everything that takes long. */
export class Precedence {
  #urgent = 0;
  #release: () => void = () => {};
  #calm: Promise<void> = Promise.resolve();

  /** Does what a person waits for; `turn` waits meanwhile. */
  async first<T>(work: () => Promise<T>): Promise<T> {
    if (this.#urgent++ === 0) {
      this.#calm = new Promise((resolve) => {
        this.#release = resolve;
      });
    }
    try {
      return await work();
    } finally {
      if (--this.#urgent === 0) this.#release();
    }
  }

  /** To be awaited now and then by what takes long: keys and timers are seen to. */
  async turn(): Promise<void> {
    await nextTurn();
    while (this.#urgent > 0) await this.#calm;
  }
}
