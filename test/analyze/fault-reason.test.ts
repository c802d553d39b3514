import { expect, test } from 'vitest';
import type { FaultKind } from '../../src/analyze/fault-reason.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { openTrace } from '../../src/read/read-trace.ts';
import { explained } from '../explained.ts';
import { samples } from '../sample-list.ts';

/** What each crash of a sample is, in the order of the log; null: nothing explains it. Their words are in goldens. */
const KINDS: readonly (readonly [sample: string, kinds: readonly (FaultKind | null)[]])[] = [
  ['kdump/fault-openbsd', ['guard', 'unmapped']],
  ['strace/fault-files', ['past-end-of-file', 'past-end-of-file', 'past-end-of-file', 'no-page']],
  ['strace/fault-guards', ['guard', 'guard', 'inaccessible', 'past-mapping']],
  ['strace/fault-limits', []],
  ['strace/fault-main-stack', ['below-stack', 'stack-exhausted', 'below-stack']],
  ['strace/fault-no-memory', ['null-pointer']],
  [
    'strace/fault-null',
    ['null-pointer', 'null-pointer', 'null-pointer', 'null-pointer', 'never-mapped', 'no-address', 'instruction'],
  ],
  ['strace/fault-protection', ['read-only', 'read-only', 'image', 'not-executable', 'read-only', 'read-only']],
  ['strace/fault-seccomp', ['seccomp', 'seccomp']],
  ['strace/fault-sent', ['sent', 'sent']],
  ['strace/fault-stack-said', ['below-stack', 'stack-exhausted']],
  ['strace/fault-thread-guard', ['stack-exhausted']],
  ['strace/fault-thread-stack', ['stack-exhausted']],
  ['strace/fault-unmapped', ['unmapped', 'unmapped']],
  ['strace/fault-words', ['abort', 'abort', 'abort', 'abort', 'abort', 'raised']],
  ['truss-freebsd/fault-kinds', ['guard', 'past-end-of-file', 'abort']],
  [
    'truss-illumos/fault-kinds',
    ['null-pointer', 'null-pointer', 'read-only', 'not-executable', 'never-mapped', 'unmapped', null],
  ],
  ['truss-illumos/fault-stack', ['stack-exhausted']],
];

test.each(KINDS)('%s', async (name, kinds) => {
  const path = samples.find((sample) => sample.golden.endsWith(name))?.path ?? '';
  const trace = await openTrace([path], {});
  const events: TraceEvent[] = [];
  await trace.read({ start() {}, event: (event) => events.push(event), diagnostic() {} });
  const { crashes } = explained(trace.header, events);
  expect(crashes.map(({ explanation }) => explanation?.reason?.kind ?? null)).toEqual(kinds);
});
