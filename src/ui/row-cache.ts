import type { EventList, EventRow } from '../explore/exploration.ts';

interface Rows {
  readonly from: number;
  readonly to: number;
  /** How often the trace had grown when they were asked for. */
  readonly growth: number;
}

/** Rows that are kept: some screens of them. */
const MOST_ROWS = 2000;

/**
 * Rows of a list of events that were read, by the lines they begin at: indexes change when a call that returns late
 * comes where it began.
 */
export class RowCache {
  readonly #list: EventList;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  #rows = new Map<string, EventRow>();
  #wanted: Rows | null = null;
  #latest: Rows | null = null;
  #isReading = false;

  /** `changed`: rows have come. */
  constructor(list: EventList, changed: () => void, failed: (error: unknown) => void) {
    this.#list = list;
    this.#changed = changed;
    this.#failed = failed;
  }

  /**
   * The rows [from, to) as far as they are known; null for those that are yet to come. `growth`: how often the trace
   * has grown; what was open then may be known by now.
   */
  window(from: number, to: number, growth: number): (EventRow | null)[] {
    const rows: (EventRow | null)[] = [];
    for (let index = from; index < Math.min(to, this.#list.length); index++) rows.push(this.at(index));
    if (rows.some((row) => row === null || this.#mayChange(row))) this.#want({ from, to, growth });
    return rows;
  }

  /** The row, where it is known. */
  at(index: number): EventRow | null {
    const place = this.#list.placeAt(index);
    return place === null ? null : (this.#rows.get(`${place.input}:${place.line}`) ?? null);
  }

  /** A call that has not returned may yet do so. */
  #mayChange({ event }: EventRow): boolean {
    return event.kind === 'syscall' && event.outcome === 'unfinished' && !this.#list.complete;
  }

  /** Only the latest window is read when another one has been: of a key held down most are past by then. */
  #want(rows: Rows): void {
    const { from, to, growth } = rows;
    // Asked for once: what did not come then does not come now.
    if (this.#latest?.from === from && this.#latest.to === to && this.#latest.growth === growth) return;
    this.#latest = rows;
    this.#wanted = rows;
    if (!this.#isReading) this.#read().catch(this.#failed);
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.#wanted !== null) {
        const { from, to } = this.#wanted;
        this.#wanted = null;
        const rows = await this.#list.rows(from, to);
        if (this.#rows.size > MOST_ROWS) this.#rows = new Map();
        for (const row of rows) this.#rows.set(`${row.event.input}:${row.event.line}`, row);
        this.#changed();
      }
    } finally {
      this.#isReading = false;
    }
  }
}
