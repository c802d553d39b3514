import { argumentsOf } from '../../model/accessors.ts';
import type { Platform } from '../../model/dialect.ts';
import type { SyscallEvent } from '../../model/event.ts';
import { type Syscall, syscallOf } from '../../model/syscalls.ts';
import { detach } from '../../scan/detach.ts';
import { pathOf } from '../open-records.ts';
import { isFile, type Subject } from './subjects.ts';

// What level raw compares beyond the call and its outcome: the result and the arguments, without what is chance.

/** Longest text kept of a call's arguments; what is longer is compared by its beginning and its length. */
const MAX_DETAIL = 300;
/** No flag, size or offset is printed so: seven digits and more are where something is in memory. */
const ADDRESS = /\b0x[0-9a-fA-F]{7,16}\b/g;
/** Fields of structures that tell times and numbers of files and tasks. */
const CHANCE_FIELDS =
  /\b(st_(?:dev|ino|[abcm]time(?:_nsec|nsec)?|birthtime)|stx_(?:dev_major|dev_minor|ino|mnt_id|[abcm]time|btime)|si_(?:pid|utime|stime|addr)|d_ino|d_off|tv_u?n?sec|ru_\w+|f_(?:bfree|bavail|ffree|favail|fsid)|parent_tid|child_tid|child_tidptr|parent_tidptr|stack|tls)=(?:\{[^{}]*\}|\[[^[\]]*\]|[^,}\]]*)/g;
/** Calls about a process, which one of their first two arguments tells by its pid. */
const ABOUT_PROCESSES: ReadonlySet<string> = new Set(
  (
    'setpgid getpgid getsid sigsend sigsendsys sigqueue sigqueueinfo prlimit64 sched_getaffinity sched_setaffinity ' +
    'get_robust_list pidfd_open process_vm_readv process_vm_writev setpriority getpriority cpuset_getaffinity ' +
    'procctl privsys csops proc_info'
  ).split(' '),
);
const NUMBER = /^-?(?:0x[0-9a-fA-F]+|\d+)$/;
/** Flags in any order are one set. */
const FLAGS = /^[A-Z][A-Z0-9_]*(?:\|[A-Z0-9_]+)+$/;

/** The result and the arguments that name no file of the call; '' where both are chance. */
export function rawDetail(event: SyscallEvent, subjects: readonly Subject[], platform: Platform): string {
  const call = syscallOf(event.name, platform);
  // What a signal was sent to, and which, are its subjects.
  if (call?.role === 'kill' || subjects.some(isOfKernel)) return '';
  const pieces = argumentsOf(event);
  const shown = withoutPid(pieces, pidPlaces(event, call))
    .filter((_, index) => call === null || !isSubject(index, call))
    .map(withoutChance)
    .join(', ');
  const text = `${resultOf(event, call)} (${shown})`.trimStart();
  return detach(text.length <= MAX_DETAIL ? text : `${text.slice(0, MAX_DETAIL)}... ${text.length}`);
}

/** What the kernel tells of itself and of processes, and what it throws dice for, is something else each time. */
function isOfKernel(subject: Subject): boolean {
  return isFile(subject) && /^\/(?:proc\/|sys\/|dev\/u?random$)/.test(pathOf(subject));
}

function isSubject(index: number, { path, directory, target, targetDirectory }: Syscall): boolean {
  return index === path || index === directory || index === target || index === targetDirectory;
}

/** How many of the first arguments may be a pid. */
function pidPlaces({ name }: SyscallEvent, call: Syscall | null): number {
  // The value of a lock is the thread that holds it.
  if (name.startsWith('futex')) return 3;
  return ABOUT_PROCESSES.has(name) || call?.role === 'wait' || call?.role === 'limit' ? 2 : 0;
}

function withoutPid(pieces: readonly string[], places: number): string[] {
  return pieces.map((piece, index) => (index < places && NUMBER.test(piece) ? '<pid>' : piece));
}

function withoutChance(piece: string): string {
  if (FLAGS.test(piece)) return piece.split('|').sort().join('|');
  return piece.replace(CHANCE_FIELDS, '$1=...').replace(ADDRESS, '<address>');
}

/** Sizes and counts as they are; what is the number of a descriptor, a task or a place in memory is none of these. */
function resultOf(event: SyscallEvent, call: Syscall | null): string {
  if (event.outcome !== 'returned') return '';
  switch (call?.role) {
    case 'open':
    case 'dup':
    case 'channel':
    case 'spawn':
    case 'wait':
    case 'getpid':
    case 'getppid':
    case 'gettid':
    case 'break':
    case 'map':
    case 'remap':
    case 'sigreturn':
      return '';
    default:
      return withoutChance(event.result ?? '');
  }
}
