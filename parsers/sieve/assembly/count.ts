// Calls that are told by numbers alone: whose, which, its error, when it began and what it took.

import {
  COUNT_WAIT,
  COUNTED,
  COUNTED_BYTES,
  COUNTED_CALLS,
  COUNTED_SLOTS,
  ERROR,
  FLOORS,
  NAME_END,
  NAME_SLOTS,
  NAME_START,
  NO_STAMP,
  OF_DAY,
  SINCE_1970,
} from './memory';
import { byteAt, decimal, digitsAt, endOfDigits, isDigit, isName, lastIndexOf, placeOf, verdictOf } from './text';

/** Seconds since 1970 have more digits; fewer count from the line before. */
const MAX_RELATIVE_DIGITS: usize = 8;
const MAX_SECONDS_DIGITS: usize = 10;
const MAX_DECIMALS: usize = 9;

/** Counted, not to be counted, or its error was never met. */
export const COUNTED_NOW: i32 = 0;
export const NOT_COUNTED: i32 = 1;
export const ERROR_UNKNOWN: i32 = 2;

export function isFull(): bool {
  return load<u32>(COUNTED_CALLS) === COUNTED_SLOTS;
}

// What `readStamp` found.
let stampKind: u32 = NO_STAMP;
let stampSeconds: u32 = 0;
let stampNanos: u32 = 0;

/**
 * Counts the call with the name at [name, open) whose result stands at [result, end). Its line began with the columns of
 * [columns, name), one stamp or none.
 */
export function count(
  task: u32,
  columns: usize,
  name: usize,
  open: usize,
  verdict: i32,
  result: usize,
  end: usize,
): i32 {
  if (!readStamp(columns, name)) return NOT_COUNTED;
  let at = result;
  let error = NAME_SLOTS;
  if (byteAt(at) === 45) {
    // -1 ENOENT (No such file or directory)
    if (load<u32>(at) !== 0x4520312d) return NOT_COUNTED;
    const start = at + 3;
    at = endOfWord(start);
    const known = verdictOf(start, at);
    if (known === 0) {
      if (!isName(start, at, true)) return NOT_COUNTED;
      store<u32>(NAME_START, start);
      store<u32>(NAME_END, at);
      return ERROR_UNKNOWN;
    }
    if (known !== ERROR) return NOT_COUNTED;
    error = placeOf(start, at);
    if (at !== end && byteAt(at) !== 32) return NOT_COUNTED;
  } else {
    // 3, 0x7f814209e000, 1 (left {tv_sec=0, tv_nsec=999})
    at = endOfWord(at);
    if (at !== end && (byteAt(at) !== 32 || (byteAt(at + 1) !== 40 && byteAt(at + 1) !== 60))) return NOT_COUNTED;
  }
  let durationNs: f64 = -1;
  if (byteAt(end - 1) === 62) {
    durationNs = durationAt(lastIndexOf(60, at, end), end - 1);
    if (durationNs < 0 || durationNs > load<f64>(FLOORS + (verdict === COUNT_WAIT ? 8 : 0))) return NOT_COUNTED;
  }
  const number = load<u32>(COUNTED_CALLS);
  const record = COUNTED + number * COUNTED_BYTES;
  store<u32>(record, task);
  store<u32>(record, placeOf(name, open), 4);
  store<u32>(record, error, 8);
  store<u32>(record, stampKind, 12);
  store<u32>(record, stampSeconds, 16);
  store<u32>(record, stampNanos, 20);
  store<f64>(record, durationNs, 24);
  store<u32>(COUNTED_CALLS, number + 1);
  return COUNTED_NOW;
}

/** Reads the one stamp between the task column and the body, if there is one. False where anything else is. */
function readStamp(from: usize, body: usize): bool {
  let at = from;
  while (byteAt(at) === 32) at++;
  stampKind = NO_STAMP;
  stampSeconds = 0;
  stampNanos = 0;
  if (at === body) return true;
  let seconds = endOfDigits(at);
  if (byteAt(seconds) === 58) {
    // 10:21:45.391854
    if (seconds !== at + 2 || byteAt(at + 5) !== 58 || digitsAt(at + 3) !== 2) return false;
    seconds = endOfDigits(at + 6);
    if (seconds === at + 6 || seconds > at + 8) return false;
    stampKind = OF_DAY;
    stampSeconds = <u32>((decimal(at, at + 2) * 60 + decimal(at + 3, at + 5)) * 60 + decimal(at + 6, seconds));
  } else {
    // 1795342905.426348
    const digits = seconds - at;
    if (digits <= MAX_RELATIVE_DIGITS || digits > MAX_SECONDS_DIGITS) return false;
    stampKind = SINCE_1970;
    const value = decimal(at, seconds);
    if (value > <u64>u32.MAX_VALUE) return false;
    stampSeconds = <u32>value;
  }
  at = seconds;
  if (byteAt(at) === 46) {
    const decimals = endOfDigits(at + 1) - at - 1;
    if (decimals === 0 || decimals > MAX_DECIMALS) return false;
    stampNanos = <u32>nanosAt(at + 1, decimals);
    at += decimals + 1;
  }
  return byteAt(at) === 32 && at + 1 === body;
}

/** What stands in angle brackets behind the result, in nanoseconds; negative where it is no duration. */
function durationAt(less: usize, greater: usize): f64 {
  if (less === 0 || byteAt(less - 1) !== 32) return -1;
  const dot = endOfDigits(less + 1);
  const decimals = greater - dot - 1;
  if (dot === less + 1 || dot - less > MAX_SECONDS_DIGITS || byteAt(dot) !== 46) return -1;
  if (decimals === 0 || decimals > MAX_DECIMALS || endOfDigits(dot + 1) !== greater) return -1;
  return <f64>decimal(less + 1, dot) * 1e9 + <f64>nanosAt(dot + 1, decimals);
}

function nanosAt(from: usize, decimals: usize): u64 {
  let nanos = decimal(from, from + decimals);
  for (let at = decimals; at < MAX_DECIMALS; at++) nanos *= 10;
  return nanos;
}

/** Index behind the letters and digits that begin at the place. */
function endOfWord(from: usize): usize {
  let at = from;
  while (true) {
    const byte = byteAt(at);
    if ((byte | 32) - 97 >= 26 && !isDigit(byte) && byte !== 95) return at;
    at++;
  }
}
