/** Whether one line is of illumos or Solaris truss, and what tells it from its relatives. */
import { codeAt, EQUALS, OPEN_PAREN, skipSpaces, TAB, trimmedEnd } from '../src/scan/cursor.ts';
import { recognizesTrussAix } from './truss-aix-recognize.ts';
import { readCall, skipCallName } from './truss-illumos-call.ts';

/** Results stand in this column of the call, or one blank behind a call that is as wide. */
const RESULT_COLUMN = 48;
const TAB_WIDTH = 8;

/** Beginnings that no other tracer prints. */
const BODY =
  /^(?:Incurred fault #|Received signal #|Stopped by signal #|siginfo: SIG|argv: |envp: |\*\*\* (?:process killed|cannot trace across|lost control of|process otherwise))/;
/** Fields that -v prints of a file below each stat. */
const STAT_FIELD = /^(?: {4}d=0x|\t[amc]t = | {4}bsz=)/;

const PREFIX = /^(?:\d{1,10}(?:\/\d+)?|\/\d+)(?:@\d+)?:(?=[ \t])/;
const STAMPS = /^(?:-?\d+\.\d{4}[ \t]+){1,3}/;
/** Addresses are printed in capitals, by strace and dtruss in small letters. */
const CAPITAL_ADDRESS = /0x[0-9A-F]{8,16}(?![0-9a-zA-Z])/;
const SMALL_HEX = /0x[0-9A-F]*[a-f]/;
const ONE_WAY = /^(?:_exit\(-?\d+\)|lwp_exit\(\)|[gs]et(?:context|ustack)\(0x[0-9A-F]{8,16}\))$/;
const TIGHT_COMMA = /,[^ ]/;
/** A result behind tabs, one word or an error: what program output in front of a call leaves of its layout. */
const TABBED_RESULT = /\) *\t+(?:= [\w-]+|Err#\d+ {1,2}\w+)$/;
/** A row of the table of -c. Its seconds have three decimals, and no zero before the point. */
const TABLE_ROW = /^(?:[a-z_][\w#]{0,30}|sys totals:|usr time:|elapsed:) +\d*\.\d{3}(?: +\d+){0,2}$/;
const TABLE_HEAD = /^syscall {15}seconds {3}calls {2}errors$/;
/** A row of -r or -w: two characters for each byte. */
const DUMP = /^ {2}(?: [ -~]|\\[0btnvfr]|[0-9A-F]{2}){4,32}$/;

/** Whether this line can be of truss on illumos or Solaris and of hardly any other tracer. */
export function recognizesTrussIllumos(text: string): boolean {
  if (recognizesTrussAix(text)) return false;
  const end = trimmedEnd(text, text.length);
  const prefixEnd = PREFIX.exec(text)?.[0].length ?? 0;
  const body = skipSpaces(text, prefixEnd);
  const stamps = STAMPS.exec(text.slice(body, body + 64))?.[0].length ?? 0;
  const start = body + stamps;
  if (isCallOfTruss(text, prefixEnd, start, end)) return true;
  if (BODY.test(text.slice(start, start + 64))) return true;
  if (text.endsWith('(sleeping...)', end) || text.startsWith('Base time stamp:  ')) return true;
  if (prefixEnd > 0) return codeAt(text, prefixEnd) === TAB || text.slice(0, prefixEnd).includes('@');
  if (TABBED_RESULT.test(text.slice(Math.max(0, end - 160), end))) return true;
  if (STAT_FIELD.test(text)) return true;
  if (end >= 80) return false;
  const line = text.slice(0, end);
  return DUMP.test(line) || TABLE_ROW.test(line) || TABLE_HEAD.test(line);
}

function isCallOfTruss(text: string, prefixEnd: number, start: number, end: number): boolean {
  const open = skipCallName(text, start);
  if (open === start || codeAt(text, open) !== OPEN_PAREN) return false;
  const call = readCall(text, start, end);
  if (call === null) return text.endsWith('(sleeping...)', end);
  // No other tracer writes `Err#2 ENOENT` directly behind the call, a second value in brackets, or `argc = 1`.
  if (call.errno !== null || (call.detail !== null && call.result === null)) return true;
  if (call.result === null) return ONE_WAY.test(text.slice(start, end));
  if (text.startsWith('()', open) && text.startsWith('(returning as ', skipSpaces(text, open + 2))) return true;
  const close = open + 1 + call.args.length;
  const gapEnd = skipSpaces(text, close + 1);
  if (codeAt(text, gapEnd) !== EQUALS) return false;
  if (isPadded(text, start, close, gapEnd)) return true;
  // The truss of FreeBSD has the same prefix, but no blank behind a comma.
  if (prefixEnd > 0) return codeAt(text, prefixEnd) === TAB || !TIGHT_COMMA.test(call.args);
  return CAPITAL_ADDRESS.test(text.slice(start, end)) && !SMALL_HEX.test(text);
}

/** Whether the gap before the result is truss's own: tabs, or blanks that reach the result's column. */
function isPadded(text: string, start: number, close: number, gapEnd: number): boolean {
  let column = close + 1 - start;
  if (column >= RESULT_COLUMN) return false;
  for (let at = close + 1; at < gapEnd; at++) {
    column = codeAt(text, at) === TAB ? column - (column % TAB_WIDTH) + TAB_WIDTH : column + 1;
  }
  return column === RESULT_COLUMN;
}
