/** Largest step back that is still disorder between tasks; a larger one on a clock without a date is midnight. */
const HALF_DAY_SECONDS = 43_200;
const DAY_SECONDS = 86_400;

/**
 * Turns the stamps of one trace into nanoseconds since its first stamp. Whole seconds are subtracted before
 * scaling: epoch nanoseconds do not fit a double.
 */
export class Clock {
  #originSeconds: number | null = null;
  #originNanos = 0;
  #lastSeconds = 0;
  #dayOffset = 0;
  #relativeNs = 0;

  /** Whether a first stamp has been seen. */
  get started(): boolean {
    return this.#originSeconds !== null;
  }

  /** Another clock that goes on from here by itself. */
  copy(): Clock {
    const copy = new Clock();
    copy.#originSeconds = this.#originSeconds;
    copy.#originNanos = this.#originNanos;
    copy.#lastSeconds = this.#lastSeconds;
    copy.#dayOffset = this.#dayOffset;
    copy.#relativeNs = this.#relativeNs;
    return copy;
  }

  /** Puts what stamps are told from into five numbers: for who reads stamps elsewhere (parsers/strace-plain). */
  save(into: Float64Array): void {
    into[0] = this.started ? 1 : 0;
    into[1] = this.#originSeconds ?? 0;
    into[2] = this.#originNanos;
    into[3] = this.#lastSeconds;
    into[4] = this.#dayOffset;
  }

  /** Goes on where the stamps that were read elsewhere since `save` left off. */
  restore(from: Float64Array): void {
    this.#lastSeconds = from[3] ?? 0;
    this.#dayOffset = from[4] ?? 0;
  }

  /**
   * Nanoseconds since the trace's first stamp, of a stamp with seconds since any fixed point.
   * Negative where lines of different tasks are out of order at the start.
   */
  at(seconds: number, nanos: number): number {
    if (this.#originSeconds === null) {
      this.#originSeconds = seconds;
      this.#originNanos = nanos;
    }
    return (seconds - this.#originSeconds) * 1e9 + (nanos - this.#originNanos);
  }

  /** As `at`, for a clock that shows the time of day only: it wraps at midnight. */
  atTimeOfDay(seconds: number, nanos: number): number {
    if (this.started) {
      const step = seconds - this.#lastSeconds;
      if (step < -HALF_DAY_SECONDS) this.#dayOffset += DAY_SECONDS;
      else if (step > HALF_DAY_SECONDS) this.#dayOffset -= DAY_SECONDS;
    }
    this.#lastSeconds = seconds;
    return this.at(seconds + this.#dayOffset, nanos);
  }

  /** As `at`, for a stamp that counts from the line before it. */
  afterPrevious(seconds: number, nanos: number): number {
    this.#relativeNs += seconds * 1e9 + nanos;
    return this.at(Math.floor(this.#relativeNs / 1e9), this.#relativeNs % 1e9);
  }
}
