// Calls that are told by numbers alone: whose, which, its error, when it began and what it took.

import { COUNTED, COUNTED_BYTES, COUNTED_CALLS, COUNTED_SLOTS, NO_NAME, NO_STAMP, OF_DAY, SINCE_1970 } from './memory';
import { placeOf } from './names';
import { setEnding, setStamp } from './row';
import { byteAt, decimal, digitsAt, endOfDigits, isDigit, lastIndexOf } from './text';

/** Seconds since 1970 have more digits; fewer count from the line before. */
const MAX_RELATIVE_DIGITS: usize = 8;
const MAX_SECONDS_DIGITS: usize = 10;
const MAX_DECIMALS: usize = 9;

/** Whether there is no room to tell another call. */
export function isFull(): bool {
  return load<u32>(COUNTED_CALLS) === COUNTED_SLOTS;
}

/** Tells a call by numbers. */
export function tell(
  task: u32,
  name: u32,
  error: u32,
  stampKind: u32,
  seconds: u32,
  nanos: u32,
  durationNs: f64,
): void {
  const number = load<u32>(COUNTED_CALLS);
  const record = COUNTED + number * COUNTED_BYTES;
  store<u32>(record, task);
  store<u32>(record, name, 4);
  store<u32>(record, error, 8);
  store<u32>(record, stampKind, 12);
  store<u32>(record, seconds, 16);
  store<u32>(record, nanos, 20);
  store<f64>(record, durationNs, 24);
  store<u32>(COUNTED_CALLS, number + 1);
}

/** Reads what a call came to, and what it took, from [result, end) into the row. False where anything else stands there. */
export function readEnding(row: usize, result: usize, end: usize): bool {
  let at = result;
  let error = NO_NAME;
  if (byteAt(at) === 45) {
    // -1 ENOENT (No such file or directory)
    if (load<u32>(at) !== 0x4520312d) return false;
    at += 3;
    const start = at;
    at = endOfWord(start);
    error = placeOf(start, at, true);
    if (error === NO_NAME || (at !== end && byteAt(at) !== 32)) return false;
  } else {
    // 3, 0x7f814209e000, 1 (left {tv_sec=0, tv_nsec=999})
    at = endOfWord(at);
    if (at !== end && (byteAt(at) !== 32 || (byteAt(at + 1) !== 40 && byteAt(at + 1) !== 60))) return false;
  }
  let durationNs: f64 = -1;
  if (byteAt(end - 1) === 62) {
    durationNs = durationAt(lastIndexOf(60, at, end), end - 1);
    if (durationNs < 0) return false;
  }
  setEnding(row, error, durationNs);
  return true;
}

/** Reads the one stamp between the task column and the body into the row. False where anything else stands there. */
export function readStamp(row: usize, from: usize, body: usize): bool {
  let at = from;
  while (byteAt(at) === 32) at++;
  if (at === body) {
    setStamp(row, NO_STAMP, 0, 0);
    return true;
  }
  let kind = SINCE_1970;
  let value: u64 = 0;
  let seconds = endOfDigits(at);
  if (byteAt(seconds) === 58) {
    // 10:21:45.391854
    if (seconds !== at + 2 || byteAt(at + 5) !== 58 || digitsAt(at + 3) !== 2) return false;
    seconds = endOfDigits(at + 6);
    if (seconds === at + 6 || seconds > at + 8) return false;
    kind = OF_DAY;
    value = (decimal(at, at + 2) * 60 + decimal(at + 3, at + 5)) * 60 + decimal(at + 6, seconds);
  } else {
    // 1795342905.426348
    const digits = seconds - at;
    if (digits <= MAX_RELATIVE_DIGITS || digits > MAX_SECONDS_DIGITS) return false;
    value = decimal(at, seconds);
    if (value > <u64>u32.MAX_VALUE) return false;
  }
  at = seconds;
  let nanos: u64 = 0;
  if (byteAt(at) === 46) {
    const decimals = endOfDigits(at + 1) - at - 1;
    if (decimals === 0 || decimals > MAX_DECIMALS) return false;
    nanos = nanosAt(at + 1, decimals);
    at += decimals + 1;
  }
  if (byteAt(at) !== 32 || at + 1 !== body) return false;
  setStamp(row, kind, <u32>value, <u32>nanos);
  return true;
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
