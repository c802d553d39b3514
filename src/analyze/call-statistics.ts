import { CallCount, type CallTable } from './call-table.ts';
import type { SummaryOrder } from './orders.ts';

/** Calls of one name, as reported. Times are null where the log shows no durations of it. */
export interface CallStatistics {
  /** As printed, latin1 bytes; empty where it is all calls. */
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
  /** Most frequent first. */
  readonly errnos: readonly (readonly [errno: string, count: number])[];
  /** Calls that show their duration. */
  readonly timed: number;
  readonly totalNs: number | null;
  readonly meanNs: number | null;
  /** This and the next within `QUANTILE_ERROR`. */
  readonly p50Ns: number | null;
  readonly p95Ns: number | null;
  readonly maxNs: number | null;
}

/** A count as it is reported. `stepNs`: what all durations of the log are multiples of. */
export function statisticsOf(count: CallCount, stepNs: number): CallStatistics {
  const { name, calls, errors, timed, durations } = count;
  const hasTimes = timed > 0;
  const quantile = (share: number) => {
    const ns = durations?.quantile(share, stepNs) ?? null;
    return ns === null ? null : Math.min(ns, count.maxNs);
  };
  return {
    name,
    calls,
    errors,
    errnos: [...(count.errnos ?? [])].sort(([one, a], [other, b]) => b - a || compareText(one, other)),
    timed,
    totalNs: hasTimes ? count.totalNs : null,
    meanNs: hasTimes ? Math.round(count.totalNs / timed) : null,
    p50Ns: quantile(0.5),
    p95Ns: quantile(0.95),
    maxNs: hasTimes ? count.maxNs : null,
  };
}

/** All names together, without a name. */
export function totalOf(table: CallTable): CallCount {
  const total = new CallCount('');
  for (const row of table.rows.values()) total.merge(row);
  return total;
}

/** The names that returned at least once. */
export function sortedStatistics(rows: readonly CallCount[], stepNs: number, order: SummaryOrder): CallStatistics[] {
  const compare = COMPARE[order];
  return rows
    .filter((row) => row.calls > 0)
    .map((row) => statisticsOf(row, stepNs))
    .sort((a, b) => compare(a, b) || compareText(a.name, b.name));
}

/** Most first, but for names. */
export const COMPARE: Readonly<Record<SummaryOrder, (a: CallStatistics, b: CallStatistics) => number>> = {
  time: (a, b) => (b.totalNs ?? -1) - (a.totalNs ?? -1) || b.calls - a.calls,
  calls: (a, b) => b.calls - a.calls,
  errors: (a, b) => b.errors - a.errors || b.calls - a.calls,
  name: () => 0,
};

/** Order of texts by their code units, the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
