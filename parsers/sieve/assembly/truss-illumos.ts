// What parsers/truss-illumos.ts reads, as bytes and only far enough to tell which lines certainly are complete calls:
// plainly `prefix name(args) gap result`.

import { MAX_TASK, NO_NUMBER } from './memory';
import { placeOf } from './names';
import { ALL_STAMPS, OF_THREAD, setFlags, setForm, setName, setTask, setThread } from './row';
import { byteAt, digitsAt, indexOf, isDigit, lastIndexOf, numberAt } from './text';

/** A longer number is no id of a process or thread. */
const MAX_DIGITS: u32 = 7;
/** Columns truss can print: -d, -D and -E. */
const MAX_STAMPS: u32 = 3;
const STAMP_DECIMALS: usize = 4;

// 22229/1:⇥ 0.0037⇥close(3)⇥⇥⇥⇥⇥= 0
/** Reads the line into its row, which begins as that of a line of another form. */
export function readTrussLine(row: usize, start: usize, end: usize): void {
  let at = start;
  const digits = digitsAt(at);
  let pid: u32 = NO_NUMBER;
  let thread: u32 = NO_NUMBER;
  at += digits;
  let byte = byteAt(at);
  if (byte === 47) {
    const threadDigits = digitsAt(++at);
    if (threadDigits === 0 || threadDigits > MAX_DIGITS) return;
    thread = numberAt(at, threadDigits);
    at += threadDigits;
    byte = byteAt(at);
  }
  // '12.0037', or no number at all: a log without a prefix.
  if (at === start || (byte === 46 && at - start === digits)) {
    at = start;
  } else {
    if (byte !== 58 || !isBlank(byteAt(at + 1)) || digits > MAX_DIGITS) return;
    if (digits > 0) {
      pid = numberAt(start, digits);
      if (pid === 0 || pid >= MAX_TASK) return;
    }
    at = skipBlanks(at + 1);
  }
  let stamps: u32 = 0;
  while (!isNameStart(byteAt(at))) {
    const stampEnd = skipStamp(at);
    if (stampEnd === at || stamps === MAX_STAMPS) return;
    at = skipBlanks(stampEnd);
    stamps++;
  }
  const open = indexOf(40, at, end);
  if (open >= end) return;
  // '()' may be a child's '(returning as child ...)'.
  if (byteAt(open + 1) === 41 && byteAt(skipBlanks(open + 2)) === 40) return;
  const close = closeBeforeResult(open, end);
  if (close === 0 || !endsPlainly(open, close)) return;
  setTask(row, pid);
  setThread(row, thread);
  setName(row, placeOf(at, open, true));
  if (stamps === MAX_STAMPS) setFlags(row, ALL_STAMPS);
  setForm(row, OF_THREAD);
}

/** Index of the parenthesis before a plain result (`= 3`, `= 3 [4]`, `Err#2 ENOENT`), or 0. */
function closeBeforeResult(open: usize, lineEnd: usize): usize {
  let end = trimmedEnd(open, lineEnd);
  if (byteAt(end - 1) === 93) {
    const bracket = wordStart(open, end - 1);
    if (byteAt(bracket) !== 91) return 0;
    end = trimmedEnd(open, bracket);
  }
  const word = wordStart(open, end);
  if (word === end) return 0;
  let gapEnd = word - 2;
  if (byteAt(word - 1) !== 32 || byteAt(gapEnd) !== 61) {
    gapEnd = errStart(end);
    if (gapEnd !== word) gapEnd = errStart(trimmedEnd(open, word));
    if (gapEnd === 0) return 0;
  }
  const close = trimmedEnd(open, gapEnd);
  return close < gapEnd && byteAt(close - 1) === 41 ? close - 1 : 0;
}

/** Start of the `Err#2` that ends at `end`, or 0. */
function errStart(end: usize): usize {
  let at = end;
  while (isDigit(byteAt(at - 1))) at--;
  if (at === end || byteAt(at - 1) !== 35 || byteAt(at - 2) !== 114) return 0;
  return byteAt(at - 3) === 114 && byteAt(at - 4) === 69 ? at - 4 : 0;
}

/**
 * Whether the parenthesis is surely the call's own and not one in a string that the log cuts off: no blank before it
 * (in written data there always is one), and the last quote is not one that can begin a string.
 */
function endsPlainly(open: usize, close: usize): bool {
  if (isBlank(byteAt(close - 1))) return false;
  const quote = lastIndexOf(34, open + 1, close);
  if (quote === 0) return true;
  const before = byteAt(quote - 1);
  return before !== 40 && before !== 32;
}

/** Index after the time field at `from`, which a blank follows; `from` where there is none. */
function skipStamp(from: usize): usize {
  const start = byteAt(from) === 45 ? from + 1 : from;
  let dot = start;
  while (isDigit(byteAt(dot))) dot++;
  if (dot === start || byteAt(dot) !== 46) return from;
  let end = dot + 1;
  while (isDigit(byteAt(end))) end++;
  return end - dot - 1 === STAMP_DECIMALS && isBlank(byteAt(end)) ? end : from;
}

function skipBlanks(from: usize): usize {
  let at = from;
  while (isBlank(byteAt(at))) at++;
  return at;
}

/** Index after the last byte of [from, end) that is no blank. */
function trimmedEnd(from: usize, end: usize): usize {
  let at = end;
  while (at > from && isBlank(byteAt(at - 1))) at--;
  return at;
}

/** Start of the name or number that ends at `end`; `end` itself where there is none. */
function wordStart(from: usize, end: usize): usize {
  let at = end;
  while (at > from && !isBlank(byteAt(at - 1))) at--;
  return at;
}

function isBlank(byte: u32): bool {
  return byte === 32 || byte === 9;
}

function isNameStart(byte: u32): bool {
  return (byte | 32) - 97 < 26 || byte === 95;
}
