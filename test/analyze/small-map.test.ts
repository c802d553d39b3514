import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SmallMap } from '../../src/analyze/small-map.ts';

const KEY = fc.integer({ min: 0, max: 3 });
const STEP = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key: KEY, value: fc.nat() }),
  fc.record({ kind: fc.constant('delete' as const), key: KEY }),
  fc.record({ kind: fc.constant('clear' as const) }),
);

test('a small map is a map', () => {
  fc.assert(
    fc.property(fc.array(STEP), (steps) => {
      const map = new Map<number, number>();
      const small = new SmallMap<number, number>();
      for (const step of steps) {
        if (step.kind === 'clear') for (const one of [map, small]) one.clear();
        else if (step.kind === 'delete') expect(small.delete(step.key)).toBe(map.delete(step.key));
        else for (const one of [map, small]) one.set(step.key, step.value);
        expect([...small]).toEqual([...map]);
        expect([...small.keys()]).toEqual([...map.keys()]);
        expect([...small.values()]).toEqual([...map.values()]);
        expect(small.size).toBe(map.size);
        for (const key of [0, 1, 2, 3]) {
          expect(small.get(key)).toBe(map.get(key));
          expect(small.has(key)).toBe(map.has(key));
        }
      }
    }),
  );
});
