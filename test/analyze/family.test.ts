import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Family } from '../../src/analyze/family.ts';

test('children stand in the order in which they were linked', () => {
  const family = new Family();
  const [parent, first, second, stranger] = [family.add(), family.add(), family.add(), family.add()];
  family.link(second, parent);
  family.link(first, parent);
  expect([...family.children(parent)]).toEqual([second, first]);
  expect([...family.roots()]).toEqual([parent, stranger]);
  expect(family.parentOf(first)).toBe(parent);
});

test('who has a parent keeps it', () => {
  const family = new Family();
  const [parent, other, child] = [family.add(), family.add(), family.add()];
  family.link(child, parent);
  family.link(child, other);
  expect([...family.children(parent)]).toEqual([child]);
  expect([...family.children(other)]).toEqual([]);
});

test('who is merged is nobody, and later children of it are those of the other', () => {
  const family = new Family();
  const [from, into, early, late] = [family.add(), family.add(), family.add(), family.add()];
  family.link(early, from);
  family.merge(from, into);
  family.link(late, from);
  expect([...family.roots()]).toEqual([into]);
  expect([...family.children(into)]).toEqual([early, late]);
  expect([...family.children(from)]).toEqual([]);
});

test('whoever is taken out of a row of siblings, the others stand as before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(7), { maxLength: 8 }), (size, taken) => {
      const family = new Family();
      const [parent, elsewhere] = [family.add(), family.add()];
      const siblings = Array.from({ length: size }, () => family.add());
      for (const child of siblings) family.link(child, parent);
      for (const index of new Set(taken.map((each) => each % size))) family.merge(siblings[index] ?? 0, elsewhere);
      const left = siblings.filter((_, index) => !taken.some((each) => each % size === index));
      const last = family.add();
      family.link(last, parent);
      expect([...family.children(parent)]).toEqual([...left, last]);
    }),
  );
});
