import { describe, expect, it } from 'vitest';
import { readSeconds, readTimeOfDay } from '../../src/scan/timestamps.ts';

const seconds = (text: string) => readSeconds(text, 0, text.length);
const timeOfDay = (text: string) => readTimeOfDay(text, 0, text.length);

describe('readSeconds', () => {
  it.each([
    ['12', 12, 0],
    ['0.000021', 0, 21_000],
    ['1795342905.533981297', 1_795_342_905, 533_981_297],
    ['0.5', 0, 500_000_000],
    ['.5', 0, 500_000_000],
  ])('reads %j', (text, whole, nanos) => {
    expect(seconds(text)).toEqual({ seconds: whole, nanos });
  });

  it.each(['', '.', '1.', '1.0000000001', '1x', '-1', '1.2.3', ' 1'])('refuses %j', (text) => {
    expect(seconds(text)).toBeNull();
  });

  it('does not look past its end', () => {
    expect(readSeconds('12.345', 0, 2)).toEqual({ seconds: 12, nanos: 0 });
    expect(readSeconds('12.345', 0, 4)).toEqual({ seconds: 12, nanos: 300_000_000 });
  });
});

describe('readTimeOfDay', () => {
  it.each([
    ['00:00:00', 0, 0],
    ['10:21:45', 37_305, 0],
    ['23:59:59.999999', 86_399, 999_999_000],
  ])('reads %j as seconds since midnight', (text, whole, nanos) => {
    expect(timeOfDay(text)).toEqual({ seconds: whole, nanos });
  });

  it.each(['10:21', '1:02:03', '10-21-45', '10:21:4x', 'aa:bb:cc', '10:21:45.'])('refuses %j', (text) => {
    expect(timeOfDay(text)).toBeNull();
  });
});
