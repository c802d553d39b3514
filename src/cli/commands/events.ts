import { writeDiagnostic, writeEnd, writeEvent, writeHeader } from '../../ndjson/write.ts';
import type { Outcome } from '../exit-codes.ts';
import type { InputOptions } from '../options.ts';
import { Output } from '../output.ts';
import { isOutputTerminal } from '../terminal.ts';
import { requireUnderstood, runTrace, tellInterrupted } from '../trace-run.ts';

/** `forklore events`: every event as NDJSON. */
export async function events(options: InputOptions): Promise<Outcome> {
  const stdout = new Output(1);
  const { counts, outcome } = await runTrace(options, null, !isOutputTerminal(), {
    start: (header) => stdout.write(writeHeader(header)),
    event: (event) => stdout.write(writeEvent(event)),
    diagnostic: (diagnostic) => stdout.write(writeDiagnostic(diagnostic)),
  });
  if (outcome.kind === 'interrupted') tellInterrupted(counts);
  stdout.write(writeEnd(counts));
  stdout.flush();
  requireUnderstood(options, counts);
  return outcome;
}
