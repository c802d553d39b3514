import { MAX_NAME, NAME_BYTES, NAME_SLOTS, NAMES, NONE, READ } from './memory';

/** Index of the line feed that ends the line at `from`. There is one. */
export function endOfLine(from: usize): usize {
  const lineFeeds = i8x16.splat(10);
  let at = from;
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), lineFeeds));
    if (found !== 0) return at + ctz(found);
    at += 16;
  }
}

/** Index of the last such byte in [from, end), or 0. */
export function lastIndexOf(byte: u32, from: usize, end: usize): usize {
  const wanted = i8x16.splat(<i8>byte);
  let at = end - 16;
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (found !== 0) {
      const last = at + 31 - clz(found);
      return last < from ? 0 : last;
    }
    if (at <= from) return 0;
    at -= 16;
  }
}

export function byteAt(at: usize): u32 {
  return load<u8>(at);
}

export function isDigit(byte: u32): bool {
  return byte - 48 < 10;
}

/** What a call's name may consist of: a-z, 0-9 and _. */
export function isNameByte(byte: u32): bool {
  return byte - 97 < 26 || byte === 95 || byte - 48 < 10;
}

export function hashed(hash: u32, byte: u32): u32 {
  return hash * 31 + byte;
}

/** What was said of the name; NONE where it was never met. */
export function verdictOf(start: usize, end: usize, hash: u32): i32 {
  const length = <u32>(end - start);
  if (length > MAX_NAME) return READ;
  let slot = (hash ^ (hash >> 13)) & (NAME_SLOTS - 1);
  while (true) {
    const entry = NAMES + slot * NAME_BYTES;
    const verdict = byteAt(entry);
    if (verdict === NONE) return NONE;
    if (byteAt(entry + 1) === length && isSame(entry + 2, start, length)) return verdict;
    slot = (slot + 1) & (NAME_SLOTS - 1);
  }
}

function isSame(one: usize, other: usize, length: u32): bool {
  for (let at: u32 = 0; at < length; at++) {
    if (byteAt(one + at) !== byteAt(other + at)) return false;
  }
  return true;
}

/** Remembers what is said of a name: READ, KEEP or PASS. */
export function learn(start: usize, end: usize, verdict: i32): void {
  let hash: u32 = 0;
  for (let at = start; at < end; at++) hash = hashed(hash, byteAt(at));
  let slot = (hash ^ (hash >> 13)) & (NAME_SLOTS - 1);
  while (byteAt(NAMES + slot * NAME_BYTES) !== NONE) slot = (slot + 1) & (NAME_SLOTS - 1);
  const entry = NAMES + slot * NAME_BYTES;
  store<u8>(entry, <u8>verdict);
  store<u8>(entry + 1, <u8>(end - start));
  memory.copy(entry + 2, start, end - start);
}
