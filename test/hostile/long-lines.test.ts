import { describe, expect, test } from 'vitest';
import { DIALECTS, type Dialect } from '../../src/model/dialect.ts';
import { readBytes } from './reading.ts';

// A line eight times as long may take eight times as long, and as many lines eight times as many. Both sides of a
// comparison have the same number of bytes, so their times are about equal where work is linear, and stand 1 to 8 where
// it is quadratic.

const SHORT_BYTES = 2048;
const FACTOR = 8;
/** Between linear (1) and quadratic (8). */
const MOST = 4;
/** The same where lines may be passed over: of the short ones that is all but the first, of the long one nothing. */
const MOST_FILTERED = MOST * FACTOR;
const ATTEMPTS = 10;

/** What a hostile line is full of. */
const UNITS: readonly string[] = [
  '"',
  '\\',
  '\\"',
  '(',
  ')',
  '()',
  '[',
  ']',
  '{',
  '<',
  '>',
  '3<',
  '3</',
  '->',
  ',"',
  ', ',
  ' ',
  '\t',
  '7',
  '.',
  ':',
  '/',
  '/*',
  '*/ /*',
  "'",
  "'x'",
  ') = ',
  ') = 3',
  ' = ',
  '=',
  '<unfinished ...>',
  ' <unfinished ...>)',
  '<... read resumed>',
  '<... ',
  '[pid ',
  '[pid 7] ',
  'Process ',
  'strace: ',
  'strace: Process 7 attached',
  '/strace: ',
  'ptrace(',
  ' <ptrace(',
  '+++ ',
  '+++ killed by SIGSEGV +++',
  '--- ',
  '--- SIGSEGV {',
  '} ---',
  'si_signo=',
  '\x1b[',
  '\x1b[31m',
  'open(',
  'open("a", O_RDONLY) = 3',
  'write(2, "',
  'Err#2 ',
  'Err#',
  '1/2:\t',
  '\t= ',
  'Received signal #11, SIGSEGV ',
  'Incurred fault #6, FLTBOUNDS ',
  '(sleeping...)',
  '% time ',
  'calls ',
];

/** Where in a line it stands. */
const FRAMES: readonly (readonly [before: string, after: string])[] = [
  ['', ''],
  ['openat(AT_FDCWD, ', ', O_RDONLY) = 3'],
  ['open("', '", O_RDONLY) = 3'],
  ['7 write(1, "', ''],
  ['[pid     7] ', ' <unfinished ...>'],
  ['7 <... read resumed>', ''],
  ['--- SIGSEGV ', ' ---'],
  ['7:\topen("', '", O_RDONLY)\t\t= 3'],
];

const BEGINNING: Readonly<Record<Dialect, string>> = {
  strace: '7 execve("/bin/a", ["a"], 0x7ffd /* 1 var */) = 0\n7 open("/in/a", O_RDONLY) = 3\n',
  'truss-illumos': '7:\texecve("/bin/a", 0x08047A5C, 0x08047A64)  argc = 1\n7:\topen("/in/a", O_RDONLY)\t\t\t= 3\n',
  'truss-freebsd': '7: execve("/bin/a",{ "a" },{ }) = 0 (0x0)\n7: open("/in/a",O_RDONLY,00) = 3 (0x3)\n',
  'truss-aix': '7:\texecve("/bin/a", 0x2FF22A40, 0x200135A8)  argc: 1\n7:\topen("/in/a", O_RDONLY)\t\t= 3\n',
  dtruss: '\tPID/THRD  SYSCALL(args) \t\t = return\n    7/0x17:  open("/in/a\\0", 0x0, 0x0)\t\t = 3 0\n',
  kdump: '     7 a        CALL  open(0x1,0x2<O_RDONLY>)\n     7 a        NAMI  "/in/a"\n     7 a        RET   open 3\n',
};

/** Processor time: what other programs take does not count. */
function timeMs(bytes: Buffer, dialect: Dialect, filtered: boolean): number {
  const begun = process.cpuUsage();
  readBytes(bytes, dialect, 65_536, filtered);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/**
 * Time for the long line in times of that for the short ones: of each the best of a few attempts, one where that will do.
 * What the collector takes may come with the same one each time.
 */
function slowdown(short: Buffer, long: Buffer, dialect: Dialect, filtered: boolean, most: number): number {
  let [shortMs, longMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let attempt = 0; attempt < ATTEMPTS && !(longMs / shortMs <= most); attempt++) {
    longMs = Math.min(longMs, timeMs(long, dialect, filtered));
    shortMs = Math.min(shortMs, timeMs(short, dialect, filtered));
  }
  return longMs / shortMs;
}

describe.each(DIALECTS)('%s', (dialect) => {
  test.each(FRAMES)('reads lines of the form %j … %j in linear time, whatever they are full of', (before, after) => {
    const slow = UNITS.flatMap((unit) => {
      const line = (bytes: number) => `${before}${unit.repeat(bytes / unit.length)}${after}\n`;
      const short = Buffer.from(BEGINNING[dialect] + line(SHORT_BYTES).repeat(FACTOR), 'latin1');
      const long = Buffer.from(BEGINNING[dialect] + line(SHORT_BYTES * FACTOR), 'latin1');
      return [false, true].flatMap((filtered) => {
        const most = filtered ? MOST_FILTERED : MOST;
        const ratio = slowdown(short, long, dialect, filtered, most);
        return ratio > most ? [{ unit, filtered, ratio }] : [];
      });
    });
    expect(slow).toEqual([]);
  });
});
