import { describe, expect, it } from 'vitest';
import type { DiffResult } from '../../src/analyze/diff/result.ts';
import type { Level } from '../../src/analyze/diff/run.ts';
import { diffSchema } from '../../src/cli/schemas/diff.ts';
import type { Comparison } from '../../src/render/comparison.ts';
import { diffDocument } from '../../src/render/diff-json.ts';
import { jsonText } from '../../src/render/json-text.ts';
import { renderDiff } from '../../src/render/text/diff.ts';
import { at, comparisonOf, HandMade, hunks, pairOf, place, resultOf, type Told } from './comparisons.ts';

const PIPE = { color: false, width: 80, sideBySide: false, full: false };
const WIDE = { color: false, width: 120, sideBySide: true, full: false };

const OUT = '/home/me/opcodes/target/debug/build/opcodes/out/opcode_costs.rs';

/** The story: A crashes over a file that B reads, and goes on. */
function rustcStory(): Comparison {
  const make = new HandMade();
  const shared = (line: number): Told[] => [
    { operation: 'open', object: '<cwd>/src/lib.rs', line },
    { operation: 'open', object: '<cwd>/src/names.rs', line: line + 5 },
    { operation: 'open', object: OUT, line: line + 9 },
  ];
  const crash = {
    how: 'killed',
    signal: 'SIGSEGV',
    status: null,
    crashed: true,
    place: place(356),
    fault: place(353),
  } as const;
  const a = make.process(22403, '/opt/rust/bin/rustc', shared(341), crash, 5);
  const more = [{ operation: 'open', object: '<cwd>/src/table.rs', line: 377 }];
  const b = make.process(20811, '/usr/bin/rustc', [...shared(360), ...more], { place: place(390) });
  const pair = pairOf(a, b, hunks(['same', 3, 3], ['only-b', 0, 1]), false);
  const result = resultOf({
    pairs: [pair],
    partings: [
      {
        pair,
        lastAlike: { a: at(a, 2), b: at(b, 2) },
        lastFile: { a: at(a, 2), b: at(b, 2) },
        firstApart: { a: null, b: at(b, 3) },
        sameCall: false,
        actsAfter: { a: 0, b: 1 },
        nextFile: { a: null, b: at(b, 3) },
        cause: null,
      },
    ],
    files: [
      {
        object: '<cwd>/src/table.rs',
        a: null,
        b: { found: true, failure: null, at: at(b, 3) },
        processes: 1,
        afterParting: false,
      },
    ],
  });
  const lines = {
    a: new Map<number, string>(),
    b: new Map([[377, '20811/4:\topenat(AT_FDCWD, "src/table.rs", O_RDONLY) = 9']]),
  };
  return comparisonOf(make.run([a], 'files', { housekeeping: 812 }), make.run([b]), result, lines);
}

/** One open fails in A alone, and both go on; `level`: with reads, or without. */
function failingOpen(level: Level): Comparison {
  const make = new HandMade();
  const open = (outcome: string, line: number): Told => ({
    operation: 'open',
    object: '/usr/lib/libz.so',
    outcome,
    line,
  });
  const rest = (line: number): Told[] => [
    { operation: 'open', object: '/etc/motd', line },
    { operation: 'read', object: '/etc/motd', count: 214, line: line + 1 },
    { operation: 'close', object: '/etc/motd', line: line + 215 },
    { operation: 'open', object: '/etc/passwd', line: line + 216 },
    { operation: 'close', object: '/etc/passwd', line: line + 217 },
  ];
  const a = make.process(1, '/bin/cat', [
    open('ENOENT', 44),
    ...rest(45),
    { operation: 'unlink', object: '<tmp>/x', line: 300 },
  ]);
  const b = make.process(2, '/bin/cat', [open('ok', 50), ...rest(51)]);
  const pair = pairOf(a, b, hunks(['changed', 1, 1], ['same', 5, 5], ['only-a', 1, 0]));
  const failure = { found: false, failure: 'ENOENT', at: at(a, 0) };
  const files = [
    {
      object: '/usr/lib/libz.so',
      a: failure,
      b: { found: true, failure: null, at: at(b, 0) },
      processes: 3,
      afterParting: false,
    },
  ];
  const lines = {
    a: new Map([
      [44, '1 openat(AT_FDCWD, "/usr/lib/libz.so", O_RDONLY) = -1 ENOENT (No such file or directory)'],
      [300, '1 unlink("/tmp/x") = 0'],
    ]),
    b: new Map([[50, '2:\topenat(AT_FDCWD, "/usr/lib/libz.so", O_RDONLY) = 3']]),
  };
  return comparisonOf(make.run([a], level), make.run([b], level), resultOf({ pairs: [pair], files }), lines);
}

function alike(parts: Partial<DiffResult>): Comparison {
  const make = new HandMade();
  const a = make.process(1, '/bin/true', []);
  const b = make.process(2, '/bin/true', []);
  return comparisonOf(make.run([a]), make.run([b]), resultOf({ alike: true, pairs: [pairOf(a, b, [])], ...parts }));
}

