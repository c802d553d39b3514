import { COLON, codeAt, DOT, isDigit, readDecimal, skipDigits } from './cursor.ts';

/** A stamp or duration: whole seconds and nanoseconds below a second. */
export interface Seconds {
  readonly seconds: number;
  readonly nanos: number;
}

/** Nanoseconds that the last of so many decimals of a second counts; other numbers of decimals make no stamp. */
export const NANOS_BY_DIGITS: readonly (number | undefined)[] = [
  undefined,
  100_000_000,
  10_000_000,
  1_000_000,
  100_000,
  10_000,
  1_000,
  100,
  10,
  1,
];

/**
 * Decimal seconds at [from, to): '1700000000.123456', '0.000021', '12'. A fraction may have 0 to 9 digits, and
 * '.5' is half a second. Null where the text is anything else.
 */
export function readSeconds(text: string, from: number, to: number): Seconds | null {
  const dot = skipDigits(text, from);
  if (dot === to && to > from) return { seconds: readDecimal(text, from, to), nanos: 0 };
  if (dot > to || codeAt(text, dot) !== DOT) return null;
  const scale = NANOS_BY_DIGITS[to - dot - 1];
  if (scale === undefined || skipDigits(text, dot + 1) < to) return null;
  return { seconds: readDecimal(text, from, dot), nanos: readDecimal(text, dot + 1, to) * scale };
}

/** Time of day at [from, to), 'HH:MM:SS' with 0 to 9 decimals, as seconds since midnight; null for anything else. */
export function readTimeOfDay(text: string, from: number, to: number): Seconds | null {
  if (to - from < 8 || codeAt(text, from + 2) !== COLON || codeAt(text, from + 5) !== COLON) return null;
  if (!isDigit(codeAt(text, from)) || !isDigit(codeAt(text, from + 1))) return null;
  if (!isDigit(codeAt(text, from + 3)) || !isDigit(codeAt(text, from + 4))) return null;
  const rest = readSeconds(text, from + 6, to);
  if (rest === null) return null;
  const minutes = readDecimal(text, from, from + 2) * 60 + readDecimal(text, from + 3, from + 5);
  return { seconds: minutes * 60 + rest.seconds, nanos: rest.nanos };
}
