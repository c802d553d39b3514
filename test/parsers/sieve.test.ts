import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { instantiate } from '../../parsers/sieve/compiled.ts';
import { ROWS } from '../../parsers/sieve/memory.ts';
import { LATER, NEVER, type Need, NOW } from '../../parsers/sieve/need.ts';
import { Sieve } from '../../parsers/sieve.ts';

const NEEDS: Readonly<Record<string, Need>> = {
  execve: NOW,
  exit_group: LATER,
  openat: LATER,
  wait4: { as: 'never', unless: 'known' },
  gettid: { as: 'never', unless: 'named' },
};

function sieveOf(): Sieve {
  const sieve = new Sieve('strace', (name) => NEEDS[name] ?? NEVER);
  sieve.columnless = undefined;
  return sieve;
}

/** Loads the lines, numbered from 1, and gives those that are to be read. */
function found(sieve: Sieve, ...lines: string[]): string[] {
  const bytes = Buffer.from(`${lines.join('\n')}\n`, 'latin1');
  sieve.load(bytes, 0, bytes.length, 0);
  const all: string[] = [];
  while (sieve.next()) all.push(`${sieve.line}: ${sieve.text}`);
  return all;
}

/** Takes out the lines kept of the task. */
function kept(sieve: Sieve, task: number): string[] {
  const chain = sieve.takeKept(task);
  return chain === null ? [] : sieve.linesOf(chain).map(({ line, text }) => `${line}: ${text}`);
}

