const PROGRESS_INTERVAL_MS = 100;

/** How far reading is. */
export interface Progress {
  /** Before decompression. */
  readonly bytesRead: number;
  /** Null when it cannot be known (a pipe). */
  readonly bytesTotal: number | null;
  readonly lines: number;
}

/** Tells how far reading is, now and then. */
export class ProgressMeter {
  readonly #bytesTotal: number | null;
  readonly #onProgress: ((progress: Progress) => void) | null;
  #bytesDone = 0;
  #lines = 0;
  /** Null where nothing was read yet. */
  #toldAtMs: number | null = null;

  constructor(bytesTotal: number | null, onProgress: ((progress: Progress) => void) | null) {
    this.#bytesTotal = bytesTotal;
    this.#onProgress = onProgress;
  }

  /** Bytes of the input under way, and lines of all. */
  report(bytes: number, lines: number): void {
    this.#lines = lines;
    if (this.#onProgress === null) return;
    const now = performance.now();
    this.#toldAtMs ??= now;
    if (now - this.#toldAtMs < PROGRESS_INTERVAL_MS) return;
    this.#toldAtMs = now;
    this.#tell(bytes);
  }

  inputDone(bytes: number): void {
    this.#bytesDone += bytes;
  }

  finish(): void {
    this.#tell(0);
  }

  #tell(bytes: number): void {
    this.#onProgress?.({
      bytesRead: this.#bytesDone + bytes,
      bytesTotal: this.#bytesTotal,
      lines: this.#lines,
    });
  }
}
