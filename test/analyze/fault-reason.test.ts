import { describe, expect, test } from 'vitest';
import { samples } from '../sample-list.ts';
import { explain, explanationText } from './explaining.ts';

// What each sample named after a fault is explained by: the goldens `<case>.explain.txt`.

describe.each(samples.filter(({ name }) => name.includes('/fault-')))('$name', ({ path, golden }) => {
  test('is explained as its golden says', async () => {
    await expect(explanationText(await explain(path))).toMatchFileSnapshot(`${golden}.explain.txt`);
  });
});
