// The lines of calls that are told by numbers (src/model/call-row.ts): as `writeEvent` writes them.

import * as Row from '../../../model/call-row';
import { characters, copy, integer, piece } from './json';
import {
  ARGS,
  AT_NS,
  END_LINE,
  ERRNO,
  FAILED,
  LINES,
  NAME,
  NO_TIME,
  PID,
  RESTARTED,
  RESULT,
  RETURNED,
  START,
  TIME,
  UNFINISHED,
} from './room';

/** A byte takes at most six: \u001f. */
const LONGEST_ESCAPE: usize = 6;
/** All of a line but its arguments is shorter, and what is overwritten behind it. */
const OTHERS_BYTES: usize = 1024;
/** Greater numbers are not told exactly. */
const MAX_SAFE: f64 = 9007199254740991;

/**
 * Writes the lines of the rows [first, end), as far as there is room for them and they can be written here; the room has
 * the place of the row behind them then. Gives where the lines end.
 */
export function writeCalls(first: usize, end: usize, room: usize, roomBytes: usize): usize {
  const limit = room + roomBytes;
  let to = room + LINES;
  let row = first;
  while (row < end) {
    const bytes: usize =
      number(row, Row.ARGS_END) - number(row, Row.ARGS) + number(row, Row.REST_END) - number(row, Row.REST);
    if (to + bytes * LONGEST_ESCAPE + OTHERS_BYTES > limit) break;
    if (hasStamp(row) && abs(atNs(row)) > MAX_SAFE) break;
    to = writeCall(to, row, room);
    row += Row.ROW_NUMBERS * 4;
  }
  store<u32>(room, <u32>row);
  return to;
}

function writeCall(from: usize, row: usize, room: usize): usize {
  let to = piece(from, room, START);
  to = integer(to, number(row, Row.LINE));
  to = piece(to, room, END_LINE);
  to = integer(to, number(row, Row.END_LINE));
  to = piece(to, room, PID);
  to = integer(to, number(row, Row.PID));
  to = hasStamp(row) ? writeTime(to, row, room) : piece(to, room, NO_TIME);
  to = piece(to, room, NAME);
  to = copy(to, number(row, Row.NAME), number(row, Row.NAME_END));
  to = piece(to, room, ARGS);
  to = characters(to, number(row, Row.ARGS), number(row, Row.ARGS_END));
  to = characters(to, number(row, Row.REST), number(row, Row.REST_END));
  to = piece(to, room, RESULT);
  to = copy(to, number(row, Row.RESULT), number(row, Row.RESULT_END));
  switch (number(row, Row.OUTCOME)) {
    case Row.RETURNED:
      return piece(to, room, RETURNED);
    case Row.UNFINISHED:
      return piece(to, room, UNFINISHED);
    case Row.FAILED:
      return piece(writeErrno(to, row, room), room, FAILED);
    default:
      return piece(writeErrno(to, row, room), room, RESTARTED);
  }
}

function writeTime(from: usize, row: usize, room: usize): usize {
  let to = piece(from, room, TIME);
  to = copy(to, number(row, Row.STAMP), number(row, Row.STAMP_END));
  to = piece(to, room, AT_NS);
  const time = atNs(row);
  if (time < 0) store<u8>(to++, 45);
  return integer(to, <u64>abs(time));
}

function writeErrno(from: usize, row: usize, room: usize): usize {
  return copy(piece(from, room, ERRNO), number(row, Row.ERRNO), number(row, Row.ERRNO_END));
}

function hasStamp(row: usize): bool {
  return number(row, Row.STAMP) !== number(row, Row.STAMP_END);
}

function atNs(row: usize): f64 {
  return load<f64>(row + Row.AT_NS * 4);
}

function number(row: usize, index: usize): u32 {
  return load<u32>(row + index * 4);
}
