import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../src/analyze/diff/compare-runs.ts';
import type { ActAt, DiffResult, FileFate, Hunk } from '../../../src/analyze/diff/result.ts';
import type { Level, Run } from '../../../src/analyze/diff/run.ts';
import { actAt, unlikeActs } from '../../../src/analyze/diff/unlike-acts.ts';
import { CRASHED, handMadeRuns, type ProcessPlan } from './hand-made-runs.ts';

/** A comparison, and the vocabulary to tell it in. */
interface Compared {
  readonly result: DiffResult;
  readonly a: Run;
}

function compare(a: readonly ProcessPlan[], b: readonly ProcessPlan[], level: Level = 'calls'): Compared {
  const runs = handMadeRuns(a, b, level);
  return { result: compareRuns(...runs, () => true), a: runs[0] };
}

/** Two runs of one process. */
function compareActs(a: ProcessPlan['does'], b: ProcessPlan['does'], level: Level = 'calls'): Compared {
  return compare([{ runs: 'program', does: a ?? [] }], [{ runs: 'program', does: b ?? [] }], level);
}

function textOf(at: ActAt | null, { a }: Compared): string | null {
  if (at === null) return null;
  const { operation, object, outcome } = actAt(at, a.vocabulary);
  return `${operation} ${object}${outcome === 'ok' ? '' : ` ${outcome}`}`;
}

/** All acts without their like, as `a: open /x`, in no order. */
function unlike(compared: Compared): string[] {
  const found = compared.result.pairs.flatMap((pair) => [...unlikeActs(pair)]);
  return found.map(({ side, at }) => `${side}: ${textOf(at, compared)}`).sort();
}

function hunksOf({ result }: Compared): readonly Hunk[] {
  return result.pairs[0]?.threads[0]?.hunks ?? [];
}

function kindsOf(compared: Compared): string[] {
  return hunksOf(compared).map(({ kind }) => kind);
}

const program = fc
  .array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 })
  .map((list) => list.map((n) => `read /${n}`));

/** The hunks of a pair follow one another without a gap, from the first acts to the last. */
function expectWhole(hunks: readonly Hunk[], lengthA: number, lengthB: number): void {
  let [inA, inB] = [0, 0];
  for (const { aFrom, aTo, bFrom, bTo, kind } of hunks) {
    expect([aFrom, bFrom]).toEqual([inA, inB]);
    if (kind === 'same' || kind === 'changed') expect(aTo - aFrom).toBe(bTo - bFrom);
    [inA, inB] = [aTo, bTo];
  }
  expect([inA, inB]).toEqual([lengthA, lengthB]);
}

