// From text to rows. What stands in a row follows from the line's bytes alone.

import { COUNTED_ROW_BYTES } from './memory';
import { beginRow } from './row';
import { readStraceLine } from './strace';
import { byteAt, endOfLine } from './text';
import { readTrussLine } from './truss-illumos';

let end: usize = 0;

/**
 * Fills rows of so many bytes, `most` of them, with the lines of [from, limit), which ends in a line feed. Gives how many;
 * `scannedTo` is where the line behind them begins.
 */
export function scan(isStrace: bool, from: usize, limit: usize, rows: usize, most: u32, stride: usize): u32 {
  const counts = stride === COUNTED_ROW_BYTES;
  let at = from;
  let row = rows;
  let count: u32 = 0;
  for (; at < limit && count < most; count++) {
    const feed = endOfLine(at);
    const lineEnd = feed > at && byteAt(feed - 1) === 13 ? feed - 1 : feed;
    beginRow(row, at, lineEnd);
    if (isStrace) readStraceLine(row, at, lineEnd, counts);
    else readTrussLine(row, at, lineEnd);
    at = feed + 1;
    row += stride;
  }
  end = at;
  return count;
}

export function scannedTo(): usize {
  return end;
}
