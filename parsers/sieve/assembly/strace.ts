// What parsers/strace.ts reads, as bytes and only far enough to tell which lines certainly are complete calls, or halves
// of calls, that nobody needs now.

import { COUNTED_NOW, count, ERROR_UNKNOWN, isFull, NOT_COUNTED } from './count';
import { dropLast, keep, lastKept } from './kept';
import {
  ASK,
  AT,
  CHILD_EXITED,
  CHILD_EXITED_BYTES,
  COLUMNLESS,
  COUNT,
  COUNT_HEAD,
  COUNT_WAIT,
  END,
  EVERYTHING,
  EXITED,
  FULL,
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
  TASKS,
  UNLESS_KNOWN,
  UNLESS_NAMED,
  VERDICT_BITS,
  WAIT_HEAD,
  WATCHED,
} from './memory';
import {
  byteAt,
  digitsAt,
  endOfDigits,
  endOfLine,
  indexOf,
  isDigit,
  isName,
  lastIndexOf,
  numberAt,
  verdictOf,
} from './text';

/** No result is longer than this, unless something unusual stands in it; then the line is read. */
const MAX_RESULT: usize = 200;
/** What is known of a task while a call of it is in flight. */
const HEAD_FLAGS: u32 = HEAD | KEPT_HEAD | WAIT_HEAD | COUNT_HEAD;
/** A longer number is no task id. */
const MAX_TASK_DIGITS: u32 = 7;

/** Goes on to the next line that is to be read now; NONE where the text is over. */
export function nextStraceLine(): i32 {
  const limit = load<u32>(LIMIT);
  let at: usize = load<u32>(AT);
  let line = load<i32>(LINE);
  let verdict = NONE;
  while (at < limit) {
    if (isFull()) {
      verdict = FULL;
      break;
    }
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
    verdict = NONE;
  }
  store<i32>(LINE, line);
  store<u32>(AT, at);
  return verdict;
}

function look(start: usize, end: usize, line: i32): i32 {
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
  let task: u32 = 0;
  if (digits > 0 && digits <= MAX_TASK_DIGITS && (bracket ? behind === 93 : behind === 32)) {
    task = numberAt(at, digits);
    if (task === 0 || task >= MAX_TASK) return READ;
    store<u32>(HAD_COLUMN, 1);
    at += digits + 1;
  } else {
    // 303<cc1> openat(
    const columnless = load<i32>(COLUMNLESS);
    if (load<u32>(HAD_COLUMN) !== 0 || behind === 60 || columnless < 0) {
      store<u32>(HAD_COLUMN, 0);
      return READ;
    }
    task = columnless;
    at = start;
  }
  const state = byteAt(TASKS + task);
  if ((state & (LIVE | WATCHED)) !== LIVE) return READ;
  // By itself a line without a column does not tell whose it is.
  const keeps = task === 0 || at > start;
  const columns = at;
  at = endOfColumns(at, end);
  const byte = byteAt(at);
  if (byte === 60) return lookAtResumed(at, start, end, line, task, state);
  if (byte === 45) return lookAtSignal(at, end);

  const open = indexOf(40, at, end);
  if (open === end || open === at) return READ;
  const said = verdictOf(at, open);
  if (said === NONE) {
    if (!isName(at, open, false)) return READ;
    store<u32>(NAME_START, at);
    store<u32>(NAME_END, open);
    return ASK;
  }
  const verdict = said & VERDICT_BITS;
  const isWait = (said & UNLESS_KNOWN) !== 0;
  if (verdict === READ || ((said & UNLESS_NAMED) !== 0 && task === 0)) return READ;
  if ((verdict !== PASS || isWait) && !keeps) return READ;
  if (mayBeMixed(at, open)) return READ;
  if (isUnfinished(end)) {
    // What is counted has a first half that never went on told by the parser.
    if ((state & (HEAD | COUNT_HEAD)) === (HEAD | COUNT_HEAD)) return READ;
    const kind = headOf(verdict, isWait);
    if ((kind & KEPT_HEAD) !== 0 && !keep(task, line, start, end)) return READ;
    if ((state & HEAD) !== 0) add(PASSED, 1);
    else add(HEADS, 1);
    store<u8>(TASKS + task, <u8>((state & ~HEAD_FLAGS) | kind));
    store<i32>(HEAD_LINE, line);
    store<u32>(HEAD_TASK, task);
    return PASS;
  }
  const result = resultOf(open, end);
  if (result === 0) return READ;
  if (isWait && !tellsNothingNew(open, result)) return READ;
  if (verdict === KEEP && !keep(task, line, start, end)) return READ;
  if (verdict === COUNT || verdict === COUNT_WAIT) {
    const counted = count(task, columns, at, open, verdict, result, end);
    if (counted !== COUNTED_NOW) return counted === ERROR_UNKNOWN ? ASK : READ;
  }
  add(PASSED, 1);
  return PASS;
}