describe('the sieve', () => {
  it('was compiled from the sources beside it', () => {
    const script = join(import.meta.dirname, '../../parsers/compile-assembly.mjs');
    expect(spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('numbers lines that were scanned elsewhere after those that never came to it', () => {
    const sieve = sieveOf();
    found(sieve, '7 read(3, "a", 1) = 1');
    const text = Buffer.from('8 read(3, "a", 1) = 1\n');
    const room = sieve.room(text.length);
    text.copy(room);
    const { module, memory, isStrace, stride } = sieve.scanJob;
    const start = room.byteOffset;
    const rows = instantiate(module, memory).scan(isStrace, start, start + text.length, ROWS, 8, stride);
    sieve.takeScanned({ slot: 0, rows, start, bytes: text.length }, 5);
    expect([sieve.next(), sieve.line, sieve.next()]).toEqual([true, 6, false]);
  });

  it('finds the first line of each name, then those that are needed', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    const lines = ['7 read(3, "a", 1) = 1', '7 openat(AT_FDCWD, "a", O_RDONLY) = 3'];
    expect(found(sieve, ...lines)).toEqual([`1: ${lines[0]}`, `2: ${lines[1]}`]);
    expect(found(sieve, ...lines)).toEqual([]);
    const chain = sieve.kept(7);
    expect(chain === null ? null : sieve.linesOf(chain, 1)).toEqual([{ task: 7, line: 2, text: lines[1] }]);
    expect(kept(sieve, 7)).toEqual([`2: ${lines[1]}`]);
    expect(kept(sieve, 7)).toEqual([]);
    expect(sieve.passedEvents).toBe(2);
  });

  it('finds lines of tasks that are not known, and of those that are watched', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    found(sieve, '7 read(3, "a", 1) = 1');
    expect(found(sieve, '8 read(3, "a", 1) = 1')).toHaveLength(1);
    sieve.watch(new Set([7]));
    expect(found(sieve, '7 read(3, "a", 1) = 1')).toHaveLength(1);
    sieve.watch(new Set());
    expect(found(sieve, '7 read(3, "a", 1) = 1')).toHaveLength(0);
  });

  it.each([
    '7 read(3, "a", 1',
    '7 read(3, ") = 1", 100',
    '7 read(3, "a", 1) = ?',
    '7 write(1, "a\\n", 2a',
    '7 write(2, "a\\n", 2) = 2',
    '7 +++ exited with 0 +++',
    '7 --- SIGSEGV {si_signo=SIGSEGV} ---',
    '7 <... read resumed>"a", 1) = 1',
    'read(3, "a", 1) = 1',
    '99999999 read(3, "a", 1) = 1',
  ])('finds what is no complete call of a known task: %s', (line) => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    found(sieve, '7 read(3, "a", 1) = 1', '7 write(3, "a", 1) = 1');
    expect(found(sieve, line)).toEqual([`1: ${line}`]);
  });

  it('passes over both halves of a call, and counts one event', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    found(sieve, '7 read(3, "a", 1) = 1');
    expect(found(sieve, '7 read(3,  <unfinished ...>', '7 <... read resumed>"a", 1) = 1')).toEqual([]);
    expect(sieve.passedEvents).toBe(1);
    expect(sieve.heads).toBe(0);
  });

  it('keeps both halves of a call that can wait, and gives the first one up to whom reads the second', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    found(sieve, '7 openat(AT_FDCWD, "a", O_RDONLY) = 3');
    const head = '7 openat(AT_FDCWD, "b",  <unfinished ...>';
    expect(found(sieve, head)).toEqual([]);
    expect(sieve.takeKeptHead(7)).toEqual({ task: 7, text: head, line: 1 });
    expect(sieve.takeKeptHead(7)).toBeNull();
    expect(found(sieve, '7 <... openat resumed>O_RDONLY) = 3')).toHaveLength(1);
  });

  it('gives the first half of a call up also where the lines kept were taken out meanwhile', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    found(sieve, '7 openat(AT_FDCWD, "a", O_RDONLY) = 3');
    const head = '7 openat(AT_FDCWD, "b",  <unfinished ...>';
    found(sieve, head);
    expect(kept(sieve, 7)).toEqual([`1: ${head}`]);
    expect(sieve.takeKeptHead(7)).toEqual({ task: 7, text: head, line: 1 });
  });

  it.each([
    ['7 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 8', true],
    ['7 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 9', false],
    ['7 wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}], 0, NULL) = 8', false],
    ['7 wait4(-1, 0x7ffe37, WNOHANG, NULL) = 0', true],
    ['7 wait4(-1, 0x7ffe37, 0, NULL) = -1 ECHILD (No child processes)', true],
    ['7 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8, si_uid=0, si_status=1} ---', true],
    ['7 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=9, si_uid=0, si_status=1} ---', false],
    ['7 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8, si_uid=0', false],
    ['7 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=8, si_uid=0, si_status=SIGSEGV} ---', false],
  ])('passes over what tells of a child that is known to have exited, and nothing else: %s', (line, isPassed) => {
    const sieve = sieveOf();
    for (const task of [7, 8, 9]) sieve.setLive(task, true);
    found(sieve, '7 wait4(-1, NULL, WNOHANG, NULL) = 0');
    sieve.setMade(8);
    for (const task of [8, 9]) {
      sieve.setLive(task, false);
      sieve.setExited(task);
    }
    expect(found(sieve, line)).toHaveLength(isPassed ? 0 : 1);
    // The id is used again.
    sieve.setLive(8, true);
    expect(found(sieve, line)).toHaveLength(isPassed && !/8\b/.test(line.slice(7)) ? 0 : 1);
  });

  it('keeps the first half of a wait until the second shows whether it is needed', () => {
    const sieve = sieveOf();
    for (const task of [7, 8]) sieve.setLive(task, true);
    const [head, tail] = ['7 wait4(-1,  <unfinished ...>', '7 <... wait4 resumed>[{WIFEXITED(s) && '];
    found(sieve, '7 wait4(-1, NULL, WNOHANG, NULL) = 0');
    expect(found(sieve, head, `${tail}WEXITSTATUS(s) == 0}], 0, NULL) = 8`)).toHaveLength(1);
    expect(sieve.takeKeptHead(7)).toEqual({ task: 7, text: head, line: 1 });
    sieve.setMade(8);
    sieve.setExited(8);
    expect(found(sieve, head, `${tail}WEXITSTATUS(s) == 0}], 0, NULL) = 8`)).toEqual([]);
    expect(sieve.heads).toBe(0);
    expect(kept(sieve, 7)).toEqual([]);
  });

  it('keeps exits, which never return', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    found(sieve, '7 exit_group(0) = ?', '7 read(3, "a", 1) = 1');
    const lines = [
      '7 exit_group(1)                = ?',
      '7 exit_group(2 <unfinished ...>',
      '7 <... exit_group resumed>) = ?',
    ];
    expect(found(sieve, ...lines, '7 read(3, "a", 1) = ?')).toEqual(['4: 7 read(3, "a", 1) = ?']);
    expect(kept(sieve, 7)).toEqual(lines.map((line, index) => `${index + 1}: ${line}`));
  });

  it('looks at a line again, and at no other than the one it found', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    found(sieve, '7 openat(AT_FDCWD, "a", O_RDONLY) = 3', '7 read(3, "a", 1) = 1');
    const lines = ['8 openat(AT_FDCWD, "b", O_RDONLY) = 3', '8 read(3, "a", 1) = 1'];
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    sieve.load(bytes, 0, bytes.length, 20);
    expect(sieve.next()).toBe(true);
    expect(sieve.again(20)).toBe(false);
    sieve.setLive(8, true);
    expect(sieve.again(21)).toBe(true);
    expect(sieve.next()).toBe(false);
    expect(kept(sieve, 8)).toEqual([`21: ${lines[0]}`]);
  });

  it('finds calls that tell an id only where the line shows none', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    sieve.columnless = null;
    found(sieve, '7 gettid() = 7', 'gettid() = 7');
    expect(found(sieve, '7 gettid() = 7')).toEqual([]);
    expect(found(sieve, 'gettid() = 7', 'gettid() = 7')).toContain('2: gettid() = 7');
  });

  it('tells whose lines are about to be overwritten, the oldest first', () => {
    const sieve = sieveOf();
    for (const task of [7, 8]) sieve.setLive(task, true);
    const line = (task: number) => `${task} openat(AT_FDCWD, "b", O_RDONLY) = 3`;
    found(sieve, line(7));
    found(sieve, line(8), line(7), line(8));
    const block = Buffer.from(`${'7 read(3, "a", 1) = 1\n'.repeat(40_000)}`, 'latin1');
    let blocks = 0;
    for (; sieve.keptBefore(sieve.keptFrom(block.length)) === undefined; blocks++) {
      sieve.load(block, 0, block.length, 0);
    }
    expect(blocks).toBeGreaterThanOrEqual(8);
    expect(sieve.keptBefore(sieve.keptFrom(block.length))).toBe(8);
    expect(kept(sieve, 8)).toEqual([`1: ${line(8)}`, `3: ${line(8)}`]);
    expect(sieve.keptBefore(sieve.keptFrom(block.length))).toBe(7);
    expect(kept(sieve, 7)).toEqual([`2: ${line(7)}`]);
    expect(sieve.keptBefore(Number.POSITIVE_INFINITY)).toBeUndefined();
  });

  it('reads what cannot be kept because another task has its place', () => {
    const sieve = sieveOf();
    const [one, other] = [7, 7 + 65_536];
    for (const task of [one, other]) sieve.setLive(task, true);
    const line = (task: number) => `${task} openat("a") = 3`;
    found(sieve, line(one));
    expect(found(sieve, line(one), line(other), line(one))).toEqual([`2: ${line(other)}`]);
    expect(kept(sieve, other)).toEqual([]);
    expect(kept(sieve, one)).toEqual([`1: ${line(one)}`, `3: ${line(one)}`]);
    expect(found(sieve, line(other), line(one))).toEqual([`2: ${line(one)}`]);
  });

  it('reads what there is no room to keep', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    found(sieve, '7 openat("a") = 3');
    const block = Buffer.from('7 openat("a") = 3\n'.repeat(50_000), 'latin1');
    let read = 0;
    for (let blocks = 0; blocks < 4; blocks++) {
      sieve.load(block, 0, block.length, 0);
      while (sieve.next()) read++;
    }
    const chain = sieve.takeKept(7);
    expect(read + (chain === null ? 0 : sieve.linesOf(chain).length)).toBe(200_000);
    expect(read).toBeGreaterThan(0);
  });
});
