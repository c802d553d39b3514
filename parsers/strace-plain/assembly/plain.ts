// The lines that large logs are made of, read on their bytes.
//
//   303 1700000000.123456 openat(AT_FDCWD, "/x", O_RDONLY) = -1 ENOENT (No such file or directory)      whole
//   303 1700000000.123456 read(3,  <unfinished ...>                                                     head
//   303 1700000000.123461 <... read resumed>"", 4096) = 0                                               tail
//
// Whatever is not so plain is left to the reader of text: it is the one that knows all forms, and of these lines it
// would say the same. Not plain are comments, character literals, decorations, durations, details,
// and anything that may be a message of strace's.

import { MAX_TASK, NO_NAME, NONE, VERDICTS } from '../../sieve/assembly/memory';
import { placeOf } from '../../sieve/assembly/names';
import { byteAt, endOfLine, indexOf, isDigit } from '../../sieve/assembly/text';
import { closing, depth, NOT_PLAIN, OPEN } from './arguments';
import { hasTime, readColumns, task } from './columns';
import { dropHead, HEAD_DEPTH, headOf, keepHead } from './heads';
import {
  AS_TEXT,
  AT,
  END,
  FULL,
  LAST_HEAD,
  LAST_TASK,
  LIMIT,
  LINE,
  LIVE,
  NAME,
  NAME_FOUND,
  NOTHING_PLAIN,
  OVER,
  PLAIN,
  START,
  TASKS,
  WHOLE_CALL,
} from './memory';
import { endOfName, isNameStart } from './names';
import { readResult } from './result';
import { addJoined, addWhole, areFull } from './rows';

/** `<unfinished ...>` */
const CUT_BYTES: usize = 16;

/** Reads plain lines into rows, up to a line that is not plain, or the text's end; `FULL` where calls are to be taken out. */
export function readPlainLines(): i32 {
  const limit = load<u32>(LIMIT);
  let at: usize = load<u32>(AT);
  let line = load<i32>(LINE);
  let found = OVER;
  while (at < limit) {
    if (areFull()) {
      found = FULL;
      break;
    }
    const start = at;
    const feed = endOfLine(start);
    at = feed + 1;
    line++;
    const end = feed > start && byteAt(feed - 1) === 13 ? feed - 1 : feed;
    found = load<u32>(NOTHING_PLAIN) !== 0 ? AS_TEXT : readLine(start, end, line);
    if (found !== PLAIN) {
      store<u32>(START, <u32>start);
      store<u32>(END, <u32>end);
      break;
    }
    found = OVER;
  }
  store<i32>(LINE, line);
  store<u32>(AT, <u32>at);
  return found;
}

function readLine(start: usize, end: usize, line: i32): i32 {
  const body = readColumns(start);
  if (body === 0 || task === 0 || task >= MAX_TASK || !hasTime()) return AS_TEXT;
  if ((byteAt(TASKS + task) & LIVE) === 0) return AS_TEXT;
  const found = byteAt(body) === 60 ? readTail(body, end, line) : readCall(body, end, line);
  if (found === PLAIN) store<u32>(LAST_TASK, task);
  return found;
}

function readCall(name: usize, end: usize, line: i32): i32 {
  const open = indexOf(40, name, end);
  if (open >= end) return AS_TEXT;
  const place = isNameStart(byteAt(name)) ? placeOf(name, open, true) : NO_NAME;
  if (place === NO_NAME) return AS_TEXT;
  const said = byteAt(VERDICTS + place);
  if (said === NONE) {
    store<u32>(NAME, place);
    return NAME_FOUND;
  }
  if (said !== PLAIN || mayShowOutput(open)) return AS_TEXT;
  if (byteAt(end - 1) === 62) return readHead(name, open, end, line);
  const close = closing(open + 1, end, 1);
  if (close === OPEN || close === NOT_PLAIN || !readResult(close + 1, end)) return AS_TEXT;
  addWhole(line, name, open, close);
  store<u32>(LAST_HEAD, WHOLE_CALL);
  return PLAIN;
}

// 303 1700000000.123456 read(3,  <unfinished ...>
function readHead(name: usize, open: usize, end: usize, line: i32): i32 {
  const cut = end - CUT_BYTES;
  if (cut <= open || load<u64>(cut) !== 0x73696e69666e753c || load<u64>(cut + 8) !== 0x3e2e2e2e20646568) return AS_TEXT;
  if (closing(open + 1, cut, 1) !== OPEN || !keepHead(line, name, open, cut, depth)) return AS_TEXT;
  store<u32>(LAST_HEAD, task);
  return PLAIN;
}

// <... read resumed>"", 4096) = 0
function readTail(body: usize, end: usize, line: i32): i32 {
  const head = headOf(task);
  if (load<u32>(head) !== task || byteAt(end - 1) === 62) return AS_TEXT;
  const name = body + 5;
  // <...
  if (load<u32>(body) !== 0x2e2e2e3c || byteAt(body + 4) !== 32) return AS_TEXT;
  const nameEnd = endOfName(name);
  //  resumed>
  if (nameEnd === name || load<u64>(nameEnd) !== 0x64656d7573657220 || byteAt(nameEnd + 8) !== 62) return AS_TEXT;
  const behind = nameEnd + 9;
  const rest = byteAt(behind) === 32 ? behind + 1 : behind;
  if (rest >= end) return AS_TEXT;
  const close = closing(rest, end, load<u32>(head, HEAD_DEPTH));
  if (close === OPEN || close === NOT_PLAIN || !readResult(close + 1, end)) return AS_TEXT;
  addJoined(line, head, rest, close);
  dropHead(head);
  return PLAIN;
}

// write(2, "two\nlines", 9two
/** Whether the call may be a `write` to descriptor 1 or 2, in whose line the program's own text may stand. */
function mayShowOutput(open: usize): bool {
  if (byteAt(open - 1) !== 101 || byteAt(open - 5) !== 119) return false;
  const first = byteAt(open + 1);
  return !isDigit(first) || first === 49 || first === 50;
}
