import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CommandWord } from '../../src/analyze/process-calls.ts';
import type { Rerun } from '../../src/analyze/rerun.ts';
import { rerunCommand } from '../../src/render/text/explanation.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'forklore-rerun-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Tells its words and its environment as the system has them, and its directory. */
const TELL = [
  "const { readFileSync, readlinkSync } = require('fs')",
  "const read = (name) => readFileSync('/proc/self/' + name, 'latin1').split('\\0').slice(0, -1)",
  "const directory = readlinkSync('/proc/self/cwd', 'latin1')",
  "console.log(JSON.stringify([read('cmdline').slice(4), read('environ'), read('cmdline')[0], directory]))",
].join('; ');

function uncut(text: string): CommandWord {
  return { text, cut: false };
}

function command(words: readonly CommandWord[], environment: readonly CommandWord[] | null): Rerun {
  return {
    program: process.execPath,
    words: [uncut('node'), uncut('-e'), uncut(TELL), uncut('--'), ...words],
    wordsLeftOut: false,
    environment,
    environmentLeftOut: false,
    place: { input: 0, line: 1, atNs: null },
  };
}

function run(shell: string, line: string) {
  const { stdout, status } = spawnSync(shell, ['-c', line], { cwd: folder, encoding: 'utf8' });
  return { status, told: stdout === '' ? null : JSON.parse(stdout) };
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const PIECES = [
  ...[
    "'",
    '"',
    '\\',
    '$',
    '`',
    ' ',
    '!',
    '*',
    '?',
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    '<',
    '>',
    '|',
    '&',
    ';',
    '#',
    '~',
    '=',
  ],
  ...['-', '+', '@', '%', '^', ',', '$(touch made)', '`touch made`', ';touch made;', '>made', 'A', '0', 'word', '\\n'],
  ...["$'", '漢', 'é', '😀'].map(latin1),
];
/** What only `$'…'` can say: control characters, bytes that are no UTF-8, text that would be hidden or turned around. */
const ODD = [
  '\n',
  '\t',
  '\r',
  '\x01',
  '\x1b[2J',
  '\x7f',
  '\xff',
  '\x80f',
  ...['\u202e', '\u0085', '\u200b', '\ufffd'].map(latin1),
];

/** A number below `limit`, the same in every run (Lehmer's generator). */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

function composed(pieces: readonly string[], below: (limit: number) => number): string {
  return Array.from({ length: below(6) }, () => pieces[below(pieces.length)] ?? '').join('');
}

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

describe.runIf(process.platform === 'linux')('the command to run again', () => {
  describe.each([
    ['sh', PIECES],
    ['bash', [...PIECES, ...ODD]],
  ] as const)('gives %s the same words, environment and directory', (shell, pieces) => {
    test.each(seeds)('%i', (seed) => {
      const below = numbers(seed * 1_000_003);
      const words = Array.from({ length: 8 }, () => composed(pieces, below));
      const variables = Array.from({ length: 4 }, (_, index) => `${'-AB_'[index]}=${composed(pieces, below)}`);
      const directory = join(folder, `d${seed}${composed(pieces, below).replaceAll('/', '')}`);
      mkdirSync(Buffer.from(directory, 'latin1'), { recursive: true });
      const line = rerunCommand(command(words.map(uncut), variables.map(uncut)), directory);
      expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      const { status, told } = run(shell, line);
      expect(status).toBe(0);
      expect(told).toEqual([words, variables, process.execPath, directory]);
      expect(readdirSync(folder)).not.toContain('made');
    });
  });

  test('gives the name a program ran under', () => {
    const { program, ...rest } = command([uncut('x')], null);
    const [, ...words] = rest.words;
    const renamed = { program, ...rest, words: [uncut('-other name'), ...words] };
    expect(run('bash', rerunCommand(renamed, null)).told).toMatchObject({ 0: ['x'], 2: '-other name', 3: folder });
    const { told } = run('bash', rerunCommand({ ...renamed, environment: [uncut('A=1')] }, folder));
    expect(told).toMatchObject({ 0: ['x'], 2: '-other name', 3: folder });
    expect(told[1]).toContain('A=1');
  });

  test.each([
    ['a word is cut', command([{ text: 'x', cut: true }], null)],
    ['a word is cut before a pattern sign', command([{ text: 'x+', cut: true }], null)],
    ['words were left out', { ...command([], null), wordsLeftOut: true }],
    ['a variable is cut', command([], [{ text: 'A=1', cut: true }])],
    ['variables were left out', { ...command([], []), environmentLeftOut: true }],
    ['a variable has no name', command([], [uncut('A')])],
  ])('is refused by every shell where %s', (_, rerun) => {
    const before = readdirSync(folder);
    const line = `touch made; ${rerunCommand(rerun, folder)}`;
    for (const shell of ['sh', 'bash']) {
      expect(run(shell, line)).toMatchObject({ told: null });
      expect(run(shell, line).status).not.toBe(0);
    }
    const patterns = spawnSync('bash', ['-O', 'extglob', '-c', line], { cwd: folder });
    expect(patterns.status).not.toBe(0);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('never takes a program for an option, a variable or a name in PATH', () => {
    const bare = (program: string, environment: CommandWord[] | null) =>
      rerunCommand({ ...command([], environment), program, words: [uncut(program)] }, null);
    expect(bare('cc', null)).toBe('./cc');
    expect(bare('-x/cc', null)).toBe('./-x/cc');
    expect(bare('./A=b', null)).toBe('./A=b');
    expect(bare('./A=b', [uncut('C=1')])).toBe(`env -i C=1 /bin/bash -c 'exec -a "$0" "$@"' ./A=b ./A=b`);
  });
});
