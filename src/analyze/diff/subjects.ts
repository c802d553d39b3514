import { argumentsOf, descriptorArgument, stringArgument } from '../../model/accessors.ts';
import type { Platform } from '../../model/dialect.ts';
import type { SyscallEvent } from '../../model/event.ts';
import { signalName } from '../../model/signals.ts';
import type { Syscall } from '../../model/syscalls.ts';
import { detach } from '../../scan/detach.ts';
import { type FileState, fileAt, fileNamed } from '../open-files.ts';
import type { NamedFile } from '../open-records.ts';
import { signalsOwnThread } from '../process-calls.ts';

/** What a call is done to, before its names are symbols: a file, a process by its pid, or what is a symbol already. */
export type Subject = NamedFile | { readonly pid: number } | string;

/** Whether the subject is a file by its name. */
export function isFile(subject: Subject): subject is NamedFile {
  return typeof subject === 'object' && 'base' in subject;
}

const STANDARD_STREAMS = ['<stdin>', '<stdout>', '<stderr>'];
/** A pipe, a socket, a queue of events. */
export const NO_FILE = '<no file>';
/** A descriptor that the log does not show being made. */
export const UNKNOWN_DESCRIPTOR = '<descriptor>';
/** A name that the tracer printed as an address. */
const UNSEEN_NAME = '<name>';
const OWN_PROCESS = '<itself>';
const PROCESS_GROUP = '<group>';

/** Calls of no role whose first argument is a descriptor. */
const ON_DESCRIPTORS: ReadonlySet<string> = new Set(
  (
    'ioctl kioctl fsync fdatasync flock fallocate posix_fallocate fadvise64 posix_fadvise fchmod fchown fstatfs fstatvfs ' +
    'fgetxattr fsetxattr flistxattr connect bind listen getsockname getpeername setsockopt getsockopt shutdown ' +
    'sync_file_range syncfs futimens fpathconf'
  ).split(' '),
);
/** Longest text that names what a call of no role is done to. */
const MAX_TEXT = 256;

/** What the call with these arguments is done to; of a rename, a link and a copy two. */
export function subjectsOf(
  event: SyscallEvent,
  call: Syscall | null,
  pieces: readonly string[],
  platform: Platform,
  pid: number | null,
  state: FileState,
): Subject[] {
  if (call === null) return subjectsOfOther(event, pieces, state);
  switch (call.role) {
    case 'spawn':
    case 'wait':
    case 'channel':
    case 'limit':
    case 'unmap':
    case 'protect':
    case 'remap':
    case 'break':
      return call.canonical === 'accept' ? [atDescriptor(pieces[0], state)] : [];
    case 'exec':
      return [call.path === null ? atDescriptor(pieces[0], state) : named(pieces, event, call, state)];
    case 'kill':
      return signalled(event, pieces, platform, pid);
    case 'copy':
      return [atDescriptor(pieces[call.path ?? 0], state), atDescriptor(pieces[call.target ?? 0], state)];
    case 'rename':
    case 'link':
      return [named(pieces, event, call, state), target(pieces, event, call, state)];
    case 'open':
    case 'chdir':
    case 'stat':
    case 'create':
    case 'unlink':
    case 'truncate':
    case 'attributes':
      return [named(pieces, event, call, state)];
    case 'close':
    case 'close-range':
    case 'dup':
    case 'fcntl':
    case 'fchdir':
    case 'read':
    case 'write':
    case 'seek':
    case 'list':
    case 'map':
    case 'stat-open':
    case 'truncate-open':
      return [atDescriptor(pieces[call.path ?? 0], state)];
    default:
      return [];
  }
}

/** Whether the call names its file by what is open: fstat(3), and newfstatat(3, "", …) all the same. */
export function isByDescriptor(event: SyscallEvent, call: Syscall): boolean {
  if (call.directory === null || !event.args.includes('""')) return false;
  return stringArgument(argumentsOf(event)[call.path ?? 0], event.dialect) === '';
}

function named(pieces: readonly string[], event: SyscallEvent, call: Syscall, state: FileState): Subject {
  const from = call.directory === null ? undefined : (pieces[call.directory] ?? '');
  const file = fileNamed(pieces[call.path ?? 0], from, event.dialect, state);
  if (file?.printed === '' && from !== undefined) return atDescriptor(from, state);
  return file ?? UNSEEN_NAME;
}

function target(pieces: readonly string[], event: SyscallEvent, call: Syscall, state: FileState): Subject {
  const from = call.targetDirectory === null ? undefined : (pieces[call.targetDirectory] ?? '');
  return fileNamed(pieces[call.target ?? 1], from, event.dialect, state) ?? UNSEEN_NAME;
}

function atDescriptor(piece: string | undefined, state: FileState): Subject {
  const file = fileAt(piece, state);
  if (file === 'none') return NO_FILE;
  if (file !== null) return file;
  const { fd } = descriptorArgument(piece);
  return (fd === null ? undefined : STANDARD_STREAMS[fd]) ?? UNKNOWN_DESCRIPTOR;
}

// kill(21540, SIGTERM), tgkill(21540, 21541, SIGABRT), __pthread_kill(0x603, 0x6, 0x0)
function signalled(event: SyscallEvent, pieces: readonly string[], platform: Platform, pid: number | null): Subject[] {
  const isThread = signalsOwnThread(event) || /^_*(?:tkill|tgkill)/.test(event.name);
  const target = Number(pieces[0]);
  const signal = pieces.find((piece) => piece.startsWith('SIG')) ?? signalName(Number(pieces[1]), platform);
  if (isThread || target === pid) return [OWN_PROCESS, signal];
  return [target > 0 ? { pid: target } : PROCESS_GROUP, signal];
}

function subjectsOfOther(event: SyscallEvent, pieces: readonly string[], state: FileState): Subject[] {
  if (ON_DESCRIPTORS.has(event.name)) return [atDescriptor(pieces[0], state)];
  const piece = pieces.find((one) => one.startsWith('"'));
  const text = stringArgument(piece, event.dialect);
  if (text === null) return [];
  if (text.startsWith('/')) return [fileNamed(piece, undefined, event.dialect, state) ?? UNSEEN_NAME];
  return [detach(text.slice(0, MAX_TEXT))];
}
