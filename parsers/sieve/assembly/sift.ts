// From rows to the lines that must be read: what follows from what is known of tasks and names.

import { isFull, tell } from './count';
import { dropLast, keep, keepStamp, keptName, keptNanos, keptSeconds, keptStampKind, lastKept } from './kept';
import {
  ASK,
  CLOCK_STARTED,
  COLUMNLESS,
  COUNT,
  COUNT_HEAD,
  COUNT_WAIT,
  END,
  EVERYTHING,
  EXITED,
  FLOORS,
  FULL,
  HAD_COLUMN,
  HEAD,
  HEAD_LINE,
  HEAD_TASK,
  HEADS,
  KEEP,
  KEPT_HEAD,
  LINE,
  LIVE,
  MAX_TASK,
  NAME,
  NO_NAME,
  NO_NUMBER,
  NONE,
  PASS,
  PASSED,
  READ,
  ROW,
  ROWS_END,
  START,
  STRIDE,
  TASKS,
  THREAD_SLOTS,
  THREADS,
  UNLESS_KNOWN,
  UNLESS_NAMED,
  VERDICT_BITS,
  VERDICTS,
  WAIT_HEAD,
  WATCHED,
} from './memory';
import {
  ALL_STAMPS,
  ANY_CHILD,
  CHILD_EXIT,
  COLUMN,
  childOf,
  durationOf,
  endOf,
  errorOf,
  formOf,
  HEAD_HALF,
  hasFlag,
  MIDDLE,
  NO_CHILD,
  nameOf,
  nanosOf,
  OF_THREAD,
  OTHER,
  secondsOf,
  stampKindOf,
  startOf,
  TAIL_HALF,
  taskOf,
  threadOf,
  UNCOUNTABLE,
} from './row';
import { byteAt } from './text';

/** What is known of a task while a call of it is in flight. */
const HEAD_FLAGS: u32 = HEAD | KEPT_HEAD | WAIT_HEAD | COUNT_HEAD;

/** Goes on to the next line that is to be read now; NONE where there are no more rows. */
export function sift(): i32 {
  const stride = load<u32>(STRIDE);
  const end = load<u32>(ROWS_END);
  let next: usize = load<u32>(ROW);
  let line = load<i32>(LINE);
  let verdict = NONE;
  while (next < end) {
    if (isFull()) {
      verdict = FULL;
      break;
    }
    const row = next;
    next += stride;
    line++;
    verdict = load<u32>(EVERYTHING) !== 0 ? READ : look(row, line);
    if (verdict !== PASS) {
      store<u32>(START, startOf(row));
      store<u32>(END, endOf(row));
      break;
    }
    verdict = NONE;
  }
  store<i32>(LINE, line);
  store<u32>(ROW, next);
  return verdict;
}

function look(row: usize, line: i32): i32 {
  const form = formOf(row);
  if (form === OF_THREAD) return lookAtThread(row, line);
  let task = taskOf(row);
  // By itself a line without a column does not tell whose it is.
  let tellsTask = true;
  if (hasFlag(row, COLUMN)) {
    store<u32>(HAD_COLUMN, 1);
  } else {
    const columnless = load<i32>(COLUMNLESS);
    if (load<u32>(HAD_COLUMN) !== 0 || columnless < 0) {
      store<u32>(HAD_COLUMN, 0);
      return READ;
    }
    task = columnless;
    tellsTask = task === 0;
  }
  if (form === OTHER) return READ;
  const state = byteAt(TASKS + task);
  if ((state & (LIVE | WATCHED)) !== LIVE) return READ;
  if (form === TAIL_HALF || form === MIDDLE) return lookAtResumed(row, form, line, task, state);
  if (form === CHILD_EXIT) return hasExited(childOf(row)) ? pass() : READ;

  const name = nameOf(row);
  if (name === NO_NAME) return READ;
  const said = byteAt(VERDICTS + name);
  if (said === NONE) return ask(name);
  const verdict = said & VERDICT_BITS;
  const isWait = (said & UNLESS_KNOWN) !== 0;
  if (verdict === READ || ((said & UNLESS_NAMED) !== 0 && task === 0)) return READ;
  if ((verdict !== PASS || isWait) && !tellsTask) return READ;
  if (form === HEAD_HALF) return lookAtHead(row, line, task, state, verdict, isWait);
  if (isWait && !tellsNothingNew(row)) return READ;
  if (verdict === COUNT || verdict === COUNT_WAIT) {
    if (!isCountable(row, verdict)) return READ;
    tell(task, name, errorOf(row), stampKindOf(row), secondsOf(row), nanosOf(row), durationOf(row));
  }
  if (verdict === KEEP && !keep(task, line, startOf(row), endOf(row))) return READ;
  return pass();
}

