import { isDebug, isTableHeader, processMessage, readSignal } from './strace-lines.ts';

const COLUMNS =
  /^(?:\[pid +\d+(?:<[^<>]*>)?\] |\d{1,7}(?:<[^<>]*>)? +)?(?:[\d:.]+ +|\(\+ *[\d.]+\) | +(?=\d+\.\d)|\[(?! Process)[^\]]*\] )*/;
const CALL = /^(?:\d+:)?[a-z_]\w*(?:#\d+)?\(/;
const RESULT =
  /\) +(?:= -?\d+(?:<.*>)?(?: E[A-Z0-9]+ \(| \(.*\)| <[\d.]+>)?$|= 0x[0-9a-f]+(?: |<|$)|= \?(?: |$)|= -1 E[A-Z0-9]+ \()/;
const CUT = / <(?:unfinished \.\.\.|detached \.\.\.|pid changed to \d+ \.\.\.)>$/;
const END = /^\+\+\+ (?:exited with \d+|killed by SIG\w+|superseded by execve)/;
const RESUMED = /^<\.\.\. \w+ resumed>/;

/** FreeBSD's `= 0 (0x0)`, dtruss's two results, truss's tabs: their calls look alike otherwise. */
const NEIGHBOUR = /^\d+:[ \t]|\t|= -?\d+ \(0x[0-9a-f]+\)$|= -?(?:\d+|0x[0-9a-fA-F]+) -?\d+$|Err#\d|ERR#\d/;

/** strace, as against ltrace and the trusses. */
export function recognizesStrace(text: string): boolean {
  const body = text.slice(COLUMNS.exec(text)?.[0].length ?? 0);
  if (END.test(body) || RESUMED.test(body) || readSignal(body, 0) !== null) return true;
  if (processMessage(text) !== null || isTableHeader(text) || isDebug(text)) return true;
  if (!CALL.test(body)) return false;
  return CUT.test(body) || (RESULT.test(body) && !NEIGHBOUR.test(text));
}
