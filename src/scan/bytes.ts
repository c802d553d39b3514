import { isBlank, isDigit, ZERO } from './cursor.ts';

// What `cursor.ts` does with text, on bytes that are never made text. Reading forward does not watch a line's end: a line
// feed ends every part of a line, and who reads has to see for itself that what it found stands before the end.

const CARRIAGE_RETURN = 13;

/** The byte; 0 past the buffer. */
export function byteAt(buffer: Buffer, at: number): number {
  return buffer[at] ?? 0;
}

/** Index after the decimal digits at `from`; `from` itself where there are none. */
export function skipDigitBytes(buffer: Buffer, from: number): number {
  let at = from;
  while (isDigit(byteAt(buffer, at))) at++;
  return at;
}

/** Index of the first byte at or after `from` that is no blank and no tab. */
export function skipBlankBytes(buffer: Buffer, from: number): number {
  let at = from;
  while (isBlank(byteAt(buffer, at))) at++;
  return at;
}

/** Index after the last byte of [from, end) that is no blank, tab or carriage return. */
export function trimmedBytesEnd(buffer: Buffer, from: number, end: number): number {
  let at = end;
  while (at > from && (isBlank(byteAt(buffer, at - 1)) || byteAt(buffer, at - 1) === CARRIAGE_RETURN)) at--;
  return at;
}

/** The decimal digits of [from, to) as a number. The caller knows that they are digits and fit a double. */
export function decimalOfBytes(buffer: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + byteAt(buffer, at) - ZERO;
  return value;
}
