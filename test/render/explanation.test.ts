import { expect, test } from 'vitest';
import { Blame } from '../../src/analyze/blame.ts';
import { withExplanations } from '../../src/analyze/blame-result.ts';
import { Explainers } from '../../src/analyze/explain.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { openTrace } from '../../src/read/read-trace.ts';
import { renderBlame } from '../../src/render/text/blame.ts';
import { samples } from '../sample-list.ts';

/** The whole answer about a log of which lines before `firstLine` are gone at the second look; null: all are. */
async function textOf(name: string, firstLine: number | null, full: boolean): Promise<string> {
  const path = samples.find((sample) => sample.name === name)?.path ?? '';
  const trace = await openTrace([path], {});
  const events: TraceEvent[] = [];
  const counts = await trace.read({ start() {}, event: (event) => events.push(event), diagnostic() {} });
  const blame = new Blame(trace.header);
  for (const event of events) blame.add(event);
  const result = blame.finish();
  const explainers = new Explainers(result.crashes, trace.header);
  for (const event of events) if (firstLine !== null && event.line >= firstLine) explainers.add(event);
  const explained = withExplanations(
    result,
    explainers.finish(() => firstLine),
  );
  const summary = { ...trace.header, ...counts, diagnostics: [] };
  return renderBlame(explained, summary, { color: false, width: 100 }, full);
}

const DUP = 'strace/composed-dup.strace';

test('says from where a crash is explained, where earlier lines had been let go', async () => {
  const text = await textOf(DUP, 5, true);
  expect(text).toContain('explained      from :5 on: its earlier lines had been let go');
  expect(text.match(/explained {6}/g)).toHaveLength(1);
  expect(await textOf(DUP, 1, true)).not.toContain('explained  ');
});

test('claims nothing of what the lines let go would have shown', async () => {
  const text = await textOf(DUP, 5, true);
  const [first = ''] = text.split('\n\n');
  expect(first).not.toContain('read, not to its end');
  expect(first).not.toContain('run again');
});

test('says so where the lines cannot be looked at again, if all is asked for', async () => {
  expect(await textOf(DUP, null, true)).toContain('explained      no: its lines could not be looked at again');
  expect(await textOf(DUP, null, false)).not.toContain('explained  ');
  expect(await textOf(DUP, 1, true)).not.toContain('could not be looked at');
});
