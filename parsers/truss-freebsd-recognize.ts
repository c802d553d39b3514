/** Whether one line is of FreeBSD truss, and what tells it from its relatives. */
import { startsWithAny, trimmedEnd } from '../src/scan/cursor.ts';
import { endsInString } from './truss-freebsd-call.ts';
import { skipLead } from './truss-freebsd-front.ts';
import { readMark } from './truss-freebsd-marks.ts';

const PREFIX = /^(?:\d{1,10}: | *\d{1,10} {1,2}\d{1,10}: )?(?:-?\d{1,12}\.\d{9} ){0,2}/;
const NAME = /^(?:[A-Za-z_#][A-Za-z0-9_.#]{0,60}|\(null\))\(/;
/** No other tracer prints a result twice, in decimals and in brackets. */
const RESULT = /\)[ \t]* (?:= -?\d{1,20} \(0x[0-9a-f]{1,16}\)|ERR#-?\d{1,4} '[^']+'|ERR#-?\d{1,4}|EJUSTRETURN)$/;
const EXIT = /^(?:linux_|_)?exit(?:_group)?\(0x[0-9a-f]{1,8}\)$/;
/** A result shortened by hand. illumos has the same prefix, but a blank behind each comma and a tab behind the colon. */
const SHORT_RESULT = /\)[ \t]* = -?\d{1,20}$/;
const UNKNOWN_CALL = /^-- UNKNOWN (?:FreeBSD32 |FreeBSD |Linux32 |Linux )?SYSCALL -?\d{1,6} --$/;
const TABLE_HEAD = /^syscall {21}seconds {3}calls {2}errors$/;
/** A row of the table of -c: its seconds have nine decimals, those of other tracers six or fewer. */
const TABLE_ROW = /^(?:[a-z_#][\w.#]{0,40})? +\d{1,9}\.\d{9} +\d{1,9} +\d{1,9}$/;
/** The lines of FreeBSD 2 and 3, in pairs. */
const OLD_CALL = /^syscall [a-z_]\w{0,40}\(/;
const OLD_RESULT = /^(?:returns -?\d{1,20} \(0x[0-9a-f]{1,16}\)|errno \d{1,4} '[^']+')$/;
/** The longest result: an error with its text. */
const TAIL = 160;

/** Whether this line can be of truss on FreeBSD and of hardly any other tracer. */
export function recognizesTrussFreebsd(text: string): boolean {
  const start = skipLead(text);
  const end = trimmedEnd(text, text.length);
  const front = PREFIX.exec(text.slice(start, start + 64))?.[0] ?? '';
  const body = start + front.length;
  const head = text.slice(body, Math.min(end, body + 80));
  const tail = text.slice(Math.max(body, end - TAIL), end);
  if (readMark(text, body, end) !== null || RESULT.test(tail)) return true;
  if (NAME.test(head)) {
    return EXIT.test(head) || (front !== '' && SHORT_RESULT.test(tail) && isTight(text, body, end));
  }
  return (
    UNKNOWN_CALL.test(head) ||
    TABLE_HEAD.test(head) ||
    (TABLE_ROW.test(head) && end - body < 80) ||
    OLD_CALL.test(head) ||
    OLD_RESULT.test(head) ||
    startsWithAny(text, body, ['truss: can not attach to target process'])
  );
}

/** Whether there are arguments, and no blank behind any comma outside of strings. */
function isTight(text: string, body: number, end: number): boolean {
  if (text.indexOf(',', body) < 0) return false;
  const comma = text.indexOf(', ', body);
  return comma < 0 || comma >= end || endsInString(text.slice(body, text.indexOf('(', body)), text, body, comma);
}
