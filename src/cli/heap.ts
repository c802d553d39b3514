import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * The heap grows by at most this before garbage is collected. V8 would let it grow to four times what is alive, and
 * what a fold lets go is old by then.
 */
const HEAP_GROWTH_PERCENT = 35;
/** Of both its halves. V8 would let the young generation grow to four times as much where much of it lives on. */
const YOUNG_BYTES = 8 * 1024 * 1024;
const LOOK_MS = 10;

/** Looks at the young generation now and then; null where that is over, or has not begun. */
let looking: NodeJS.Timeout | null = null;

/** Tells the collector to use more time and less memory than it would. */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  looking ??= setInterval(lookAtHeap, LOOK_MS).unref();
}

/**
 * Has the young generation grow no further once it is large enough: its limit cannot be set once the program runs, but that
 * it grows at all can be ended. Who works long without a turn of the event loop calls it too.
 */
export function lookAtHeap(): void {
  if (looking === null) return;
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (young !== undefined && young.space_size < YOUNG_BYTES) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  clearInterval(looking);
  looking = null;
}
