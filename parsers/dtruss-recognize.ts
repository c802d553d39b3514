/** Whether one line is of dtruss, and what tells it from its relatives. */
import { OPEN_PAREN, trimmedEnd } from '../src/scan/cursor.ts';
import { readCall, skipCallName } from './dtruss-call.ts';
import { LineFront, readHeader } from './dtruss-front.ts';

/** Apple's prefix: hexadecimal thread ids are no other tracer's. */
const APPLE_PREFIX = /^[ \t]*\d{1,10}\/0x[0-9a-fA-F]{1,13}:[ \t]/;
const PROBE_ERROR = /^dtrace: error on enabled probe ID \d+ \(ID \d+: [\w-]*syscall:[\w]*:\w+:(?:return|entry)\): /;
const TABLE_HEAD = /^CALL {40}COUNT$/;
/** What ends a call that is read here, a result and an error's number, or a header. Asked before anything is read. */
const ENDING = /(?:[0-9A-Fa-f][ \t]+(?:Err#)?-?\d+|= return)$/;
/** Longer than an ending ever is. */
const TAIL = 64;

const front = new LineFront();
const STRICT = { toolkit: false, certain: false };

/** Whether this line can be of dtruss and of hardly any other tracer. */
export function recognizesDtruss(text: string): boolean {
  const end = trimmedEnd(text, text.length);
  if (APPLE_PREFIX.test(text)) return true;
  if (PROBE_ERROR.test(text) || TABLE_HEAD.test(text)) return true;
  if (!ENDING.test(text.slice(Math.max(0, end - TAIL), end))) return false;
  const body = front.read(text, 0);
  const header = readHeader(text, end);
  if (header !== null) return header.start <= front.start;
  // Two numbers behind a call, `= 3 0` or `= -1 Err#2`, and no name behind the error, are nobody else's.
  if (text.charCodeAt(skipCallName(text, body)) !== OPEN_PAREN) return false;
  return readCall(text, body, end, STRICT) !== null;
}
