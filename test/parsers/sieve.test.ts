import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Need, Sieve } from '../../parsers/sieve.ts';

const NEEDS: Readonly<Record<string, Need>> = { execve: 'now', openat: 'later' };

function sieveOf(): Sieve {
  const sieve = new Sieve('strace', (name) => NEEDS[name] ?? 'never');
  sieve.columnless = undefined;
  return sieve;
}

/** What the sieve finds among the lines: 'read' or 'keep', and the line. */
function found(sieve: Sieve, ...lines: string[]): string[] {
  const bytes = Buffer.from(`${lines.join('\n')}\n`, 'latin1');
  sieve.load(bytes, 0, bytes.length, 0);
  const all: string[] = [];
  for (let one = sieve.next(); one !== 'end'; one = sieve.next()) all.push(`${one} ${sieve.line}: ${sieve.text}`);
  return all;
}

describe('the sieve', () => {
  it('was compiled from the sources beside it', () => {
    const script = join(import.meta.dirname, '../../parsers/sieve/assembly/compile.mjs');
    expect(spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('finds the first line of each name, then those that are needed', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    const lines = ['7 read(3, "a", 1) = 1', '7 openat(AT_FDCWD, "a", O_RDONLY) = 3'];
    expect(found(sieve, ...lines)).toEqual([`read 1: ${lines[0]}`, `read 2: ${lines[1]}`]);
    expect(found(sieve, ...lines)).toEqual([`keep 2: ${lines[1]}`]);
    expect(sieve.task).toBe(7);
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
    expect(found(sieve, line)).toEqual([`read 1: ${line}`]);
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
    expect(found(sieve, head)).toEqual([`keep 1: ${head}`]);
    expect(sieve.takeKeptHead(7)).toEqual({ text: head, line: 1 });
    expect(sieve.takeKeptHead(7)).toBeNull();
    expect(found(sieve, '7 <... openat resumed>O_RDONLY) = 3')).toHaveLength(1);
  });

  it('still has the latest eight megabytes of text, whatever was loaded since', () => {
    const sieve = sieveOf();
    sieve.setLive(7, true);
    found(sieve, '7 openat(AT_FDCWD, "a", O_RDONLY) = 3');
    const line = '7 openat(AT_FDCWD, "b", O_RDONLY) = 3';
    found(sieve, line);
    const block = Buffer.from(`${'7 read(3, "a", 1) = 1\n'.repeat(40_000)}`, 'latin1');
    const sizes: boolean[] = [];
    const bytes = Buffer.from(`${line}\n`, 'latin1');
    sieve.load(bytes, 0, bytes.length, 0);
    expect(sieve.next()).toBe('keep');
    const { position, length } = sieve;
    for (let blocks = 0; blocks < 10; blocks++) {
      const isKept = position >= sieve.keptFrom(block.length);
      sieve.load(block, 0, block.length, 0);
      sizes.push(isKept && sieve.textAt(position, length) === line);
    }
    expect(sizes.indexOf(false)).toBeGreaterThanOrEqual(8);
    expect(sizes.lastIndexOf(true)).toBe(sizes.indexOf(false) - 1);
  });
});
