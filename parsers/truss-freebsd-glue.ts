/**
 * Without `-o` the program's own text stands in front of a line where it did not end in a line feed, and with several
 * copies of truss (to FreeBSD 10.2) so do pieces of each other's lines.
 *
 *   reading config... 1201: openat(AT_FDCWD,"conf",O_RDONLY,00)⇥ = 3 (0x3)
 *    8974:  8956: close(11)⇥⇥⇥⇥ = 0 (0x0)
 *   promptwrite(1,"prompt",6)⇥⇥⇥ = 6 (0x6)
 *
 * With a prefix the place is plain. Without one the names below are looked for, and only where their first arguments
 * are what that call prints: those an answer depends on, and `write`, which is what puts the text there.
 */
import { COLON, isBlank, isDigit, readDecimal, startsWithAny } from '../src/scan/cursor.ts';
import { MAX_ID_DIGITS, MAX_PID } from './truss-freebsd-front.ts';

const GLUED: readonly { readonly name: string; readonly leads: readonly string[] }[] = [
  { name: 'open', leads: ['"'] },
  { name: 'openat', leads: ['AT_FDCWD,"'] },
  { name: 'execve', leads: ['"'] },
  { name: 'write', leads: ['1,"', '2,"', '1,0x', '2,0x'] },
  { name: 'writev', leads: ['1,[', '2,[', '0x1,', '0x2,'] },
  { name: 'exit', leads: ['0x'] },
];

/** Calls whose whole name ends like one of the above. */
const WHOLE_NAMES: ReadonlySet<string> = new Set([
  'pwrite',
  'pwritev',
  'linux_open',
  'linux_execve',
  'linux_write',
  'linux_writev',
  'linux_pwritev',
  'linux_exit',
  'thr_exit',
  '_exit',
  'sys_exit',
  'kmq_open',
  'shm_open',
  'ksem_open',
  'fhopen',
  'fexecve',
  '__mac_execve',
]);

/** Places tried in one line. A real line has one; more are somebody's jest, and cost time. */
const MAX_TRIES = 8;

/** Whether a name may be program text with a call's name behind it ('promptwrite'). */
export function isGluedName(name: string): boolean {
  if (WHOLE_NAMES.has(name)) return false;
  for (const row of GLUED) {
    if (name.length > row.name.length && name.endsWith(row.name)) return true;
  }
  return false;
}

/** Where the first call of a log without prefixes begins behind program text, or -1. */
export function gluedCallStart(text: string): number {
  let first = -1;
  for (const row of GLUED) {
    const head = `${row.name}(`;
    let at = text.indexOf(head, 1);
    for (let tries = 0; at > 0 && tries < MAX_TRIES; tries++) {
      if (startsWithAny(text, at + head.length, row.leads)) {
        if (first < 0 || at < first) first = at;
        break;
      }
      at = text.indexOf(head, at + 1);
    }
  }
  return first;
}

/**
 * Start of the last prefix (`PID: `, `TID: `, `PID TID: `) whose colon is before `before`, or -1. One at the line's own
 * start is none.
 */
export function gluedPrefixStart(text: string, before: number): number {
  for (let colon = text.lastIndexOf(': ', before - 1); colon > 0; colon = text.lastIndexOf(': ', colon - 1)) {
    const last = numberStart(text, colon);
    if (last === colon || colon - last > MAX_ID_DIGITS || text.charCodeAt(colon) !== COLON) continue;
    if (readDecimal(text, last, colon) <= MAX_PID) return last > 0 ? last : -1;
    // A thread's id has its process's in front of it where there is one.
    let blank = last;
    while (isBlank(text.charCodeAt(blank - 1))) blank--;
    const first = blank < last ? numberStart(text, blank) : blank;
    const at = first < blank ? first : last;
    return at > 0 ? at : -1;
  }
  return -1;
}

/** Start of the digits that end at `end`; `end` itself where there are none. */
function numberStart(text: string, end: number): number {
  let at = end;
  while (at > 0 && isDigit(text.charCodeAt(at - 1))) at--;
  return at;
}
