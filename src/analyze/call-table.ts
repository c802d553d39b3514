import type { Platform } from '../model/dialect.ts';
import { errnoName } from '../model/errno.ts';
import type { SyscallEvent } from '../model/event.ts';
import { detach } from '../scan/detach.ts';
import { DurationSketch } from './duration-sketch.ts';

/** More names than any system has calls, or errors: only hostile input has more. The rest is counted as one. */
const MAX_NAMES = 1024;
const MAX_ERRNOS = 256;
/** What a row takes beside its durations, about. */
const ROW_BYTES = 256;

/** Stands for the names of calls that were too many to be told apart. */
const OTHER_NAMES = '(other names)';
/** Stands for the errors that were too many to be told apart. */
const OTHER_ERRNOS = '(others)';
/** A call failed, and the log does not say with what. */
const UNKNOWN_ERRNO = '(unknown)';

/** What the call took, in whole nanoseconds; null where the log does not say, or the clock was set back meanwhile. */
export function durationOf({ durationNs, outcome }: SyscallEvent): number | null {
  if (durationNs === null || durationNs < 0 || outcome === 'unfinished') return null;
  return Number.isSafeInteger(durationNs) ? durationNs : null;
}

/** What is counted of the calls with one name. */
export class CallCount {
  readonly name: string;
  /** Returned, successfully or not; a call that is restarted after a signal counts each time, as it does for strace. */
  calls = 0;
  errors = 0;
  /** Of the errors, by name. Null while there are none. */
  errnos: Map<string, number> | null = null;
  /** Begun, and not seen to return. */
  unfinished = 0;
  /** Of the calls, those that show their duration; so for the fields below. */
  timed = 0;
  totalNs = 0;
  maxNs = 0;
  durations: DurationSketch | null = null;

  constructor(name: string) {
    this.name = name;
  }

  /** Bytes it takes, about. */
  get bytes(): number {
    return ROW_BYTES + (this.durations?.bytes ?? 0);
  }

  /** A call that returned. `errno`: what its error is counted as; null where it succeeded. */
  add(errno: string | null, durationNs: number | null): void {
    this.calls++;
    if (errno !== null) this.#addErrors(errno, 1);
    if (durationNs === null) return;
    this.timed++;
    this.totalNs += durationNs;
    if (durationNs > this.maxNs) this.maxNs = durationNs;
    this.durations ??= new DurationSketch();
    this.durations.add(durationNs);
  }

  /** Takes in what another one counted. */
  merge(other: CallCount): void {
    this.calls += other.calls;
    this.unfinished += other.unfinished;
    for (const [errno, times] of other.errnos ?? []) this.#addErrors(errno, times);
    this.timed += other.timed;
    this.totalNs += other.totalNs;
    this.maxNs = Math.max(this.maxNs, other.maxNs);
    if (other.durations === null) return;
    this.durations ??= new DurationSketch();
    this.durations.merge(other.durations);
  }

  #addErrors(errno: string, times: number): void {
    this.errors += times;
    this.errnos ??= new Map();
    const known = this.errnos.get(errno);
    if (known === undefined && this.errnos.size >= MAX_ERRNOS) this.#addOtherErrors(this.errnos, times);
    else this.errnos.set(known === undefined ? detach(errno) : errno, (known ?? 0) + times);
  }

  #addOtherErrors(errnos: Map<string, number>, times: number): void {
    errnos.set(OTHER_ERRNOS, (errnos.get(OTHER_ERRNOS) ?? 0) + times);
  }
}

/** What the error of a call is counted as; null where it succeeded. */
export function errorOf({ outcome, errno }: SyscallEvent, platform: Platform): string | null {
  if (outcome === 'returned') return null;
  if (errno === null) return UNKNOWN_ERRNO;
  if (errno.name !== null) return errno.name;
  if (errno.number === null) return UNKNOWN_ERRNO;
  return errnoName(errno.number, platform) ?? `errno ${errno.number}`;
}

/** The calls of one process, or of several, by name. */
export class CallTable {
  readonly rows = new Map<string, CallCount>();
  /** Calls of all names. */
  calls = 0;

  /** Bytes it takes, about. */
  get bytes(): number {
    let bytes = ROW_BYTES;
    for (const row of this.rows.values()) bytes += row.bytes;
    return bytes;
  }

  /** A call that returned. `errno`: as `errorOf` has it; `durationNs`: as `durationOf` has it. */
  add(name: string, errno: string | null, durationNs: number | null): void {
    (this.rows.get(name) ?? this.#newRow(name)).add(errno, durationNs);
    this.calls++;
  }

  /** A call that was not seen to return. */
  addUnfinished(name: string): void {
    (this.rows.get(name) ?? this.#newRow(name)).unfinished++;
  }

  /** Takes in what another one counted. */
  merge(other: CallTable): void {
    this.calls += other.calls;
    for (const row of other.rows.values()) (this.rows.get(row.name) ?? this.#newRow(row.name)).merge(row);
  }

  #newRow(name: string): CallCount {
    const kept = this.rows.size < MAX_NAMES ? detach(name) : OTHER_NAMES;
    const known = this.rows.get(kept);
    if (known !== undefined) return known;
    const row = new CallCount(kept);
    this.rows.set(kept, row);
    return row;
  }
}
