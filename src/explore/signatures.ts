import type { TraceEvent } from '../model/event.ts';
import { detach } from '../scan/detach.ts';
import { titleOf } from './event-kinds.ts';

/** What many events have in common. */
export interface Signature {
  /** See `titleOf`. */
  readonly title: string;
  readonly failed: boolean;
  /** Name of the error; null where none was printed. */
  readonly errno: string | null;
}

/** More different ones than this are in no honest log. */
const MAX_SIGNATURES = 65_535;

/** Numbers signatures from 1. */
export class Signatures {
  readonly #ids = new Map<string, number>();
  readonly #signatures: Signature[] = [];

  /** The number of the event's signature; 0 where there is no room for another. */
  idOf(event: TraceEvent): number {
    const title = titleOf(event);
    const failed = event.kind === 'syscall' && event.outcome === 'failed';
    const errno = event.kind === 'syscall' ? (event.errno?.name ?? null) : null;
    const key = failed || errno !== null ? `${title} ${failed} ${errno}` : title;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#signatures.length === MAX_SIGNATURES) return 0;
    this.#signatures.push({ title: detach(title), failed, errno: errno === null ? null : detach(errno) });
    this.#ids.set(detach(key), this.#signatures.length);
    return this.#signatures.length;
  }

  /** All so far. */
  get all(): readonly Signature[] {
    return this.#signatures;
  }

  /** Null for 0. */
  at(id: number): Signature | null {
    return this.#signatures[id - 1] ?? null;
  }
}
