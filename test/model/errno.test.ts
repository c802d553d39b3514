import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { Platform } from '../../src/model/dialect.ts';
import { errnoName, errnoNumber } from '../../src/model/errno.ts';

const PLATFORMS: readonly Platform[] = ['linux', 'illumos', 'freebsd', 'bsd', 'macos', 'aix'];
const BSDS: readonly Platform[] = ['freebsd', 'bsd', 'macos'];
/** Beyond the largest number of any system. */
const NUMBERS = Array.from({ length: 200 }, (_, index) => index + 1);

describe('errno', () => {
  it('is the same from 1 to 34 on all systems, but for 11', () => {
    for (const number of NUMBERS.slice(0, 34)) {
      const names = new Set(PLATFORMS.map((platform) => errnoName(number, platform)));
      expect(names.size, `${number}: ${[...names].join(' ')}`).toBe(number === 11 ? 2 : 1);
      expect(names).not.toContain(null);
    }
  });

  it('has EAGAIN at 11 or 35, and the other one of the two is EDEADLK where there is one', () => {
    for (const platform of PLATFORMS) {
      const isBsd = BSDS.includes(platform);
      expect(errnoNumber('EAGAIN', platform)).toBe(isBsd ? 35 : 11);
      expect(errnoNumber('EWOULDBLOCK', platform)).toBe(isBsd ? 35 : 11);
    }
    expect(BSDS.map((platform) => errnoName(11, platform))).toEqual(['EDEADLK', 'EDEADLK', 'EDEADLK']);
    expect(errnoName(35, 'linux')).toBe('EDEADLK');
    expect(errnoName(45, 'illumos')).toBe('EDEADLK');
    expect(errnoName(45, 'aix')).toBe('EDEADLK');
  });

  it('is the same on all BSDs to 81, but for the name macOS gives 45', () => {
    for (const number of NUMBERS.slice(0, 81)) {
      expect(errnoName(number, 'bsd')).toBe(errnoName(number, 'freebsd'));
      if (number !== 45) expect(errnoName(number, 'macos')).toBe(errnoName(number, 'freebsd'));
    }
    expect([errnoName(45, 'freebsd'), errnoName(45, 'macos'), errnoName(102, 'macos')]).toEqual([
      'EOPNOTSUPP',
      'ENOTSUP',
      'EOPNOTSUPP',
    ]);
  });

  it.each([
    ['linux', 'ENOTEMPTY', 39],
    ['linux', 'ETIMEDOUT', 110],
    ['linux', 'EHWPOISON', 133],
    ['illumos', 'EOWNERDEAD', 58],
    ['illumos', 'EBADMSG', 77],
    ['illumos', 'ENOSYS', 89],
    ['illumos', 'ERESTART', 91],
    ['illumos', 'EPROTONOSUPPORT', 120],
    ['illumos', 'ENOTCONN', 134],
    ['illumos', 'ESHUTDOWN', 143],
    ['illumos', 'ESTALE', 151],
    ['freebsd', 'ETIMEDOUT', 60],
    ['freebsd', 'ENOSYS', 78],
    ['freebsd', 'EIDRM', 82],
    ['freebsd', 'ENOATTR', 87],
    ['freebsd', 'EDOOFUS', 88],
    ['freebsd', 'EBADMSG', 89],
    ['freebsd', 'EMULTIHOP', 90],
    ['freebsd', 'ENOLINK', 91],
    ['freebsd', 'EPROTO', 92],
    ['freebsd', 'ENOTCAPABLE', 93],
    ['freebsd', 'ECAPMODE', 94],
    ['freebsd', 'ENOTRECOVERABLE', 95],
    ['freebsd', 'EOWNERDEAD', 96],
    ['freebsd', 'EINTEGRITY', 97],
    ['macos', 'ECANCELED', 89],
    ['macos', 'EQFULL', 106],
    ['aix', 'EINPROGRESS', 55],
    ['aix', 'EDQUOT', 88],
    ['aix', 'ENOSYS', 109],
    ['aix', 'EOVERFLOW', 127],
  ] as const)('of %s has %s at %i', (platform, name, number) => {
    expect(errnoNumber(name, platform)).toBe(number);
    expect(errnoName(number, platform)).toBe(name);
  });

  it('has a name of its own on FreeBSD for each number to 97, and none beyond', () => {
    const names = NUMBERS.slice(0, 97).map((number) => errnoName(number, 'freebsd'));
    expect(names).not.toContain(null);
    expect(new Set(names).size).toBe(97);
    expect(errnoName(98, 'freebsd')).toBeNull();
  });

  it('leads from each number to a name and back', () => {
    for (const platform of PLATFORMS) {
      for (const number of NUMBERS) {
        const name = errnoName(number, platform);
        if (name !== null) expect(errnoNumber(name, platform), `${platform} ${name}`).toBe(number);
      }
    }
  });

  it('knows second names of a number', () => {
    expect(errnoNumber('EDEADLOCK', 'linux')).toBe(35);
    expect(errnoNumber('ENOTSUP', 'freebsd')).toBe(45);
    expect(errnoNumber('ENOTEMPTY', 'aix')).toBe(17);
  });

  it('is null for what no system has', () => {
    for (const platform of PLATFORMS) {
      for (const number of [0, -2, 1.5, 500, Number.NaN]) expect(errnoName(number, platform)).toBeNull();
      expect(errnoNumber('ENOSUCH', platform)).toBeNull();
      expect(errnoNumber('-', platform)).toBeNull();
    }
  });

  it.runIf(process.platform === 'linux')('agrees with the system it runs on', () => {
    for (const [name, number] of Object.entries(constants.errno)) expect(errnoNumber(name, 'linux'), name).toBe(number);
  });
});
