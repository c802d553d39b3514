import { compareRuns } from '../../analyze/diff/compare-runs.ts';
import { makeRuns, type NamingOptions } from '../../analyze/diff/make-runs.ts';
import { processFilter } from '../../analyze/diff/process-filter.ts';
import type { RecordedRun } from '../../analyze/diff/recorded-run.ts';
import type { Run } from '../../analyze/diff/run.ts';
import { RunRecorder } from '../../analyze/diff/run-recorder.ts';
import type { TraceSummary } from '../../model/trace.ts';
import type { OpenTrace } from '../../read/read-trace.ts';
import type { ComparedRun, Comparison } from '../../render/comparison.ts';
import { diffDocument } from '../../render/diff-json.ts';
import { jsonText } from '../../render/json-text.ts';
import { renderDiagnostics } from '../../render/text/diagnostics.ts';
import { renderDiff } from '../../render/text/diff.ts';
import { SIDE_BY_SIDE_COLUMNS, SIDE_NAMES, SIDES } from '../../render/text/diff-page.ts';
import type { Outcome } from '../exit-codes.ts';
import { Folding } from '../folding.ts';
import type { DiffOptions } from '../options.ts';
import { Output } from '../output.ts';
import { QuotedLines } from '../quoted-lines.ts';
import { isOutputTerminal, messageView, outputView } from '../terminal.ts';
import { requireUnderstood, runTrace } from '../trace-run.ts';
import { printRules } from './rules.ts';

/** `forklore diff`: what two runs did differently. */
export async function diff(options: DiffOptions): Promise<Outcome> {
  if (options.rules) return printRules(options.color);
  const naming = await namingOf(options);
  const [nameA = '-', nameB = '-'] = options.inputs;
  const a = await readSide(nameA, options);
  if (a.outcome.kind !== 'done') return a.outcome;
  const b = await readSide(nameB, options);
  if (b.outcome.kind !== 'done') return b.outcome;
  const [runA, runB] = makeRuns(a.recording, b.recording, naming);
  const result = compareRuns(runA, runB, processFilter(options));
  const comparison = { result, a: comparedRun(a, runA), b: comparedRun(b, runB) };
  const pieces = () => piecesOf(comparison, options);
  // The first time for the sake of the lines that it asks for.
  for (const _ of pieces());
  for (const side of [a, b]) await side.quoted.read(side.opened.printed);
  print(1, pieces());
  if (!options.json) print(2, diagnosticsOf(comparison, options));
  for (const { trace } of [a, b]) requireUnderstood(options, trace);
  return { kind: result.alike ? 'done' : 'found' };
}

/** What the command line says goes before what the file says. */
async function namingOf({ maps, config }: DiffOptions): Promise<NamingOptions> {
  if (config === null) return { maps, without: new Set() };
  const { readDiffConfig } = await import('../diff-config.ts');
  const configured = await readDiffConfig(config);
  return { ...configured, maps: [...maps, ...configured.maps] };
}

/** One input, read to its end. */
interface ReadSide {
  readonly opened: OpenTrace;
  readonly trace: TraceSummary;
  readonly recording: RecordedRun;
  readonly outcome: Outcome;
  readonly quoted: QuotedLines;
}

async function readSide(name: string, options: DiffOptions): Promise<ReadSide> {
  const folding = new Folding({
    needs: null,
    begin: (header) => new RunRecorder(header, options),
    untraced: (recording: RecordedRun) => recording.untraced,
  });
  const { trace: opened, counts, outcome } = await runTrace({ ...options, inputs: [name] }, null, true, folding);
  const { result, trace } = folding.finish(counts);
  return { opened, trace, recording: result, outcome, quoted: new QuotedLines() };
}

function comparedRun({ trace, quoted }: ReadSide, run: Run): ComparedRun {
  return { run, trace, printed: (place) => quoted.text(place) };
}

function* piecesOf(comparison: Comparison, { json, color, full }: DiffOptions): Generator<string> {
  if (json) {
    yield* jsonText(diffDocument(comparison));
    return;
  }
  const view = outputView(color);
  const sideBySide = isOutputTerminal() && view.width >= SIDE_BY_SIDE_COLUMNS;
  yield renderDiff(comparison, { ...view, sideBySide, full });
}

/** What is odd about either log, a line each. */
function* diagnosticsOf(comparison: Comparison, { color }: DiffOptions): Generator<string> {
  for (const side of SIDES) {
    const text = renderDiagnostics(comparison[side].trace, messageView(color));
    yield text.replace(/^(?=.)/gm, `${SIDE_NAMES[side]}: `);
  }
}

function print(fd: 1 | 2, pieces: Iterable<string>): void {
  const output = new Output(fd);
  for (const piece of pieces) output.write(piece);
  output.flush();
}
