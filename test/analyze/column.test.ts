import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Column, NumberColumn } from '../../src/analyze/column.ts';

const rows = fc.integer({ min: 0, max: 20_000 });

test('a column holds what was set last, and 0 elsewhere', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(rows, fc.integer({ min: 0, max: 0xffffffff }))), rows, (cells, other) => {
      const column = new Column();
      for (const [row, value] of cells) column.set(row, value);
      const held = new Map(cells);
      for (const [row, value] of held) expect(column.get(row)).toBe(value);
      if (!held.has(other)) expect(column.get(other)).toBe(0);
    }),
  );
});

test('a number column holds any number that is one, and null elsewhere', () => {
  const values = fc.oneof(
    fc.constantFrom(null, 0, -0x80000001, 0x7fffffff, 0x80000000, 2 ** 53, 1.5),
    fc.integer({ min: -0x7fffffff }),
    fc.double({ noNaN: true }).map((value) => value + 0),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(rows, values)), rows, (cells, other) => {
      const column = new NumberColumn();
      for (const [row, value] of cells) column.set(row, value);
      const held = new Map(cells);
      for (const [row, value] of held) expect(column.get(row)).toBe(value);
      if (!held.has(other)) expect(column.get(other)).toBeNull();
    }),
  );
});
