// What parsers/truss-illumos.ts reads, as bytes and only far enough to tell which lines certainly are complete calls that
// nobody needs now: plainly `prefix name(args) gap result`.

import { keep } from './kept';
import {
  ASK,
  AT,
  CLOCK_STARTED,
  END,
  EVERYTHING,
  KEEP,
  LIMIT,
  LINE,
  MAX_TASK,
  NAME_END,
  NAME_START,
  NO_NUMBER,
  NONE,
  PASS,
  PASSED,
  READ,
  START,
  TASKS,
  THREAD_SLOTS,
  THREADS,
  WATCHED,
} from './memory';
import { byteAt, digitsAt, endOfLine, indexOf, isDigit, isName, lastIndexOf, numberAt, verdictOf } from './text';

/** A longer number is no id of a process or thread. */
const MAX_DIGITS: u32 = 7;
/** Columns truss can print: -d, -D and -E. */
const MAX_STAMPS: u32 = 3;
const STAMP_DECIMALS: usize = 4;

/** Goes on to the next line that is not passed over, and says what to do with it; NONE where the text is over. */
export function nextTrussLine(): i32 {
  const limit = load<u32>(LIMIT);
  let at: usize = load<u32>(AT);
  let line = load<i32>(LINE);
  let verdict = NONE;
  while (at < limit) {
    const start = at;
    const feed = endOfLine(start);
    at = feed + 1;
    line++;
    const end = feed > start && byteAt(feed - 1) === 13 ? feed - 1 : feed;
    verdict = load<u32>(EVERYTHING) !== 0 ? READ : look(start, end, line);
    if (verdict !== PASS) {
      store<u32>(START, start);
      store<u32>(END, end);
      break;
    }
    store<u32>(PASSED, load<u32>(PASSED) + 1);
    verdict = NONE;
  }
  store<i32>(LINE, line);
  store<u32>(AT, at);
  return verdict;
}

// 22229/1:⇥ 0.0037⇥close(3)⇥⇥⇥⇥⇥= 0
function look(start: usize, end: usize, line: i32): i32 {
  let at = start;
  const digits = digitsAt(at);
  let pid: u32 = NO_NUMBER;
  let thread: u32 = NO_NUMBER;
  at += digits;
  let byte = byteAt(at);
  if (byte === 47) {
    const threadDigits = digitsAt(++at);
    if (threadDigits === 0 || threadDigits > MAX_DIGITS) return READ;
    thread = numberAt(at, threadDigits);
    at += threadDigits;
    byte = byteAt(at);
  }
  // '12.0037', or no number at all: a log without a prefix.
  if (at === start || (byte === 46 && at - start === digits)) {
    at = start;
  } else {
    if (byte !== 58 || !isBlank(byteAt(at + 1)) || digits > MAX_DIGITS) return READ;
    if (digits > 0) {
      pid = numberAt(start, digits);
      if (pid === 0 || pid >= MAX_TASK) return READ;
    }
    at = skipBlanks(at + 1);
  }
  let stamps: u32 = 0;
  while (!isNameStart(byteAt(at))) {
    const stampEnd = skipStamp(at);
    if (stampEnd === at || stamps === MAX_STAMPS) return READ;
    at = skipBlanks(stampEnd);
    stamps++;
  }
  const open = indexOf(40, at, end);
  if (open === end) return READ;
  // '()' may be a child's '(returning as child ...)'.
  if (byteAt(open + 1) === 41 && byteAt(skipBlanks(open + 2)) === 40) return READ;
  const close = closeBeforeResult(open, end);
  if (close === 0 || !endsPlainly(open, close)) return READ;
  const verdict = verdictOf(at, open);
  if (verdict === NONE) {
    if (!isName(at, open, true)) return READ;
    store<u32>(NAME_START, at);
    store<u32>(NAME_END, open);
    return ASK;
  }
  if (verdict === READ || !isKnown(pid, thread)) return READ;
  const task = pid === NO_NUMBER ? 0 : pid;
  if ((byteAt(TASKS + task) & WATCHED) !== 0) return READ;
  // Without a base line, the first stamp starts the clock.
  if (stamps === MAX_STAMPS && load<u32>(CLOCK_STARTED) === 0) return READ;
  return verdict === KEEP && !keep(task, line, start, end) ? READ : PASS;
}

/** Whether a line of this thread was read before; now and then it is forgotten. */
function isKnown(pid: u32, thread: u32): bool {
  const slot = THREADS + ((pid * 31 + thread) & (THREAD_SLOTS - 1)) * 8;
  return load<u32>(slot) === thread && load<u32>(slot + 4) === pid;
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
