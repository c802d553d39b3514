import type { Platform } from './dialect.ts';

/**
 * What a call does, as far as an analysis of processes and files cares. `spawn` makes a process or a thread;
 * `exit` ends the process, `exit-thread` the calling thread; `sigreturn` leaves a signal handler.
 */
export type Role =
  | 'open'
  | 'close'
  | 'dup'
  | 'fcntl'
  | 'chdir'
  | 'fchdir'
  | 'getcwd'
  | 'exec'
  | 'spawn'
  | 'wait'
  | 'exit'
  | 'exit-thread'
  | 'getpid'
  | 'getppid'
  | 'gettid'
  | 'sigreturn'
  | 'kill'
  | 'close-range';

export interface Syscall {
  /** One name for a call's variants on all systems: open64, openat2 and open_nocancel are 'open'. */
  readonly canonical: string;
  readonly role: Role;
  /** Index of the argument that is the path (or the descriptor, for fchdir, close, dup); null where there is none. */
  readonly path: number | null;
  /** Index of the directory descriptor a relative path starts from; null where it starts from the working directory. */
  readonly directory: number | null;
  /** Index of the open flags; null where there are none. */
  readonly flags: number | null;
}

type Row = readonly [
  names: string,
  role: Role,
  canonical: string,
  path?: number,
  directory?: number | null,
  flags?: number,
];

/** Calls that mean the same on every system that has them. */
const COMMON: readonly Row[] = [
  ['open open64 open_nocancel', 'open', 'open', 0, null, 1],
  ['openat openat64 openat2 openat_nocancel', 'open', 'open', 1, 0, 2],
  ['creat creat64', 'open', 'creat', 0],
  ['close close_nocancel', 'close', 'close', 0],
  ['close_range closefrom', 'close-range', 'close_range', 0],
  ['dup', 'dup', 'dup', 0],
  ['dup2 dup3', 'dup', 'dup2', 0],
  ['fcntl fcntl64', 'fcntl', 'fcntl', 0],
  ['chdir chroot', 'chdir', 'chdir', 0],
  ['fchdir', 'fchdir', 'fchdir', 0],
  ['getcwd', 'getcwd', 'getcwd', 0],
  ['execve exec execv execvex', 'exec', 'exec', 0],
  ['execveat', 'exec', 'exec', 1, 0],
  ['fork vfork', 'spawn', 'fork'],
  ['wait4 waitpid waitid wait wait3', 'wait', 'wait'],
  ['exit_group', 'exit', 'exit'],
  ['getpid', 'getpid', 'getpid'],
  ['getppid', 'getppid', 'getppid'],
  ['rt_sigreturn sigreturn setcontext', 'sigreturn', 'sigreturn'],
  ['kill tgkill tkill lwp_kill _lwp_kill rt_sigqueueinfo rt_tgsigqueueinfo', 'kill', 'kill'],
];

const BY_PLATFORM: Readonly<Record<Platform, readonly Row[]>> = {
  linux: [
    // strace of versions that know no clone3 prints its number.
    ['clone clone2 __clone2 clone3 syscall_435 syscall_0x1b3', 'spawn', 'clone'],
    ['exit _exit', 'exit-thread', 'exit'],
    ['gettid set_tid_address', 'gettid', 'gettid'],
  ],
  illumos: [
    ['fork1 forkall forkx forkallx vforkx forksys spawn', 'spawn', 'fork'],
    ['waitsys', 'wait', 'wait'],
    ['_exit exit', 'exit', 'exit'],
    ['lwp_exit', 'exit-thread', 'exit'],
  ],
};

function build(platform: Platform): ReadonlyMap<string, Syscall> {
  const table = new Map<string, Syscall>();
  for (const [names, role, canonical, path = null, directory = null, flags = null] of [
    ...COMMON,
    ...BY_PLATFORM[platform],
  ]) {
    for (const name of names.split(' ')) table.set(name, { canonical, role, path, directory, flags });
  }
  return table;
}

const TABLES: Readonly<Record<Platform, ReadonlyMap<string, Syscall>>> = {
  linux: build('linux'),
  illumos: build('illumos'),
};

/** What is known of the call with this printed name, or null where nothing is. */
export function syscallOf(name: string, platform: Platform): Syscall | null {
  const table = TABLES[platform];
  const known = table.get(name);
  if (known !== undefined) return known;
  // openat#64 and 64:openat: a 64-bit call of an x32 task (strace)
  const mark = name.search(/[#:]/);
  if (mark < 0) return null;
  return table.get(name[mark] === '#' ? name.slice(0, mark) : name.slice(mark + 1)) ?? null;
}
