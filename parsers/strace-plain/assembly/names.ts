// Names, of calls and of errors: letters, digits and underscores, of which a digit is never the first.

import { byteAt, isDigit } from '../../sieve/assembly/text';

export function isNameStart(byte: u32): bool {
  return (byte | 32) - 97 < 26 || byte === 95;
}

export function isInName(byte: u32): bool {
  return isNameStart(byte) || isDigit(byte);
}

/** Index behind the name at the place; the place itself where none begins there. */
export function endOfName(from: usize): usize {
  if (!isNameStart(byteAt(from))) return from;
  let at = from + 1;
  while (isInName(byteAt(at))) at++;
  return at;
}
