import type { LoadedFormat, TracerFormat } from '../../parsers/tracer-format.ts';
import type { Dialect } from '../model/dialect.ts';
import type { TraceEvent } from '../model/event.ts';
import { LineScanner } from '../scan/lines.ts';
import { NO_PASTE_MARKS } from '../scan/paste-marks.ts';
import { formatOf, HEAD_BYTES, peek, readVotes, Votes } from './detect.ts';
import type { NumberedInput } from './input-set.ts';
import type { Input } from './open-input.ts';
import type { ReadingPlan, SetFile } from './reading-plan.ts';
import { type FirstStamp, FirstStampClock } from './set-clock.ts';

/**
 * The plan for files that are named as one `strace -ff` set. Null where they have a pid column of their own, or are no
 * strace logs: then their names mean nothing.
 */
export async function planSet(
  inputs: readonly NumberedInput[],
  from: Dialect | null,
  formats: readonly TracerFormat[],
): Promise<ReadingPlan | null> {
  const recognised = await formatOfSet(inputs, from, formats);
  if (recognised?.dialect !== 'strace') return null;
  const format = await recognised.load();
  const files: SetFile[] = [];
  for (const { input, pid } of inputs) {
    if (pid === null) return null;
    const { first, ownPids, compressed } = await peekSetFile(input, pid, format);
    if (ownPids) return null;
    files.push({ input, pid, marks: NO_PASTE_MARKS, first, compressed });
  }
  const header = { dialect: recognised.dialect, inputs: inputs.map(({ input }) => input.name), joined: true };
  return { kind: 'set', header, format, files };
}

/** Files of a set may be tiny or empty: all of them vote together. Null where they are of our own format. */
async function formatOfSet(
  inputs: readonly NumberedInput[],
  from: Dialect | null,
  formats: readonly TracerFormat[],
): Promise<TracerFormat | null> {
  if (from !== null) return formatOf(from, formats);
  const votes = new Votes(formats);
  for (const { input } of inputs) {
    await peek(input, (chunks) => readVotes(chunks, votes, false));
    if (votes.bytes >= HEAD_BYTES) break;
  }
  const detected = votes.verdict(inputs[0]?.input.name ?? '');
  return detected.kind === 'tracer' ? detected.format : null;
}

async function peekSetFile(
  input: Input,
  pid: number,
  format: LoadedFormat,
): Promise<{ first: FirstStamp | null; ownPids: boolean; compressed: boolean }> {
  const clock = new FirstStampClock();
  let seen = false;
  let ownPids = false;
  const event = (event: TraceEvent): void => {
    if (event.kind !== 'syscall' && event.kind !== 'exit' && event.kind !== 'killed') return;
    // A thread's exec goes on under the leader's id.
    if (event.kind === 'syscall' && event.outcome === 'unfinished' && event.name.startsWith('exec')) return;
    seen = true;
    ownPids ||= event.pid !== pid;
  };
  const parser = format.createParser({ event, diagnostic() {} }, { input: 0, defaultPid: pid, clock, needs: null });
  const scanner = new LineScanner(
    (buffer, start, end, line) => {
      if (seen) return;
      if (parser.mayMatter(buffer, start, end)) parser.push(buffer.toString('latin1', start, end), line);
    },
    () => {},
  );
  const reading = input.open();
  try {
    let looked = 0;
    while (looked < HEAD_BYTES && !seen) {
      const chunk = await reading.chunks.next();
      if (chunk === null) break;
      const head = chunk.subarray(0, HEAD_BYTES - looked);
      looked += head.length;
      scanner.push(head);
    }
    if (!seen) {
      scanner.end();
      parser.end();
    }
    return { first: clock.first, ownPids, compressed: reading.compressed };
  } finally {
    reading.chunks.close();
  }
}
