// Where the arguments of a call end.

import { byteAt } from '../../sieve/assembly/text';
import { isNameStart } from './names';

/** The arguments go on behind what was looked at. */
export const OPEN: usize = 0;
export const NOT_PLAIN: usize = 1;

/** Parentheses and brackets that are open where `closing` stopped. */
export let depth: u32 = 0;

/**
 * Where the parenthesis stands that closes the call, `OPEN` where none does before `end`, or `NOT_PLAIN`. So many
 * parentheses and brackets are open at `from`.
 */
export function closing(from: usize, end: usize, openBefore: u32): usize {
  depth = openBefore;
  for (let at = endOfMeaningless(from, end); at < end; at = endOfMeaningless(at + 1, end)) {
    switch (byteAt(at)) {
      case 34: // "
        at = closingQuote(at, end);
        if (at === NOT_PLAIN) return NOT_PLAIN;
        break;
      case 40:
        // [wait(0x057f) = 23] WIFSTOPPED,sig=SIGTRAP and ptrace(SYSCALL): messages of strace's
        if (byteAt(at - 1) === 116 || byteAt(at - 1) === 101) return NOT_PLAIN;
        depth++;
        break;
      case 91: // [
      case 123: // {
        depth++;
        break;
      case 93: // ]
      case 125: // }
        if (depth > 1) depth--;
        break;
      case 41: // )
        depth--;
        if (depth === 0) return at;
        break;
      case 32:
        // Process 41 attached
        if (byteAt(at - 1) === 115) return NOT_PLAIN;
        break;
      case 47:
        // /* ARCH_??? */, which the two halves of a call may share
        if (!isNameStart(byteAt(at + 1))) return NOT_PLAIN;
        break;
      default:
        return NOT_PLAIN;
    }
  }
  return OPEN;
}

/** Index of the first byte at or after `from` that may mean something outside of strings; one at or beyond `end` where none does. */
function endOfMeaningless(from: usize, end: usize): usize {
  // blank " ' ( ) / are 20 22 27 28 29 2f, : < are 3a 3c, [ ] are 5b 5d, { } are 7b 7d: a bit for each kind of upper half,
  // and for each lower half the bits of those with which it means something.
  const byUpper = i8x16(0, 0, 1, 2, 0, 4, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0);
  const byLower = i8x16(1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 2, 4, 2, 4, 0, 1);
  const half = i8x16.splat(15);
  const nothing = i8x16.splat(0);
  for (let at = from; at < end; at += 16) {
    const bytes = v128.load(at);
    const upper = i8x16.swizzle(byUpper, i8x16.shr_u(bytes, 4));
    const lower = i8x16.swizzle(byLower, v128.and(bytes, half));
    const found = i8x16.bitmask(i8x16.ne(v128.and(upper, lower), nothing));
    if (found !== 0) return at + ctz(found);
  }
  return end;
}

/** Index of the quote that ends the string; `NOT_PLAIN` where there is none before `end` or the string holds a `<`. */
function closingQuote(open: usize, end: usize): usize {
  const quotes = i8x16.splat(34);
  const backslashes = i8x16.splat(92);
  const less = i8x16.splat(60);
  let at = open + 1;
  while (at < end) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)), i8x16.eq(bytes, less)),
    );
    if (found === 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    const byte = byteAt(at);
    if (at >= end || byte === 60) return NOT_PLAIN;
    if (byte === 34) return at;
    at += 2;
  }
  return NOT_PLAIN;
}