describe('two runs', () => {
  test('that are the same are alike at every level', () => {
    fc.assert(
      fc.property(program, fc.constantFrom<Level[]>('files', 'calls', 'raw'), (does, level) => {
        const { result } = compareActs(does, does, level);
        expect(result).toMatchObject({ alike: true, similarity: 1, partings: [], onlyA: [], onlyB: [], notes: [] });
      }),
    );
  });

  test('of which anything may be different are told from the first act to the last', () => {
    fc.assert(
      fc.property(program, program, (a, b) => {
        const compared = compareActs(a, b);
        expectWhole(hunksOf(compared), a.length, b.length);
        const { same, changed, onlyA, onlyB, moved } = compared.result.counts;
        expect([same + changed + onlyA + moved, same + changed + onlyB + moved]).toEqual([a.length, b.length]);
        expect(compared.result.alike).toBe(a.join() === b.join());
      }),
    );
  });

  test('differ in the acts that were planted, taken away and given another outcome, and in nothing else', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      what: fc.constantFrom('plant', 'remove', 'fail'),
    });
    fc.assert(
      fc.property(program, fc.array(edit, { maxLength: 8 }), (acts, edits) => {
        const a = acts.map((text, index) => `${text}.${index % 5}`);
        // Each act of B, and the act of A that it was.
        const b = a.map((text) => ({ text, was: text }));
        const expected: string[] = [];
        for (const [index, { at, what }] of edits.entries()) {
          const place = Math.floor(at * b.length);
          const act = b[place];
          if (what === 'plant') {
            b.splice(place, 0, { text: `write /planted${index}`, was: '' });
            expected.push(`b: write /planted${index}`);
          } else if (act !== undefined && act.text === act.was) {
            expected.push(`a: ${act.was}`);
            if (what === 'remove') b.splice(place, 1);
            else {
              b[place] = { text: `${act.was} E${index}`, was: act.was };
              expected.push(`b: ${act.was} E${index}`);
            }
          }
        }
        const compared = compareActs(
          a,
          b.map(({ text }) => text),
        );
        expect(unlike(compared)).toEqual(expected.sort());
        expect(compared.result.counts.moved).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('show the same call with another outcome as changed', () => {
    const compared = compareActs(['open /a', 'open /b', 'open /c'], ['open /a', 'open /b ENOENT', 'open /c']);
    expect(kindsOf(compared)).toEqual(['same', 'changed', 'same']);
  });

  test('show a block that moved at both places, and its order is no difference between files', () => {
    const a = ['open /1', 'open /2', 'open /3', 'open /4', 'open /5', 'open /6'];
    const b = ['open /3', 'open /4', 'open /5', 'open /6', 'open /1', 'open /2'];
    const compared = compareActs(a, b);
    expect(kindsOf(compared)).toEqual(['moved-a', 'same', 'moved-b']);
    expect(compared.result).toMatchObject({ alike: false, similarity: 1 });
    expect(compareActs(a, b, 'files').result.alike).toBe(true);
  });

  test('are told process by process where a tree is one side’s only', () => {
    const shared: ProcessPlan = { runs: 'cc a.c', does: ['open a.c'] };
    const extra: ProcessPlan = {
      runs: 'git log',
      does: ['open .git'],
      children: [{ runs: 'less', does: ['open /dev/tty', 'read /dev/tty'], end: CRASHED }],
    };
    const { result } = compare([{ runs: 'make', children: [shared, extra] }], [{ runs: 'make', children: [shared] }]);
    expect(result.alike).toBe(false);
    expect(result.onlyB).toEqual([]);
    expect(result.onlyA).toMatchObject([
      { root: { pid: 102 }, below: { b: { pid: 100 } }, processes: 2, acts: 3, crashed: 1 },
    ]);
    expect(result.similarity).toBe(2 / 5);
  });

  test('are compared as far as their processes are wanted', () => {
    const a = [{ runs: 'make', does: ['open /1'], children: [{ runs: 'cc', does: ['open /2'] }, { runs: 'tar' }] }];
    const b = [{ runs: 'make', does: ['open /3'], children: [{ runs: 'cc', does: ['open /4'] }] }];
    const result = compareRuns(...handMadeRuns(a, b), ({ symbol }) => symbol === 'cc');
    expect(result.pairs.map((pair) => pair.a.symbol)).toEqual(['cc']);
    expect(result.onlyA).toEqual([]);
    expect(result.files.map(({ object }) => object)).toEqual(['/2', '/4']);
  });

  test.each([
    { level: 'files', alike: true },
    { level: 'calls', alike: false },
  ] as const)('say which siblings began in another order, at level $level', ({ level, alike }) => {
    const child = (name: string): ProcessPlan => ({ runs: name });
    const { result } = compare(
      [{ runs: 'sh', children: [child('one'), child('two'), child('three')] }],
      [{ runs: 'sh', children: [child('three'), child('one'), child('two')] }],
      level,
    );
    expect(result.pairs.filter(({ reordered }) => reordered).map(({ a }) => a.symbol)).toEqual(['three']);
    expect(result.alike).toBe(alike);
  });

  test('too unlike to be aligned are compared as heaps, and that is said', () => {
    const repeated = (squared: boolean) =>
      Array.from({ length: 20_000 }, (_, index) => `read /${(squared ? index * index : index) % 7}`);
    const { result } = compareActs([...repeated(false), 'read /9'], [...repeated(true), 'read /8']);
    expect(result.notes).toMatchObject([{ kind: 'unordered', stretches: 1 }]);
    expect(result.counts.same).toBeGreaterThan(11_000);
    expect(result.alike).toBe(false);
  });
});

describe('threads', () => {
  test('are compared in the order they were made', () => {
    const compared = compareActs([['open /1'], ['open /2'], ['open /3']], [['open /1'], ['open /2'], ['open /4']]);
    expect(compared.result.pairs[0]?.threads.map(({ a, b }) => [a, b])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(unlike(compared)).toEqual(['a: open /3', 'b: open /4']);
  });

  test('that were made in another order are told by what they did', () => {
    const compared = compareActs([[], ['open /1', 'open /2'], ['open /3']], [[], ['open /3'], ['open /1', 'open /2']]);
    expect(compared.result.pairs[0]?.threads.map(({ a, b }) => [a, b])).toEqual([
      [0, 0],
      [1, 2],
      [2, 1],
    ]);
    expect(compared.result.alike).toBe(true);
  });

  test('that shared their work out differently are compared together, and that is said', () => {
    const compared = compareActs(
      [['open /1'], ['open /2', 'open /3', 'open /4'], ['open /5', 'open /6']],
      [['open /1'], ['open /2', 'open /5', 'open /4'], ['open /3', 'open /6'], ['open /7']],
    );
    expect(unlike(compared)).toEqual(['b: open /7']);
    expect(compared.result.notes).toMatchObject([{ kind: 'threads-pooled', threadsA: 3, threadsB: 4 }]);
  });
});

describe('a parting', () => {
  const build = ['open /lib', 'open /src/isle.rs', 'read /src/isle.rs'];

  test('tells the last thing both did alike and what each did then', () => {
    const compared = compare(
      [{ runs: 'rustc', does: [...build, 'write /err'], end: CRASHED }],
      [{ runs: 'rustc', does: [...build, 'close /src/isle.rs', 'open /src/next.rs', 'write /out'] }],
    );
    const [parting] = compared.result.partings;
    expect(textOf(parting?.lastAlike?.a ?? null, compared)).toBe('read /src/isle.rs');
    expect(textOf(parting?.lastFile?.b ?? null, compared)).toBe('open /src/isle.rs');
    expect(textOf(parting?.firstApart.a ?? null, compared)).toBe('write /err');
    expect(textOf(parting?.firstApart.b ?? null, compared)).toBe('close /src/isle.rs');
    expect(textOf(parting?.nextFile.b ?? null, compared)).toBe('open /src/next.rs');
    expect(parting).toMatchObject({ nextFile: { a: null }, sameCall: false, actsAfter: { a: 1, b: 3 }, cause: null });
  });

  test('is not a detour early on', () => {
    const compared = compare(
      [{ runs: 'x', does: ['open /locale', ...build], end: CRASHED }],
      [{ runs: 'x', does: [...build, 'open /next'] }],
    );
    expect(textOf(compared.result.partings[0]?.lastAlike?.a ?? null, compared)).toBe('read /src/isle.rs');
  });

  test('is where a call came to something else, though both went on to write and close', () => {
    const rest = ['write /err', 'close /err'];
    const compared = compare(
      [{ runs: 'x', does: [...build, 'open /config ENOENT', ...rest], end: { status: 1 } }],
      [{ runs: 'x', does: [...build, 'open /config', 'read /config', 'open /more', 'read /more', ...rest] }],
    );
    const [parting] = compared.result.partings;
    expect(parting?.sameCall).toBe(true);
    expect(textOf(parting?.firstApart.a ?? null, compared)).toBe('open /config ENOENT');
  });

  test('is the end, where all was alike up to it', () => {
    const compared = compare([{ runs: 'x', does: build, end: CRASHED }], [{ runs: 'x', does: build }]);
    expect(compared.result.partings).toMatchObject([{ firstApart: { a: null, b: null }, actsAfter: { a: 0, b: 0 } }]);
    expect(compared.result.alike).toBe(false);
  });

  test('is of the thread that crashed', () => {
    const compared = compare(
      [{ runs: 'x', does: [['open /1'], ['open /2', 'open /3']], end: { ...CRASHED, thread: 1 } }],
      [
        {
          runs: 'x',
          does: [
            ['open /1', 'open /5'],
            ['open /2', 'open /3', 'open /4'],
          ],
        },
      ],
    );
    expect(textOf(compared.result.partings[0]?.firstApart.b ?? null, compared)).toBe('open /4');
  });

  test('of a crash comes first, and a consequence after its cause', () => {
    const tree = (end: ProcessPlan['end'], status: number): ProcessPlan[] => [
      {
        runs: 'make',
        end: { status },
        children: [{ runs: 'sh', end: { status }, children: [{ runs: 'cc', end: end ?? {} }] }],
      },
    ];
    const { result } = compare(tree(CRASHED, 2), tree({}, 0));
    expect(result.partings.map(({ pair, cause }) => [pair.a.symbol, cause?.a.symbol ?? null])).toEqual([
      ['cc', null],
      ['sh', 'cc'],
      ['make', 'sh'],
    ]);
  });

  test.each([
    ['exits with another status', { status: 1 }, { status: 0 }, false],
    ['dies of another signal', CRASHED, { ...CRASHED, signal: 'SIGBUS' }, false],
    ['crashes, where the other log does not show its end', CRASHED, { how: 'unknown', status: null }, false],
    ['ends in a way the other log does not show', { status: 1 }, { how: 'unknown', status: null }, true],
    ['crashes and exits out of its handler', CRASHED, { ...CRASHED, how: 'handled' }, true],
  ] as const)('is looked for where a process %s', (_, a, b, alike) => {
    const { result } = compare([{ runs: 'x', end: a }], [{ runs: 'x', end: b }]);
    expect([result.alike, result.partings.length]).toEqual([alike, alike ? 0 : 1]);
  });
});

describe('files', () => {
  const fate = (of: FileFate | null) => (of === null ? null : [of.found, of.failure]);
  const told = ({ files, failedOpens }: DiffResult) => ({
    files: files.map(({ object, a, b }) => [object, fate(a), fate(b)]),
    failedOpens: failedOpens.map(({ object, a, b }) => [object, fate(a), fate(b)]),
  });

  test('that only one side looked for or found are told', () => {
    const { result } = compareActs(
      ['open /both', 'stat /a ENOENT', 'open /found', 'open /denied EACCES', 'stat /denied'],
      ['open /both', 'open /found ENOENT', 'open /b', 'open /denied', 'stat /denied'],
    );
    expect(told(result)).toEqual({
      files: [
        ['/a', [false, 'ENOENT'], null],
        ['/found', [true, null], [false, 'ENOENT']],
        ['/b', null, [true, null]],
      ],
      failedOpens: [['/denied', [true, 'EACCES'], [true, null]]],
    });
  });

  test('are told once for all processes, and apart from what is a consequence', () => {
    const worker = (name: string, ...does: string[]): ProcessPlan => ({ runs: name, does: ['open /start', ...does] });
    const { result } = compare(
      [{ runs: 'sh', children: [worker('one', 'open /x'), worker('two', 'open /x')] }],
      [
        {
          runs: 'sh',
          children: [
            { ...worker('one', 'open /x ENOENT', 'open /fallback'), end: { status: 1 } },
            worker('two', 'open /x ENOENT'),
          ],
        },
      ],
    );
    expect(result.files.map(({ object, processes, afterParting }) => [object, processes, afterParting])).toEqual([
      ['/x', 2, false],
      ['/fallback', 1, true],
    ]);
  });

  test('are told by the act that makes the difference', () => {
    const compared = compareActs(['stat /made ENOENT', 'open /made'], ['stat /made ENOENT', 'read /x']);
    const [difference] = compared.result.files;
    expect(textOf(difference?.a?.at ?? null, compared)).toBe('open /made');
    expect(textOf(difference?.b?.at ?? null, compared)).toBe('stat /made ENOENT');
  });

  test('of which two names are told at once say nothing of either', () => {
    const { result } = compareActs(['rename /a->/b'], ['rename /c->/d']);
    expect(result.files).toEqual([]);
    expect(result.alike).toBe(false);
  });
});

test('a signal that only one got is told', () => {
  const { result } = compareActs(['open /1', 'signal SIGUSR1', 'open /2'], ['open /1', 'open /2']);
  expect(result.signals).toMatchObject([{ side: 'a', at: { index: 1 } }]);
});
