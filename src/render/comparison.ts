import type { ActAt, DiffResult, Hunk, Side } from '../analyze/diff/result.ts';
import type { Act, Run } from '../analyze/diff/run.ts';
import type { Place } from '../analyze/process.ts';
import type { TraceSummary } from '../model/trace.ts';

/** One of two runs that were compared. */
export interface ComparedRun {
  readonly run: Run;
  readonly trace: TraceSummary;
  /** The line as it stands in the log, latin1; null where its text is gone. */
  printed(place: Place): string | null;
}

/** Two runs, and what they did differently. */
export interface Comparison {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  readonly result: DiffResult;
}

/** An act of a run, and what is known of it. */
export interface ToldAct {
  readonly side: Side;
  readonly act: Act;
  readonly count: number;
  readonly place: Place;
  /** Where a call that others interrupted was over; null where it is on one line. */
  readonly end: Place | null;
}

/** What stands at a place of a run's acts; null where nothing is. */
export function toldAct(side: Side, at: ActAt | null, comparison: Comparison): ToldAct | null {
  const acts = at === null ? undefined : at.process.threads[at.thread]?.acts;
  if (at === null || acts === undefined) return null;
  const { index } = at;
  const { vocabulary } = comparison[side].run;
  const place = { input: acts.input(index), line: acts.line(index), atNs: null };
  const endLine = acts.endLine(index);
  const end = endLine === place.line ? null : { ...place, line: endLine };
  return { side, act: vocabulary.act(acts.id(index)), count: acts.count(index), place, end };
}

/** Acts of one side of a stretch: those without their like where it was compared in any order, else all. */
export function actsOf(side: Side, { kind, aFrom, aTo, bFrom, bTo, loneA, loneB }: Hunk): readonly number[] {
  if (kind === 'unordered') return side === 'a' ? loneA : loneB;
  return side === 'a' ? range(aFrom, aTo) : range(bFrom, bTo);
}

/** The whole numbers from one up to but without the other. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
