import type { Comparison } from '../render/comparison.ts';
import { diffDocument } from '../render/diff-json.ts';
import { jsonText } from '../render/json-text.ts';
import { renderDiagnostics } from '../render/text/diagnostics.ts';
import { renderDiff } from '../render/text/diff.ts';
import { SIDE_BY_SIDE_COLUMNS, SIDE_NAMES, SIDES } from '../render/text/diff-page.ts';
import type { DiffOptions } from './options.ts';
import { Output } from './output.ts';
import { isOutputTerminal, messageView, outputView } from './terminal.ts';

/** Prints a comparison, and what is odd about its logs. `readQuoted` is called when it is known which lines are quoted. */
export async function printComparison(
  comparison: Comparison,
  options: DiffOptions,
  readQuoted: () => Promise<void>,
): Promise<void> {
  // Made once in vain: that asks for the lines.
  for (const _ of answer(comparison, options));
  await readQuoted();
  print(1, answer(comparison, options));
  if (!options.json) print(2, diagnostics(comparison, options));
}

function* answer(comparison: Comparison, { json, color, full }: DiffOptions): Generator<string> {
  if (json) {
    yield* jsonText(diffDocument(comparison));
    return;
  }
  const view = outputView(color);
  const sideBySide = isOutputTerminal() && view.width >= SIDE_BY_SIDE_COLUMNS;
  yield renderDiff(comparison, { ...view, sideBySide, full });
}

/** Each line says of which log it speaks. */
function* diagnostics(comparison: Comparison, { color }: DiffOptions): Generator<string> {
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
