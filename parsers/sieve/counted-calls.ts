import { COUNTED_CALLS, COUNTED_NUMBERS, type SieveMemory } from './memory.ts';
import { NO_NAME } from './names.ts';

/**
 * Takes a call that is told by numbers alone. `errno`, `durationNs`: null where the line shows none. `stamp`: its kind, and
 * its seconds and nanoseconds.
 */
export type CountedCall = (
  task: number | null,
  name: string,
  errno: string | null,
  durationNs: number | null,
  stamp: StampKind,
  seconds: number,
  nanos: number,
) => void;

/** What the stamp of a counted call counts from. */
export type StampKind = 'none' | 'since-1970' | 'of-day';

const STAMP_KINDS: readonly StampKind[] = ['none', 'since-1970', 'of-day'];

/** Hands the calls on that the compiled part has told by numbers, and makes room for others. */
export function tellCounted(memory: SieveMemory, onCounted: CountedCall): void {
  const { state, counted, durations } = memory;
  const end = (state[COUNTED_CALLS] ?? 0) * COUNTED_NUMBERS;
  if (end === 0) return;
  state[COUNTED_CALLS] = 0;
  for (let at = 0; at < end; at += COUNTED_NUMBERS) {
    const task = counted[at] ?? 0;
    const error = counted[at + 2] ?? NO_NAME;
    const durationNs = durations[at / 2 + 3] ?? -1;
    onCounted(
      task === 0 ? null : task,
      memory.names.at(counted[at + 1] ?? 0),
      error === NO_NAME ? null : memory.names.at(error),
      durationNs < 0 ? null : durationNs,
      STAMP_KINDS[counted[at + 3] ?? 0] ?? 'none',
      counted[at + 4] ?? 0,
      counted[at + 5] ?? 0,
    );
  }
}
