import { describe, expect, it } from 'vitest';
import { Clock } from '../../src/model/clock.ts';

describe('Clock', () => {
  it('counts from the first stamp, exactly, in epoch seconds', () => {
    const clock = new Clock();
    expect(clock.at(1_795_342_905, 533_981_297)).toBe(0);
    expect(clock.at(1_795_342_906, 533_981_298)).toBe(1_000_000_001);
  });

  it('goes back for lines out of order', () => {
    const clock = new Clock();
    clock.at(10, 0);
    expect(clock.at(9, 999_999_999)).toBe(-1);
  });

  it('takes a great step back of a clock without a date for midnight', () => {
    const clock = new Clock();
    clock.atTimeOfDay(86_399, 0);
    expect(clock.atTimeOfDay(1, 0)).toBe(2e9);
    expect(clock.atTimeOfDay(86_398, 0)).toBe(-1e9);
    expect(clock.atTimeOfDay(2, 0)).toBe(3e9);
  });

  it('adds up stamps since the line before', () => {
    const clock = new Clock();
    expect(clock.afterPrevious(0, 0)).toBe(0);
    expect(clock.afterPrevious(0, 600_000_000)).toBe(600_000_000);
    expect(clock.afterPrevious(0, 600_000_000)).toBe(1_200_000_000);
  });
});
