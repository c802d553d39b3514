import type { TraceSummary } from '../model/trace.ts';
import { renderDiagnostics } from '../render/text/diagnostics.ts';
import type { View } from '../render/text/style.ts';
import type { Outcome } from './exit-codes.ts';
import { type Folded, Folding } from './folding.ts';
import type { AnswerOptions } from './options.ts';
import { Output } from './output.ts';
import { messageView, outputView } from './terminal.ts';
import { type Follower, requireUnderstood, runTrace, tellInterrupted } from './trace-run.ts';

/** A command that folds a trace into an answer and prints it. */
export interface Analysis<Result> extends Folded<Result> {
  document(result: Result, trace: TraceSummary): Promise<object>;
  /** Whole, or in pieces where it may be as large as the log. */
  text(result: Result, trace: TraceSummary, view: View): string | Iterable<string>;
  outcome(result: Result): Outcome;
  /** What looks at some lines again; null where nothing does. */
  readonly looker: Follower | null;
}

/** Reads the inputs and prints the analysis's answer. Throws `ForkloreError`. */
export async function printAnalysis<Result>(options: AnswerOptions, analysis: Analysis<Result>): Promise<Outcome> {
  const folding = new Folding(analysis);
  const needs = analysis.needs === null ? null : folding;
  const { trace: opened, counts, outcome } = await runTrace(options, needs, true, folding, analysis.looker);
  const { result, trace } = folding.finish(counts);
  if (outcome.kind === 'interrupted') tellInterrupted(counts);
  await analysis.looker?.catchUp(opened);
  const stdout = new Output(1);
  if (options.json) {
    const { jsonText } = await import('../render/json-text.ts');
    for (const piece of jsonText(await analysis.document(result, trace))) stdout.write(piece);
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
