import type { EventSink, LoadedFormat } from '../../parsers/tracer-format.ts';
import { Clock } from '../model/clock.ts';
import type { MergeFile } from './merge.ts';
import type { SetFile } from './reading-plan.ts';
import { SetClock } from './set-clock.ts';

/** The files of a set, ready to be merged; null where their stamps cannot order them. */
export function mergeableFiles(format: LoadedFormat, files: readonly SetFile[]): MergeFile[] | null {
  const clocks = SetClock.from(files.map(({ first }) => first).filter((first) => first !== null));
  if (clocks === null) return null;
  return files.map(({ input, pid, first, compressed }, index) => ({
    input,
    index,
    compressed,
    startNs: first === null ? Number.POSITIVE_INFINITY : clocks.startNs(first),
    createParser: (sink: EventSink) => {
      const clock = first === null ? new Clock() : clocks.clockFor(first);
      return format.createParser(sink, { input: index, defaultPid: pid, clock, needs: null });
    },
  }));
}
