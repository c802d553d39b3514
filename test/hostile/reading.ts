import { formats } from '../../parsers/index.ts';
import type { Needs, TracerFormat } from '../../parsers/tracer-format.ts';
import { Blame, blameNeeds } from '../../src/analyze/blame.ts';
import type { BlameResult } from '../../src/analyze/blame-result.ts';
import { Tree, type TreeResult } from '../../src/analyze/tree.ts';
import { Clock } from '../../src/model/clock.ts';
import { type Diagnostic, DiagnosticCounter } from '../../src/model/diagnostic.ts';
import { type Dialect, dialectTraits } from '../../src/model/dialect.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import type { TraceSummary } from '../../src/model/trace.ts';
import { LineScanner } from '../../src/scan/lines.ts';

/** A log read without files: everything it gave. */
export interface Reading {
  readonly events: readonly TraceEvent[];
  readonly diagnostics: readonly Diagnostic[];
  readonly tree: TreeResult;
  readonly blame: BlameResult;
  readonly summary: TraceSummary;
}

function formatOf(dialect: Dialect): TracerFormat {
  const found = formats.find((format) => format.dialect === dialect);
  if (found === undefined) throw new Error(`no format for ${dialect}`);
  return found;
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
  const needs: Needs | null = filtered ? { call: (name) => blameNeeds(name, platform), watched: blame.watched } : null;
  const diagnostic = (found: Diagnostic) => {
    diagnostics.push(found);
    counter.add(found);
  };
  const event = (found: TraceEvent) => {
    events.push(found);
    blame.add(found);
    tree.add(found);
  };
  const parser = formatOf(dialect).createParser(
    { event, diagnostic },
    { input: 0, defaultPid: null, clock: new Clock(), needs },
  );
  const scanner = new LineScanner(
    (buffer, start, end, line) => {
      if (parser.mayMatter(buffer, start, end)) parser.push(buffer.toString('latin1', start, end), line);
    },
    (line) => diagnostic({ code: 'line-too-long', input: 0, line }),
  );
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.push(bytes.subarray(at, at + chunkBytes));
  scanner.end();
  parser.end();
  const counts = {
    lines: scanner.lines,
    events: events.length + parser.skippedEvents,
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
