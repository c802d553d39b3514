import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { strace } from '../../parsers/strace.ts';
import { Blame, blameNeeds } from '../../src/analyze/blame.ts';
import { feeding } from '../feeding.ts';

// What is over is forgotten: memory after many processes is that after few.

const FEW = 4_000;
const MANY = 16_000;
/** Below what 12,000 of anything take. */
const MOST_BYTES = 1_500_000;

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

function heapBytes(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}

/** Growth of the heap from the first few of the ids on, with everything they left behind still held. */
function growthBytes(linesOf: (id: number) => readonly string[]): number {
  const blame = new Blame({ dialect: 'strace', inputs: ['log'], joined: true });
  const needs = { call: (name: string) => blameNeeds(name, 'linux'), watched: blame.watched, keeping: blame };
  const feed = feeding(strace, { event: (event) => blame.add(event), diagnostic() {} }, needs);
  let before = 0;
  for (let id = 2; id < MANY; id++) {
    if (id === FEW) before = heapBytes();
    feed.push(
      Buffer.from(
        linesOf(id)
          .map((text) => `${text}\n`)
          .join(''),
        'latin1',
      ),
    );
  }
  const growth = heapBytes() - before;
  feed.end();
  blame.finish();
  return growth;
}

const SIGCHLD = (id: number) =>
  `1 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=${id}, si_uid=0, si_status=1, si_utime=0, si_stime=0} ---`;

describe('memory does not grow with', () => {
  test.each([
    [
      'children that come, open a file of their own, and go',
      (id: number) => [
        `1 fork() = ${id}`,
        `${id} execve("/bin/a${id}", ["a", "argument-${id}"], 0x7 /* 0 vars */) = 0`,
        `${id} chdir("/directory-${id}") = 0`,
        `${id} openat(AT_FDCWD, "file-of-${id}", O_RDONLY) = 3`,
        `${id} exit_group(1) = ?`,
        `${id} +++ exited with 1 +++`,
        SIGCHLD(id),
      ],
    ],
    [
      'children whose exit is not shown (-qq)',
      (id: number) => [
        `1 fork() = ${id}`,
        `${id} open("/file-of-${id}", O_RDONLY) = 3`,
        `${id} exit_group(0) = ?`,
        SIGCHLD(id),
      ],
    ],
    [
      'threads that come and go',
      (id: number) => [
        `1 clone(child_stack=0x7, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = ${id}`,
        `${id} open("/file-of-${id}", O_RDONLY) = 3`,
        `${id} +++ exited with 0 +++`,
      ],
    ],
    ['children that are not traced', (id: number) => [`1 fork() = ${id}`, SIGCHLD(id)]],
    [
      'children that end in a call that never resumes',
      (id: number) => [`1 fork() = ${id}`, `${id} read(0,  <unfinished ...>`, `${id} +++ exited with 0 +++`],
    ],
    ['descriptors opened and closed', (id: number) => [`1 open("/file-of-${id}", O_RDONLY) = 3`, '1 close(3) = 0']],
    ['directories', (id: number) => [`1 chdir("directory-${id}") = 0`]],
    [
      'faults survived',
      (id: number) => [
        `1 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x${id.toString(16)}} ---`,
        '1 rt_sigreturn({mask=[]}) = 0',
      ],
    ],
  ])('%s', (_name, linesOf) => {
    expect(growthBytes(linesOf)).toBeLessThan(MOST_BYTES);
  });
});
