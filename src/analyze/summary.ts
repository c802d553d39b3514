import type { Counting } from '../model/counting.ts';
import { type DialectTraits, dialectTraits } from '../model/dialect.ts';
import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';
import { WAIT_KINDS, type WaitKind, waitKindOf } from '../model/waits.ts';
import { BusiestProcesses } from './busiest-processes.ts';
import {
  type CallStatistics,
  COMPARE,
  compareText,
  sortedStatistics,
  statisticsOf,
  totalOf,
} from './call-statistics.ts';
import { type CallCount, CallTable, durationOf, errorOf } from './call-table.ts';
import { QUANTILE_ERROR } from './duration-sketch.ts';
import type { SummaryOrder } from './orders.ts';
import type { Place, Process, Seen, TreeObserver } from './process.ts';
import { ProcessTree } from './process-tree.ts';
import { type SlowCall, SlowestCalls } from './slowest-calls.ts';
import { limitsOf, type SummaryLimit } from './summary-limits.ts';
import { TREE_CHANGES } from './tree-roles.ts';

export interface SummaryOptions {
  /** Null: by time where the log shows durations, else by calls. */
  readonly order: SummaryOrder | null;
  /** A pid, or a program by its name or path: only calls made by it, while it was that. Null: all. */
  readonly process: string | null;
  /** Slowest calls to keep. */
  readonly slowest: number;
}

/** Calls that did nothing but wait for one kind of thing. */
export interface Wait {
  readonly kind: WaitKind;
  readonly calls: number;
  readonly totalNs: number;
  /** Names of the calls, the longest in sum first. */
  readonly names: readonly string[];
}

export interface ProcessSummary {
  readonly pid: number | null;
  /** Of its latest exec, else inherited. Latin1 bytes. */
  readonly program: string | null;
  /** Where it first shows. */
  readonly start: Place;
  readonly total: CallStatistics;
  /** Time in calls that only wait; null where no durations show. */
  readonly waitingNs: number | null;
  readonly calls: readonly CallStatistics[];
}

export interface SummaryResult {
  /** Processes of the trace, whether selected or not. */
  readonly processCount: number;
  /** Processes that were created and never traced. */
  readonly untraced: number;
  /** Most that `p50Ns` and `p95Ns` are off, as a share of them. */
  readonly percentileError: number;
  /** All calls together; its name is empty. */
  readonly total: CallStatistics;
  readonly calls: readonly CallStatistics[];
  /** Begun, and not seen to return: in no other count. Most first. */
  readonly unfinished: readonly { readonly name: string; readonly calls: number }[];
  /** Null where no durations show. */
  readonly waits: readonly Wait[] | null;
  /** From the first stamp to the last; of several recordings, of each and added. Null without stamps. */
  readonly elapsedNs: number | null;
  readonly processes: readonly ProcessSummary[];
  /** Processes with too few calls to be listed, and those calls. */
  readonly unlisted: { readonly processes: number; readonly calls: number };
  /** Longest first, calls that only wait left out. */
  readonly slowest: readonly SlowCall[];
  /** Longest first, of the calls that only wait. */
  readonly longestWaits: readonly SlowCall[];
  readonly limits: readonly SummaryLimit[];
}

/** A power of two. */
const TABLES_AT_HAND = 16;

/** Counts calls, errors and time by name and process. One `add` an event, then `finish`. */
export class Summary implements TreeObserver, Counting {
  readonly keeping = null;
  readonly watched: ReadonlySet<number | null> = new Set();
  readonly #options: SummaryOptions;
  readonly #header: TraceHeader;
  readonly #traits: DialectTraits;
  readonly #tree: ProcessTree;
  readonly #processes = new BusiestProcesses();
  readonly #slowest: SlowestCalls;
  readonly #longestWaits: SlowestCalls;
  readonly #elapsed = new Elapsed();
  readonly #isPid: boolean;
  // Where calls told by numbers were counted since the last event: most are of the few processes at work. A third of the time.
  readonly #pidsAtHand = new Array<number | null | undefined>(TABLES_AT_HAND).fill(undefined);
  readonly #tablesAtHand = new Array<CallTable | null>(TABLES_AT_HAND).fill(null);
  /** Largest power of ten that all durations are multiples of, from a second down. */
  #stepNs = 1e9;
  /** The recording at hand. */
  #input = 0;

