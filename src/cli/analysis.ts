import type { Needs } from '../../parsers/tracer-format.ts';
import type { Seen } from '../analyze/process.ts';
import { Recording, recordingNeeds } from '../analyze/recording.ts';
import { type Diagnostic, type DiagnosticCount, DiagnosticCounter } from '../model/diagnostic.ts';
import { dialectTraits, type Platform } from '../model/dialect.ts';
import { ForkloreError } from '../model/errors.ts';
import type { TraceEvent } from '../model/event.ts';
import type { Keeping } from '../model/kept-lines.ts';
import type { TraceCounts, TraceHeader, TraceSummary } from '../model/trace.ts';
import type { TraceSink } from '../read/read-trace.ts';
import { jsonText } from '../render/json-text.ts';
import { renderDiagnostics } from '../render/text/diagnostics.ts';
import type { View } from '../render/text/style.ts';
import type { Outcome } from './exit-codes.ts';
import type { AnswerOptions } from './options.ts';
import { Output } from './output.ts';
import { messageView, outputView } from './terminal.ts';
import { requireUnderstood, runTrace, type SecondLooker } from './trace-run.ts';

/** A fold over events: `Blame`, `Tree`, `Files`, `Summary`. */
interface Fold<Result> {
  readonly watched: ReadonlySet<number | null>;
  /** Null where it needs events as they come. */
  readonly keeping: Keeping | null;
  /** For progress, where it is told. */
  readonly seen?: Seen;
  add(event: TraceEvent): void;
  finish(): Result;
}

/** A command that folds a trace into an answer and prints it. */
export interface Analysis<Result> {
  /** Whether events of the call with this printed name are needed; null: every event of the log is. */
  readonly needs: ((name: string, platform: Platform) => boolean) | null;
  begin(header: TraceHeader): Fold<Result>;
  /** Children that were created and never traced. */
  untraced(result: Result): number;
  document(result: Result, trace: TraceSummary): object;
  /** Whole, or in pieces where it may be as large as the log. */
  text(result: Result, trace: TraceSummary, view: View): string | Iterable<string>;
  outcome(result: Result): Outcome;
  /** What looks at some lines again; null where nothing does. */
  readonly looker: SecondLooker | null;
}

/** Reads the inputs and prints the analysis's answer. Throws `ForkloreError`. */
export async function printAnalysis<Result>(options: AnswerOptions, analysis: Analysis<Result>): Promise<Outcome> {
  const folding = new Folding(analysis);
  const needs = analysis.needs === null ? null : folding;
  const { trace: opened, counts, outcome } = await runTrace(options, needs, true, folding, analysis.looker);
  const { result, trace } = folding.finish(counts);
  await analysis.looker?.catchUp(opened);
  const stdout = new Output(1);
  if (options.json) {
    for (const piece of jsonText(analysis.document(result, trace))) stdout.write(piece);
  } else {
    const text = analysis.text(result, trace, outputView(options.color));
    for (const piece of typeof text === 'string' ? [text] : text) stdout.write(piece);
  }
  stdout.flush();
  if (!options.json) {
    const stderr = new Output(2);
    stderr.write(renderDiagnostics(trace, messageView(options.color)));
    stderr.flush();
  }
  requireUnderstood(options, counts);
  return outcome.kind === 'done' ? analysis.outcome(result) : outcome;
}

const NOTHING_WATCHED: ReadonlySet<number | null> = new Set();

/** Hands events to the fold, which begins when the header is known, and counts what is odd about the log. */
class Folding<Result> implements TraceSink, Needs {
  readonly #analysis: Analysis<Result>;
  readonly #diagnostics = new DiagnosticCounter();
  #begun: { readonly header: TraceHeader; readonly fold: Fold<Result>; readonly recording: Recording } | null = null;

  constructor(analysis: Analysis<Result>) {
    this.#analysis = analysis;
  }

  start(header: TraceHeader): void {
    this.#begun = { header, fold: this.#analysis.begin(header), recording: new Recording(header) };
  }

  event(event: TraceEvent): void {
    this.#begun?.fold.add(event);
    this.#begun?.recording.add(event);
  }

  diagnostic(diagnostic: Diagnostic): void {
    this.#diagnostics.add(diagnostic);
  }

  call(name: string): boolean {
    if (this.#begun === null) return true;
    const { platform } = dialectTraits[this.#begun.header.dialect];
    const { needs } = this.#analysis;
    return needs === null || needs(name, platform) || recordingNeeds(name, platform);
  }

  get watched(): ReadonlySet<number | null> {
    return this.#begun?.fold.watched ?? NOTHING_WATCHED;
  }

  get seen(): Seen | null {
    return this.#begun?.fold.seen ?? null;
  }

  get keeping(): Keeping | null {
    return this.#begun?.fold.keeping ?? null;
  }

  finish(counts: TraceCounts): { readonly result: Result; readonly trace: TraceSummary } {
    if (this.#begun === null) throw new ForkloreError('no-input', 'no input was read');
    const { header, fold, recording } = this.#begun;
    const result = fold.finish();
    const untraced = this.#analysis.untraced(result);
    const diagnostics: DiagnosticCount[] = [...this.#diagnostics.all()];
    if (untraced > 0) {
      const code = recording.follows ? 'children-unseen' : 'children-not-followed';
      diagnostics.push({ code, count: untraced, places: [] });
    }
    for (const code of recording.finish()) diagnostics.push({ code, count: 1, places: [] });
    return { result, trace: { ...header, ...counts, diagnostics } };
  }
}
