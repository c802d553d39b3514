import { describe, expect, it } from 'vitest';
import {
  argumentsOf,
  descriptorArgument,
  resultId,
  resultNumber,
  resultPath,
  secondResult,
  stringArgument,
} from '../../src/model/accessors.ts';
import type { SyscallEvent } from '../../src/model/event.ts';

const call: SyscallEvent = {
  kind: 'syscall',
  dialect: 'strace',
  input: 0,
  line: 1,
  endLine: 1,
  pid: 7,
  tid: null,
  time: null,
  atNs: null,
  name: 'openat',
  args: 'dirfd=AT_FDCWD, pathname="/x", flags=O_RDONLY',
  result: '3</tmp/\\74x\\76>',
  detail: null,
  errno: null,
  durationNs: null,
  outcome: 'returned',
};

it("leaves out the names of strace -N, not a structure's", () => {
  expect(argumentsOf(call)).toEqual(['AT_FDCWD', '"/x"', 'O_RDONLY']);
  expect(argumentsOf({ ...call, args: '{st_size=3}' })).toEqual(['{st_size=3}']);
});

describe('stringArgument', () => {
  it.each([
    ['"/etc/pass\\303\\274"', '/etc/pass\xc3\xbc'],
    ['"abc"...', 'abc'],
    ['"/x" [etc_t]', '/x'],
    ['NULL', null],
    ['0x7ffd', null],
    [undefined, null],
  ])('reads %j', (piece, bytes) => {
    expect(stringArgument(piece, 'strace')).toBe(bytes);
  });
});

describe('descriptorArgument', () => {
  it.each([
    ['3', { fd: 3, isCwd: false, path: null }],
    ['0x9', { fd: 9, isCwd: false, path: null }],
    ['9</etc>', { fd: 9, isCwd: false, path: '/etc' }],
    ['9</tmp/x (deleted)>', { fd: 9, isCwd: false, path: '/tmp/x' }],
    ['9</dev/null<char 1:3>>', { fd: 9, isCwd: false, path: '/dev/null' }],
    ['9<pipe:[26987]>', { fd: 9, isCwd: false, path: null }],
    ['AT_FDCWD', { fd: null, isCwd: true, path: null }],
    ['AT_FDCWD</home/me>', { fd: null, isCwd: true, path: '/home/me' }],
    ['-100 /* AT_FDCWD */</home/me>', { fd: null, isCwd: true, path: '/home/me' }],
    ['0xffffff9c', { fd: null, isCwd: true, path: null }],
    ['4294967196', { fd: null, isCwd: true, path: null }],
    ['-1', { fd: null, isCwd: false, path: null }],
    [undefined, { fd: null, isCwd: false, path: null }],
  ])('reads %j', (piece, expected) => {
    expect(descriptorArgument(piece)).toEqual(expected);
  });
});

describe('results', () => {
  it.each([
    ['3', 3],
    ['-1', -1],
    ['0x10c5', 4293],
    ['3</x>', 3],
    ['?', null],
    ['18446744073709551615', null],
    [null, null],
  ])('of %j are a number where they fit one', (result, expected) => {
    expect(resultNumber({ ...call, result })).toBe(expected);
  });

  it("have the kernel's name of the file", () => {
    expect(resultPath(call)).toBe('/tmp/<x>');
    expect(resultPath({ ...call, result: '3' })).toBeNull();
  });

  it("are a task's id in the tracer's own namespace where it tells", () => {
    expect(resultId({ ...call, result: '2', detail: "/* 1852 in strace's PID NS */" })).toBe(1852);
    expect(resultId({ ...call, result: '2' })).toBe(2);
    expect(resultId({ ...call, result: '0' })).toBeNull();
    expect(resultId({ ...call, result: '-1', outcome: 'failed' })).toBeNull();
  });

  it('may be two on illumos', () => {
    expect(secondResult({ ...call, result: '26560', detail: '[26559]' })).toBe(26_559);
    expect(secondResult(call)).toBeNull();
  });
});
