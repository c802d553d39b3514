import { describe, expect, test } from 'vitest';
import { readBytes } from './reading.ts';

// Logs of many tasks. Eight times the lines may take eight times as long, and what is over leaves nothing behind.

const FEW = 500;
const FACTOR = 8;
/** Between linear (8) and quadratic (64). */
const MOST = 24;
const ATTEMPTS = 4;

const SIGCHLD = (pid: number) =>
  `1 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=${pid}, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---`;
const SEGV = '--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x8} ---';
/** Of what is put off until somebody asks, it asks. */
const DEATH = '1 +++ killed by SIGSEGV +++';
const THREAD = 'clone(child_stack=0x7, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD)';

type Log = (count: number) => string[];

function each(count: number, lines: (id: number) => readonly string[]): string[] {
  return Array.from({ length: count }, (_, index) => lines(index + 2)).flat();
}

const LOGS: readonly (readonly [name: string, log: Log])[] = [
  [
    'children that come and go',
    (count) =>
      each(count, (id) => [
        `1 fork() = ${id}`,
        `${id} open("/a", O_RDONLY) = 3`,
        `${id} +++ exited with 0 +++`,
        SIGCHLD(id),
      ]),
  ],
  ['children that stay', (count) => each(count, (id) => [`1 fork() = ${id}`, `${id} open("a", O_RDONLY) = 3`])],
  [
    'children of children',
    (count) => each(count, (id) => [`${id - 1} fork() = ${id}`, `${id} open("a", O_RDONLY) = 3`]),
  ],
  ['children of a program without -f', (count) => each(count, (id) => [`fork() = ${id}`])],
  ['threads that come and go', (count) => each(count, (id) => [`1 ${THREAD} = ${id}`, `${id} +++ exited with 0 +++`])],
  [
    'threads that fault one after another',
    (count) => each(count / 10, (id) => [`1 ${THREAD} = ${id}`, `${id} open("/a", O_RDONLY) = 3`, `${id} ${SEGV}`]),
  ],
  ['faults that are survived', (count) => each(count, () => [`1 ${SEGV}`, '1 rt_sigreturn({mask=[]}) = 0'])],
  [
    'directories below each other',
    (count) => [...each(count, () => ['1 chdir("a") = 0', '1 open("b", O_RDONLY) = 3']), DEATH],
  ],
  ['descriptors that stay open', (count) => [...each(count, (id) => [`1 open("/a", O_RDONLY) = ${id}`]), DEATH]],
  ['a call that never ends', (count) => ['7 clone(', ...each(count, (id) => [`strace: Process ${id} attached`])]],
  [
    'a call that is cut again and again',
    (count) => ['7 read(3, <unfinished ...>', ...each(count, () => ['7 <... read resumed>a <unfinished ...>'])],
  ],
  [
    'calls in flight, and new tasks',
    (count) => [
      ...each(count, (id) => [`${id} read(3, <unfinished ...>`]),
      ...each(count, (id) => [`${id + 1e6} close(3) = 0`]),
    ],
  ],
  [
    'calls in flight, and halves that nobody began',
    (count) => [
      ...each(count, (id) => [`${id} read(3, <unfinished ...>`]),
      ...each(count, () => ['1 <... execve resumed>) = 0']),
      ...each(count, () => ['<... write resumed>) = 0']),
    ],
  ],
];

function leastMs(bytes: Buffer): number {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 2; turn++) {
    const begun = performance.now();
    readBytes(bytes, 'strace', 65_536, true);
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}

describe('time in proportion to the lines', () => {
  test.each(LOGS)('of %s', (_name, log) => {
    const bytes = (count: number) =>
      Buffer.from(`${['1 execve("/bin/a", ["a"], 0x7 /* 0 vars */) = 0', ...log(count)].join('\n')}\n`, 'latin1');
    const [few, many] = [bytes(FEW), bytes(FEW * FACTOR)];
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < ATTEMPTS && best > MOST; attempt++)
      best = Math.min(best, leastMs(many) / leastMs(few));
    expect(best).toBeLessThanOrEqual(MOST);
  });
});
