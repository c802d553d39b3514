import { describe, expect, it } from 'vitest';
import { Names } from '../../src/scan/names.ts';

describe('Names', () => {
  it('gives each name, with what is known of it', () => {
    const names = new Names((name) => name.length);
    for (const name of ['open', 'openat', 'read', 'open', '', 'x'.repeat(300)]) {
      expect(names.at(`(${name})`, 1, 1 + name.length)).toEqual({ name, about: name.length });
    }
  });

  it('gives the same string again', () => {
    const names = new Names((name) => name);
    expect(names.at('7 openat(', 2, 8)).toBe(names.at('8 openat(', 2, 8));
  });

  it('tells names apart that fall into one slot', () => {
    const names = new Names((name) => name);
    for (let round = 0; round < 2; round++) {
      for (let number = 0; number < 2000; number++) {
        const name = `call${number}`;
        expect(names.at(name, 0, name.length).name).toBe(name);
      }
    }
  });
});
