import { Clock } from '../model/clock.ts';

const DAY_SECONDS = 86_400;
const HALF_DAY_SECONDS = DAY_SECONDS / 2;

/**
 * The first stamp of a file. 'day' shows the time of day only; 'relative' counts from the line before, which for a file
 * of a set may stand in another file, so it says nothing about when.
 */
export interface FirstStamp {
  readonly scale: 'absolute' | 'day' | 'relative';
  readonly seconds: number;
  readonly nanos: number;
}

/** A clock that is thrown away after it has told how and when a file begins. */
export class FirstStampClock extends Clock {
  #first: FirstStamp | null = null;

  /** Null until a stamp was read. */
  get first(): FirstStamp | null {
    return this.#first;
  }

  override at(seconds: number, nanos: number): number {
    this.#first ??= { scale: 'absolute', seconds, nanos };
    return super.at(seconds, nanos);
  }

  override atTimeOfDay(seconds: number, nanos: number): number {
    this.#first ??= { scale: 'day', seconds, nanos };
    return super.atTimeOfDay(seconds, nanos);
  }

  override afterPrevious(seconds: number, nanos: number): number {
    this.#first ??= { scale: 'relative', seconds, nanos };
    return super.afterPrevious(seconds, nanos);
  }
}

/**
 * Clocks for the files of one set, one each, all counting from the earliest first stamp; null where the stamps cannot
 * order the files. Each has a clock of its own because they are read at different paces, which a clock without a date
 * would take for midnights.
 */
export class SetClock {
  readonly #origin: FirstStamp;

  private constructor(origin: FirstStamp) {
    this.#origin = origin;
  }

  /** From the first stamps of all files that have one. */
  static from(stamps: readonly FirstStamp[]): SetClock | null {
    const [any] = stamps;
    if (any === undefined || any.scale === 'relative') return null;
    if (stamps.some((stamp) => stamp.scale !== any.scale)) return null;
    const sorted = stamps.toSorted((a, b) => a.seconds - b.seconds || a.nanos - b.nanos);
    return new SetClock(any.scale === 'day' ? firstOfDay(sorted, any) : (sorted[0] ?? any));
  }

  /** When a file begins, in nanoseconds since the origin. */
  startNs(first: FirstStamp): number {
    const clock = this.clockFor(first);
    return first.scale === 'day' ? clock.atTimeOfDay(first.seconds, first.nanos) : clock.at(first.seconds, first.nanos);
  }

  /** A clock for the file that begins with that stamp. */
  clockFor(first: FirstStamp): Clock {
    const clock = new Clock();
    if (first.scale === 'day') {
      const origin = this.#origin;
      clock.atTimeOfDay(origin.seconds, origin.nanos);
      // Led up in steps of a quarter day: a single step over more than half a day would count as one back.
      const ahead = (first.seconds - origin.seconds + DAY_SECONDS) % DAY_SECONDS;
      for (let step = DAY_SECONDS / 4; step < ahead; step += DAY_SECONDS / 4) {
        clock.atTimeOfDay((origin.seconds + step) % DAY_SECONDS, 0);
      }
    } else {
      clock.at(this.#origin.seconds, this.#origin.nanos);
    }
    return clock;
  }
}

/** Where the times of day leave a gap of more than half a day, midnight passed, and the first file is after the gap. */
function firstOfDay(sorted: readonly FirstStamp[], any: FirstStamp): FirstStamp {
  for (let index = 1; index < sorted.length; index++) {
    const later = sorted[index] ?? any;
    const earlier = sorted[index - 1] ?? any;
    if (later.seconds - earlier.seconds > HALF_DAY_SECONDS) return later;
  }
  return sorted[0] ?? any;
}
