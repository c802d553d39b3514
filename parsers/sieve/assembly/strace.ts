// What parsers/strace.ts reads, as bytes and only far enough to tell which lines certainly are complete calls, or halves
// of calls.

import { readEnding, readStamp } from './count';
import { CHILD_EXITED, CHILD_EXITED_BYTES, MAX_TASK, NO_STAMP } from './memory';
import { placeOf } from './names';
import {
  ANY_CHILD,
  CHILD_EXIT,
  COLUMN,
  HEAD_HALF,
  MIDDLE,
  NO_CHILD,
  setChild,
  setFlags,
  setForm,
  setName,
  setStamp,
  setTask,
  setUncountable,
  TAIL_HALF,
  WHOLE,
} from './row';
import { byteAt, digitsAt, indexOf, isDigit, lastIndexOf, numberAt } from './text';

/** No result is longer than this, unless something unusual stands in it; then the line is read. */
const MAX_RESULT: usize = 200;
/** A longer number is no task id. */
const MAX_TASK_DIGITS: u32 = 7;

/** Reads the line into its row, which begins as that of a line of another form. `counts`: with stamp and result. */
export function readStraceLine(row: usize, start: usize, end: usize, counts: bool): void {
  let at = start;
  // [pid   303] openat(
  // 303   openat(
  const bracket = load<u32>(at) === 0x6469705b;
  if (bracket) {
    at += 5;
    while (byteAt(at) === 32) at++;
  }
  const digits = digitsAt(at);
  const behind = byteAt(at + digits);
  if (digits > 0 && digits <= MAX_TASK_DIGITS && (bracket ? behind === 93 : behind === 32)) {
    const task = numberAt(at, digits);
    setFlags(row, COLUMN);
    if (task === 0 || task >= MAX_TASK) return;
    setTask(row, task);
    at += digits + 1;
  } else {
    // 303<cc1> openat(
    if (behind === 60) return;
    at = start;
  }
  const columns = at;
  at = endOfColumns(at, end);
  const byte = byteAt(at);
  if (byte === 60) readResumed(row, at, end, counts);
  else if (byte === 45) readSignal(row, at, end);
  else readCall(row, columns, at, end, counts);
}

// 1700000000.201340 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, -1, 0) = 0x7f814209e000
function readCall(row: usize, columns: usize, at: usize, end: usize, counts: bool): void {
  const open = indexOf(40, at, end);
  if (open >= end || open === at || mayBeMixed(at, open)) return;
  setName(row, placeOf(at, open, false));
  if (counts && !readStamp(row, columns, at)) setUncountable(row);
  if (isUnfinished(end)) {
    setForm(row, HEAD_HALF);
    return;
  }
  const result = endingOf(at, open, end);
  if (result === 0) return;
  setForm(row, WHOLE);
  setChild(row, isWait(at) ? toldChild(open, result) : ANY_CHILD);
  if (counts && !readEnding(row, result, end)) setUncountable(row);
}

// <... mmap resumed>) = 0x7f814209e000
function readResumed(row: usize, at: usize, end: usize, counts: bool): void {
  if (isUnfinished(end)) {
    setForm(row, MIDDLE);
    return;
  }
  const result = endingOf(at + 5, at, end);
  if (result === 0) return;
  setForm(row, TAIL_HALF);
  setChild(row, isWait(at + 5) ? toldChild(at, result) : ANY_CHILD);
  if (!counts) return;
  setStamp(row, NO_STAMP, 0, 0);
  if (!readEnding(row, result, end)) setUncountable(row);
}

// --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=303, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---
function readSignal(row: usize, at: usize, end: usize): void {
  if (end - at < CHILD_EXITED_BYTES || memory.compare(at, CHILD_EXITED, CHILD_EXITED_BYTES) !== 0) return;
  if (load<u32>(end - 4) !== 0x2d2d2d20) return;
  setForm(row, CHILD_EXIT);
  setChild(row, taskAt(at + CHILD_EXITED_BYTES));
}

function isWait(name: usize): bool {
  return load<u32>(name) === 0x74696177;
}

/** The child that a wait, whose result is given, tells the exit of. */
function toldChild(from: usize, result: usize): u32 {
  const value = byteAt(result);
  if (value === 45) return NO_CHILD;
  // [{WIFEXITED(s) && WEXITSTATUS(s) == 0}]
  const brace = indexOf(123, from, result);
  if (brace >= result) return value === 48 ? NO_CHILD : ANY_CHILD;
  return load<u64>(brace) === 0x544958454649577b ? taskAt(result) : ANY_CHILD;
}

/** The task whose number stands there. */
function taskAt(at: usize): u32 {
  const digits = digitsAt(at);
  return digits === 0 || digits > MAX_TASK_DIGITS ? ANY_CHILD : numberAt(at, digits);
}

/** Index behind the columns: clocks, numbers and addresses. */
function endOfColumns(from: usize, end: usize): usize {
  const blanks = i8x16.splat(32);
  const first = i8x16.splat(46);
  const many = i8x16.splat(13);
  let at = from;
  while (at < end) {
    const bytes = v128.load(at);
    // . / 0 to 9 :
    const numbers = i8x16.lt_u(i8x16.sub(bytes, first), many);
    const others = ~i8x16.bitmask(v128.or(numbers, i8x16.eq(bytes, blanks))) & 0xffff;
    if (others === 0) {
      at += 16;
      continue;
    }
    at += ctz(others);
    if (byteAt(at) !== 91) return at;
    at = indexOf(93, at, end) + 1;
  }
  return end;
}

/** Whether the call is a write to descriptor 1 or 2: the program's own text may stand in its line. */
function mayBeMixed(name: usize, open: usize): bool {
  if (byteAt(name) !== 119) return false; // w
  const fd = byteAt(open + 1);
  return (fd === 49 || fd === 50) && !isDigit(byteAt(open + 2));
}

// …, 24 <unfinished ...>
function isUnfinished(end: usize): bool {
  if (byteAt(end - 1) !== 62) return false;
  return load<u64>(end - 16) === 0x73696e69666e753c && load<u64>(end - 8) === 0x3e2e2e2e20646568;
}

/** As `resultOf`; of an exit, which never returns, the index of the `?` that stands in its place. */
function endingOf(name: usize, from: usize, end: usize): usize {
  const result = resultOf(from, end);
  if (result !== 0 || load<u32>(name) !== 0x74697865 || load<u32>(end - 4) !== 0x3f203d20) return result;
  let at = end - 4;
  while (byteAt(at) === 32) at--;
  return byteAt(at) === 41 && at > from ? end - 1 : 0;
}

/** Index of the result where the line ends in `) = result`, seen from its end; else 0. */
function resultOf(from: usize, end: usize): usize {
  const equals = lastIndexOf(61, max(from, end - MAX_RESULT), end);
  if (equals === 0 || byteAt(equals + 1) !== 32 || equals + 2 >= end) return 0;
  const value = byteAt(equals + 2);
  if (!isDigit(value) && value !== 45) return 0;
  // It stands in a string, and the line was cut off behind it.
  if (lastIndexOf(34, equals, end) !== 0) return 0;
  // …attached: a message of strace's own in the line's end
  if (byteAt(end - 1) === 100 && byteAt(end - 3) === 104) return 0;
  let at = equals - 1;
  while (byteAt(at) === 32) at--;
  return at < equals - 1 && byteAt(at) === 41 && at > from ? equals + 2 : 0;
}
