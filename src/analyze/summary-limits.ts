import { type Dialect, dialectTraits } from '../model/dialect.ts';
import { syscallOf } from '../model/syscalls.ts';
import type { CallStatistics } from './call-statistics.ts';

/** Why a summary says less than one might wish. */
export const SUMMARY_LIMITS = [
  'no-durations',
  'some-durations',
  'coarse-durations',
  'unfinished-calls',
  'calls-filtered',
  'failures-only',
  'processes-unlisted',
] as const;
export type SummaryLimitCode = (typeof SUMMARY_LIMITS)[number];

/** One thing that the trace does not let us say. */
export interface SummaryLimit {
  readonly code: SummaryLimitCode;
  /** How many calls or processes it is about; nanoseconds of a step for `coarse-durations`; null: all. */
  readonly count: number | null;
  /** What the person can do about it next time; null where nothing. */
  readonly remedy: string | null;
}

/**
 * How each tracer is made to print what a call took, in columns that nobody can take for others. AIX's prints nothing of
 * the kind.
 */
const DURATION_REMEDIES: Readonly<Record<Dialect, string | null>> = {
  strace: 'record with -T',
  'truss-illumos': 'record with -d -D -E',
  'truss-freebsd': 'record with -d -D',
  'truss-aix': null,
  dtruss: 'record with -e',
  kdump: 'print with kdump -T',
};

/** Steps at which short calls show as nothing. */
const COARSE_NS = 100_000;
/** Fewer calls than this say nothing about a filter. */
const MANY_CALLS = 20;

/** What is counted, as far as it decides what cannot be said. */
interface Counted {
  readonly total: CallStatistics;
  readonly calls: readonly CallStatistics[];
  readonly unfinished: readonly { readonly name: string; readonly calls: number }[];
  readonly unlisted: { readonly processes: number };
}

/** What the counts cannot say. `stepNs`: what all durations are multiples of; null where there are none. */
export function limitsOf(counted: Counted, stepNs: number | null, dialect: Dialect): SummaryLimit[] {
  const { total, unfinished, unlisted } = counted;
  const limits: SummaryLimit[] = [];
  const add = (code: SummaryLimitCode, count: number | null, remedy: string | null) =>
    limits.push({ code, count, remedy });
  if (total.timed === 0 && total.calls > 0) add('no-durations', null, DURATION_REMEDIES[dialect]);
  if (total.timed > 0 && total.timed < total.calls) add('some-durations', total.calls - total.timed, null);
  if (stepNs !== null && stepNs >= COARSE_NS && total.timed >= MANY_CALLS) add('coarse-durations', stepNs, null);
  const begun = unfinished.reduce((sum, { name, calls }) => sum + (isExit(name, dialect) ? 0 : calls), 0);
  if (begun > 0) add('unfinished-calls', begun, null);
  if (isFiltered(counted, dialect)) add('calls-filtered', null, 'record without a choice of calls (-e trace=, -t)');
  if (total.calls >= MANY_CALLS && total.errors === total.calls) add('failures-only', null, 'record without -Z');
  if (unlisted.processes > 0) add('processes-unlisted', unlisted.processes, null);
  return limits;
}

/** Whether nobody expects the call to return. */
function isExit(name: string, dialect: Dialect): boolean {
  const role = syscallOf(name, dialectTraits[dialect].platform)?.role;
  return role === 'exit' || role === 'exit-thread';
}

/** Whether programs were started and none of them asked for memory, which none can do without. */
function isFiltered({ total, calls }: Counted, dialect: Dialect): boolean {
  if (total.calls < MANY_CALLS || dialect === 'truss-aix') return false;
  const { platform } = dialectTraits[dialect];
  const isStarted = calls.some((row) => row.errors < row.calls && syscallOf(row.name, platform)?.role === 'exec');
  if (!isStarted) return false;
  return !calls.some(({ name }) => {
    const role = syscallOf(name, platform)?.role;
    return role === 'map' || role === 'break';
  });
}
