import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forklore } from '../cli/program.ts';
import { SAMPLES } from '../sample-list.ts';

// What `forklore diff` prints of pairs of samples, each in samples/diff. New ones are accepted with `npx vitest run -u
// test/diff/reports.test.ts`; read them line by line against both logs.

interface Report {
  /** Of the golden. */
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly options: readonly string[];
  readonly status: 0 | 1;
}

const REPORTS: readonly Report[] = [
  {
    name: 'rustc-linux-illumos',
    a: 'strace/rustc-stack.strace',
    b: 'truss-illumos/rustc-works.truss',
    options: [],
    status: 1,
  },
  { name: 'rustc-two-builds', a: 'strace/rustc-crash.strace', b: 'strace/rustc-works.strace', options: [], status: 1 },
  {
    name: 'hello-build-linux-illumos',
    a: 'strace/hello-build.strace',
    b: 'truss-illumos/hello-build.truss',
    options: [],
    status: 1,
  },
  {
    name: 'hello-build-linux-illumos.calls',
    a: 'strace/hello-build.strace',
    b: 'truss-illumos/hello-build.truss',
    options: ['--level', 'calls'],
    status: 1,
  },
  {
    name: 'hello-build-macos-illumos.raw',
    a: 'dtruss/hello-build.dtruss',
    b: 'truss-illumos/hello-build.truss',
    options: ['--level', 'raw'],
    status: 1,
  },
  {
    name: 'hello-build-linux-freebsd',
    a: 'strace/hello-build.strace',
    b: 'truss-freebsd/hello-build.truss',
    options: [],
    status: 0,
  },
  {
    name: 'hello-build-macos-illumos',
    a: 'dtruss/hello-build.dtruss',
    b: 'truss-illumos/hello-build.truss',
    options: [],
    status: 1,
  },
];

test.each(REPORTS)('tells $name', async ({ name, a, b, options, status }) => {
  const run = await forklore(['diff', ...options, `samples/${a}`, `samples/${b}`]);
  await expect(run.stdout).toMatchFileSnapshot(join(SAMPLES, 'diff', `${name}.txt`));
  expect(run.stderr).toBe('');
  expect(run.status).toBe(status);
});
