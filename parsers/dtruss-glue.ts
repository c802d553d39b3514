/**
 * dtruss writes to the standard error of the traced program: text of the program that did not end in a line feed
 * stands in front of the next line, without a blank even.
 *
 *   Enter the source path: open("/dev/dtracehelper\0", 0x2, 0x0)⇥⇥ = 3 0
 *   donewrite(0x1, "x\0", 0x1)⇥⇥ = 1 0
 */
import { COLON, isBlank, isDigit, isNameStart, skipDigits, UNDERSCORE } from '../src/scan/cursor.ts';
import { skipHex } from './dtruss-call.ts';
import { MAX_PID_DIGITS } from './dtruss-front.ts';

/** Calls that are looked for at the end of a longer name: an answer depends on them, or a program's text ends there. */
const GLUED = ['open', 'open_nocancel', 'openat', 'execve', 'write', 'write_nocancel', 'read', 'read_nocancel'];
/** Calls whose whole name ends like one of the above. One behind an underscore (`shm_open`) is always whole. */
const WHOLE_NAMES: ReadonlySet<string> = new Set(['pwrite', 'pwrite_nocancel', 'pread', 'pread_nocancel', 'fhopen']);

/** The call that a name with program text in front of it ends in ('open' of 'doneopen'); null for a plain name. */
export function gluedName(name: string): string | null {
  if (WHOLE_NAMES.has(name)) return null;
  for (const call of GLUED) {
    const start = name.length - call.length;
    if (start > 0 && name.endsWith(call) && name.charCodeAt(start - 1) !== UNDERSCORE) return call;
  }
  return null;
}

/**
 * Start of a `PID/THRD:` of Apple's script behind program output, at or after `from`, or -1. In a log of the toolkit
 * (`toolkit`), of a `PID/LWP:`.
 */
export function gluedPrefixStart(text: string, from: number, toolkit: boolean): number {
  for (let slash = text.indexOf('/', from + 1); slash > 0; slash = text.indexOf('/', slash + 1)) {
    let pid = slash;
    while (pid > from && slash - pid < MAX_PID_DIGITS && skipDigits(text, pid - 1) > pid - 1) pid--;
    if (pid === slash) continue;
    const hex = text.startsWith('0x', slash + 1);
    const tidEnd = hex ? skipHex(text, slash + 3) : skipDigits(text, slash + 1);
    if (hex === toolkit || text.charCodeAt(tidEnd) !== COLON || !isBlank(text.charCodeAt(tidEnd + 1))) continue;
    return pid;
  }
  return -1;
}

/** Start of the first `name(` behind program output, after `from`, or -1. */
export function gluedCallStart(text: string, from: number): number {
  for (let open = text.indexOf('(', from + 1); open > 0; open = text.indexOf('(', open + 1)) {
    let name = open;
    while (name > from && isNamePart(text.charCodeAt(name - 1))) name--;
    if (name < open && isNameStart(text.charCodeAt(name))) return name;
  }
  return -1;
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || isDigit(code);
}
