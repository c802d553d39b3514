import { compareRuns } from '../../analyze/diff/compare-runs.ts';
import { makeRuns, type NamingOptions } from '../../analyze/diff/make-runs.ts';
import { processFilter } from '../../analyze/diff/process-filter.ts';
import { Texts } from '../../analyze/diff/texts.ts';
import { printComparison } from '../diff-output.ts';
import { DiffSide } from '../diff-side.ts';
import type { Outcome } from '../exit-codes.ts';
import type { DiffOptions } from '../options.ts';
import { requireUnderstood } from '../trace-run.ts';
import { UsageError } from '../usage-error.ts';
import { printRules } from './rules.ts';

/** `forklore diff`: what two runs did differently. */
export async function diff(options: DiffOptions): Promise<Outcome> {
  if (options.rules) return printRules(options.color);
  const naming = await namingOf(options);
  const [nameA = '-', nameB = '-'] = options.inputs;
  const texts = new Texts();
  const a = await DiffSide.read(nameA, options, texts);
  if (a.outcome.kind !== 'done') return a.outcome;
  const b = await DiffSide.read(nameB, options, texts);
  if (b.outcome.kind !== 'done') return b.outcome;
  const [runA, runB] = makeRuns(a.recording, b.recording, naming);
  const result = compareRuns(runA, runB, processFilter(options));
  if (result.pairs.length + result.onlyA.length + result.onlyB.length === 0 && isChoosy(options)) {
    throw new UsageError(`neither ${nameA} nor ${nameB} has such a process`);
  }
  await printComparison({ result, a: a.shown(runA), b: b.shown(runB) }, options, async () => {
    await a.readQuoted();
    await b.readQuoted();
  });
  for (const { trace } of [a, b]) requireUnderstood(options, trace);
  return { kind: result.alike ? 'done' : 'found' };
}

function isChoosy({ pid, program }: DiffOptions): boolean {
  return pid !== null || program !== null;
}

/** What the command line says goes before what the file says. */
async function namingOf({ maps, config }: DiffOptions): Promise<NamingOptions> {
  if (config === null) return { maps, without: new Set() };
  const { readDiffConfig } = await import('../diff-config.ts');
  const configured = await readDiffConfig(config);
  return { ...configured, maps: [...maps, ...configured.maps] };
}
