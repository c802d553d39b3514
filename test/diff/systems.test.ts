import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunQuestion } from '../../src/analyze/diff/run.ts';
import { SAMPLES } from '../sample-list.ts';
import { CALLS, type Compared, compareRecordings, FILES, recordFile } from './comparing.ts';

// The same small build on four systems; on illumos its compiler dies.

const LINUX = 'strace/hello-build.strace';
const ILLUMOS = 'truss-illumos/hello-build.truss';
const FREEBSD = 'truss-freebsd/hello-build.truss';
const MACOS = 'dtruss/hello-build.dtruss';

const QUESTIONS: readonly (readonly [string, RunQuestion])[] = [
  ['files', FILES],
  ['calls', CALLS],
];

async function compareSamples(a: string, b: string, question: RunQuestion): Promise<Compared> {
  return compareRecordings(await recordFile(join(SAMPLES, a), question), await recordFile(join(SAMPLES, b), question));
}

describe.each(QUESTIONS)('at level %s', (_, question) => {
  test.each([
    [LINUX, FREEBSD],
    [LINUX, MACOS],
    [FREEBSD, MACOS],
  ])('%s and %s are alike', async (a, b) => {
    const { result, differences } = await compareSamples(a, b, question);
    expect(differences).toEqual([]);
    expect(result.alike).toBe(true);
  });

  test.each([LINUX, FREEBSD, MACOS])(
    'of %s and illumos nothing differs but what the crash left undone',
    async (works) => {
      const { differences } = await compareSamples(works, ILLUMOS, question);
      expect(differences).toEqual([]);
    },
  );
});
