import { describe, expect, it } from 'vitest';
import type { Platform } from '../../src/model/dialect.ts';
import { type OpenFlags, readOpenFlags } from '../../src/model/open-flags.ts';

const NONE = {
  directory: false,
  truncates: false,
  creates: false,
  exclusive: false,
  closeOnExec: false,
  unnamedFile: false,
};
const rows: readonly (readonly [Platform, string, Partial<OpenFlags>])[] = [
  ['linux', 'O_RDONLY|O_CLOEXEC', { access: 'read', closeOnExec: true }],
  ['linux', 'O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY', { access: 'read', directory: true, closeOnExec: true }],
  ['linux', 'O_WRONLY|O_CREAT|O_TRUNC', { creates: true, access: 'write', truncates: true }],
  ['linux', '{flags=O_RDWR|O_CLOEXEC, resolve=RESOLVE_BENEATH}', { access: 'both', closeOnExec: true }],
  ['linux', 'O_RDONLY|O_PATH', { access: 'path-only' }],
  ['linux', '0', { access: 'read' }],
  ['linux', '0x80000', { access: 'read', closeOnExec: true }],
  ['linux', '0x90800', { access: 'read', directory: true, closeOnExec: true }],
  ['linux', '01101', { creates: true, access: 'write', truncates: true }],
  ['linux', '0x241', { creates: true, access: 'write', truncates: true }],
  ['linux', '0x410002', { access: 'both', unnamedFile: true }],
  ['linux', 'O_RDWR|O_TMPFILE', { access: 'both', unnamedFile: true }],
  ['linux', '0x80000 /* O_??? */', { access: 'read', closeOnExec: true }],
  ['linux', '0x7ffd56b71e40', { access: 'unknown' }],
  ['linux', '', { access: 'unknown' }],
  ['macos', '0x0', { access: 'read' }],
  ['macos', '0x601', { creates: true, access: 'write', truncates: true }],
  ['macos', '1537', { creates: true, access: 'write', truncates: true }],
  ['macos', '0x1100004', { access: 'read', directory: true, closeOnExec: true }],
  ['macos', '0x1000A02', { creates: true, exclusive: true, access: 'both', closeOnExec: true }],
  ['macos', '0x8000', { access: 'path-only' }],
  ['macos', '0x200000', { access: 'path-only' }],
  ['macos', '0x40100000', { access: 'path-only', directory: true }],
  ['freebsd', '0x120000', { access: 'read', directory: true, closeOnExec: true }],
  ['bsd', '0x601<O_WRONLY|O_CREAT|O_TRUNC>', { creates: true, access: 'write', truncates: true }],
  ['bsd', '0x20000', { access: 'read' }],
  ['illumos', '0x1800000', { access: 'read', directory: true, closeOnExec: true }],
  ['illumos', '0x301', { creates: true, access: 'write', truncates: true }],
  ['aix', '0x302', { creates: true, access: 'both', truncates: true }],
];

describe('flags of an open', () => {
  it.each(rows)('are read on %s: %j', (platform, printed, expected) => {
    expect(readOpenFlags(printed, platform)).toEqual({ ...NONE, ...expected });
  });
});
