export { formats } from '../parsers/index.ts';
export type {
  EventSink,
  LineParser,
  LoadedFormat,
  Needs,
  ParseContext,
  TracerFormat,
} from '../parsers/tracer-format.ts';
export { Blame, blameNeeds } from './analyze/blame.ts';
export type {
  Ancestor,
  BlameResult,
  Crash,
  FailedExit,
  Kill,
  OpenedFile,
  SurvivedSignal,
} from './analyze/blame-result.ts';
export type { CallStatistics } from './analyze/call-statistics.ts';
export type { Candidate, Confidence } from './analyze/candidates.ts';
export { compareRuns } from './analyze/diff/compare-runs.ts';
export { makeRuns, type NamingOptions } from './analyze/diff/make-runs.ts';
export type { RecordedRun } from './analyze/diff/recorded-run.ts';
export type { DiffResult } from './analyze/diff/result.ts';
export type { Level, Run, RunProcess, RunQuestion } from './analyze/diff/run.ts';
export { RunRecorder } from './analyze/diff/run-recorder.ts';
export type { SummaryOrder } from './analyze/orders.ts';
export type { Exec, Place } from './analyze/process.ts';
export type { SlowCall } from './analyze/slowest-calls.ts';
export {
  type ProcessSummary,
  Summary,
  type SummaryOptions,
  type SummaryResult,
  type Wait,
} from './analyze/summary.ts';
export type { SummaryLimit, SummaryLimitCode } from './analyze/summary-limits.ts';
export { Tree, type TreeNode, type TreeResult } from './analyze/tree.ts';
export type { Clock } from './model/clock.ts';
export { type Diagnostic, type DiagnosticCode, type DiagnosticText, diagnostics } from './model/diagnostic.ts';
export { DIALECTS, type Dialect, type DialectTraits, dialectTraits, type Platform } from './model/dialect.ts';
export { ForkloreError, type ForkloreErrorCode } from './model/errors.ts';
export type {
  DetachEvent,
  Disposition,
  Errno,
  EventBase,
  ExitEvent,
  FaultEvent,
  IdentityEvent,
  KilledEvent,
  NoteEvent,
  Outcome,
  ProcessStartEvent,
  SignalEvent,
  StartVia,
  SyscallEvent,
  TraceEvent,
  UnparsedEvent,
} from './model/event.ts';
export type { TraceCounts, TraceHeader } from './model/trace.ts';
export type { WaitKind } from './model/waits.ts';
export type { StandardInput } from './read/open-input.ts';
export { type ParseStreamOptions, parseStream } from './read/parse-stream.ts';
export type { PrintedLines } from './read/printed-lines.ts';
export type { Progress } from './read/progress-meter.ts';
export { type OpenTrace, openTrace, type ReadOptions, readTrace, type TraceSink } from './read/read-trace.ts';
export type { SecondLook } from './read/second-look.ts';
