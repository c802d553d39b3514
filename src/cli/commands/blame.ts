import { Blame, blameNeeds } from '../../analyze/blame.ts';
import type { BlameResult, Crash } from '../../analyze/blame-result.ts';
import { ForkloreError } from '../../model/errors.ts';
import type { TraceHeader } from '../../model/trace.ts';
import { renderAnnouncement, renderBlame } from '../../render/text/blame.ts';
import { type Analysis, printAnalysis } from '../analysis.ts';
import type { Outcome } from '../exit-codes.ts';
import { Explaining } from '../explaining.ts';
import type { BlameOptions } from '../options.ts';
import { Output } from '../output.ts';
import { isMessageTerminal, readsPipe } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** `forklore [blame]`: crashed processes and the file behind each. */
export async function blame(options: BlameOptions): Promise<Outcome> {
  const announces = readsPipe(options.inputs) && isMessageTerminal();
  const explaining = new Explaining();
  const analysis: Analysis<BlameResult> = {
    needs: blameNeeds,
    begin: (header) =>
      new Blame(header, false, (crash) => {
        explaining.add(crash);
        if (announces) announce(crash, header);
      }),
    untraced: (result) => result.untraced,
    document: async (result, trace) => {
      const { blameDocument } = await import('../../render/json.ts');
      return blameDocument(explaining.explained(result), trace);
    },
    text: (result, trace, view) => renderBlame(explaining.explained(result), trace, view, options.full),
    looker: explaining,
    outcome: (result) => ({ kind: options.exitCode && result.crashes.length > 0 ? 'found' : 'done' }),
  };
  try {
    return await printAnalysis(options, analysis);
  } catch (error) {
    throw (options.named ? null : await unknownCommand(error, options.inputs[0])) ?? error;
  }
}

/** Tells a person who watches a live tracer of a crash at once. */
function announce(crash: Crash, header: TraceHeader): void {
  const stderr = new Output(2);
  stderr.write(`${renderAnnouncement(crash, header)}\n`);
  stderr.flush();
}

/** The better sentence where the first input is missing and reads like a command; null where it does not. */
async function unknownCommand(error: unknown, word: string | undefined): Promise<UsageError | null> {
  if (word === undefined || !/^[a-z]+$/.test(word)) return null;
  if (!(error instanceof ForkloreError) || error.code !== 'unreadable-input') return null;
  const { cause } = error;
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  if (!isMissing || !('path' in cause) || cause.path !== word) return null;
  const { nearestCommand } = await import('../suggestion.ts');
  const meant = nearestCommand(word);
  const advice = meant === null ? '' : `; did you mean ${meant}?`;
  return new UsageError(`${word}: no such file, and no such command${advice}`, { cause: error });
}
