// What strace writes in front of a plain call.

import { byteAt, decimal, digitsAt, endOfDigits, isDigit, numberAt } from '../../sieve/assembly/text';
import { CLOCK } from './memory';

/** A longer number is no task id. */
const MAX_TASK_DIGITS: u32 = 7;
/** Seconds since 1970 have more digits; fewer count from the line before. */
const MAX_RELATIVE_DIGITS: usize = 8;
/** More do not fit a double. */
const MAX_EPOCH_DIGITS: usize = 15;
const MAX_DECIMALS: usize = 9;

const HALF_DAY_SECONDS: f64 = 43200;
const DAY_SECONDS: f64 = 86400;

const NO_STAMP: u32 = 0;
const SINCE_1970: u32 = 1;
const OF_DAY: u32 = 2;

// The columns read last.
export let task: u32 = 0;
/** Where the stamp stands. Without one both are where the call begins. */
export let stampStart: usize = 0;
export let stampEnd: usize = 0;
let kind: u32 = NO_STAMP;
let seconds: f64 = 0;
let nanos: f64 = 0;

/** Reads the columns of the line at the place. Gives where the call begins, 0 where they are not plain. */
export function readColumns(start: usize): usize {
  const afterTask = readTask(start);
  return afterTask === 0 ? 0 : readStamp(afterTask);
}

// 303 1700000000.123456 close(
// ^^^
function readTask(start: usize): usize {
  const digits = digitsAt(start);
  let at = start + digits;
  if (digits === 0 || digits > MAX_TASK_DIGITS || byteAt(at) !== 32) return 0;
  task = numberAt(start, digits);
  while (byteAt(at) === 32) at++;
  return at;
}

// 303 1700000000.123456 close(       -ttt
// 303 10:21:45.391854 close(         -t, -tt
//     ^^^^^^^^^^^^^^^
function readStamp(start: usize): usize {
  stampStart = start;
  stampEnd = start;
  kind = NO_STAMP;
  let at = endOfDigits(start);
  if (at === start) return at;
  if (at === start + 2 && byteAt(at) === 58 && byteAt(at + 3) === 58) {
    if (!areTwoDigits(at + 1) || !areTwoDigits(at + 4)) return 0;
    seconds = <f64>((numberAt(start, 2) * 60 + numberAt(at + 1, 2)) * 60 + numberAt(at + 4, 2));
    at += 6;
    kind = OF_DAY;
  } else {
    if (at - start <= MAX_RELATIVE_DIGITS || at - start > MAX_EPOCH_DIGITS) return 0;
    seconds = <f64>decimal(start, at);
    kind = SINCE_1970;
  }
  nanos = 0;
  if (byteAt(at) === 46) {
    const decimals = at + 1;
    at = endOfDigits(decimals);
    if (at === decimals || at - decimals > MAX_DECIMALS) return 0;
    let scaled = decimal(decimals, at);
    for (let digits = at - decimals; digits < MAX_DECIMALS; digits++) scaled *= 10;
    nanos = <f64>scaled;
  }
  if (byteAt(at) !== 32) return 0;
  stampEnd = at;
  return at + 1;
}

/** Whether the stamp of the columns read last, if there is one, can be told: the clock needs a first one. */
export function hasTime(): bool {
  return kind === NO_STAMP || load<f64>(CLOCK) !== 0;
}

/**
 * Nanoseconds since the first stamp, as src/model/clock.ts tells it; 0 without a stamp. Once for each line: a clock that
 * shows the time of day goes on with it.
 */
export function tellTime(): f64 {
  if (kind === NO_STAMP) return 0;
  let since = seconds;
  if (kind === OF_DAY) {
    const step = seconds - load<f64>(CLOCK, 24);
    if (step < -HALF_DAY_SECONDS) store<f64>(CLOCK, load<f64>(CLOCK, 32) + DAY_SECONDS, 32);
    else if (step > HALF_DAY_SECONDS) store<f64>(CLOCK, load<f64>(CLOCK, 32) - DAY_SECONDS, 32);
    store<f64>(CLOCK, seconds, 24);
    since = seconds + load<f64>(CLOCK, 32);
  }
  return (since - load<f64>(CLOCK, 8)) * 1e9 + (nanos - load<f64>(CLOCK, 16));
}

function areTwoDigits(at: usize): bool {
  return isDigit(byteAt(at)) && isDigit(byteAt(at + 1));
}
