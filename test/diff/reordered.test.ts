import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/model/dialect.ts';
import { SAMPLES } from '../sample-list.ts';
import { CALLS, compare, FILES } from './comparing.ts';

// Two children of one process change places, with all that is below them: that is found, nothing else is.

/** A log in which children follow one another. */
interface Family {
  readonly name: string;
  readonly dialect: Dialect;
  /** The process that a line is of. */
  readonly owner: RegExp;
  /** A tree that is done before the other begins. */
  readonly earlier: readonly string[];
  readonly later: readonly string[];
  /** How the answer calls the one that changed places: as few are told as explain the other order. */
  readonly moved: string;
}

const LINUX = { name: 'strace/hello-build.strace', dialect: 'strace', owner: /^(\d+) / } as const;
const FREEBSD = { name: 'truss-freebsd/hello-build.truss', dialect: 'truss-freebsd', owner: /^ *(\d+): / } as const;
const MACOS = { name: 'dtruss/hello-build.dtruss', dialect: 'dtruss', owner: /^ *(\d+)\/0x/ } as const;
/** Where the pid of a child stands in a line of its parent's. */
const child = (pid: string) => new RegExp(`\\b${pid}\\b`, 'g');

const FAMILIES: readonly Family[] = [
  { ...LINUX, earlier: ['30304', '30305', '30306', '30307'], later: ['30308'], moved: '/bin/sh' },
  { ...LINUX, earlier: ['30306'], later: ['30307'], moved: '/usr/lib/gcc/x86_64-linux-gnu/12/cc1' },
  { ...FREEBSD, earlier: ['2311', '2312', '2313', '2314'], later: ['2315'], moved: '/bin/sh' },
  {
    ...FREEBSD,

    earlier: ['2313'],
    later: ['2314'],
    moved: '/usr/local/libexec/gcc13/gcc/x86_64-portbld-freebsd14.0/13.2.0/cc1',
  },
  { ...MACOS, earlier: ['4123'], later: ['4124'], moved: 'pid 4123' },
];

describe.each(FAMILIES)('in $name, $later before $earlier', (family) => {
  const { dialect } = family;
  const text = readFileSync(join(SAMPLES, family.name), 'latin1');
  const other = swapped(text, family);

  test.each([
    { question: FILES, isAlike: true },
    { question: CALLS, isAlike: false },
  ])('is found at level $question.level', ({ question, isAlike }) => {
    const { result, differences } = compare({ text, dialect }, { text: other, dialect }, question);
    expect(differences).toEqual([`order: ${family.moved}`]);
    expect(result.alike).toBe(isAlike);
  });
});

/** All lines of one tree where its parent tells of the other, and the other way round; the parent's name the other child. */
function swapped(text: string, { owner, earlier, later }: Family): string {
  const lines = text.split('\n').slice(0, -1);
  const ownerOf = (line: string): string => owner.exec(line)?.[1] ?? '';
  const isOfEither = (line: string): boolean => [...earlier, ...later].includes(ownerOf(line));
  const treeOf = (pids: readonly string[]) => lines.filter((line) => pids.includes(ownerOf(line)));
  const [first = '', second = ''] = [earlier[0], later[0]];
  const toldAt = (pid: string) => lines.findIndex((line) => !isOfEither(line) && line.match(child(pid)) !== null);
  const [firstToldAt, secondToldAt] = [toldAt(first), toldAt(second)];
  return lines
    .flatMap((line, index) => {
      if (isOfEither(line)) return [];
      const between = '\0';
      const own = line.replace(child(first), between).replace(child(second), first).replaceAll(between, second);
      if (index === firstToldAt) return [own, ...treeOf(later)];
      return index === secondToldAt ? [own, ...treeOf(earlier)] : [own];
    })
    .map((line) => `${line}\n`)
    .join('');
}
