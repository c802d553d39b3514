// Calls that were read, as src/model/call-row.ts tells them.

import * as Row from '../../../src/model/call-row';
import { stampEnd, stampStart, task, tellTime } from './columns';
import {
  HEAD_ARGS,
  HEAD_ARGS_END,
  HEAD_AT_NS,
  HEAD_LINE,
  HEAD_NAME,
  HEAD_NAME_END,
  HEAD_STAMP_END,
  HEAD_STAMP_START,
} from './heads';
import { CALLS, ROW_BYTES, ROW_SLOTS, ROWS } from './memory';
import { errnoEnd, errnoStart, isRestarted, isUnknown, resultEnd, resultStart } from './result';

export function areFull(): bool {
  return load<u32>(CALLS) === ROW_SLOTS;
}

/** Adds the whole call of the line at hand. */
export function addWhole(line: i32, name: usize, open: usize, close: usize): void {
  const row = nextRow();
  store<i32>(row, line, Row.LINE * 4);
  store<i32>(row, line, Row.END_LINE * 4);
  store<u32>(row, task, Row.PID * 4);
  addParts(row, stampStart, stampEnd, name, open, open + 1, close);
  addRest(row, 0, 0);
  store<f64>(row, tellTime(), Row.AT_NS * 4);
}

/** Adds the call that began with the head and ends with the line at hand, whose arguments are [rest, close). */
export function addJoined(line: i32, head: usize, rest: usize, close: usize): void {
  const row = nextRow();
  store<i32>(row, load<i32>(head, HEAD_LINE), Row.LINE * 4);
  store<i32>(row, line, Row.END_LINE * 4);
  store<u32>(row, task, Row.PID * 4);
  addParts(
    row,
    load<u32>(head, HEAD_STAMP_START),
    load<u32>(head, HEAD_STAMP_END),
    load<u32>(head, HEAD_NAME),
    load<u32>(head, HEAD_NAME_END),
    load<u32>(head, HEAD_ARGS),
    load<u32>(head, HEAD_ARGS_END),
  );
  addRest(row, rest, close);
  store<f64>(row, load<f64>(head, HEAD_AT_NS), Row.AT_NS * 4);
  // The clock goes on with each line.
  tellTime();
}

function nextRow(): usize {
  const calls = load<u32>(CALLS);
  store<u32>(CALLS, calls + 1);
  return ROWS + calls * ROW_BYTES;
}

function addParts(
  row: usize,
  stamp: usize,
  stampEnd: usize,
  name: usize,
  nameEnd: usize,
  args: usize,
  argsEnd: usize,
): void {
  store<u32>(row, <u32>stamp, Row.STAMP * 4);
  store<u32>(row, <u32>stampEnd, Row.STAMP_END * 4);
  store<u32>(row, <u32>name, Row.NAME * 4);
  store<u32>(row, <u32>nameEnd, Row.NAME_END * 4);
  store<u32>(row, <u32>args, Row.ARGS * 4);
  store<u32>(row, <u32>argsEnd, Row.ARGS_END * 4);
}

/** What the line at hand tells: the rest of the arguments, and the result. */
function addRest(row: usize, rest: usize, restEnd: usize): void {
  store<u32>(row, <u32>rest, Row.REST * 4);
  store<u32>(row, <u32>restEnd, Row.REST_END * 4);
  store<u32>(row, <u32>resultStart, Row.RESULT * 4);
  store<u32>(row, <u32>resultEnd, Row.RESULT_END * 4);
  store<u32>(row, <u32>errnoStart, Row.ERRNO * 4);
  store<u32>(row, <u32>errnoEnd, Row.ERRNO_END * 4);
  store<u32>(row, outcome(), Row.OUTCOME * 4);
}

function outcome(): u32 {
  if (errnoStart === errnoEnd) return isUnknown() ? Row.UNFINISHED : Row.RETURNED;
  return isRestarted() ? Row.RESTARTED : Row.FAILED;
}