  constructor(header: TraceHeader, options: SummaryOptions) {
    this.#header = header;
    this.#options = options;
    this.#traits = dialectTraits[header.dialect];
    this.#tree = new ProcessTree(header, this, false);
    this.#slowest = new SlowestCalls(options.slowest);
    this.#longestWaits = new SlowestCalls(options.slowest);
    this.#isPid = options.process !== null && /^\d+$/.test(options.process);
  }

  get seen(): Seen {
    return { processes: this.#tree.count, crashes: null };
  }

  add(event: TraceEvent): void {
    this.#pidsAtHand.fill(undefined);
    const actor = this.#tree.add(event);
    this.#input = this.#header.joined ? 0 : event.input;
    if (event.atNs !== null) this.#elapsed.add(this.#input, event.atNs);
    if (event.kind !== 'syscall') return;
    const process = actor?.process ?? null;
    if (!this.#isSelected(process)) return;
    this.#processes.isNext();
    const table = this.#processes.tableOf(process);
    if (event.outcome === 'unfinished') {
      table.addUnfinished(event.name);
      return;
    }
    const durationNs = durationOf(event);
    table.add(event.name, errorOf(event, this.#traits.platform), durationNs);
    if (durationNs !== null) this.#time(event, durationNs, process);
  }

  get counting(): Counting {
    return this;
  }

  countedAs(name: string): 'work' | 'wait' | null {
    const { platform } = this.#traits;
    const role = syscallOf(name, platform)?.role;
    if (role !== undefined && TREE_CHANGES.has(role)) return null;
    return waitKindOf(name, platform) === null ? 'work' : 'wait';
  }

  get floors(): Counting['floors'] {
    return { work: this.#slowest.floorNs, wait: this.#longestWaits.floorNs };
  }

  count(pid: number | null, name: string, errno: string | null, durationNs: number | null, atNs: number | null): void {
    if (atNs !== null) this.#elapsed.add(this.#input, atNs);
    const slot = (pid ?? 0) & (TABLES_AT_HAND - 1);
    const isAtHand = this.#processes.isNext() && this.#pidsAtHand[slot] === pid;
    const table = isAtHand ? this.#tablesAtHand[slot] : this.#takeTable(pid, slot);
    if (table == null) return;
    table.add(name, errno, durationNs);
    if (durationNs !== null) this.#step(durationNs);
  }

  /** The table that calls of the pid are counted in until the next event; null where they are not. */
  #takeTable(pid: number | null, slot: number): CallTable | null {
    const process = this.#tree.processOf(pid);
    const letGo = this.#processes.letGo;
    const table = this.#isSelected(process) ? this.#processes.tableOf(process) : null;
    if (this.#processes.letGo !== letGo) this.#pidsAtHand.fill(undefined);
    this.#pidsAtHand[slot] = pid;
    this.#tablesAtHand[slot] = table;
    return table;
  }

  finish(): SummaryResult {
    this.#tree.finish();
    const isReported = (process: Process | null) => this.#isReported(process);
    const tables = [...this.#processes.tables].filter(([process]) => isReported(process));
    const sum = new CallTable();
    for (const [, table] of tables) sum.merge(table);
    sum.merge(this.#processes.rest);
    const rows = [...sum.rows.values()];
    const total = statisticsOf(totalOf(sum), this.#stepNs);
    const hasTimes = total.timed > 0;
    const order = this.#options.order ?? (hasTimes ? 'time' : 'calls');
    const counted = {
      total,
      calls: sortedStatistics(rows, this.#stepNs, order),
      unfinished: unfinishedOf(rows),
      unlisted: { processes: this.#processes.letGo, calls: this.#processes.rest.calls },
    };
    return {
      ...counted,
      processCount: this.#tree.count,
      untraced: this.#tree.untraced,
      percentileError: QUANTILE_ERROR,
      waits: hasTimes ? this.#waits(rows) : null,
      elapsedNs: this.#elapsed.totalNs,
      processes: this.#summaries(tables, order),
      slowest: this.#slowest.report(isReported),
      longestWaits: this.#longestWaits.report(isReported),
      limits: limitsOf(counted, hasTimes ? this.#stepNs : null, this.#header.dialect),
    };
  }

  // ---- what the tree tells

  born(): void {}

  merged(from: Process, into: Process): void {
    this.#processes.merge(from, into);
  }

  split(): void {
    // The calls it made as a thread, between its birth and its exec, stay with its creator.
  }

  execed(): void {}

  closed(): void {}

  // ---- one call

  /** A log may name its first process late: until then it may be any. */
  #isSelected(process: Process | null): boolean {
    const { process: wanted } = this.#options;
    if (wanted === null) return true;
    if (process === null) return false;
    if (this.#isPid) return process.pid === null || String(process.pid) === wanted;
    const program = process.exec?.program ?? null;
    return program !== null && (program === wanted || program.endsWith(`/${wanted}`));
  }

  /** As `#isSelected`, when all is known. What was counted of a program was counted while it ran. */
  #isReported(process: Process | null): boolean {
    return !this.#isPid || String(process?.pid) === this.#options.process;
  }

  #time(event: SyscallEvent, durationNs: number, process: Process | null): void {
    this.#step(durationNs);
    if (durationNs <= this.#slowest.floorNs && durationNs <= this.#longestWaits.floorNs) return;
    const list = waitKindOf(event.name, this.#traits.platform) === null ? this.#slowest : this.#longestWaits;
    const tid = event.tid ?? (this.#traits.pidColumn === 'task' ? event.pid : null);
    list.add(event, durationNs, tid, process);
  }

  #step(durationNs: number): void {
    while (this.#stepNs > 1 && durationNs % this.#stepNs !== 0) this.#stepNs /= 10;
  }

  // ---- the answer

  #summaries(tables: readonly (readonly [Process, CallTable])[], order: SummaryOrder): ProcessSummary[] {
    const summaries: ProcessSummary[] = [];
    for (const [process, table] of tables) {
      const rows = [...table.rows.values()];
      const total = statisticsOf(totalOf(table), this.#stepNs);
      summaries.push({
        pid: process.pid,
        program: process.exec?.program ?? null,
        start: process.start,
        total,
        waitingNs: total.totalNs === null ? null : sumNs(this.#waits(rows)),
        calls: sortedStatistics(rows, this.#stepNs, order),
      });
    }
    const compare = COMPARE[order];
    return summaries.sort((a, b) =>
      order === 'name' ? compareText(a.program ?? '', b.program ?? '') : compare(a.total, b.total),
    );
  }

  #waits(rows: readonly CallCount[]): Wait[] {
    const byKind = new Map<WaitKind, CallCount[]>();
    for (const row of rows) {
      const kind = row.timed === 0 ? null : waitKindOf(row.name, this.#traits.platform);
      if (kind !== null) byKind.set(kind, [...(byKind.get(kind) ?? []), row]);
    }
    return WAIT_KINDS.flatMap((kind) => {
      const waits = (byKind.get(kind) ?? []).sort((a, b) => b.totalNs - a.totalNs || compareText(a.name, b.name));
      if (waits.length === 0) return [];
      const calls = waits.reduce((sum, row) => sum + row.timed, 0);
      return [{ kind, calls, totalNs: sumNs(waits), names: waits.map(({ name }) => name) }];
    }).sort((a, b) => b.totalNs - a.totalNs);
  }
}

function unfinishedOf(rows: readonly CallCount[]): { name: string; calls: number }[] {
  return rows
    .filter((row) => row.unfinished > 0)
    .map(({ name, unfinished }) => ({ name, calls: unfinished }))
    .sort((a, b) => b.calls - a.calls || compareText(a.name, b.name));
}

function sumNs(parts: readonly { readonly totalNs: number }[]): number {
  return parts.reduce((sum, { totalNs }) => sum + totalNs, 0);
}

/** Time from the first stamp to the last. Recordings read one after another have a clock each. */
class Elapsed {
  #clock = -1;
  #beforeNs = 0;
  #firstNs = 0;
  #lastNs = 0;

  /** Null without stamps. */
  get totalNs(): number | null {
    return this.#clock < 0 ? null : this.#beforeNs + this.#lastNs - this.#firstNs;
  }

  add(clock: number, atNs: number): void {
    if (clock !== this.#clock) {
      this.#beforeNs += this.#lastNs - this.#firstNs;
      this.#clock = clock;
      this.#firstNs = atNs;
      this.#lastNs = atNs;
    } else if (atNs > this.#lastNs) {
      this.#lastNs = atNs;
    } else if (atNs < this.#firstNs) {
      this.#firstNs = atNs;
    }
  }
}
