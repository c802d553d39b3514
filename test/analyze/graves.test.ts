import { expect, test } from 'vitest';
import { Graves, MAX_TOMBSTONES } from '../../src/analyze/graves.ts';

test('the latest dead are known, older ones forgotten', () => {
  const graves = new Graves<number, string>();
  for (let id = 0; id <= MAX_TOMBSTONES; id++) graves.bury(id, `dead ${id}`);
  expect(graves.get(0)).toBeUndefined();
  expect(graves.get(1)).toBe('dead 1');
  expect(graves.get(MAX_TOMBSTONES)).toBe(`dead ${MAX_TOMBSTONES}`);
});

test('who has the id of one that is forgotten is not forgotten with it', () => {
  const graves = new Graves<number, string>();
  graves.bury(0, 'first');
  graves.bury(0, 'second');
  for (let id = 1; id < MAX_TOMBSTONES; id++) graves.bury(id, 'other');
  expect(graves.get(0)).toBe('second');
});
