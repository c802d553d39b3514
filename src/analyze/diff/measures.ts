import { argumentsOf, resultNumber } from '../../model/accessors.ts';
import type { Platform } from '../../model/dialect.ts';
import type { SyscallEvent } from '../../model/event.ts';
import { CREAT_FLAGS, type OpenFlags, readOpenFlags } from '../../model/open-flags.ts';
import { type Syscall, syscallOf } from '../../model/syscalls.ts';

// What level raw compares of two tracers: what each prints in its own way and still means the same. Buffers, structures,
// addresses and the numbers of descriptors are cut, escaped and arranged differently, and not among it.

/** One thing that a call tells of itself; the value is null where the line does not show it. */
export interface Measure {
  readonly name: string;
  readonly value: string | null;
}

/** What may be compared of a call whichever tracer printed it. */
export function measuresOf(event: SyscallEvent, platform: Platform): readonly Measure[] {
  const call = syscallOf(event.name, platform);
  if (call === null) return NOTHING;
  switch (call.role) {
    case 'open':
      return measuresOfOpen(argumentsOf(event), call, platform);
    case 'read':
    case 'write':
      return returned('bytes', event);
    case 'copy':
      // The BSDs' sendfile returns no number of bytes.
      return call.canonical === 'copy' ? returned('bytes', event) : NOTHING;
    case 'seek':
      return returned('position', event);
    case 'truncate':
    case 'truncate-open':
      return [{ name: 'length', value: integer(argumentsOf(event)[1]) }];
    case 'create':
      return call.canonical === 'mkdir' ? [mode(argumentsOf(event)[behindPath(call)])] : NOTHING;
    case 'attributes':
      return event.name.includes('chmod') ? [mode(argumentsOf(event)[behindPath(call)])] : NOTHING;
    default:
      return NOTHING;
  }
}

const NOTHING: readonly Measure[] = [];

function measuresOfOpen(pieces: readonly string[], call: Syscall, platform: Platform): Measure[] {
  const flags = call.flags === null ? CREAT_FLAGS : readOpenFlags(pieces[call.flags] ?? '', platform);
  const how = { name: 'how', value: flags.access === 'unknown' ? null : howOpened(flags) };
  if (!flags.creates) return [how];
  return [how, mode(pieces[call.flags === null ? behindPath(call) : call.flags + 1])];
}

/** Without what libraries add in their own way: O_CLOEXEC, O_LARGEFILE, O_NONBLOCK and O_DIRECTORY of a directory. */
function howOpened({ access, creates, exclusive, truncates }: OpenFlags): string {
  return [access, creates ? 'create' : '', exclusive ? 'exclusive' : '', truncates ? 'truncate' : '']
    .filter((word) => word !== '')
    .join('+');
}

function behindPath({ path }: Syscall): number {
  return (path ?? 0) + 1;
}

/** What a call that came off returned. */
function returned(name: string, event: SyscallEvent): readonly Measure[] {
  if (event.outcome !== 'returned') return NOTHING;
  const value = event.name.endsWith('llseek') ? null : resultNumber(event);
  return [{ name, value: value === null ? null : String(value) }];
}

// 0600, 0x180, 0100644, 0644<S_IRUSR|…>
function mode(piece = ''): Measure {
  const value = integer(piece);
  return { name: 'mode', value: value === null ? null : (Number(value) & 0o7777).toString(8) };
}

/** Decimal digits for what is printed as octal, hexadecimal or decimal; null where it is no number. */
function integer(piece = ''): string | null {
  const digits = /^(?:0x[0-9a-f]+|\d+)/i.exec(piece)?.[0];
  if (digits === undefined) return null;
  return String(/^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits));
}
