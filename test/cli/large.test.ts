import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quietBuild, straceBuild, trussBuild } from '../bench/logs.ts';
import { shell } from './program.ts';

// A large file is read with a second thread ahead, a pipe without: the answers are the same bytes.

/** So large that the second thread begins. */
const BYTES = 140_000_000;
const TAIL_BYTES = 4_000_000;
/** More lines than a slot has rows for. */
const EMPTY_LINES = 100_000;
/** No piece holds such a line. */
const LONG_LINE = 600_000;

const folder = mkdtempSync(join(tmpdir(), 'forklore-large-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is awkward to scan in pieces: lines without text, with carriage returns, one too long; and the end is cut off. */
async function appendAwkwardLines(path: string): Promise<void> {
  const tail = await quietBuild(join(folder, 'tail'), TAIL_BYTES);
  const text = readFileSync(tail.path);
  appendFileSync(path, '\n'.repeat(EMPTY_LINES));
  appendFileSync(path, text.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
  appendFileSync(path, `5000000 write(3, "${'x'.repeat(LONG_LINE)}", ${LONG_LINE}) = ${LONG_LINE}\n`);
  appendFileSync(path, text.subarray(0, -20));
}

describe.each([
  ['strace', straceBuild],
  ['truss-illumos', trussBuild],
] as const)('a large log of %s', (dialect, build) => {
  const path = join(folder, dialect);

  beforeAll(async () => {
    await build(path, BYTES);
    if (dialect === 'strace') await appendAwkwardLines(path);
    else truncateSync(path, BYTES - 20);
  });

  test.each(['blame', 'summary'])('%s: from the file as through a pipe', async (command) => {
    const fromFile = await shell(`forklore ${command} --json ${path}`);
    const piped = await shell(`cat ${path} | forklore ${command} --json`);
    // Megabytes, whose difference nobody would read.
    expect(fromFile.stdout.replaceAll(path, '-') === piped.stdout).toBe(true);
    expect(fromFile.status).toBe(piped.status);
    expect(fromFile.stdout).toContain('cc1');
  });
});
