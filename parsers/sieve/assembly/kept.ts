// Lines that are kept: of each a record, and a chain of them for each task. `parsers/sieve.ts` takes them out.

import {
  CHAIN_BYTES,
  CHAIN_SLOTS,
  CHAINS,
  NEXT_RECORD,
  OLDEST_RECORD,
  RECORD_BYTES,
  RECORD_SLOTS,
  RECORDS,
  TEXT,
} from './memory';

/** Adds a line to those kept of the task. False where there is no room for its record, or its chain. */
export function keep(task: u32, line: i32, start: usize, end: usize): bool {
  const number = load<u32>(NEXT_RECORD);
  if (number - load<u32>(OLDEST_RECORD) === RECORD_SLOTS) return false;
  const chain = chainAt(task);
  const owner = load<u32>(chain);
  if (owner !== 0 && owner !== task + 1) return false;
  const record = recordOf(number);
  store<i32>(record, line);
  store<u32>(record, start - TEXT, 4);
  store<u32>(record, end - start, 8);
  store<u32>(record, task, 12);
  store<u32>(record, load<u32>(chain, 8), 16);
  if (owner === 0) {
    store<u32>(chain, task + 1);
    store<u32>(chain, number, 4);
  }
  store<u32>(chain, number, 8);
  store<u32>(NEXT_RECORD, number + 1);
  return true;
}

/** The record of the line kept last of the task, or 0. */
export function lastKept(task: u32): usize {
  const chain = chainAt(task);
  return load<u32>(chain) === task + 1 ? recordOf(load<u32>(chain, 8)) : 0;
}

/** Keeps with the line kept last of the task what of its call is counted with the second half. */
export function keepStamp(task: u32, name: u32, kind: u32, seconds: u32, nanos: u32): void {
  const record = lastKept(task);
  store<u16>(record, <u16>name, 20);
  store<u16>(record, <u16>kind, 22);
  store<u32>(record, seconds, 24);
  store<u32>(record, nanos, 28);
}

export function keptName(record: usize): u32 {
  return load<u16>(record, 20);
}

export function keptStampKind(record: usize): u32 {
  return load<u16>(record, 22);
}

export function keptSeconds(record: usize): u32 {
  return load<u32>(record, 24);
}

export function keptNanos(record: usize): u32 {
  return load<u32>(record, 28);
}

/** Takes out the line kept last of the task, if any. */
export function dropLast(task: u32): void {
  const chain = chainAt(task);
  if (load<u32>(chain) !== task + 1) return;
  const last = load<u32>(chain, 8);
  if (last === load<u32>(chain, 4)) store<u32>(chain, 0);
  else store<u32>(chain, load<u32>(recordOf(last), 16), 8);
}

/** The record of the oldest line that is still kept, or 0; those before it are given up. */
export function oldestKept(): u32 {
  const next = load<u32>(NEXT_RECORD);
  let oldest = load<u32>(OLDEST_RECORD);
  while (oldest < next && !isKept(oldest)) oldest++;
  store<u32>(OLDEST_RECORD, oldest);
  return oldest < next ? oldest : 0;
}

function isKept(number: u32): bool {
  const task = load<u32>(recordOf(number), 12);
  const chain = chainAt(task);
  return load<u32>(chain) === task + 1 && number >= load<u32>(chain, 4) && number <= load<u32>(chain, 8);
}

function chainAt(task: u32): usize {
  return CHAINS + (task & (CHAIN_SLOTS - 1)) * CHAIN_BYTES;
}

function recordOf(number: u32): usize {
  return RECORDS + (number & (RECORD_SLOTS - 1)) * RECORD_BYTES;
}
