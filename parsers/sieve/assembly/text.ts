/** Index of the line feed that ends the line at `from`. There is one. */
export function endOfLine(from: usize): usize {
  const lineFeeds = i8x16.splat(10);
  let at = from;
  while (true) {
    const found: u32 =
      i8x16.bitmask(i8x16.eq(v128.load(at), lineFeeds)) | (i8x16.bitmask(i8x16.eq(v128.load(at, 16), lineFeeds)) << 16);
    if (found !== 0) return at + ctz(found);
    at += 32;
  }
}

/** Index of the first such byte in [from, limit), or one at or beyond the limit where there is none. */
export function indexOf(byte: u32, from: usize, limit: usize): usize {
  const wanted = i8x16.splat(<i8>byte);
  let at = from;
  while (at < limit) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (found !== 0) return at + ctz(found);
    at += 16;
  }
  return limit;
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

/** How many digits stand at the place; 8 where there are more. */
export function digitsAt(at: usize): u32 {
  const values = load<u64>(at) ^ 0x3030303030303030;
  // 0x76 and more than nine set the highest bit of a byte; behind the first such byte nothing is told.
  return <u32>(ctz(((values + 0x7676767676767676) | values) & 0x8080808080808080) >> 3);
}

/** The number that so many digits make, 1 to 8 of them: two, then four, then eight at once. */
export function numberAt(at: usize, digits: u32): u32 {
  let values = (load<u64>(at) ^ 0x3030303030303030) << ((8 - digits) << 3);
  values = values * 10 + (values >> 8);
  const even = (values & 0x000000ff000000ff) * 0x000f424000000064;
  const odd = ((values >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return <u32>((even + odd) >> 32);
}

/** The number that the digits of [from, to) make. */
export function decimal(from: usize, to: usize): u64 {
  let value: u64 = 0;
  let at = from;
  for (; to - at > 8; at += 8) value = value * 100000000 + numberAt(at, 8);
  for (; at < to; at++) value = value * 10 + (byteAt(at) - 48);
  return value;
}

/** Index behind the digits that begin at the place. */
export function endOfDigits(from: usize): usize {
  let at = from;
  let digits = digitsAt(at);
  for (; digits === 8; digits = digitsAt(at)) at += 8;
  return at + digits;
}

/** Whether all of [start, end) may be in a call's name: a-z, 0-9 and _, and A-Z where `capitals`. */
export function isName(start: usize, end: usize, capitals: bool): bool {
  for (let at = start; at < end; at++) {
    const byte = byteAt(at);
    const isLetter = (capitals ? byte | 32 : byte) - 97 < 26;
    if (!isLetter && byte !== 95 && !isDigit(byte)) return false;
  }
  return end > start;
}
