import type { Needs } from '../../parsers/tracer-format.ts';
import { Blame, blameNeeds } from '../../src/analyze/blame.ts';
import type { BlameResult } from '../../src/analyze/blame-result.ts';
import { Tree, type TreeResult } from '../../src/analyze/tree.ts';
import { type Diagnostic, DiagnosticCounter } from '../../src/model/diagnostic.ts';
import { type Dialect, dialectTraits } from '../../src/model/dialect.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import type { TraceSummary } from '../../src/model/trace.ts';
import { feeding } from '../feeding.ts';
import { loadedFormat } from '../loaded-formats.ts';

/** A log read without files: everything it gave. */
export interface Reading {
  readonly events: readonly TraceEvent[];
  readonly diagnostics: readonly Diagnostic[];
  readonly tree: TreeResult;
  readonly blame: BlameResult;
  readonly summary: TraceSummary;
}

/**
 * Reads the bytes in chunks of that size; with `filtered`, only the lines `blame` needs. Synchronous, so that a property
 * can read thousands of logs.
 */
export function readBytes(bytes: Buffer, dialect: Dialect, chunkBytes = bytes.length, filtered = false): Reading {
  const header = { dialect, inputs: ['log'], joined: true };
  const events: TraceEvent[] = [];
  const diagnostics: Diagnostic[] = [];
  const counter = new DiagnosticCounter();
  const tree = new Tree(header);
  const blame = new Blame(header);
  const { platform } = dialectTraits[dialect];
  const needs: Needs | null = filtered
    ? { call: (name) => blameNeeds(name, platform), watched: blame.watched, keeping: blame }
    : null;
  const diagnostic = (found: Diagnostic) => {
    diagnostics.push(found);
    counter.add(found);
  };
  const event = (found: TraceEvent) => {
    events.push(found);
    blame.add(found);
    tree.add(found);
  };
  const onTooLong = (line: number) => diagnostic({ code: 'line-too-long', input: 0, line });
  const feed = feeding(loadedFormat(dialect), { event, diagnostic }, needs, onTooLong);
  for (let at = 0; at < bytes.length; at += chunkBytes) feed.push(bytes.subarray(at, at + chunkBytes));
  feed.end();
  const counts = {
    lines: feed.lines,
    events: events.length + feed.parser.skippedEvents,
    unparsed: events.filter(({ kind }) => kind === 'unparsed').length,
  };
  return {
    events,
    diagnostics,
    tree: tree.finish(),
    blame: blame.finish(),
    summary: { ...header, ...counts, diagnostics: counter.all() },
  };
}
