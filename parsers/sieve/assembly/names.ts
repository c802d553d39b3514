// Names of calls and errors. Each gets a place among all names when it is met for the first time.

import { MAX_NAME, MAX_NAMES, NAME_BYTES, NAME_COUNT, NAME_OFFSET, NAME_SLOTS, NAMES, NO_NAME } from './memory';
import { byteAt, isName } from './text';

/** Any odd number with many bits. */
const HASH_FACTOR: u64 = 0x9e3779b97f4a7c15;

/** Where the name is among all names; NO_NAME where it is none, too long, or one too many. `capitals`: it may have such. */
export function placeOf(start: usize, end: usize, capitals: bool): u32 {
  const length = <u32>(end - start);
  if (length - 1 >= MAX_NAME) return NO_NAME;
  let slot = slotOf(start, length);
  while (true) {
    const entry = NAMES + slot * NAME_BYTES;
    const known = byteAt(entry);
    if (known === 0) return isName(start, end, capitals) ? learn(slot, start, length) : NO_NAME;
    if (known === length && isSame(entry + NAME_OFFSET, start, length)) return slot;
    slot = (slot + 1) & (NAME_SLOTS - 1);
  }
}

function learn(slot: u32, start: usize, length: u32): u32 {
  const count = load<u32>(NAME_COUNT);
  if (count === MAX_NAMES) return NO_NAME;
  store<u32>(NAME_COUNT, count + 1);
  const entry = NAMES + slot * NAME_BYTES;
  memory.copy(entry + NAME_OFFSET, start, length);
  store<u8>(entry, <u8>length);
  return slot;
}

function slotOf(start: usize, length: u32): u32 {
  let hash: u64 = length;
  let at = start;
  let left = length;
  for (; left > 8; left -= 8, at += 8) hash = (hash ^ load<u64>(at)) * HASH_FACTOR;
  hash = (hash ^ firstBytes(load<u64>(at), left)) * HASH_FACTOR;
  return <u32>(hash >> 48) & (NAME_SLOTS - 1);
}

/** Whether the name, which zeros follow, is the same as the bytes at `start`. */
function isSame(name: usize, start: usize, length: u32): bool {
  let at: u32 = 0;
  for (; length - at > 8; at += 8) if (load<u64>(name + at) !== load<u64>(start + at)) return false;
  return load<u64>(name + at) === firstBytes(load<u64>(start + at), length - at);
}

/** The word's first bytes, 1 to 8 of them; zeros for the others. */
function firstBytes(word: u64, bytes: u32): u64 {
  return word & (u64.MAX_VALUE >> ((8 - bytes) << 3));
}
