import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecordedRun } from '../../src/analyze/diff/recorded-run.ts';
import type { Level } from '../../src/analyze/diff/run.ts';
import { SAMPLES } from '../sample-list.ts';
import { CALLS, type Compared, compareRecordings, FILES, RAW, recordFile } from './comparing.ts';

// The same small build on four systems; on illumos its compiler dies. What else differs is how systems do things, and
// what their tracers do not show: that is no difference at any level.

interface Build {
  readonly system: string;
  readonly path: string;
  /** What its tracer does not show: exits and the names of programs. */
  readonly isDtruss: boolean;
}

const WORKING: readonly Build[] = [
  { system: 'Linux', path: 'strace/hello-build.strace', isDtruss: false },
  { system: 'FreeBSD', path: 'truss-freebsd/hello-build.truss', isDtruss: false },
  { system: 'macOS', path: 'dtruss/hello-build.dtruss', isDtruss: true },
];
const CRASHING: Build = { system: 'illumos', path: 'truss-illumos/hello-build.truss', isDtruss: false };
const LEVELS = [FILES, CALLS, RAW];

describe.each(LEVELS)('at level $level', (question) => {
  const pairs = [...WORKING.flatMap((a) => WORKING.map((b) => ({ a, b }))), { a: CRASHING, b: CRASHING }];

  test.each(pairs)('$a.system and $b.system are alike', async ({ a, b }) => {
    const { result, differences } = await compareBuilds(a, b);
    expect(differences).toEqual([]);
    expect(result.alike).toBe(true);
    expect(result.similarity).toBe(1);
  });

  test.each(WORKING)(
    '$system did what illumos did not after its compiler had died, and nothing else',
    async (works) => {
      const { differences } = await compareBuilds(works, CRASHING);
      expect(differences).toEqual(crashSeenFrom(works, question.level));
    },
  );

  test.each(WORKING)('illumos tells the same of itself beside $system', async (works) => {
    const { differences } = await compareBuilds(CRASHING, works);
    const mirrored = crashSeenFrom(works, question.level).map(mirror);
    expect([...differences].sort()).toEqual(mirrored.sort());
  });

  async function compareBuilds(a: Build, b: Build): Promise<Compared> {
    const record = ({ path }: Build): Promise<RecordedRun> => recordFile(join(SAMPLES, path), question);
    return compareRecordings(await record(a), await record(b));
  }
});

/** The crash and all that follows from it, as the comparison of a working build with it must tell: no more, no less. */
function crashSeenFrom({ isDtruss }: Build, level: Level): string[] {
  // The compiler dies, gcc and sh pass its failure on, make gives up: neither as nor ld is started.
  const ends = isDtruss
    ? ['end of cc1: unknown / killed SIGSEGV', 'only A: pid 4124, 1 in all', 'only A: pid 4125, 1 in all']
    : [
        'end of cc1: exited 0 / killed SIGSEGV',
        'end of gcc: exited 0 / exited 4',
        'end of sh: exited 0 / exited 4',
        'end of gmake: exited 0 / exited 2',
        'only A: as, 1 in all',
        'only A: ld, 1 in all',
      ];
  if (level === 'files') return ends;
  const isRaw = level === 'raw';
  const bytes = (count: number): string => (isRaw ? ` bytes=${count}` : '');
  // What is behind a descriptor of a pipe, dtruss does not show.
  const pipe = isDtruss ? '<descriptor>' : '<no file>';
  return [
    ...ends,
    // It tells what it does next, or that it stops.
    `A gmake: write <stdout> ok${bytes(27)}`,
    'A gmake: spawn  ok',
    `B gmake: write <stderr> ok${bytes(45)}`,
    // echo compiled
    `A sh: write <stdout> ok${bytes(9)}`,
    // The assembler is started, with a pipe to hear of a failure to.
    'A gcc: pipe  ok',
    'A gcc: spawn  ok',
    `A gcc: close ${pipe} ok`,
    `A gcc: read ${pipe} ok${bytes(0)}`,
    `A gcc: close ${pipe} ok`,
    `B gcc: write <stderr> ok${bytes(79)}`,
    // What the compiler had read so far is all it did.
    `A cc1: write <tmp>/cc*.s ok${bytes(767)}`,
    'A cc1: close <tmp>/cc*.s ok',
  ];
}

/** What is told of A and B, told of B and A. */
function mirror(words: string): string {
  const end = /^(end of \w+:) (.*) \/ (.*)$/.exec(words);
  if (end !== null) return `${end[1]} ${end[3]} / ${end[2]}`;
  return words.replace(/^(only )?([AB])/, (_, only = '', side: string) => `${only}${side === 'A' ? 'B' : 'A'}`);
}
