import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readDiffConfig } from '../../src/cli/diff-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'forklore-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const path = join(folder, 'diff.json');
  writeFileSync(path, text);
  return path;
}

test('maps and rules that are left out are read, names as bytes', async () => {
  const path = written('{ "maps": { "/home/a/größe": "/b" }, "without": ["hash"] }');
  expect(await readDiffConfig(path)).toEqual({
    maps: [{ from: '/home/a/gr\u00c3\u00b6\u00c3\u009fe', to: '/b' }],
    without: new Set(['hash']),
  });
});

test('an empty file of rules changes nothing', async () => {
  expect(await readDiffConfig(written('{}'))).toEqual({ maps: [], without: new Set() });
});

describe('what is wrong is said, and where', () => {
  test.each([
    ['{', /is not JSON/],
    ['[]', /diff\.json: /],
    ['{ "maps": { "/a": 1 } }', /maps\.\/a: /],
    ['{ "without": ["no-such-rule"] }', /without\.0: /],
    ['{ "map": {} }', /map/],
  ])('%s', async (text, message) => {
    await expect(readDiffConfig(written(text))).rejects.toThrow(message);
  });

  test('a file that is not there', async () => {
    await expect(readDiffConfig(join(folder, 'none.json'))).rejects.toThrow(/cannot read the configuration/);
  });
});