function lookAtHead(row: usize, line: i32, task: u32, state: u32, verdict: i32, isWait: bool): i32 {
  // What is counted has a first half that never went on told by the parser.
  if ((state & (HEAD | COUNT_HEAD)) === (HEAD | COUNT_HEAD)) return READ;
  const isCounted = verdict === COUNT || verdict === COUNT_WAIT;
  let flags = HEAD;
  // Its text is kept where it may be read yet.
  if (verdict === KEEP || isCounted || isWait) {
    if (!keep(task, line, startOf(row), endOf(row))) return READ;
    flags |= KEPT_HEAD;
  }
  if (isCounted) {
    keepStamp(task, nameOf(row), stampKindOf(row), secondsOf(row), nanosOf(row));
    flags |= COUNT_HEAD;
  }
  if (isWait) flags |= WAIT_HEAD;
  if ((state & HEAD) !== 0) add(PASSED, 1);
  else add(HEADS, 1);
  store<u8>(TASKS + task, <u8>((state & ~HEAD_FLAGS) | flags));
  store<i32>(HEAD_LINE, line);
  store<u32>(HEAD_TASK, task);
  return PASS;
}

// <... mmap resumed>) = 0x7f814209e000
function lookAtResumed(row: usize, form: u32, line: i32, task: u32, state: u32): i32 {
  if ((state & HEAD) === 0) return READ;
  const isKept = (state & KEPT_HEAD) !== 0;
  if (form === MIDDLE) return isKept ? READ : PASS;
  const isWait = (state & WAIT_HEAD) !== 0;
  const isCounted = (state & COUNT_HEAD) !== 0;
  if (isWait && !tellsNothingNew(row)) return READ;
  if (isCounted && !tellResumed(row, task)) return READ;
  if (isWait || isCounted) dropLast(task);
  else if (isKept && !keep(task, line, startOf(row), endOf(row))) return READ;
  store<u8>(TASKS + task, <u8>(state & ~HEAD_FLAGS));
  add(HEADS, -1);
  return pass();
}

/** Tells a call by numbers whose first half was kept last of the task. False where that cannot be. */
function tellResumed(row: usize, task: u32): bool {
  const head = lastKept(task);
  if (head === 0 || keptStampKind(head) === UNCOUNTABLE) return false;
  const name = keptName(head);
  if (!isCountable(row, byteAt(VERDICTS + name) & VERDICT_BITS)) return false;
  tell(task, name, errorOf(row), keptStampKind(head), keptSeconds(head), keptNanos(head), durationOf(row));
  return true;
}

/** Whether a line that ends a call with that verdict can be told by numbers. */
function isCountable(row: usize, verdict: i32): bool {
  return stampKindOf(row) !== UNCOUNTABLE && durationOf(row) <= load<f64>(FLOORS + (verdict === COUNT_WAIT ? 8 : 0));
}

// 22229/1:⇥ 0.0037⇥close(3)⇥⇥⇥⇥⇥= 0
function lookAtThread(row: usize, line: i32): i32 {
  const name = nameOf(row);
  if (name === NO_NAME) return READ;
  const verdict = byteAt(VERDICTS + name);
  if (verdict === NONE) return ask(name);
  const pid = taskOf(row);
  if (verdict === READ || !isKnown(pid, threadOf(row))) return READ;
  const task = pid === NO_NUMBER ? 0 : pid;
  if ((byteAt(TASKS + task) & WATCHED) !== 0) return READ;
  // Without a base line, the first stamp starts the clock.
  if (hasFlag(row, ALL_STAMPS) && load<u32>(CLOCK_STARTED) === 0) return READ;
  return verdict === KEEP && !keep(task, line, startOf(row), endOf(row)) ? READ : pass();
}

/** Whether a line of this thread was read before; now and then it is forgotten. */
function isKnown(pid: u32, thread: u32): bool {
  const slot = THREADS + ((pid * 31 + thread) & (THREAD_SLOTS - 1)) * 8;
  return load<u32>(slot) === thread && load<u32>(slot + 4) === pid;
}

/** Whether a wait failed, found nobody, or a child whose exit was seen. */
function tellsNothingNew(row: usize): bool {
  const child = childOf(row);
  return child === NO_CHILD || hasExited(child);
}

/** Whether how the task exited is known. */
function hasExited(task: u32): bool {
  return task !== ANY_CHILD && task < MAX_TASK && (byteAt(TASKS + task) & EXITED) !== 0;
}

function ask(name: u32): i32 {
  store<u32>(NAME, name);
  return ASK;
}

function pass(): i32 {
  add(PASSED, 1);
  return PASS;
}

function add(place: usize, number: i32): void {
  store<i32>(place, load<i32>(place) + number);
}
