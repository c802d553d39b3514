/** Something that is read when it is shown, and again when it may have changed. */
export class Detail<T> {
  readonly #refreshMs: number;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  #value: T | null = null;
  #version: string | null = null;
  #readAt = Number.NEGATIVE_INFINITY;
  /** Of the reading under way; null while there is none. */
  #reading: symbol | null = null;

  /** `refreshMs`: the time between two readings of what goes on changing. */
  constructor(refreshMs: number, changed: () => void, failed: (error: unknown) => void) {
    this.#refreshMs = refreshMs;
    this.#changed = changed;
    this.#failed = failed;
  }

  /** Null before it was read. */
  get value(): T | null {
    return this.#value;
  }

  /** What was read, or is being read, is of no use any more. */
  forget(): void {
    this.#value = null;
    this.#version = null;
    this.#reading = null;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** Reads it, unless it is of that version already, or was read a moment ago and others will follow. */
  load(version: string, isLast: boolean, read: () => Promise<T>): void {
    if (this.#reading !== null || version === this.#version) return;
    if (!isLast && performance.now() - this.#readAt < this.#refreshMs) return;
    const reading = Symbol();
    this.#reading = reading;
    read().then(
      (value) => {
        if (reading !== this.#reading) return;
        this.#value = value;
        this.#version = version;
        this.#reading = null;
        this.#readAt = performance.now();
        this.#changed();
      },
      (error: unknown) => this.#failed(error),
    );
  }
}
