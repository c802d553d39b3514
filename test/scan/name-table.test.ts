import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameTable } from '../../src/scan/name-table.ts';

function ask(table: NameTable, name: string): boolean {
  const buffer = Buffer.from(`(${name})`, 'latin1');
  return table.wants(buffer, 1, buffer.length - 1);
}

describe('NameTable', () => {
  it('asks about each name once', () => {
    const asked: string[] = [];
    const table = new NameTable((name) => {
      asked.push(name);
      return name === 'open';
    });
    expect(['open', 'read', 'open', 'read', 'open64'].map((name) => ask(table, name))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
    expect(asked).toEqual(['open', 'read', 'open64']);
  });

  it('does not keep the buffer a name was first seen in', () => {
    const table = new NameTable((name) => name === 'open');
    const buffer = Buffer.from('open');
    expect(table.wants(buffer, 0, 4)).toBe(true);
    buffer.write('read');
    expect(table.wants(buffer, 0, 4)).toBe(false);
    expect(ask(table, 'open')).toBe(true);
  });

  it('tells every two names apart, also those with the same hash', () => {
    // 31 * 65 + 97 = 31 * 66 + 66: with a factor of 31, 'Aa' and 'BB' weigh the same, and so do all their mixtures.
    const pair = fc.constantFrom('Aa', 'BB');
    const names = fc.array(fc.array(pair, { minLength: 3, maxLength: 6 }).map((parts) => parts.join('')));
    fc.assert(
      fc.property(names, fc.array(fc.string({ unit: 'binary-ascii', maxLength: 70 })), (alike, others) => {
        const wants = (name: string) => name.endsWith('a');
        const table = new NameTable(wants);
        for (const name of [...alike, ...others, ...alike]) expect(ask(table, name)).toBe(wants(name));
      }),
    );
  });

  it('stays right beyond the names it remembers', () => {
    const table = new NameTable((name) => name.length % 2 === 0);
    for (let n = 0; n < 5000; n++) expect(ask(table, `call_${n}`)).toBe(`call_${n}`.length % 2 === 0);
    for (let n = 0; n < 5000; n++) expect(ask(table, `call_${n}`)).toBe(`call_${n}`.length % 2 === 0);
  });
});
