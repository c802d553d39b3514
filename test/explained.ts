import { Blame } from '../src/analyze/blame.ts';
import type { BlameResult } from '../src/analyze/blame-result.ts';
import { withExplanations } from '../src/analyze/blame-result.ts';
import { Explainers } from '../src/analyze/explain.ts';
import type { TraceEvent } from '../src/model/event.ts';
import type { TraceHeader } from '../src/model/trace.ts';

/** The crashes of a trace that was read whole, explained. */
export function explained(header: TraceHeader, events: readonly TraceEvent[]): BlameResult {
  const blame = new Blame(header);
  for (const event of events) blame.add(event);
  const result = blame.finish();
  const explainers = new Explainers(result.crashes, header);
  for (const event of events) explainers.add(event);
  return withExplanations(
    result,
    explainers.finish(() => 1),
  );
}
