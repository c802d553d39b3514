/** Values that are kept as they are before buckets take their place. */
const MAX_EXACT = 64;
/** Buckets in a doubling. Half a bucket is 1/128 of its value. */
const STEPS = 64;
const STEP_BITS = 6;
/** Below this, every nanosecond has a bucket of its own. */
const FIRST_WIDE = 2 * STEPS;
/** Above this, numbers do not fit the operators that work on 32 bits. */
const LARGE = 2 ** 31;
const LARGE_BITS = 24;

/** One for all: most sketches never need buckets. */
const NO_COUNTS = new Float64Array(0);
/** What a sketch takes beside its values, about. */
const SKETCH_BYTES = 200;

/** Most that a quantile is off, as a share of it. */
export const QUANTILE_ERROR = 0.01;

/**
 * Quantiles of durations in bounded space: exact for few values, then within `QUANTILE_ERROR`. Buckets grow with what is in
 * them, so that a second and a microsecond are told as exactly.
 */
export class DurationSketch {
  /** Null once there are buckets. */
  #values: number[] | null = [];
  /** Doubles, which count further than a log is long. */
  #counts: Float64Array = NO_COUNTS;
  /** Of the first bucket there is. */
  #first = 0;
  #size = 0;

  /** Bytes it takes, about. */
  get bytes(): number {
    return SKETCH_BYTES + (this.#values?.length ?? this.#counts.length) * 8;
  }

  /** A whole number of nanoseconds, not negative. */
  add(ns: number): void {
    this.#size++;
    if (this.#values === null) {
      this.#count(bucketOf(ns), 1);
    } else {
      this.#values.push(ns);
      if (this.#values.length > MAX_EXACT) this.#useBuckets();
    }
  }

  /** Takes in all that another one holds. */
  merge(other: DurationSketch): void {
    if (other.#values !== null) {
      for (const value of other.#values) this.add(value);
      return;
    }
    this.#useBuckets();
    this.#size += other.#size;
    this.#makeRoom(other.#first, other.#first + other.#counts.length - 1);
    for (const [at, count] of other.#counts.entries()) {
      if (count > 0) this.#count(other.#first + at, count);
    }
  }

  /**
   * The smallest duration that at least this share of all do not exceed (0.5: the median); null where there are none.
   * `stepNs`: what all of them are multiples of.
   */
  quantile(share: number, stepNs: number): number | null {
    if (this.#size === 0) return null;
    const rank = Math.max(1, Math.ceil(share * this.#size));
    if (this.#values !== null) return [...this.#values].sort((a, b) => a - b)[rank - 1] ?? null;
    let passed = 0;
    for (let at = 0; at < this.#counts.length; at++) {
      passed += this.#counts[at] ?? 0;
      if (passed >= rank) return durationIn(this.#first + at, stepNs);
    }
    return null;
  }

  #useBuckets(): void {
    const values = this.#values ?? [];
    this.#values = null;
    for (const value of values) this.#count(bucketOf(value), 1);
  }

  #count(bucket: number, times: number): void {
    const at = bucket - this.#first;
    if (at < 0 || at >= this.#counts.length) {
      this.#makeRoom(bucket, bucket);
      this.#count(bucket, times);
    } else {
      this.#counts[at] = (this.#counts[at] ?? 0) + times;
    }
  }

  /** Room for the buckets from `low` to `high`, in whole doublings. */
  #makeRoom(low: number, high: number): void {
    const end = this.#first + this.#counts.length;
    if (low >= this.#first && high < end) return;
    const isEmpty = this.#counts.length === 0;
    const from = Math.floor((isEmpty ? low : Math.min(low, this.#first)) / STEPS) * STEPS;
    const to = Math.ceil(Math.max(high + 1, isEmpty ? 0 : end) / STEPS) * STEPS;
    const counts = new Float64Array(to - from);
    if (!isEmpty) counts.set(this.#counts, this.#first - from);
    this.#counts = counts;
    this.#first = from;
  }
}

function bucketOf(ns: number): number {
  if (ns < FIRST_WIDE) return ns;
  const isLarge = ns >= LARGE;
  const value = isLarge ? Math.floor(ns / 2 ** LARGE_BITS) : ns;
  const widthBits = 31 - STEP_BITS - Math.clz32(value);
  return (widthBits + (isLarge ? LARGE_BITS : 0)) * STEPS + (value >>> widthBits);
}

/** The only duration that a bucket can hold, or the one in its middle. */
function durationIn(bucket: number, stepNs: number): number {
  if (bucket < FIRST_WIDE) return bucket;
  const widthBits = Math.floor(bucket / STEPS) - 1;
  const widthNs = 2 ** widthBits;
  const lowNs = (bucket - widthBits * STEPS) * widthNs;
  const multiple = Math.ceil(lowNs / stepNs) * stepNs;
  if (stepNs >= widthNs && multiple < lowNs + widthNs) return multiple;
  return Math.round(lowNs + (widthNs - 1) / 2);
}
