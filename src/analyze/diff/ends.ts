import type { RunEnd } from './run.ts';

/**
 * Whether two processes ended in the same way, as far as the logs tell: an end that one log does not show is not another
 * one, but that one crashed is.
 */
export function endsAlike(a: RunEnd, b: RunEnd): boolean {
  if (a.crashed !== b.crashed) return false;
  if (a.how === 'unknown' || b.how === 'unknown') return true;
  if (a.crashed) return isSameOrUnknown(a.signal, b.signal);
  if ((a.how === 'exited') !== (b.how === 'exited')) return false;
  return a.how === 'exited' ? isSameOrUnknown(a.status, b.status) : isSameOrUnknown(a.signal, b.signal);
}

function isSameOrUnknown<Value>(a: Value | null, b: Value | null): boolean {
  return a === null || b === null || a === b;
}
