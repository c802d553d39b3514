// Parts of JSON. Each function writes at `to`, and gives where it ended. Up to fifteen bytes more are overwritten.

import { PIECE_BYTES, PIECES, TEXT_OF_PIECE } from './room';

/** A piece of the room. */
export function piece(to: usize, room: usize, index: usize): usize {
  const at = room + PIECES + index * PIECE_BYTES;
  return copy(to, at + TEXT_OF_PIECE, at + TEXT_OF_PIECE + load<u32>(at));
}

/** The bytes [from, end) as they are. */
export function copy(to: usize, from: usize, end: usize): usize {
  for (let at = from; at < end; at += 16) v128.store(to + (at - from), v128.load(at));
  return to + (end - from);
}

/** A number that has at most nine digits. */
function digits(to: usize, value: u32, width: usize): usize {
  let rest = value;
  for (let at = to + width - 1; at >= to; at--) {
    const tens = rest / 10;
    store<u8>(at, <u8>(48 + rest - tens * 10));
    rest = tens;
  }
  return to + width;
}

function widthOf(value: u32): usize {
  let width: usize = 1;
  for (let power: u32 = 10; value >= power && width < 9; power *= 10) width++;
  return width;
}

/** A whole number. */
export function integer(to: usize, value: u64): usize {
  if (value < 1000000000) return digits(to, <u32>value, widthOf(<u32>value));
  const billions = value / 1000000000;
  return digits(integer(to, billions), <u32>(value - billions * 1000000000), 9);
}

/** The bytes [from, end) of latin1, as what stands in a string. */
export function characters(to: usize, from: usize, end: usize): usize {
  const blank = i8x16.splat(32);
  const quote = i8x16.splat(34);
  const backslash = i8x16.splat(92);
  let at = from;
  let out = to;
  while (at < end) {
    const bytes = v128.load(at);
    v128.store(out, bytes);
    // As signed numbers bytes beyond ASCII are less than a blank too.
    const special = v128.or(i8x16.lt_s(bytes, blank), v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)));
    const found = i8x16.bitmask(special);
    const same: usize = found === 0 ? 16 : ctz(found);
    if (at + same >= end) return out + (end - at);
    at += same;
    out += same;
    if (found !== 0) out = character(out, load<u8>(at++));
  }
  return out;
}

function character(to: usize, byte: u32): usize {
  if (byte >= 128) {
    store<u8>(to, <u8>(0xc0 | (byte >> 6)));
    store<u8>(to + 1, <u8>(0x80 | (byte & 63)));
    return to + 2;
  }
  store<u8>(to, 92);
  const short = shortEscape(byte);
  if (short !== 0) {
    store<u8>(to + 1, <u8>short);
    return to + 2;
  }
  // \u00
  store<u32>(to + 1, 0x30303075);
  const low = byte & 15;
  store<u8>(to + 4, <u8>(48 + (byte >> 4)));
  store<u8>(to + 5, <u8>(low < 10 ? 48 + low : 87 + low));
  return to + 6;
}

/** What stands behind the backslash; 0 where there is no short form. */
function shortEscape(byte: u32): u32 {
  switch (byte) {
    case 8:
      return 98; // b
    case 9:
      return 116; // t
    case 10:
      return 110; // n
    case 12:
      return 102; // f
    case 13:
      return 114; // r
    case 34:
    case 92:
      return byte;
    default:
      return 0;
  }
}
