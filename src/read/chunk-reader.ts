/** No chunk came within the time the caller was ready to wait. */
export const QUIET = Symbol('quiet');

/**
 * Pieces of one input, in order. Unlike a bare iterator it can be waited for with patience, be given back what was read
 * to look at it, and be given up while a live pipe is silent. A chunk is valid until the next call.
 */
export class ChunkReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #signal: AbortSignal | null;
  readonly #release: () => void;
  #unread: Buffer[] = [];
  #pending: Promise<IteratorResult<Buffer>> | null = null;

  /** `release` frees what the chunks come from; an aborted `signal` reads as the end of the input. */
  constructor(chunks: AsyncIterable<Buffer>, signal: AbortSignal | null, release: () => void) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#signal = signal;
    this.#release = release;
  }

  /** The next chunk, null at the end. With a patience in milliseconds, `QUIET` when nothing came in that time. */
  next(): Promise<Buffer | null>;
  next(patienceMs: number | null): Promise<Buffer | null | typeof QUIET>;
  next(patienceMs: number | null = null): Promise<Buffer | null | typeof QUIET> {
    if (this.#signal?.aborted) return Promise.resolve(null);
    const unread = this.#unread.shift();
    if (unread !== undefined) return Promise.resolve(unread);
    this.#pending ??= this.#chunks.next();
    return this.#wait(this.#pending, patienceMs);
  }

  /** Puts back what was taken to look at it: `next` gives it again. */
  unread(chunks: readonly Buffer[]): void {
    this.#unread.unshift(...chunks);
  }

  /** Gives the input up, also while a read is under way. */
  close(): void {
    const pending = this.#pending;
    this.#pending = null;
    this.#unread = [];
    const ignore = (): void => {};
    pending?.catch(ignore);
    this.#chunks.return?.().catch(ignore);
    this.#release();
  }

  /** A listener that is taken off again, not a race with one long-lived promise: that would keep every loser. */
  #wait(pending: Promise<IteratorResult<Buffer>>, patienceMs: number | null): Promise<Buffer | null | typeof QUIET> {
    return new Promise((resolve, reject) => {
      const timer = patienceMs === null ? null : setTimeout(() => settle(() => resolve(QUIET)), patienceMs);
      const aborted = (): void => settle(() => resolve(null));
      const settle = (done: () => void): void => {
        if (timer !== null) clearTimeout(timer);
        this.#signal?.removeEventListener('abort', aborted);
        done();
      };
      this.#signal?.addEventListener('abort', aborted, { once: true });
      pending.then(
        (result) =>
          settle(() => {
            // A wait that timed out left the read to the next one: whoever sees it first takes it.
            if (this.#pending === pending) this.#pending = null;
            resolve(result.done ? null : result.value);
          }),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  }
}
