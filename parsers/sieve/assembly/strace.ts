// What parsers/strace.ts reads, as bytes and only far enough to tell which lines certainly are complete calls, or halves
// of calls, that nobody needs now.

import {
  ASK,
  AT,
  COLUMNLESS,
  END,
  EVERYTHING,
  HAD_COLUMN,
  HEAD,
  HEAD_LINE,
  HEAD_TASK,
  HEADS,
  KEEP,
  KEPT_HEAD,
  LIMIT,
  LINE,
  LIVE,
  MAX_TASK,
  NAME_END,
  NAME_START,
  NONE,
  PASS,
  PASSED,
  READ,
  START,
  TASK,
  TASKS,
  WATCHED,
} from './memory';
import { byteAt, endOfLine, hashed, isDigit, isNameByte, lastIndexOf, verdictOf } from './text';

/** No result is longer than this, unless something unusual stands in it; then the line is read. */
const MAX_RESULT: usize = 200;

/** Goes on to the next line that is not passed over, and says what to do with it; NONE where the text is over. */
export function nextStraceLine(): i32 {
  const limit = load<u32>(LIMIT);
  let at: usize = load<u32>(AT);
  let line = load<i32>(LINE);
  let verdict = NONE;
  while (at < limit) {
    const start = at;
    const feed = endOfLine(start);
    at = feed + 1;
    line++;
    store<i32>(LINE, line);
    const end = feed > start && byteAt(feed - 1) === 13 ? feed - 1 : feed;
    verdict = load<u32>(EVERYTHING) !== 0 ? READ : look(start, end);
    if (verdict !== PASS) {
      store<u32>(START, start);
      store<u32>(END, end);
      break;
    }
    verdict = NONE;
  }
  store<u32>(AT, at);
  return verdict;
}

function look(start: usize, end: usize): i32 {
  let at = start;
  let byte = byteAt(at);
  // [pid   303] openat(
  // 303   openat(
  const bracket = byte === 91 && byteAt(at + 1) === 112;
  if (bracket) {
    at += 5;
    while (byteAt(at) === 32) at++;
    byte = byteAt(at);
  }
  const digits = at;
  let task: u32 = 0;
  while (isDigit(byte)) {
    task = task * 10 + byte - 48;
    byte = byteAt(++at);
  }
  const length = at - digits;
  let keeps = true;
  if (length > 0 && length <= 7 && (bracket ? byte === 93 : byte === 32)) {
    if (task === 0 || task >= MAX_TASK) return READ;
    store<u32>(HAD_COLUMN, 1);
    at++;
  } else {
    // 303<cc1> openat(
    const columnless = load<i32>(COLUMNLESS);
    if (load<u32>(HAD_COLUMN) !== 0 || byte === 60 || columnless < 0) {
      store<u32>(HAD_COLUMN, 0);
      return READ;
    }
    task = columnless;
    at = start;
    // By itself such a line does not tell whose it is.
    keeps = task === 0;
  }
  store<u32>(TASK, task);
  const state = byteAt(TASKS + task);
  if ((state & (LIVE | WATCHED)) !== LIVE) return READ;

  // Clocks, numbers and addresses, up to the body.
  byte = byteAt(at);
  while (byte === 32 || byte - 46 < 13 || byte === 91) {
    if (byte === 91) while (at < end && byteAt(at) !== 93) at++;
    byte = byteAt(++at);
  }
  if (byte === 60) return lookAtResumed(at, end, task, state);
  const name = at;
  let hash: u32 = 0;
  while (isNameByte(byte)) {
    hash = hashed(hash, byte);
    byte = byteAt(++at);
  }
  if (byte !== 40 || at === name || at >= end) return READ;
  const verdict = verdictOf(name, at, hash);
  if (verdict === NONE) {
    store<u32>(NAME_START, name);
    store<u32>(NAME_END, at);
    return ASK;
  }
  if (verdict === READ || (verdict === KEEP && !keeps) || mayBeMixed(name, at)) return READ;
  if (isUnfinished(end)) {
    if ((state & HEAD) !== 0) add(PASSED, 1);
    else add(HEADS, 1);
    store<u8>(TASKS + task, <u8>((state & ~KEPT_HEAD) | HEAD | (verdict === KEEP ? KEPT_HEAD : 0)));
    store<u32>(HEAD_LINE, load<u32>(LINE));
    store<u32>(HEAD_TASK, task);
    return verdict;
  }
  if (!isComplete(at, end)) return READ;
  add(PASSED, 1);
  return verdict;
}

// <... mmap resumed>) = 0x7f814209e000
function lookAtResumed(from: usize, end: usize, task: u32, state: u32): i32 {
  if ((state & HEAD) === 0) return READ;
  const verdict = (state & KEPT_HEAD) !== 0 ? KEEP : PASS;
  if (isUnfinished(end)) return verdict;
  if (!isComplete(from, end)) return READ;
  store<u8>(TASKS + task, <u8>(state & ~(HEAD | KEPT_HEAD)));
  add(HEADS, -1);
  add(PASSED, 1);
  return verdict;
}

function add(place: usize, number: i32): void {
  store<i32>(place, load<i32>(place) + number);
}

/** Whether the call is a write to descriptor 1 or 2: the program's own text may stand in its line. */
function mayBeMixed(name: usize, open: usize): bool {
  if (byteAt(name) !== 119) return false; // w
  const fd = byteAt(open + 1);
  return (fd === 49 || fd === 50) && !isDigit(byteAt(open + 2));
}

// …, 24 <unfinished ...>
function isUnfinished(end: usize): bool {
  return (
    byteAt(end - 1) === 62 &&
    byteAt(end - 2) === 46 &&
    byteAt(end - 16) === 60 &&
    byteAt(end - 15) === 117 &&
    byteAt(end - 14) === 110
  );
}

/** Whether the line ends in `) = result`, seen from its end. */
function isComplete(from: usize, end: usize): bool {
  const equals = lastIndexOf(61, max(from, end - MAX_RESULT), end);
  if (equals === 0 || byteAt(equals + 1) !== 32 || equals + 2 >= end) return false;
  const value = byteAt(equals + 2);
  if (!isDigit(value) && value !== 45) return false;
  // It stands in a string, and the line was cut off behind it.
  if (lastIndexOf(34, equals, end) !== 0) return false;
  // …attached: a message of strace's own in the line's end
  if (byteAt(end - 1) === 100 && byteAt(end - 3) === 104) return false;
  let at = equals - 1;
  while (byteAt(at) === 32) at--;
  return at < equals - 1 && byteAt(at) === 41 && at > from;
}
