/**
 * Without `-o`, truss and the traced program write to the same terminal or file: the program's text stands in front
 * of a truss line where it did not end in a line feed.
 *
 *   hint: Waiting for your editor to close the file... 2655:⇥execve("/bin/bash", 0x007EA898, 0x007EA960)  argc = 5
 *   svccfgwrite(2, " s v c c f g", 6)⇥⇥⇥= 6
 *
 * With a prefix the place is plain. Without one the names below are looked for, and only where their first
 * arguments are what that call prints: those an answer depends on, and `write`, which is what puts the text there.
 */
import {
  CLOSE_PAREN,
  closingQuote,
  codeAt,
  isBlank,
  isDigit,
  isNameStart,
  MINUS,
  QUOTE,
  SLASH,
  skipDigits,
} from '../src/scan/cursor.ts';

const AT = 64;
const ONE = 49;
const TWO = 50;

/** What the arguments begin with: a path, a directory descriptor and a path, descriptor 1 or 2, an exit status. */
type Lead = 'path' | 'directory' | 'stream' | 'status';

const GLUED: readonly { readonly name: string; readonly lead: Lead }[] = [
  { name: 'open', lead: 'path' },
  { name: 'open64', lead: 'path' },
  { name: 'openat', lead: 'directory' },
  { name: 'openat64', lead: 'directory' },
  { name: 'creat', lead: 'path' },
  { name: 'creat64', lead: 'path' },
  { name: 'execve', lead: 'path' },
  { name: 'execvex', lead: 'path' },
  { name: 'write', lead: 'stream' },
  { name: 'writev', lead: 'stream' },
  { name: '_exit', lead: 'status' },
];

/** Calls whose whole name ends like one of the above. */
const WHOLE_NAMES: ReadonlySet<string> = new Set(['pwrite', 'pwritev', 'lwp_exit']);

/** Places tried in one line. A real line has one; more are somebody's jest, and cost time. */
const MAX_TRIES = 8;

/** The call that a name with program text in front of it may end in ('write' of 'svccfgwrite'); null for a plain name. */
export function gluedName(name: string): string | null {
  if (WHOLE_NAMES.has(name)) return null;
  for (const row of GLUED) {
    if (name.length > row.name.length && name.endsWith(row.name)) return row.name;
  }
  return null;
}

/** Where the first call of a log without prefixes begins behind program text, or -1. */
export function gluedCallStart(text: string): number {
  let first = -1;
  for (const row of GLUED) {
    const head = `${row.name}(`;
    let at = text.indexOf(head, 1);
    for (let tries = 0; at > 0 && tries < MAX_TRIES; tries++) {
      if (leads(text, at + head.length, row.lead)) {
        if (first < 0 || at < first) first = at;
        break;
      }
      at = text.indexOf(head, at + 1);
    }
  }
  return first;
}

/**
 * Start of the last `PID:`, `PID/LWP:` or `/LWP:` whose colon is before `before` and has a blank behind it, or -1.
 * One at the line's own start is none.
 */
export function gluedPrefixStart(text: string, before: number): number {
  for (let colon = text.lastIndexOf(':', before - 1); colon > 0; colon = text.lastIndexOf(':', colon - 1)) {
    if (!isBlank(codeAt(text, colon + 1)) || !isDigit(codeAt(text, colon - 1))) continue;
    let at = colon;
    while (at > 0 && isPrefixPart(codeAt(text, at - 1))) at--;
    return at > 0 ? at : -1;
  }
  return -1;
}

function isPrefixPart(code: number): boolean {
  return isDigit(code) || code === SLASH || code === AT;
}

function leads(text: string, args: number, lead: Lead): boolean {
  switch (lead) {
    case 'path':
      return leadsPath(text, args);
    case 'directory': {
      let comma = codeAt(text, args) === MINUS ? args + 1 : args;
      while (isDigit(codeAt(text, comma)) || isNameStart(codeAt(text, comma))) comma++;
      return comma > args && text.startsWith(', ', comma) && leadsPath(text, comma + 2);
    }
    case 'stream': {
      const descriptor = codeAt(text, args);
      if (descriptor !== ONE && descriptor !== TWO) return false;
      return text.startsWith(', "', args + 1) || text.startsWith(', 0x', args + 1);
    }
    case 'status':
      return skipDigits(text, args) > args && codeAt(text, skipDigits(text, args)) === CLOSE_PAREN;
    default:
      return lead satisfies never;
  }
}

/** Whether a path stands at `from`, and behind it flags, a mode or an address. */
function leadsPath(text: string, from: number): boolean {
  if (codeAt(text, from) !== QUOTE) return false;
  const quote = closingQuote(text, from);
  return quote > 0 && (text.startsWith(', O_', quote + 1) || text.startsWith(', 0', quote + 1));
}
