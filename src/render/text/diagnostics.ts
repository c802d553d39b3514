import { type DiagnosticCount, diagnostics, remedyOf } from '../../model/diagnostic.ts';
import type { TraceSummary } from '../../model/trace.ts';
import { printableText } from './printable.ts';
import { count, paint, type View } from './style.ts';

/** What is odd about the log, then what would make a better one, a line each; empty where nothing is. */
export function renderDiagnostics(trace: TraceSummary, view: View): string {
  const oddities = trace.diagnostics.map((entry) => renderDiagnostic(entry, trace, view));
  const remedies = new Set(trace.diagnostics.map(({ code }) => remedyOf(code, trace.dialect)));
  remedies.delete(null);
  const advice = [...remedies].map((remedy) => `${paint('next time:', 'dim', view)} ${remedy}`);
  return [...oddities, ...advice].map((line) => `${line}\n`).join('');
}

function renderDiagnostic(entry: DiagnosticCount, trace: TraceSummary, view: View): string {
  const { severity, sentence, singular } = diagnostics[entry.code];
  const text = (entry.count === 1 ? singular : sentence).replace('%n', count(entry.count));
  const places = entry.places.map(({ input, line }, index) =>
    entry.places[index - 1]?.input === input ? `:${line}` : `${printableText(trace.inputs[input] ?? '?')}:${line}`,
  );
  const more = entry.count > places.length && places.length > 0 ? ', …' : '';
  const at = places.length === 0 ? '' : ` (${places.join(', ')}${more})`;
  return `${paint(`${severity}:`, severity === 'warning' ? 'doubtful' : 'dim', view)} ${text}${at}`;
}