// <... mmap resumed>) = 0x7f814209e000
function lookAtResumed(from: usize, start: usize, end: usize, line: i32, task: u32, state: u32): i32 {
  if ((state & HEAD) === 0) return READ;
  const isKept = (state & KEPT_HEAD) !== 0;
  if (isUnfinished(end)) return isKept ? READ : PASS;
  const result = resultOf(from, end);
  if (result === 0) return READ;
  const isWait = (state & WAIT_HEAD) !== 0;
  const isCounted = (state & COUNT_HEAD) !== 0;
  if (isWait && !tellsNothingNew(from, result)) return READ;
  if (isCounted) {
    const counted = countResumed(task, result, end);
    if (counted !== COUNTED_NOW) return counted === ERROR_UNKNOWN ? ASK : READ;
  }
  if (isWait || isCounted) dropLast(task);
  else if (isKept && !keep(task, line, start, end)) return READ;
  store<u8>(TASKS + task, <u8>(state & ~HEAD_FLAGS));
  add(HEADS, -1);
  add(PASSED, 1);
  return PASS;
}

/** Counts a call whose first half was kept last of the task, and looks at that again. */
function countResumed(task: u32, result: usize, end: usize): i32 {
  const head = lastKept(task);
  if (head === 0) return NOT_COUNTED;
  let columns = head;
  if (load<u32>(head) === 0x6469705b) columns = indexOf(93, head, end) + 1;
  else if (task !== 0) columns = endOfDigits(head);
  const name = endOfColumns(columns, usize.MAX_VALUE);
  const open = indexOf(40, name, usize.MAX_VALUE);
  return count(task, columns, name, open, verdictOf(name, open) & VERDICT_BITS, result, end);
}

/** What is known of a task whose call, of which that is said, is in flight. Its text is kept where it may be read yet. */
function headOf(verdict: i32, isWait: bool): u32 {
  const isCounted = verdict === COUNT || verdict === COUNT_WAIT;
  let flags = HEAD;
  if (verdict === KEEP || isCounted || isWait) flags |= KEPT_HEAD;
  if (isCounted) flags |= COUNT_HEAD;
  if (isWait) flags |= WAIT_HEAD;
  return flags;
}

// --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=303, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---
function lookAtSignal(at: usize, end: usize): i32 {
  if (end - at < CHILD_EXITED_BYTES || memory.compare(at, CHILD_EXITED, CHILD_EXITED_BYTES) !== 0) return READ;
  if (!hasExited(at + CHILD_EXITED_BYTES) || load<u32>(end - 4) !== 0x2d2d2d20) return READ;
  add(PASSED, 1);
  return PASS;
}

/** Whether a wait, whose result is given, failed, found nobody, or a child whose exit was seen. */
function tellsNothingNew(from: usize, result: usize): bool {
  const value = byteAt(result);
  if (value === 45) return true;
  // [{WIFEXITED(s) && WEXITSTATUS(s) == 0}]
  const brace = indexOf(123, from, result);
  if (brace === result) return value === 48;
  return load<u64>(brace) === 0x544958454649577b && hasExited(result);
}

/** Whether a task's number stands there, and how it exited is known. */
function hasExited(at: usize): bool {
  const digits = digitsAt(at);
  if (digits === 0 || digits > MAX_TASK_DIGITS) return false;
  const task = numberAt(at, digits);
  return task < MAX_TASK && (byteAt(TASKS + task) & EXITED) !== 0;
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
  if (byteAt(end - 1) !== 62) return false;
  return load<u64>(end - 16) === 0x73696e69666e753c && load<u64>(end - 8) === 0x3e2e2e2e20646568;
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
