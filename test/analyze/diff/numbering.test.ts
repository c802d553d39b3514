import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NumberPairs } from '../../../src/analyze/diff/number-pairs.ts';
import { Texts } from '../../../src/analyze/diff/texts.ts';

const latin1 = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });

describe('texts', () => {
  test('have one number each, and are given back', () => {
    fc.assert(
      fc.property(fc.array(latin1, { maxLength: 2000, size: 'max' }), (list) => {
        const texts = new Texts();
        const numbers = list.map((text) => texts.id(text));
        expect(numbers.map((number) => texts.text(number))).toEqual(list);
        expect(texts.size).toBe(new Set(list).size);
        expect(list.map((text) => texts.id(text))).toEqual(numbers);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  test('may be longer than a block, and many', () => {
    const texts = new Texts();
    const long = 'x'.repeat(3_000_000);
    const names = Array.from({ length: 50_000 }, (_, index) => `/srv/data/file-${index}`);
    const numbers = [long, ...names].map((text) => texts.id(text));
    expect([...numbers]).toEqual(Array.from({ length: 50_001 }, (_, index) => index));
    expect(texts.text(0)).toBe(long);
    expect(texts.text(50_000)).toBe('/srv/data/file-49999');
    expect(() => texts.text(-1)).toThrow(RangeError);
  });
});

test('pairs of numbers have one number each, and are given back', () => {
  const number = fc.integer({ min: -3, max: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 3000, size: 'max' }), (list) => {
      const pairs = new NumberPairs();
      const numbers = list.map(([first, second]) => pairs.id(first, second));
      expect(numbers.map((id) => [pairs.first(id), pairs.second(id)])).toEqual(list);
      expect(pairs.size).toBe(new Set(list.map(String)).size);
    }),
    { numRuns: 50, seed: 1 },
  );
});
