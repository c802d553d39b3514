import { Summary, type SummaryResult } from '../../analyze/summary.ts';
import { renderSummary } from '../../render/text/summary.ts';
import { type Analysis, printAnalysis } from '../analysis.ts';
import type { Outcome } from '../exit-codes.ts';
import type { SummaryOptions } from '../options.ts';

/** Processes and slow calls that a person reads. A program gets all processes that were kept. */
const SHOWN = 10;

/** `forklore summary`: calls, errors and time, by call and by process. */
export function summary(options: SummaryOptions): Promise<Outcome> {
  const { process, sort } = options;
  const top = options.top ?? SHOWN;
  const analysis: Analysis<SummaryResult> = {
    // Every call counts, and most of them as numbers: see `Counting`.
    needs: () => true,
    begin: (header) => new Summary(header, { order: sort, process, slowest: top }),
    untraced: (result) => result.untraced,
    document: async (result, trace) => (await import('../../render/summary-json.ts')).summaryDocument(result, trace),
    text: (result, trace, view) => renderSummary(result, trace, view, { processes: top, process }),
    looker: null,
    outcome: () => ({ kind: 'done' }),
  };
  return printAnalysis(options, analysis);
}
