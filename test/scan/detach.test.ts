import { expect, it } from 'vitest';
import { detach } from '../../src/scan/detach.ts';

it('gives the same bytes, whatever they are', () => {
  const every = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));
  expect(detach(every)).toBe(every);
  expect(detach('short\xff')).toBe('short\xff');
  expect(detach('')).toBe('');
});
