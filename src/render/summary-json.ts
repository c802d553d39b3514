import type { CallStatistics } from '../analyze/call-statistics.ts';
import type { SlowCall } from '../analyze/slowest-calls.ts';
import type { ProcessSummary, SummaryResult, Wait } from '../analyze/summary.ts';
import type { SummaryLimitCode } from '../analyze/summary-limits.ts';
import type { TraceSummary } from '../model/trace.ts';
import { toUtf8 } from '../scan/unescape.ts';
import { DOCUMENT_VERSION, type LineJson, lineJson, type TraceJson, textOrNull, traceJson } from './json-parts.ts';

/** Names the document of `summary`. */
export const SUMMARY_FORMAT = 'forklore/summary';

/** Calls and their times, which are null where the log shows no durations of them. */
export interface CountsJson {
  readonly calls: number;
  readonly errors: number;
  readonly errnos: Readonly<Record<string, number>>;
  /** Calls that show their duration. */
  readonly timed: number;
  readonly totalNs: number | null;
  readonly meanNs: number | null;
  readonly p50Ns: number | null;
  readonly p95Ns: number | null;
  readonly maxNs: number | null;
}

/** The calls of one name. */
export interface CallCountsJson extends CountsJson {
  readonly name: string;
}

/** What one process called. */
export interface ProcessCountsJson extends LineJson {
  readonly pid: number | null;
  readonly program: string | null;
  readonly total: CountsJson;
  readonly waitingNs: number | null;
  readonly calls: readonly CallCountsJson[];
}

/** Calls that only waited, for one kind of thing. */
export interface WaitJson {
  readonly for: Wait['kind'];
  readonly calls: number;
  readonly totalNs: number;
  readonly names: readonly string[];
}

/** One call that took long. */
export interface SlowCallJson extends LineJson {
  readonly name: string;
  /** As printed, the arguments cut where they are long. */
  readonly call: string;
  readonly durationNs: number;
  readonly pid: number | null;
  readonly tid: number | null;
  readonly program: string | null;
}

/** What `summary --json` prints. */
export interface SummaryDocument {
  readonly format: typeof SUMMARY_FORMAT;
  readonly version: typeof DOCUMENT_VERSION;
  readonly trace: TraceJson;
  readonly elapsedNs: number | null;
  /** Most that p50Ns and p95Ns are off, as a share of them. */
  readonly percentileError: number;
  readonly total: CountsJson;
  readonly calls: readonly CallCountsJson[];
  readonly unfinished: readonly { readonly name: string; readonly calls: number }[];
  readonly waits: readonly WaitJson[] | null;
  readonly processes: readonly ProcessCountsJson[];
  readonly unlisted: { readonly processes: number; readonly calls: number };
  readonly untraced: number;
  readonly slowest: readonly SlowCallJson[];
  readonly longestWaits: readonly SlowCallJson[];
  readonly limits: readonly {
    readonly code: SummaryLimitCode;
    readonly count: number | null;
    readonly remedy: string | null;
  }[];
}

/** The answer of `summary` as a document. */
export function summaryDocument(result: SummaryResult, trace: TraceSummary): SummaryDocument {
  return {
    format: SUMMARY_FORMAT,
    version: DOCUMENT_VERSION,
    trace: traceJson(trace, result.processCount),
    elapsedNs: result.elapsedNs,
    percentileError: result.percentileError,
    total: countsJson(result.total),
    calls: result.calls.map(callCountsJson),
    unfinished: result.unfinished.map(({ name, calls }) => ({ name: toUtf8(name), calls })),
    waits: result.waits?.map(waitJson) ?? null,
    processes: result.processes.map((process) => processCountsJson(process, trace)),
    unlisted: result.unlisted,
    untraced: result.untraced,
    slowest: result.slowest.map((call) => slowCallJson(call, trace)),
    longestWaits: result.longestWaits.map((call) => slowCallJson(call, trace)),
    limits: result.limits,
  };
}

function countsJson(statistics: CallStatistics): CountsJson {
  const { calls, errors, errnos, timed, totalNs, meanNs, p50Ns, p95Ns, maxNs } = statistics;
  const byErrno = Object.fromEntries(errnos.map(([errno, count]) => [toUtf8(errno), count]));
  return { calls, errors, errnos: byErrno, timed, totalNs, meanNs, p50Ns, p95Ns, maxNs };
}

function callCountsJson(statistics: CallStatistics): CallCountsJson {
  return { name: toUtf8(statistics.name), ...countsJson(statistics) };
}

function waitJson({ kind, calls, totalNs, names }: Wait): WaitJson {
  return { for: kind, calls, totalNs, names: names.map(toUtf8) };
}

function processCountsJson(process: ProcessSummary, trace: TraceSummary): ProcessCountsJson {
  return {
    pid: process.pid,
    program: textOrNull(process.program),
    ...lineJson(process.start, trace),
    total: countsJson(process.total),
    waitingNs: process.waitingNs,
    calls: process.calls.map(callCountsJson),
  };
}

function slowCallJson(
  { name, text, durationNs, place, tid, pid, program }: SlowCall,
  trace: TraceSummary,
): SlowCallJson {
  return {
    name: toUtf8(name),
    call: toUtf8(text),
    durationNs,
    pid,
    tid,
    program: textOrNull(program),
    ...lineJson(place, trace),
  };
}