describe('what two runs did differently', () => {
  it('begins with where they part', () => {
    expect(renderDiff(rustcStory(), PIPE)).toBe(`\
A  linux.strace   strace           365 lines  1 process
B  illumos.truss  truss-illumos  1,402 lines  1 process
different at level files: 0 of 1 process alike, 97.3 % of all acts

rustc (A pid 22403, B pid 20811): A crashed: SIGSEGV, B exited 0
  both      opened /home/me/opcodes/target/debug/build/opcodes/out/opcode_costs.rs
                                             linux.strace:350  illumos.truss:369
  A then    crashed: SIGSEGV, after 2 more calls                linux.strace:353
  B then    opened <cwd>/src/table.rs                          illumos.truss:377
            20811/4: openat(AT_FDCWD, "src/table.rs", O_RDONLY) = 9
            exited 0                                           illumos.truss:390

files that only B looked for
  opened  <cwd>/src/table.rs                                   illumos.truss:377

hidden: 812 calls of housekeeping (--all)
`);
  });

  it('at level files tells of a file once, and of what else was done with files among the calls', () => {
    expect(renderDiff(failingOpen('files'), PIPE)).toBe(`\
A  linux.strace   strace           365 lines  1 process
B  illumos.truss  truss-illumos  1,402 lines  1 process
different at level files: 0 of 1 process alike, 97.3 % of all acts

files found by B and not by A
  ENOENT  /usr/lib/libz.so  in 3 processes     linux.strace:44  illumos.truss:50

@@ cat (A pid 1, B pid 2) @@
  close /etc/motd
  open /etc/passwd
  close /etc/passwd
- unlink <tmp>/x                                                linux.strace:300
  1 unlink("/tmp/x") = 0
`);
  });

  it('at the other levels shows the calls with some alike around them, and the same call with another result', () => {
    const text = renderDiff(failingOpen('calls'), PIPE);
    expect(text.slice(text.indexOf('@@'))).toBe(`\
@@ cat (A pid 1, B pid 2) @@
~ open /usr/lib/libz.so  ENOENT → ok           linux.strace:44  illumos.truss:50
  A 1 openat(AT_FDCWD, "/usr/lib/libz.so", O_RDONLY) =…o such file or directory)
  B 2: openat(AT_FDCWD, "/usr/lib/libz.so", O_RDONLY) = 3
  open /etc/motd
  read /etc/motd  ×214
  close /etc/motd
  open /etc/passwd
  close /etc/passwd
- unlink <tmp>/x                                                linux.strace:300
  1 unlink("/tmp/x") = 0
`);
  });

  it('puts the two runs beside one another where there is room', () => {
    const text = renderDiff(failingOpen('calls'), WIDE);
    expect(text.slice(text.indexOf('@@'))).toBe(`\
@@ cat (A pid 1, B pid 2) @@
open /usr/lib/libz.so  ENOENT                          :44 | open /usr/lib/libz.so                                  :50
  1 openat(AT_FDCWD, "/usr/lib/libz.so"…file or directory)     2: openat(AT_FDCWD, "/usr/lib/libz.so", O_RDONLY) = 3
open /etc/motd                                         :45   open /etc/motd                                         :51
read /etc/motd  ×214                                   :46   read /etc/motd  ×214                                   :52
close /etc/motd                                       :260   close /etc/motd                                       :266
open /etc/passwd                                      :261   open /etc/passwd                                      :267
close /etc/passwd                                     :262   close /etc/passwd                                     :268
unlink <tmp>/x                                        :300 <
  1 unlink("/tmp/x") = 0
`);
  });

  it('is one sentence where there is none', () => {
    expect(renderDiff(alike({}), PIPE)).toBe(`\
A  linux.strace   strace           365 lines  1 process
B  illumos.truss  truss-illumos  1,402 lines  1 process
alike at level files: 1 process, 214 acts
`);
  });
});

describe('the document of two runs', () => {
  it.each([
    ['of a crash', rustcStory()],
    ['of calls', failingOpen('calls')],
    ['of runs alike', alike({})],
  ])('%s keeps to its schema and carries what the text tells', (_, comparison) => {
    const text = [...jsonText(diffDocument(comparison))].join('');
    const document = diffSchema.parse(JSON.parse(text));
    expect(document).toEqual(JSON.parse(text));
    expect(document.similarity).toBe(comparison.result.similarity);
  });

  it('has the acts that differ, with their lines, and of the others how many there are', () => {
    const text = [...jsonText(diffDocument(failingOpen('calls')))].join('');
    const [pair] = diffSchema.parse(JSON.parse(text)).pairs;
    const [changed, same, lone] = pair?.threads[0]?.hunks ?? [];
    expect(changed).toMatchObject({
      kind: 'changed',
      a: [{ outcome: 'ENOENT', line: 44 }],
      b: [{ outcome: 'ok', line: 50 }],
    });
    expect(changed?.a[0]?.text).toContain('-1 ENOENT');
    expect(same).toEqual({ kind: 'same', acts: { a: 5, b: 5 }, a: [], b: [] });
    expect(lone).toMatchObject({ kind: 'only-a', a: [{ operation: 'unlink', line: 300 }], b: [] });
  });
});
