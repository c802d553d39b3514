import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunQuestion } from '../../src/analyze/diff/run.ts';
import { SAMPLES } from '../sample-list.ts';
import { CALLS, type Compared, compareRecordings, FILES, recordFile } from './comparing.ts';

// The same small build on four systems; on illumos its compiler dies. What else differs is how systems do things.

const LINUX = 'strace/hello-build.strace';
const ILLUMOS = 'truss-illumos/hello-build.truss';
const FREEBSD = 'truss-freebsd/hello-build.truss';
const MACOS = 'dtruss/hello-build.dtruss';

async function compareSamples(a: string, b: string, question: RunQuestion): Promise<Compared> {
  return compareRecordings(await recordFile(join(SAMPLES, a), question), await recordFile(join(SAMPLES, b), question));
}

test.each([
  { a: LINUX, b: FREEBSD, question: FILES },
  { a: LINUX, b: MACOS, question: FILES },
  { a: FREEBSD, b: MACOS, question: FILES },
  // dtruss shows of a pipe one end, and after an exec another thread: what it shows of calls is not alike.
  { a: LINUX, b: FREEBSD, question: CALLS },
])('$a and $b are alike at level $question.level', async ({ a, b, question }) => {
  const { result, differences } = await compareSamples(a, b, question);
  expect(differences).toEqual([]);
  expect(result.alike).toBe(true);
});

const CRASH = [
  'end of cc1: exited 0 / killed SIGSEGV',
  'end of gcc: exited 0 / exited 4',
  'end of sh: exited 0 / exited 4',
  'end of gmake: exited 0 / exited 2',
  'only A: as, 1 in all',
  'only A: ld, 1 in all',
];

test.each([LINUX, FREEBSD])(
  '%s did more files than illumos where the compiler died, and nothing else',
  async (works) => {
    const { differences } = await compareSamples(works, ILLUMOS, FILES);
    expect(differences).toEqual(CRASH);
  },
);

test.each([LINUX, FREEBSD])('%s did the calls that follow from it', async (works) => {
  const { differences } = await compareSamples(works, ILLUMOS, CALLS);
  expect(differences).toEqual([
    ...CRASH,
    'A gmake: write <stdout> ok',
    'A gmake: spawn  ok',
    'B gmake: write <stderr> ok',
    'A sh: write <stdout> ok',
    'A gcc: pair  ok',
    'A gcc: spawn  ok',
    'A gcc: close <no file> ok',
    'A gcc: read <no file> ok',
    'A gcc: close <no file> ok',
    'B gcc: write <stderr> ok',
    'A cc1: write <tmp>/cc*.s ok',
    'A cc1: close <tmp>/cc*.s ok',
  ]);
});

test('a log that shows no exits and no programs tells the crash of the other', async () => {
  const { differences } = await compareSamples(MACOS, ILLUMOS, FILES);
  expect(differences).toEqual([
    'end of cc1: unknown / killed SIGSEGV',
    'only A: pid 4124, 1 in all',
    'only A: pid 4125, 1 in all',
  ]);
});
