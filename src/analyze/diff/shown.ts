import { unshownMeasures } from './raw-words.ts';
import type { RecordedRun } from './recorded-run.ts';
import { OPEN_TO_WRITE } from './run.ts';
import { NO_FILE, UNKNOWN_DESCRIPTOR } from './subjects.ts';

// What one log does not show is no difference to one that does.

/** Calls that make descriptors of what is no file. */
const CHANNELS = ['pipe', 'socketpair', 'socket', 'accept', 'queue'];
const OPENS = ['open'];

/** Whether the run would show the operation if it were done: a log of some calls only, and dtruss, do not. */
export function canShow(run: RecordedRun, operation: string): boolean {
  if (run.operations.has(operation === OPEN_TO_WRITE ? 'open' : operation)) return true;
  if (run.dialect === 'dtruss' && (operation === 'exec' || operation === 'signal')) return false;
  return run.isWhole || operation === 'signal';
}

/** What is compared of the other run and this one cannot show: operations, and what it leaves out of them. */
export function unseenIn(run: RecordedRun, other: RecordedRun): string[] {
  const operations = new Set(other.acts.deeds.map(({ operation }) => operation));
  const unseen = [...operations].filter((operation) => !canShow(run, operation));
  const measures = run.dialect === other.dialect ? [] : unshownMeasures(run);
  const ends = !showsPipes(run) && other.acts.has(NO_FILE) ? ['ends of pipes'] : [];
  return [...unseen, ...measures, ...ends].sort();
}

/** Which of two logs' descriptors are known in both: of files, and of pipes, sockets and the like. */
export interface KnownDescriptors {
  readonly files: boolean;
  readonly channels: boolean;
}

/** Where a log does not show what makes descriptors, what is open behind one in the other log is no difference. */
export function knownDescriptors(a: RecordedRun, b: RecordedRun): KnownDescriptors {
  const showAll = (operations: readonly string[]) =>
    showsWhatMakes(a, b, operations) && showsWhatMakes(b, a, operations);
  const files = showAll(OPENS);
  return { files, channels: files && showsPipes(a) === showsPipes(b) && showAll(CHANNELS) };
}

/** dtruss prints of a pipe one end. */
function showsPipes({ dialect }: RecordedRun): boolean {
  return dialect !== 'dtruss';
}

function showsWhatMakes(run: RecordedRun, other: RecordedRun, operations: readonly string[]): boolean {
  const isAllShown = operations.every((operation) => !other.operations.has(operation) || canShow(run, operation));
  return isAllShown || !run.acts.has(UNKNOWN_DESCRIPTOR);
}
