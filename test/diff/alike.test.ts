import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Sample, samples } from '../sample-list.ts';
import { CALLS, compare, compareRecordings, EVERYTHING, FILES, type LogText, RAW, recordFile } from './comparing.ts';
import { permute, randomFrom } from './permute.ts';

// Runs that did the same must be alike, however unlike their logs look.

const LEVELS = [FILES, CALLS, RAW, EVERYTHING];
/** Logs of several processes of which each line tells its own. */
const PERMUTED = new Set([
  'strace/composed-two-faults.strace',
  'strace/crashes.strace',
  'strace/exec-fails.strace',
  'strace/files.strace',
  'strace/gcc-ice.strace',
  'strace/hello-build.strace',
  'strace/jvm-survives.strace',
  'strace/names.strace',
  'strace/rustc-crash.strace',
  'strace/rustc-stack.strace',
  'strace/thread-leader-first.strace',
  'strace/unfinished.strace',
  'strace/work-command.strace',
  'truss-illumos/follow-fork.truss',
  'truss-illumos/hello-build.truss',
  'truss-illumos/rustc-story.truss',
  'truss-illumos/rustc-works.truss',
  'truss-illumos/sigkill.truss',
  'truss-freebsd/child-before-fork.truss',
  'truss-freebsd/follow-fork.truss',
  'truss-freebsd/hello-build.truss',
  'truss-freebsd/linux-threads.truss',
  'dtruss/hello-build.dtruss',
  'dtruss/unnamed-opens.dtruss',
]);
const SEEDS = Number(process.env.FORKLORE_DIFF_SEEDS ?? 2);

describe.each(LEVELS)('at level $level, all: $all', (question) => {
  test.each(samples)('$name is like itself', async ({ path }) => {
    const { result, differences } = compareRecordings(
      await recordFile(path, question),
      await recordFile(path, question),
    );
    expect(differences).toEqual([]);
    expect(result.alike).toBe(true);
    expect(result.similarity).toBe(1);
  });

  // Who waited how long, and for whose lock, is another matter in another run.
  test.skipIf(question.all).each(permuted())('$name is like another run of the same', ({ text, dialect }) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const other = permute(text, dialect, randomFrom(seed));
        const { result, differences } = compare({ text, dialect }, { text: other, dialect }, question);
        expect(differences, other).toEqual([]);
        expect(result.alike).toBe(true);
      }),
      { numRuns: SEEDS, seed: 1 },
    );
  });
});

function permuted(): (LogText & Pick<Sample, 'name'>)[] {
  return samples
    .filter(({ name }) => PERMUTED.has(name))
    .map(({ name, path, dialect }) => ({ name, dialect, text: readFileSync(path, 'latin1') }));
}
