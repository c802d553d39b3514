import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { missing } from '../live/recording.ts';
import { SAMPLES } from '../sample-list.ts';
import { compareRecordings, FILES, recordFile } from './comparing.ts';

// A program is recorded twice with the strace of this machine: nothing it did with files differs.

const MISSING = missing();
const WORK = 'work';

interface Command {
  readonly name: string;
  readonly options: readonly string[];
  /** Of the second recording, where they are others. */
  readonly again?: readonly string[];
  readonly script: string;
}

const COMMANDS: readonly Command[] = [
  { name: 'a pipeline', options: ['-f'], script: 'ls /usr/bin | sort -r | tail -3 | tee names >/dev/null' },
  { name: 'a compiler', options: ['-f'], script: 'gcc -c -o hello.o src/hello.c' },
  { name: 'a compiler, with paths', options: ['-f', '-y'], script: 'gcc -c -o hello.o src/hello.c' },
  {
    name: 'a compiler, with paths and without',
    options: ['-f', '-y'],
    again: ['-f'],
    script: 'gcc -c -o h.o src/hello.c',
  },
  { name: 'a build', options: ['-f', '-tt'], script: 'make -j2 && ./hello || true' },
  { name: 'a build in files', options: ['-ff', '-ttt'], script: 'make' },
  { name: 'children in the background', options: ['-f'], script: 'cat Makefile & ls src & (exit 3) & wait' },
  {
    name: 'temporary files',
    options: ['-f'],
    script: 'sort -S 16k -T . /etc/services >/dev/null; mktemp -d ./tmp.XXXXXX',
  },
];

if (MISSING !== null) console.warn(`recordings are not compared: ${MISSING}`);

describe.skipIf(MISSING !== null)('two recordings are alike', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'forklore-twice-')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(COMMANDS)('of $name', async ({ options, again = options, script }) => {
    const [one, other] = [record('one', options, script), record('other', again, script)];
    const { result, differences } = compareRecordings(await recordFile(one, FILES), await recordFile(other, FILES));
    expect(differences).toEqual([]);
    expect(result.alike).toBe(true);
  });

  /** Each time in the same directory, as it was the first time. */
  function record(name: string, options: readonly string[], script: string): string {
    const place = join(folder, WORK);
    rmSync(place, { recursive: true, force: true });
    cpSync(join(SAMPLES, 'record', 'hello'), place, { recursive: true });
    const isSet = options.includes('-ff');
    const input = isSet ? mkdtempSync(join(folder, `${name}-`)) : join(folder, name);
    const { status, stderr, error } = spawnSync(
      'strace',
      [...options, '-o', isSet ? join(input, 'trace') : input, 'sh', '-c', script],
      { cwd: place, env: { PATH: process.env.PATH, LANG: 'C' }, timeout: 20_000 },
    );
    if (error !== undefined || status === null) throw new Error(`strace did not end: ${stderr}`);
    return input;
  }
});
