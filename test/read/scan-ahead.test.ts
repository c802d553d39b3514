import { expect, it, vi } from 'vitest';
import { NEVER } from '../../parsers/sieve/need.ts';
import { Sieve } from '../../parsers/sieve.ts';
import { ScanAhead } from '../../src/read/scan-ahead.ts';

vi.mock('node:worker_threads', () => ({
  Worker: class {
    constructor() {
      throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
    }
  },
}));

it('does without a second thread where there is none to be had', () => {
  const sieve = new Sieve('strace', () => NEVER);
  expect(ScanAhead.start('log', sieve, (bytes) => sieve.room(bytes))).toBeNull();
});
