/**
 * The lines in which truss reports a signal or a machine fault.
 *
 *       Incurred fault #6, FLTBOUNDS  %pc = 0xFE887CF8
 *       Received signal #18, SIGCLD, in waitid() [default]
 */
import type { Disposition } from '../src/model/event.ts';
import { signalName } from '../src/model/signals.ts';
import { COMMA, codeAt, isBlank, readDecimal, skipDigits, skipSpaces } from '../src/scan/cursor.ts';

const FAULT = 'Incurred fault #';
const SIGNAL = 'Received signal #';
const PC = '%pc = ';

/** Whether such a line begins at `body`. */
export function isDelivery(text: string, body: number): boolean {
  return text.startsWith(SIGNAL, body) || text.startsWith(FAULT, body);
}

/** The signal and what becomes of it; null where this is none, or the line is cut before its name. */
export function readSignal(
  text: string,
  body: number,
  end: number,
): { readonly signal: string; readonly disposition: Disposition | null } | null {
  if (!text.startsWith(SIGNAL, body)) return null;
  const number = body + SIGNAL.length;
  const name = nameStart(text, number);
  const nameEnd = wordEnd(text, name, end);
  if (nameEnd === name) return null;
  const signal = text.slice(name, nameEnd);
  if (nameEnd < end) return { signal, disposition: dispositionAt(text, end) };
  // The log may be cut in the name; the number before it is whole.
  const whole = signalName(readDecimal(text, number, skipDigits(text, number)), 'illumos');
  return whole.startsWith(signal) ? { signal: whole, disposition: null } : null;
}

/** The fault and the program counter; null where this is none, or the line is cut in the fault's name. */
export function readFault(
  text: string,
  body: number,
  end: number,
): { readonly fault: string; readonly pc: string | null } | null {
  if (!text.startsWith(FAULT, body)) return null;
  const name = nameStart(text, body + FAULT.length);
  const nameEnd = wordEnd(text, name, end);
  if (nameEnd === name || nameEnd === end) return null;
  const mark = skipSpaces(text, nameEnd);
  const pc = mark + PC.length;
  return {
    fault: text.slice(name, nameEnd),
    pc: pc < end && text.startsWith(PC, mark) ? text.slice(pc, wordEnd(text, pc, end)) : null,
  };
}

/** Start of the name behind the number at `from`, '6, FLTBOUNDS'; the text's end where there is none. */
function nameStart(text: string, from: number): number {
  const comma = skipDigits(text, from);
  return comma > from && text.startsWith(', ', comma) ? comma + 2 : text.length;
}

function dispositionAt(text: string, end: number): Disposition | null {
  if (text.endsWith(' [default]', end)) return 'default';
  if (text.endsWith(' [caught]', end)) return 'caught';
  return text.endsWith(' [ignored]', end) ? 'ignored' : null;
}

/** Index after the word at `from`, which a blank, a comma or `end` ends. */
export function wordEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && !isBlank(codeAt(text, at)) && codeAt(text, at) !== COMMA) at++;
  return at;
}
