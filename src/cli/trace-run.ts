import type { Needs } from '../../parsers/tracer-format.ts';
import type { Seen } from '../analyze/process.ts';
import { ForkloreError } from '../model/errors.ts';
import type { TraceCounts } from '../model/trace.ts';
import type { Progress } from '../read/progress-meter.ts';
import { type OpenTrace, openTrace, type TraceSink } from '../read/read-trace.ts';
import { counted } from '../render/text/style.ts';
import { compileSooner } from './compiler.ts';
import type { Outcome } from './exit-codes.ts';
import { keepHeapSmall } from './heap.ts';
import { Interruption } from './interruption.ts';
import type { InputOptions } from './options.ts';
import { Output } from './output.ts';
import { isMessageTerminal, readsPipe } from './terminal.ts';

/** What came of reading the inputs. */
export interface TraceRun {
  readonly trace: OpenTrace;
  readonly counts: TraceCounts;
  readonly outcome: Outcome;
}

/** What takes the events, and may tell what it has seen. */
export interface WatchedSink extends TraceSink {
  readonly seen?: Seen | null;
}

/** Does what is due by then: of a pipe after each of its chunks, while its lines are kept. */
export interface Follower {
  catchUp(trace: OpenTrace): Promise<void>;
}

/**
 * Reads what a command names, with progress on a terminal and until a signal ends it. Ending a pipe is how a person
 * stops watching a live tracer, and no interruption; ending the reading of a file is. Throws `ForkloreError`.
 */
export async function runTrace(
  { inputs, from }: InputOptions,
  needs: Needs | null,
  showProgress: boolean,
  sink: WatchedSink,
  follower: Follower | null = null,
): Promise<TraceRun> {
  keepHeapSmall();
  compileSooner();
  const interruption = new Interruption();
  const isLive = readsPipe(inputs);
  const progress =
    showProgress && !isLive && isMessageTerminal() ? new (await import('./progress.ts')).ProgressLine() : null;
  const onProgress = progress === null ? null : (state: Progress): void => progress.update(state, sink.seen ?? null);
  try {
    const onChunk = follower === null ? null : (): Promise<void> => follower.catchUp(trace);
    const trace = await openTrace(inputs, { from, needs, signal: interruption.signal, onProgress, onChunk });
    const counts = await trace.read(sink);
    const { by } = interruption;
    if (by === null || isLive) return { trace, counts, outcome: { kind: 'done' } };
    return { trace, counts, outcome: { kind: 'interrupted', by } };
  } finally {
    progress?.erase();
  }
}

/** Says how much of the input an answer covers. */
export function tellInterrupted({ lines }: TraceCounts): void {
  const stderr = new Output(2);
  stderr.write(`forklore: interrupted; the answer covers the first ${counted(lines, 'line', 'lines')}\n`);
  stderr.flush();
}

/** What is left to do when the answer is out. Throws 'strict' where a line was not understood and that is trouble. */
export function requireUnderstood({ strict }: InputOptions, { unparsed }: TraceCounts): void {
  if (!strict || unparsed === 0) return;
  const were = unparsed === 1 ? 'was' : 'were';
  throw new ForkloreError(
    'strict',
    `${counted(unparsed, 'line', 'lines')} ${were} not understood, which --strict refuses`,
  );
}
