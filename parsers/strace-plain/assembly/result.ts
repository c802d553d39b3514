// What a call returned.

import { byteAt, isDigit } from '../../sieve/assembly/text';
import { endOfName, isInName } from './names';

/** No result and no name of an error is longer, unless somebody made it up. */
const MAX_WORD: usize = 64;

// The result read last.
export let resultStart: usize = 0;
export let resultEnd: usize = 0;
export let errnoStart: usize = 0;
/** As `errnoStart` where there is no errno. */
export let errnoEnd: usize = 0;

// 303 close(9)                        = -1 EBADF (Bad file descriptor)
//            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
/** Reads what stands behind a call's parenthesis. False where it is not plain. */
export function readResult(from: usize, end: usize): bool {
  let at = from;
  while (byteAt(at) === 32 || byteAt(at) === 9) at++;
  if (at === from || byteAt(at) !== 61 || byteAt(at + 1) !== 32) return false;
  return readValue(at + 2, end);
}

// -1 ENOENT (No such file or directory)
function readValue(start: usize, end: usize): bool {
  const first = byteAt(start);
  let at = start + 1;
  while (isInName(byteAt(at))) at++;
  resultStart = start;
  resultEnd = at;
  errnoStart = at;
  errnoEnd = at;
  if (at - start > MAX_WORD) return false;
  if (at === end) return isDigit(first) || (first === 45 ? at > start + 1 : isUnknown());
  if (first !== 45 && first !== 63 && !isDigit(first)) return false;
  if (byteAt(at) !== 32 || byteAt(at + 1) !== 69) return false;
  errnoStart = at + 1;
  errnoEnd = endOfName(errnoStart);
  if (errnoEnd - errnoStart > MAX_WORD) return false;
  return isErrorText(errnoEnd, end);
}

// -1 ENOENT (No such file or directory)
//          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
function isErrorText(from: usize, end: usize): bool {
  if (byteAt(from) !== 32 || byteAt(from + 1) !== 40 || byteAt(end - 1) !== 41) return false;
  for (let at = from + 2; at < end - 1; at++) {
    const byte = byteAt(at);
    if (isDigit(byte) || byte === 58 || byte === 40 || byte === 41 || byte === 60) return false;
  }
  return true;
}

// -1 ERESTARTSYS (To be restarted if SA_RESTART is set)
//    ^^^^^^^^
export function isRestarted(): bool {
  return load<u64>(errnoStart) === 0x5452415453455245 && errnoEnd - errnoStart >= 8;
}

/** Whether the call was never seen to return. */
export function isUnknown(): bool {
  return byteAt(resultStart) === 63 && resultEnd - resultStart === 1;
}
