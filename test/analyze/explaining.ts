import { Blame } from '../../src/analyze/blame.ts';
import type { Crash } from '../../src/analyze/blame-result.ts';
import type { Clause } from '../../src/analyze/clause.ts';
import { FaultExplainer } from '../../src/analyze/fault-explainer.ts';
import type { FaultReason } from '../../src/analyze/fault-reason.ts';
import { limitClause } from '../../src/analyze/limits.ts';
import { Lives } from '../../src/analyze/lives.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import type { TraceHeader } from '../../src/model/trace.ts';
import { readTrace } from '../../src/read/read-trace.ts';

interface Explained {
  readonly crash: Crash;
  readonly reason: FaultReason | null;
}

/** Reads a log whole and explains each crash in it, and each kill that a limit explains. */
export async function explain(path: string): Promise<{ crashes: Explained[]; kills: Clause[] }> {
  let header: TraceHeader | undefined;
  const events: TraceEvent[] = [];
  const sink = {
    start: (started: TraceHeader) => {
      header = started;
    },
    event: (event: TraceEvent) => void events.push(event),
    diagnostic: () => {},
  };
  await readTrace([path], {}, sink);
  if (header === undefined) throw new Error('the reader gave no header');
  const begun = header;
  const blame = new Blame(begun);
  for (const event of events) blame.add(event);
  const { crashes, killed } = blame.finish();
  const lives = new Lives(begun.joined && begun.inputs.length > 1);
  const explainers = crashes.map((crash) => ({ crash, explainer: new FaultExplainer(crash, begun) }));
  for (const { crash, explainer } of explainers) lives.follow(crash.life, explainer);
  for (const event of events) lives.add(event);
  return {
    crashes: explainers.map(({ crash, explainer }) => ({ crash, reason: explainer.finish() })),
    kills: killed.flatMap(({ limit }) => (limit === null ? [] : limitClause(limit))),
  };
}

/** As the golden shows it: a line for each clause, with the line of the log behind it. */
export function explanationText({ crashes, kills }: Awaited<ReturnType<typeof explain>>): string {
  const lines: string[] = [];
  for (const { crash, reason } of crashes) {
    const { fault, pid, signal } = crash;
    lines.push(
      `${pid ?? '-'} ${signal} :${fault.place.line} ${fault.address ?? '-'} ${reason?.kind ?? 'not explained'}`,
    );
    for (const { text, place } of reason?.clauses ?? [])
      lines.push(`  ${text}${place === null ? '' : ` :${place.line}`}`);
    const mapping = reason?.mapping ?? null;
    if (mapping === null) continue;
    const { start, end, protection, kind, path, place } = mapping;
    lines.push(`  [${start} ${end} ${protection ?? '?'} ${kind} ${path ?? '-'} :${place.line}]`);
  }
  for (const { text, place } of kills) lines.push(`killed: ${text} :${place?.line}`);
  return `${lines.join('\n')}\n`;
}
