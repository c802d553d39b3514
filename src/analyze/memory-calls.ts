import { argumentsOf, type DescriptorArgument, descriptorArgument } from '../model/accessors.ts';
import type { Platform } from '../model/dialect.ts';
import type { SyscallEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';

// What single calls do to an address space, in the argument forms of all tracers.

/** Bits of a protection: the numbers are the same on all systems. */
export const READ = 1;
export const WRITE = 2;
export const EXECUTE = 4;

/** What a call that succeeded did to the address space. Addresses and lengths are as the kernel took them. */
export type MemoryCall =
  | {
      readonly kind: 'map';
      readonly start: bigint;
      readonly length: bigint;
      /** Bits; null where they are not known. */
      readonly protection: number | null;
      /** Null for anonymous memory. */
      readonly file: DescriptorArgument | null;
      readonly fileOffset: bigint;
      /** Whether it was asked for as a stack (MAP_STACK). */
      readonly isStack: boolean;
    }
  | { readonly kind: 'unmap'; readonly start: bigint; readonly length: bigint }
  | { readonly kind: 'protect'; readonly start: bigint; readonly length: bigint; readonly protection: number | null }
  | {
      readonly kind: 'remap';
      readonly from: bigint;
      readonly oldLength: bigint;
      readonly start: bigint;
      readonly length: bigint;
      /** Whether what was mapped at the old place stays there. */
      readonly keepsOld: boolean;
    }
  /** The heap ends here now. */
  | { readonly kind: 'break'; readonly end: bigint }
  /** Something was mapped; the log does not show where. */
  | { readonly kind: 'unseen' };

/** Reads a call on memory; null where it is none, failed, or its arguments do not show. */
export function memoryCallOf(event: SyscallEvent, platform: Platform): MemoryCall | null {
  if (event.outcome !== 'returned') return null;
  const call = syscallOf(event.name, platform);
  switch (call?.role) {
    case 'map':
      return mapOf(event, call.path, platform);
    case 'unmap': {
      const [start, length] = piecesOf(event).map(numberOf);
      return isNumber(start) && isNumber(length) ? { kind: 'unmap', start, length } : null;
    }
    case 'protect':
      return protectOf(event, call.canonical === 'advise');
    case 'remap':
      return remapOf(event, platform);
    case 'break':
      return breakOf(event, platform);
    default:
      return null;
  }
}

/** The arguments; kdump explains numbers in `<…>`, on NetBSD with commas inside. */
function piecesOf(event: SyscallEvent): string[] {
  if (event.dialect !== 'kdump') return argumentsOf(event);
  return argumentsOf({ ...event, args: event.args.replace(/<[^<>]*>/g, (names) => names.replaceAll(',', '|')) });
}

// mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f3a5c400000
function mapOf(event: SyscallEvent, descriptor: number | null, platform: Platform): MemoryCall {
  const pieces = piecesOf(event);
  const [, length, protection = '', flags = ''] = pieces;
  const start = numberOf(event.result ?? undefined);
  const bytes = numberOf(length);
  // mmapobj, a structure that was not decoded, a result that a mail program broke: there is more than the log shows.
  if (event.name === 'mmapobj' || !isNumber(start) || start === 0n || !isNumber(bytes)) return { kind: 'unseen' };
  const file = descriptorArgument(pieces[descriptor ?? 4]);
  const offset = numberOf(pieces[5]) ?? 0n;
  const isAnonymous = /ANON/.test(flags) || file.fd === null || file.fd > 0x7fffffff;
  return {
    kind: 'map',
    start,
    length: bytes,
    protection: flags.includes('MAP_GUARD') ? 0 : protectionOf(protection),
    file: isAnonymous ? null : file,
    fileOffset: event.name === 'mmap2' && offset % PAGE !== 0n ? offset * PAGE : offset,
    isStack: flags.includes('MAP_STACK') || (platform === 'linux' && ((numberOf(flags) ?? 0n) & MAP_STACK) !== 0n),
  };
}

function protectOf(event: SyscallEvent, isAdvice: boolean): MemoryCall | null {
  const [first, second, third = ''] = piecesOf(event);
  const start = numberOf(first);
  const length = numberOf(second);
  if (!isNumber(start) || !isNumber(length)) return null;
  if (!isAdvice) return { kind: 'protect', start, length, protection: protectionOf(third) };
  if (/MADV_GUARD_INSTALL|^0x66\b|^102\b/.test(third)) return { kind: 'protect', start, length, protection: 0 };
  if (/MADV_GUARD_REMOVE|^0x67\b|^103\b/.test(third)) return { kind: 'protect', start, length, protection: null };
  return null;
}

// mremap(0x7f0000000000, 4096, 8192, MREMAP_MAYMOVE) = 0x7f1000000000
function remapOf(event: SyscallEvent, platform: Platform): MemoryCall | null {
  const pieces = piecesOf(event);
  const [from, oldLength] = pieces.map(numberOf);
  // NetBSD: mremap(old, oldSize, new, newSize, flags)
  const isNetBsd = platform === 'bsd' && event.name === 'mremap';
  const length = numberOf(pieces[isNetBsd ? 3 : 2]);
  const start = numberOf(event.result ?? undefined);
  if (!isNumber(from) || !isNumber(oldLength) || !isNumber(length) || !isNumber(start)) return null;
  const keepsOld = oldLength === 0n || /DONTUNMAP/.test(pieces[3] ?? '');
  return { kind: 'remap', from, oldLength, start, length, keepsOld };
}

function breakOf(event: SyscallEvent, platform: Platform): MemoryCall | null {
  const argument = numberOf(piecesOf(event)[0]);
  const result = numberOf(event.result ?? undefined);
  if (platform === 'linux') return isNumber(result) ? { kind: 'break', end: result } : null;
  if (!isNumber(argument)) return null;
  // sbrk(increment) = the end before
  if (event.name.endsWith('sbrk')) return isNumber(result) ? { kind: 'break', end: result + argument } : null;
  return argument === 0n ? null : { kind: 'break', end: argument };
}

/** The flag as Linux numbers it on most machines. */
const MAP_STACK = 0x20000n;

/** What is smaller than a page of any system is never mapped. */
export const PAGE = 4096n;

/** The bits of `PROT_READ|PROT_WRITE`, `0x3`, `0x3<PROT_READ|PROT_WRITE>`; null where they do not show. */
function protectionOf(printed: string): number | null {
  if (printed.includes('PROT_NONE')) return 0;
  if (!printed.includes('PROT_')) {
    const bits = numberOf(printed);
    return isNumber(bits) ? Number(bits & 7n) : null;
  }
  return (
    (printed.includes('PROT_READ') ? READ : 0) |
    (printed.includes('PROT_WRITE') ? WRITE : 0) |
    (printed.includes('PROT_EXEC') ? EXECUTE : 0)
  );
}

/** 'rw-' for bits. */
export function protectionText(protection: number): string {
  return `${protection & READ ? 'r' : '-'}${protection & WRITE ? 'w' : '-'}${protection & EXECUTE ? 'x' : '-'}`;
}

/** The number a printed argument or result begins with; a null pointer is 0. Null where it is none, or negative. */
export function numberOf(printed: string | undefined): bigint | null {
  if (printed === undefined) return null;
  if (printed.startsWith('NULL')) return 0n;
  const digits = /^(?:0x[0-9a-f]{1,16}|\d{1,20})(?![\w.])/i.exec(printed)?.[0];
  return digits === undefined ? null : BigInt(digits);
}

function isNumber(value: bigint | null | undefined): value is bigint {
  return value !== null && value !== undefined;
}
