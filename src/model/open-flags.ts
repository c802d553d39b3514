import type { Platform } from './dialect.ts';

/** What can be done through a descriptor. `path-only`: neither reading nor writing the file. */
export type Access = 'read' | 'write' | 'both' | 'path-only' | 'unknown';

/** What the flags of an open say of the file. */
export interface OpenFlags {
  readonly access: Access;
  /** Whether nothing but a directory is opened so. */
  readonly directory: boolean;
  readonly truncates: boolean;
  /** O_CREAT: a file is made where there is none. */
  readonly creates: boolean;
  /** O_EXCL: it is an error if there is one. */
  readonly exclusive: boolean;
  readonly closeOnExec: boolean;
  /** O_TMPFILE: what is opened is a new file without a name, and the path that of its directory. */
  readonly unnamedFile: boolean;
}

/** The flags of creat(2), which takes none. */
export const CREAT_FLAGS: OpenFlags = {
  access: 'write',
  directory: false,
  truncates: true,
  creates: true,
  exclusive: false,
  closeOnExec: false,
  unnamedFile: false,
};

/** Bits of the flags where a tracer prints a number; 0 where the system has none, or it is not known which system. */
interface Bits {
  readonly directory: number;
  readonly truncates: number;
  readonly creates: number;
  readonly exclusive: number;
  readonly closeOnExec: number;
  /** O_PATH, O_SEARCH, O_EXEC, O_EVTONLY, O_SYMLINK: each opens something else than the file to read it. */
  readonly pathOnly: number;
  /** O_TMPFILE: the directory bit is part of it, and the file is none. */
  readonly unnamedFile: number;
}

// linux: include/uapi/asm-generic/fcntl.h (alpha, arm, m68k, mips, powerpc, parisc and sparc number some differently).
// illumos: usr/src/uts/common/sys/fcntl.h. FreeBSD: sys/sys/fcntl.h. macOS: bsd/sys/fcntl.h of xnu.
// The BSDs have only the lower bits in common, and AIX's are those of System V: fcntl.h.
const BITS: Readonly<Record<Platform, Bits>> = {
  linux: {
    directory: 0x10000,
    truncates: 0x200,
    creates: 0x40,
    exclusive: 0x80,
    closeOnExec: 0x80000,
    pathOnly: 0x200000,
    unnamedFile: 0x400000,
  },
  illumos: {
    directory: 0x1000000,
    truncates: 0x200,
    creates: 0x100,
    exclusive: 0x400,
    closeOnExec: 0x800000,
    pathOnly: 0x600000,
    unnamedFile: 0,
  },
  freebsd: {
    directory: 0x20000,
    truncates: 0x400,
    creates: 0x200,
    exclusive: 0x800,
    closeOnExec: 0x100000,
    pathOnly: 0x440000,
    unnamedFile: 0,
  },
  bsd: {
    directory: 0,
    truncates: 0x400,
    creates: 0x200,
    exclusive: 0x800,
    closeOnExec: 0,
    pathOnly: 0,
    unnamedFile: 0,
  },
  macos: {
    directory: 0x100000,
    truncates: 0x400,
    creates: 0x200,
    exclusive: 0x800,
    closeOnExec: 0x1000000,
    pathOnly: 0x40208000,
    unnamedFile: 0,
  },
  aix: {
    directory: 0,
    truncates: 0x200,
    creates: 0x100,
    exclusive: 0x400,
    closeOnExec: 0,
    pathOnly: 0,
    unnamedFile: 0,
  },
};

const PATH_ONLY_NAMES = ['O_PATH', 'O_SEARCH', 'O_EXEC', 'O_EVTONLY', 'O_SYMLINK'];
/** By the two lowest bits, on every system. */
const ACCESS_MODES = ['read', 'write', 'both', 'unknown'] as const;
const ACCESS_BITS = 3;
/** A larger number is no set of flags but an address. */
const MAX_FLAGS = 0xffffffff;

/** Reads `O_RDWR|O_CREAT`, `0x241`, `01101`, `1537`, `0x601<O_WRONLY|O_CREAT>`, `{flags=O_RDONLY, resolve=0}`. */
export function readOpenFlags(printed: string, platform: Platform): OpenFlags {
  const value = numberOf(printed);
  const bits = BITS[platform];
  const has = (bit: number) => value !== null && (value & bit) !== 0;
  const unnamedFile = printed.includes('O_TMPFILE') || has(bits.unnamedFile);
  const directory = printed.includes('O_DIRECTORY') || (has(bits.directory) && !unnamedFile);
  const isPathOnly = has(bits.pathOnly) || PATH_ONLY_NAMES.some((name) => printed.includes(name));
  return {
    access: isPathOnly ? 'path-only' : accessOf(printed, value),
    directory,
    truncates: printed.includes('O_TRUNC') || has(bits.truncates),
    creates: printed.includes('O_CREAT') || has(bits.creates),
    exclusive: printed.includes('O_EXCL') || has(bits.exclusive),
    closeOnExec: printed.includes('O_CLOEXEC') || has(bits.closeOnExec),
    unnamedFile,
  };
}

function accessOf(printed: string, value: number | null): Access {
  if (printed.includes('O_RDWR')) return 'both';
  if (printed.includes('O_WRONLY')) return 'write';
  if (printed.includes('O_RDONLY')) return 'read';
  if (value !== null) return ACCESS_MODES[value & ACCESS_BITS] ?? 'unknown';
  // FreeBSD to 10 leaves O_RDONLY, which is 0, out where there are other flags.
  return /^O_(?!ACCMODE)/.test(printed) ? 'read' : 'unknown';
}

/** The number in front, octal where it begins with 0; null where there is none. */
function numberOf(printed: string): number | null {
  const digits = /^(?:\{flags=)?(0x[0-9a-f]+|\d+)/i.exec(printed)?.[1];
  if (digits === undefined) return null;
  const value = /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return value <= MAX_FLAGS ? value : null;
}
