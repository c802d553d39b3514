import { EventBytes } from '../../ndjson/event-bytes.ts';
import { writeDiagnostic, writeEnd, writeHeader } from '../../ndjson/write.ts';
import type { TraceSink } from '../../read/read-trace.ts';
import type { Outcome } from '../exit-codes.ts';
import type { InputOptions } from '../options.ts';
import { Output } from '../output.ts';
import { isOutputTerminal } from '../terminal.ts';
import { requireUnderstood, runTrace, tellInterrupted } from '../trace-run.ts';

/** `forklore events`: every event as NDJSON. */
export async function events(options: InputOptions): Promise<Outcome> {
  const stdout = new Output(1);
  const lines = new EventBytes((bytes) => stdout.writeBytes(bytes));
  const sink: TraceSink = {
    start: (header) => lines.line(writeHeader(header)),
    event: (event) => lines.event(event),
    calls: (rows) => lines.calls(rows),
    diagnostic: (diagnostic) => lines.line(writeDiagnostic(diagnostic)),
  };
  // Whoever reads a live trace on sees each event as soon as it is known.
  const follower = { catchUp: async () => lines.flush() };
  const { counts, outcome } = await runTrace(options, null, !isOutputTerminal(), sink, follower);
  if (outcome.kind === 'interrupted') tellInterrupted(counts);
  lines.line(writeEnd(counts));
  lines.flush();
  requireUnderstood(options, counts);
  return outcome;
}
