// Lines that are kept: of each a record, and a chain of them for each task. `parsers/sieve.ts` takes them out.

import { CHAIN_BYTES, CHAINS, NEXT_RECORD, OLDEST_RECORD, RECORD_BYTES, RECORD_SLOTS, RECORDS, TEXT } from './memory';

/** Adds a line to those kept of the task. False where there is no room for its record. */
export function keep(task: u32, line: i32, start: usize, end: usize): bool {
  const number = load<u32>(NEXT_RECORD);
  if (number - load<u32>(OLDEST_RECORD) === RECORD_SLOTS) return false;
  const chain = CHAINS + task * CHAIN_BYTES;
  const record = recordOf(number);
  store<i32>(record, line);
  store<u32>(record, start - TEXT, 4);
  store<u32>(record, end - start, 8);
  store<u32>(record, task, 12);
  store<u32>(record, load<u32>(chain, 4), 16);
  if (load<u32>(chain) === 0) store<u32>(chain, number);
  store<u32>(chain, number, 4);
  store<u32>(NEXT_RECORD, number + 1);
  return true;
}

/** Where the line kept last of the task begins, or 0. */
export function lastKept(task: u32): usize {
  const last = load<u32>(CHAINS + task * CHAIN_BYTES, 4);
  return last === 0 ? 0 : TEXT + load<u32>(recordOf(last), 4);
}

/** Takes out the line kept last of the task, if any. */
export function dropLast(task: u32): void {
  const chain = CHAINS + task * CHAIN_BYTES;
  const last = load<u32>(chain, 4);
  if (last === 0) return;
  const isOnly = last === load<u32>(chain);
  if (isOnly) store<u32>(chain, 0);
  store<u32>(chain, isOnly ? 0 : load<u32>(recordOf(last), 16), 4);
}

function recordOf(number: u32): usize {
  return RECORDS + (number & (RECORD_SLOTS - 1)) * RECORD_BYTES;
}
