import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../cli/program.ts';

const BUILT = join(ROOT, 'dist/src/ui');

test('the screen is loaded as one file, with what it needs of packages', () => {
  const built = readFileSync(join(BUILT, 'explore.js'), 'utf8');
  const imports = [...built.matchAll(/^import\b[^'";]*?['"]([^'"]+)['"]/gm)].map(([, from = '']) => from);
  expect(imports.filter((from) => !from.startsWith('node:') && !from.startsWith('../'))).toEqual([]);
});

test('the packages in it come with their licences', () => {
  const licenses = readFileSync(join(BUILT, 'explore.licenses.txt'), 'utf8');
  for (const name of ['ink', 'react', 'react-reconciler', 'yoga-layout', 'string-width']) {
    expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\n\\n.*(?:MIT|Permission)`, 'm'));
  }
});
