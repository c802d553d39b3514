import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchProcesses } from '../../../src/analyze/diff/match-processes.ts';
import { CRASHED, handMadeRuns, type ProcessPlan } from './hand-made-runs.ts';

/** Each match as `pid of A = pid of B (reason)`, pids counted from 100 in the order of the plans. */
function matchesOf(a: readonly ProcessPlan[], b: readonly ProcessPlan[]): string[] {
  return matchProcesses(...handMadeRuns(a, b)).map(
    (match) => `${match.a.pid} = ${match.b.pid} (${match.reason}${match.elsewhere ? ', elsewhere' : ''})`,
  );
}

const compile = (file: string, ...more: string[]): ProcessPlan => ({
  runs: `cc -c ${file}`,
  does: [`open /src/${file}`, 'open /usr/include/stdio.h', ...more],
});
const make = (...children: ProcessPlan[]): ProcessPlan => ({ runs: 'make', does: ['open Makefile'], children });

describe('processes', () => {
  test('are found in a run that is the same', () => {
    const plan = [make(compile('a.c'), compile('b.c'))];
    expect(matchesOf(plan, plan)).toEqual(['100 = 100 (twin)', '101 = 101 (twin)', '102 = 102 (twin)']);
  });

  test('are found when their siblings began in another order', () => {
    const a = [make(compile('a.c'), compile('b.c'), compile('c.c'))];
    const b = [make(compile('c.c'), compile('a.c'), compile('b.c'))];
    expect(matchesOf(a, b)).toEqual([
      '100 = 100 (command)',
      '101 = 102 (twin)',
      '102 = 103 (twin)',
      '103 = 101 (twin)',
    ]);
  });

  test('are found by their command when they did something else', () => {
    const a = [make(compile('a.c'), compile('b.c'))];
    const b = [make(compile('b.c', 'open /x'), compile('a.c', 'open /y'))];
    expect(matchesOf(a, b)).toEqual(['100 = 100 (command)', '101 = 102 (command)', '102 = 101 (command)']);
  });

  test('of one command are told apart by what they did', () => {
    const worker = (...does: string[]): ProcessPlan => ({ runs: 'worker', does });
    const a = [make(worker('open /1', 'open /2', 'open /x'), worker('open /3', 'open /4'))];
    const b = [make(worker('open /3', 'open /4', 'open /y'), worker('open /1', 'open /2'))];
    expect(matchesOf(a, b).slice(1)).toEqual(['101 = 102 (command)', '102 = 101 (command)']);
  });

  test('that did the same are told apart by how they ended', () => {
    const child = (end: ProcessPlan['end'], ...does: string[]): ProcessPlan => ({ runs: 'test', does, end: end ?? {} });
    const a = [make(child({}, 'read /x'), child(CRASHED))];
    const b = [make(child({}), child(CRASHED))];
    expect(matchesOf(a, b).slice(1)).toEqual(['101 = 101 (command)', '102 = 102 (twin)']);
  });

  test('of one program are told apart by their arguments', () => {
    const flagged = (flag: string, file: string): ProcessPlan => ({ runs: `cc1 -quiet ${flag} ${file}` });
    const a = [make(flagged('-O0', 'a.c'), flagged('-O0', 'b.c'))];
    const b = [make(flagged('-O2', 'b.c'), flagged('-O2', 'a.c'))];
    expect(matchesOf(a, b).slice(1)).toEqual(['101 = 102 (program)', '102 = 101 (program)']);
  });

  test('are found where one log does not show the arguments', () => {
    const a = [make(compile('a.c'), compile('b.c'))];
    const b = [make({ ...compile('b.c', 'stat /x'), argv: null }, { ...compile('a.c', 'stat /x'), argv: null })];
    expect(matchesOf(a, b).slice(1)).toEqual(['101 = 102 (program)', '102 = 101 (program)']);
  });

  test('that did nothing are found where one log does not show the arguments', () => {
    const fork = (argv: string[] | null, ...children: ProcessPlan[]): ProcessPlan => ({ runs: 'sh', argv, children });
    const treeOf = (argv: string[] | null) => fork(argv, fork(argv, fork(argv)), fork(argv));
    expect(matchesOf([treeOf(['sh', '-c'])], [treeOf(null)]).map((match) => match.slice(0, 9))).toEqual([
      '100 = 100',
      '101 = 101',
      '102 = 102',
      '103 = 103',
    ]);
  });

  test('are found where one log does not show the programs', () => {
    const nameless = (...children: ProcessPlan[]): ProcessPlan => ({ runs: '', argv: null, children });
    const a = [make(compile('a.c'), { runs: 'ld', does: ['open /lib'] })];
    const b = [nameless({ ...nameless(), does: ['open /lib'] }, nameless())];
    expect(matchesOf(a, b)).toEqual(['100 = 100 (place)', '101 = 102 (place)', '102 = 101 (acts)']);
  });

  test('are found below a shell that only one run went by', () => {
    const a = [make({ runs: 'sh -c cc', does: ['open /etc/profile'], children: [compile('a.c')] })];
    const b = [make(compile('a.c'))];
    expect(matchesOf(a, b)).toEqual(['100 = 100 (command)', '102 = 101 (twin, elsewhere)']);
  });

  test('are found below a root that only one run has', () => {
    const b = [{ runs: 'sh -c make', children: [make(compile('a.c')), { runs: 'ls' }] }];
    expect(matchesOf([make(compile('a.c'))], b)).toEqual(['100 = 101 (twin, elsewhere)', '101 = 102 (twin)']);
  });

  test('below roots of other names are found in their places', () => {
    const a = [{ runs: 'old', children: [compile('a.c')] }];
    const b = [{ runs: 'new', children: [compile('a.c')] }];
    expect(matchesOf(a, b)).toEqual(['100 = 100 (place)', '101 = 101 (twin)']);
  });

  test('of other names are found by what they did', () => {
    const a = [make({ runs: 'gcc a.c', does: ['open a.c', 'open a.h', 'open b.h'] })];
    const b = [make({ runs: 'clang a.c', does: ['open a.c', 'open a.h', 'open c.h'] })];
    expect(matchesOf(a, b).slice(1)).toEqual(['101 = 101 (acts)']);
  });

  test('that have nothing in common are not taken for one another, but for the roots', () => {
    const a = [{ runs: 'old', does: ['open /1'], children: [{ runs: 'tar', does: ['open /2'] }] }];
    const b = [{ runs: 'new', does: ['open /3'], children: [{ runs: 'gzip', does: ['open /4'] }] }];
    expect(matchesOf(a, b)).toEqual(['100 = 100 (place)']);
  });

  test('are found all the way down a long chain of forks', () => {
    let chain: ProcessPlan = { runs: 'last' };
    for (let depth = 0; depth < 1000; depth++) chain = { runs: 'fork', does: [`open /${depth}`], children: [chain] };
    expect(matchesOf([chain], [chain]).length).toBe(1001);
  });

  test('planted, taken away and shuffled among hundreds of siblings leave all others as they are', () => {
    const shuffled = fc.shuffledSubarray(Array.from({ length: 300 }, (_, index) => index));
    fc.assert(
      fc.property(shuffled, fc.array(fc.integer({ min: 1000, max: 1100 }), { maxLength: 5 }), (kept, planted) => {
        const worker = (index: number): ProcessPlan => ({ runs: `worker ${index % 7}`, does: [`open /${index}`] });
        const a = Array.from({ length: 300 }, (_, index) => worker(index));
        const b = [
          ...kept.map(worker),
          ...planted.map((index) => ({ runs: `other ${index}`, does: [`read /${index}`] })),
        ];
        const matches = matchProcesses(...handMadeRuns([make(...a)], [make(...b)])).slice(1);
        expect(matches.map((match) => [match.a.index - 1, match.b.index - 1])).toEqual(
          kept.map((index, place) => [index, place]).sort(([one = 0], [other = 0]) => one - other),
        );
      }),
      { numRuns: 20 },
    );
  });
});
