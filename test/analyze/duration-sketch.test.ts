import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DurationSketch, QUANTILE_ERROR } from '../../src/analyze/duration-sketch.ts';

/** From nothing to more than a month, small and large alike. */
const nanoseconds = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 52 }).chain((bits) => fc.integer({ min: 2 ** bits, max: 2 ** (bits + 1) - 1 })),
);
const lists = fc.array(nanoseconds, { minLength: 1, maxLength: 300 });
const shares = fc.constantFrom(0, 0.01, 0.5, 0.95, 0.99, 1);

function sketchOf(values: readonly number[]): DurationSketch {
  const sketch = new DurationSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

/** The value of this rank, sorted. */
function exactQuantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * values.length)) - 1] ?? Number.NaN;
}

function expectClose(sketch: DurationSketch, values: readonly number[], share: number, stepNs = 1): void {
  const exact = exactQuantile(values, share);
  const found = sketch.quantile(share, stepNs) ?? Number.NaN;
  expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * QUANTILE_ERROR);
}

describe('a sketch of durations', () => {
  test('is within its error, whatever the durations', () => {
    fc.assert(fc.property(lists, shares, (values, share) => expectClose(sketchOf(values), values, share)));
  });

  test('tells of several put together what it tells of all at once', () => {
    fc.assert(
      fc.property(fc.array(lists, { minLength: 1, maxLength: 5 }), shares, (parts, share) => {
        const together = new DurationSketch();
        for (const part of parts) together.merge(sketchOf(part));
        const all = parts.flat();
        expectClose(together, all, share);
        expect(together.quantile(share, 1)).toBe(sketchOf(all).quantile(share, 1));
      }),
    );
  });

  test('gives durations in steps exactly where a bucket is narrower than a step', () => {
    const values = Array.from({ length: 200 }, (_, index) => 1000 * (index % 60));
    for (const share of [0.05, 0.5, 0.95]) {
      expect(sketchOf(values).quantile(share, 1000)).toBe(exactQuantile(values, share));
    }
  });

  test('stays within its error where durations come in steps', () => {
    const steps = fc.constantFrom(10, 1000, 100_000);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 65 }), steps, shares, (list, step, share) => {
        const values = list.map((value) => value * step);
        expectClose(sketchOf(values), values, share, step);
      }),
    );
  });

  test('of nothing tells nothing', () => {
    expect(new DurationSketch().quantile(0.5, 1)).toBeNull();
  });
});
