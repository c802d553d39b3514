import { CallTable } from './call-table.ts';
import type { Process } from './process.ts';

/** Tables may take this much, about; once they take more, half of it is let go. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Calls, and new tables, between two looks at what the tables take. */
const CALLS_BETWEEN = 65_536;
const TABLES_BETWEEN = 1024;
/** What a process takes that is kept for its table's sake, about. */
const PROCESS_BYTES = 1024;

/**
 * Keeps a table for each process while there is room. Then the processes with the fewest calls lose theirs, those
 * that are over first, and what they did and still do is counted together.
 */
export class BusiestProcesses {
  readonly #tables = new Map<Process, CallTable>();
  /** Processes that lost their table, and may go on. */
  readonly #unlisted = new WeakSet<Process>();
  /** Of the processes without a table, and of calls that are nobody's. */
  readonly rest = new CallTable();
  /** Processes that lost their table. */
  letGo = 0;
  #untilLook = CALLS_BETWEEN;

  get tables(): ReadonlyMap<Process, CallTable> {
    return this.#tables;
  }

  /** To be told of every call. False where tables may be let go of before it is counted: then `tableOf` is to be asked again. */
  isNext(): boolean {
    return --this.#untilLook > 0;
  }

  /** Where a call of the process is counted. */
  tableOf(process: Process | null): CallTable {
    if (process === null) return this.rest;
    if (this.#untilLook <= 0) this.#look();
    const known = this.#tables.get(process);
    if (known !== undefined) return known;
    if (this.#unlisted.has(process)) return this.rest;
    this.#untilLook -= CALLS_BETWEEN / TABLES_BETWEEN;
    const table = new CallTable();
    this.#tables.set(process, table);
    return table;
  }

  /** Two records were one process. */
  merge(from: Process, into: Process): void {
    const gone = this.#tables.get(from);
    if (gone === undefined) return;
    this.#tables.delete(from);
    this.tableOf(into).merge(gone);
  }

  #look(): void {
    this.#untilLook = CALLS_BETWEEN;
    const sizes = new Map<Process, number>();
    let bytes = 0;
    for (const [process, table] of this.#tables) {
      const size = PROCESS_BYTES + table.bytes;
      sizes.set(process, size);
      bytes += size;
    }
    if (bytes <= MAX_BYTES) return;
    const fewestFirst = [...this.#tables].sort(
      ([one, a], [other, b]) => Number(other.closed) - Number(one.closed) || a.calls - b.calls,
    );
    for (const [process, table] of fewestFirst) {
      if (bytes <= MAX_BYTES / 2) return;
      bytes -= sizes.get(process) ?? 0;
      this.rest.merge(table);
      this.#tables.delete(process);
      this.#unlisted.add(process);
      this.letGo++;
    }
  }
}
