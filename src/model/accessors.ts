import { splitArguments } from '../scan/arguments.ts';
import { unescapeBytes } from '../scan/unescape.ts';
import type { Dialect } from './dialect.ts';
import type { SyscallEvent } from './event.ts';
import { rawWords, splitRawArguments } from './raw-arguments.ts';

// Lazy decoding of what events keep as printed.

/**
 * The call's arguments as printed, without the names that `strace -N` puts in front of them. They end early where a
 * tracer that prints names raw leaves it open where an argument ends.
 */
export function argumentsOf(event: Pick<SyscallEvent, 'dialect' | 'name' | 'args'>): string[] {
  if (event.dialect === 'truss-freebsd') return splitRawArguments(event.name, event.args);
  return splitArguments(event.args).map(withoutName);
}

/** The elements, as printed, of an array argument: `["cc", "main.c"]`. */
export function elementsOf(array: string, dialect: Dialect): string[] {
  if (dialect === 'truss-freebsd') return rawWords(array);
  return splitArguments(array.slice(1, array.endsWith(']') ? -1 : undefined));
}

function withoutName(piece: string): string {
  return /^[a-z_][a-z_0-9]*=/.test(piece) ? piece.slice(piece.indexOf('=') + 1) : piece;
}

/**
 * The bytes, as latin1 text, of a printed string argument: `"/etc/pass\303\274"`. Null where it is no string
 * (`NULL`, `0x7ffd…`), with what follows it (`...`, a security context) left out.
 */
export function stringArgument(piece: string | undefined, dialect: Dialect): string | null {
  if (piece === undefined || !piece.startsWith('"')) return null;
  const end = piece.lastIndexOf('"');
  const text = end > 0 ? piece.slice(1, end) : piece.slice(1);
  switch (dialect) {
    case 'truss-freebsd':
      return text; // raw
    case 'truss-illumos':
      return unescapeBytes(text, 'quote-and-hex');
    case 'dtruss':
      return unescapeBytes(text.endsWith('\\0') ? text.slice(0, -2) : text, 'c');
    default:
      return unescapeBytes(text, 'c');
  }
}

/** Bytes of a path that dtruss copies. */
const DTRUSS_PATH = 255;

/** Whether the tracer may show only the beginning of the path it prints: it says so, or shows as much as it ever does. */
export function isCutPath(piece: string | undefined, path: string, dialect: Dialect): boolean {
  return piece?.endsWith('...') === true || (dialect === 'dtruss' && path.length === DTRUSS_PATH);
}

/** Descriptor arguments that mean the working directory, in the forms the tracers print them. */
const AT_FDCWD =
  /^(?:AT_FDCWD|-100|0xffffff9c|0xffffffffffffff9c|4294967196|-3041965|0xffd19553|-2|0xfffffffe|0xfffffffffffffffe)\b/i;

export interface DescriptorArgument {
  /** Null for the working directory (AT_FDCWD), and where the argument is no number. */
  readonly fd: number | null;
  readonly isCwd: boolean;
  /** Absolute path from a decoration (`strace -y`), as latin1 bytes. */
  readonly path: string | null;
}

/** Reads a descriptor argument: `3`, `AT_FDCWD`, `9</etc>`, `-100` with its name in a comment. */
export function descriptorArgument(piece: string | undefined): DescriptorArgument {
  if (piece === undefined) return { fd: null, isCwd: false, path: null };
  const path = decoration(piece);
  if (AT_FDCWD.test(piece)) return { fd: null, isCwd: true, path };
  const fd = /^(?:0x[0-9a-f]+|\d+)/.exec(piece)?.[0];
  return { fd: fd === undefined ? null : Number(fd), isCwd: false, path };
}

/** The absolute path that `strace -y` puts behind a descriptor, as latin1 bytes, or null. */
function decoration(printed: string): string | null {
  const open = printed.search(/<(?:\/|\\x2f)/);
  if (open < 0) return null;
  const end = printed.lastIndexOf('>');
  if (end < open) return null;
  let path = printed.slice(open + 1, end).replace(/<(?:char|block) [^<>]*>?$/, '');
  if (path.endsWith(' (deleted)')) path = path.slice(0, -' (deleted)'.length);
  return unescapeBytes(path, 'c');
}

/** The result as a number, or null where it is none or too large for one. */
export function resultNumber(event: SyscallEvent): number | null {
  const digits = event.result === null ? undefined : /^-?(?:0x[0-9a-fA-F]+|\d+)/.exec(event.result)?.[0];
  if (digits === undefined) return null;
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : null;
}

/** The kernel's own name of the file a call returned a descriptor of (`= 3</abs/path>`), as latin1 bytes. */
export function resultPath(event: SyscallEvent): string | null {
  return event.result === null ? null : decoration(event.result);
}

/**
 * The task id a call returned, in the tracer's own pid namespace where it translates (`strace --pidns-translation`);
 * null where it returned none.
 */
export function resultId(event: SyscallEvent): number | null {
  if (event.outcome !== 'returned') return null;
  const translated = /^\/\* (\d+) in strace's PID NS \*\//.exec(event.detail ?? '')?.[1];
  const id = translated === undefined ? resultNumber(event) : Number(translated);
  return id !== null && id > 0 ? id : null;
}

/** The second value truss prints behind a result: `getpid() = 26560 [26559]` has the parent there. */
export function secondResult(event: SyscallEvent): number | null {
  const digits = /^\[(\d+)\]$/.exec(event.detail ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
