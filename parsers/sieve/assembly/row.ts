// What the bytes of one line say, whatever is known of its task.
//
//   0   where the line begins
//   4   where it ends
//   8   its task, 0 where it shows none
//   12  its form
//   13  flags
//   14  the place of its call's name
//   16  the child that is told of, or the task's thread
//
// and where calls are counted
//
//   20  seconds of its stamp
//   24  what the call took, in nanoseconds; -1 where that is not shown
//   32  nanoseconds of its stamp
//   36  the place of its error's name
//   38  kind of its stamp; UNCOUNTABLE: it cannot be told by numbers

import { NO_NAME } from './memory';

// Forms.
/** Anything else: it is read. */
export const OTHER: u32 = 0;
/** A whole call. */
export const WHOLE: u32 = 1;
/** The first half of a call. */
export const HEAD_HALF: u32 = 2;
/** The second half of a call. */
export const TAIL_HALF: u32 = 3;
/** What stands between two interruptions. */
export const MIDDLE: u32 = 4;
/** A parent is told how a child exited. */
export const CHILD_EXIT: u32 = 5;
/** A whole call of a thread of a process. */
export const OF_THREAD: u32 = 6;

// Flags.
/** It has a task column. */
export const COLUMN: u32 = 1;
/** It has every time column that there is. */
export const ALL_STAMPS: u32 = 2;

/** No child is told of, or one that cannot be read. */
export const NO_CHILD: u32 = 0;
export const ANY_CHILD: u32 = u32.MAX_VALUE;

/** Of a stamp: what stands there is none. */
export const UNCOUNTABLE: u32 = 255;

export function beginRow(row: usize, start: usize, end: usize): void {
  store<u32>(row, start);
  store<u32>(row, end, 4);
  store<u32>(row, 0, 8);
  store<u32>(row, OTHER | (NO_NAME << 16), 12);
}

export function startOf(row: usize): usize {
  return load<u32>(row);
}

export function endOf(row: usize): usize {
  return load<u32>(row, 4);
}

export function taskOf(row: usize): u32 {
  return load<u32>(row, 8);
}

export function setTask(row: usize, task: u32): void {
  store<u32>(row, task, 8);
}

export function formOf(row: usize): u32 {
  return load<u8>(row, 12);
}

export function setForm(row: usize, form: u32): void {
  store<u8>(row, <u8>form, 12);
}

export function hasFlag(row: usize, flag: u32): bool {
  return (load<u8>(row, 13) & flag) !== 0;
}

export function setFlags(row: usize, flags: u32): void {
  store<u8>(row, <u8>flags, 13);
}

export function nameOf(row: usize): u32 {
  return load<u16>(row, 14);
}

export function setName(row: usize, place: u32): void {
  store<u16>(row, <u16>place, 14);
}

export function childOf(row: usize): u32 {
  return load<u32>(row, 16);
}

export function setChild(row: usize, child: u32): void {
  store<u32>(row, child, 16);
}

export function threadOf(row: usize): u32 {
  return load<u32>(row, 16);
}

export function setThread(row: usize, thread: u32): void {
  store<u32>(row, thread, 16);
}

// ---- where calls are counted

export function stampKindOf(row: usize): u32 {
  return load<u8>(row, 38);
}

export function secondsOf(row: usize): u32 {
  return load<u32>(row, 20);
}

export function nanosOf(row: usize): u32 {
  return load<u32>(row, 32);
}

export function setStamp(row: usize, kind: u32, seconds: u32, nanos: u32): void {
  store<u8>(row, <u8>kind, 38);
  store<u32>(row, seconds, 20);
  store<u32>(row, nanos, 32);
}

export function setUncountable(row: usize): void {
  setStamp(row, UNCOUNTABLE, 0, 0);
}

export function errorOf(row: usize): u32 {
  return load<u16>(row, 36);
}

export function durationOf(row: usize): f64 {
  return load<f64>(row, 24);
}

export function setEnding(row: usize, error: u32, durationNs: f64): void {
  store<u16>(row, <u16>error, 36);
  store<f64>(row, durationNs, 24);
}
