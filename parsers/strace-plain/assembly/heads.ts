// First halves of calls that wait for the second ones.

import { byteAt } from '../../sieve/assembly/text';
import { stampEnd, stampStart, task, tellTime } from './columns';
import { HEAD_BYTES, HEAD_SLOTS, HEADS, HELD, KEPT, MAX_HEAD, TASKS, TEXT, WAITING } from './memory';

// Of a head.
export const HEAD_TASK: usize = 0;
export const HEAD_LINE: usize = 4;
export const HEAD_STAMP_START: usize = 8;
export const HEAD_STAMP_END: usize = 12;
export const HEAD_NAME: usize = 16;
export const HEAD_NAME_END: usize = 20;
export const HEAD_ARGS: usize = 24;
export const HEAD_ARGS_END: usize = 28;
export const HEAD_DEPTH: usize = 32;
export const HEAD_AT_NS: usize = 40;

/** Where the head of the task's call is, or another's that has the same place. */
export function headOf(task: u32): usize {
  return HEADS + (task & (HEAD_SLOTS - 1)) * HEAD_BYTES;
}

// 303 wait4(75,  <unfinished ...>
//     ^^^^^^^^^^
/**
 * Keeps a head of the task at hand: the name at [name, open), and arguments up to `cut`. False where there is no place for
 * it, or its text is not told by what stands here.
 */
export function keepHead(line: i32, name: usize, open: usize, cut: usize, depth: u32): bool {
  const head = headOf(task);
  if (load<u32>(head) !== 0 || (byteAt(TASKS + task) & HELD) !== 0) return false;
  let end = cut;
  while (byteAt(end - 1) === 32) end--;
  const last = byteAt(end - 1);
  // Other blanks: the text reader cuts them off too.
  if (last - 9 < 5 || last === 0xa0) return false;
  if (last === 44) {
    // What goes on behind a comma goes on behind a blank.
    if (end === cut) return false;
    end++;
  }
  if (end - stampStart > MAX_HEAD) return false;
  store<u32>(head, task, HEAD_TASK);
  store<i32>(head, line, HEAD_LINE);
  store<u32>(head, <u32>stampStart, HEAD_STAMP_START);
  store<u32>(head, <u32>stampEnd, HEAD_STAMP_END);
  store<u32>(head, <u32>name, HEAD_NAME);
  store<u32>(head, <u32>open, HEAD_NAME_END);
  store<u32>(head, <u32>open + 1, HEAD_ARGS);
  store<u32>(head, <u32>end, HEAD_ARGS_END);
  store<u32>(head, depth, HEAD_DEPTH);
  store<f64>(head, tellTime(), HEAD_AT_NS);
  store<u32>(WAITING, load<u32>(WAITING) + 1);
  return true;
}

/** The head's call is complete. */
export function dropHead(head: usize): void {
  store<u32>(head, 0, HEAD_TASK);
  store<u32>(WAITING, load<u32>(WAITING) - 1);
}

/** Keeps the text of heads that wait, for that of the lines will be overwritten. */
export function keepHeads(): void {
  if (load<u32>(WAITING) === 0) return;
  for (let slot: u32 = 0; slot < HEAD_SLOTS; slot++) {
    const head = HEADS + slot * HEAD_BYTES;
    const start: usize = load<u32>(head, HEAD_STAMP_START);
    if (load<u32>(head, HEAD_TASK) === 0 || start < TEXT) continue;
    const kept = KEPT + slot * MAX_HEAD;
    const end: usize = load<u32>(head, HEAD_ARGS_END);
    memory.copy(kept, start, end - start);
    for (let place = HEAD_STAMP_START; place <= HEAD_ARGS_END; place += 4) {
      const at: usize = load<u32>(head + place);
      store<u32>(head + place, <u32>(at - start + kept));
    }
  }
}
