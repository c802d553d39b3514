import type { Platform } from './dialect.ts';
import { FILE_CALLS } from './file-calls.ts';

/**
 * What a call does, as far as an analysis of processes and files cares. `spawn` makes a process or a thread;
 * `exit` ends the process, `exit-thread` the calling thread; `sigreturn` leaves a signal handler; `channel` makes
 * descriptors that are no files: pipes, sockets, queues of events.
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
  | 'close-range'
  | 'channel'
  | FileRole;

/**
 * What a call does with files and memory beyond opening and closing. `stat` looks at a path without opening it, `list`
 * reads a directory, `copy` moves bytes between descriptors; `-open` works on a descriptor instead of a path; `limit`
 * sets or asks for a resource limit; `break` moves the end of the heap.
 */
export type FileRole =
  | 'read'
  | 'write'
  | 'copy'
  | 'seek'
  | 'list'
  | 'map'
  | 'unmap'
  | 'protect'
  | 'remap'
  | 'break'
  | 'stat'
  | 'stat-open'
  | 'rename'
  | 'link'
  | 'create'
  | 'unlink'
  | 'truncate'
  | 'truncate-open'
  | 'attributes'
  | 'limit';

export interface Syscall {
  /** One name for a call's variants on all systems: open64, openat2 and open_nocancel are 'open'. */
  readonly canonical: string;
  readonly role: Role;
  /** Index of the argument that is the path (or the descriptor, for fchdir, close, read …); null where there is none. */
  readonly path: number | null;
  /** Index of the directory descriptor a relative path starts from; null where it starts from the working directory. */
  readonly directory: number | null;
  /** Index of the open flags; null where there are none. */
  readonly flags: number | null;
  /** Index of the second path or descriptor: where a rename, link or copy leads; null where there is none. */
  readonly target: number | null;
  /** Index of the directory descriptor the second path starts from. */
  readonly targetDirectory: number | null;
}

/** One fact of the table: printed names, blanks between, and what `Syscall` says of them. */
export type Row = readonly [
  names: string,
  role: Role,
  canonical: string,
  path?: number,
  directory?: number | null,
  flags?: number | undefined,
  target?: number,
  targetDirectory?: number,
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
  ['pipe pipe2 socketpair', 'channel', 'pair'],
  ['socket so_socket __socket30 linux_socket', 'channel', 'socket'],
  ['accept accept4 accept_nocancel', 'channel', 'accept'],
  ['epoll_create epoll_create1 kqueue kqueue1 kqueuex port_create pollset_create', 'channel', 'queue'],
  ['eventfd eventfd2 signalfd signalfd4 timerfd_create inotify_init inotify_init1', 'channel', 'queue'],
  ['userfaultfd fanotify_init pidfd_open io_uring_setup perf_event_open', 'channel', 'queue'],
];

/** FreeBSD, DragonFly, OpenBSD and NetBSD, and the Linux programs FreeBSD runs. */
const BSD_ROWS: readonly Row[] = [
  ['rfork pdfork linux_fork linux_vfork linux_clone clone __vfork14 __clone', 'spawn', 'fork'],
  ['wait6 __wait450 linux_wait4 linux_waitpid', 'wait', 'wait'],
  ['linux_open', 'open', 'open', 0, null, 1],
  ['linux_openat', 'open', 'open', 1, 0, 2],
  ['linux_creat', 'open', 'creat', 0],
  ['linux_execve', 'exec', 'exec', 0],
  ['fexecve', 'exec', 'exec'],
  ['exit _exit sys_exit linux_exit_group', 'exit', 'exit'],
  ['thr_exit __threxit _lwp_exit lwp_exit linux_exit', 'exit-thread', 'exit'],
  ['__getcwd linux_getcwd', 'getcwd', 'getcwd'],
  ['thr_self', 'gettid', 'gettid'],
  ['thr_kill thr_kill2 thrkill', 'kill', 'kill'],
  ['compat_50___sigreturn14 compat_16___sigreturn14 __sigreturn14', 'sigreturn', 'sigreturn'],
];

/** FreeBSD alone: programs of its 32-bit and Linux ABIs, and what its truss shows of an exit. */
const FREEBSD_ROWS: readonly Row[] = [
  ...BSD_ROWS,
  ['pdrfork linux_clone3', 'spawn', 'fork'],
  ['freebsd32_wait4 freebsd32_wait6 linux_waitid', 'wait', 'wait'],
  ['__mac_execve freebsd32_execve freebsd32_fexecve linux_execveat', 'exec', 'exec'],
  ['linux_chdir', 'chdir', 'chdir', 0],
  ['linux_fchdir', 'fchdir', 'fchdir', 0],
  ['linux_close', 'close', 'close', 0],
  ['linux_dup', 'dup', 'dup', 0],
  ['linux_dup2 linux_dup3', 'dup', 'dup2', 0],
  ['linux_fcntl linux_fcntl64 freebsd32_fcntl', 'fcntl', 'fcntl', 0],
  [
    'freebsd32_sigreturn linux_sigreturn linux_rt_sigreturn compat4.sigreturn compat.sigreturn',
    'sigreturn',
    'sigreturn',
  ],
  ['linux_kill linux_tkill linux_tgkill', 'kill', 'kill'],
  // It is the last thread that exits; the end of the process has a line of its own, which tells the status.
  ['exit _exit sys_exit linux_exit_group', 'exit-thread', 'exit'],
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
  freebsd: FREEBSD_ROWS,
  bsd: [
    ...BSD_ROWS,
    ['linux_clone3', 'spawn', 'fork'],
    ['linux_chdir', 'chdir', 'chdir', 0],
    ['linux_rt_sigreturn linux_sigreturn', 'sigreturn', 'sigreturn'],
    ['linux_tgkill linux_tkill linux_kill', 'kill', 'kill'],
  ],
  macos: [
    ['posix_spawn', 'spawn', 'fork', 1],
    // Solaris and FreeBSD, in the DTraceToolkit's dtruss.
    ['forksys fork1 rfork', 'spawn', 'fork'],
    ['exece __mac_execve', 'exec', 'exec'],
    ['wait4_nocancel waitid_nocancel', 'wait', 'wait'],
    ['fcntl_nocancel', 'fcntl', 'fcntl'],
    ['exit _exit', 'exit', 'exit'],
    ['bsdthread_terminate', 'exit-thread', 'exit'],
    ['__pthread_kill thr_kill', 'kill', 'kill'],
    ['__pthread_chdir', 'chdir', 'chdir', 0],
    ['__pthread_fchdir', 'fchdir', 'fchdir', 0],
    ['open_extended open_dprotected_np', 'open', 'open', 0, null, 1],
    ['guarded_open_np guarded_open_dprotected_np', 'open', 'open', 0, null, 3],
    ['openbyid_np', 'open', 'open', 0, null, 2],
  ],
  aix: [
    ['kfork f_fork _fork', 'spawn', 'fork'],
    ['kwaitpid kwaitpid64', 'wait', 'wait'],
    ['_exit exit', 'exit', 'exit'],
    ['thread_terminate', 'exit-thread', 'exit'],
    ['kopen openx kopenx', 'open', 'open', 0, null, 1],
    ['_getpid', 'getpid', 'getpid'],
    ['_getppid', 'getppid', 'getppid'],
    ['kfcntl', 'fcntl', 'fcntl', 0],
    ['_kill thread_kill', 'kill', 'kill'],
    ['ksetcontext_sigreturn', 'sigreturn', 'sigreturn'],
  ],
};

function build(platform: Platform): ReadonlyMap<string, Syscall> {
  const table = new Map<string, Syscall>();
  for (const row of [...FILE_CALLS[platform], ...COMMON, ...BY_PLATFORM[platform]]) {
    const [names, role, canonical, path = null, directory = null, flags = null, target = null, last = null] = row;
    const call = { canonical, role, path, directory, flags, target, targetDirectory: last };
    for (const name of names.split(' ')) table.set(name, call);
  }
  return table;
}

const TABLES: Readonly<Record<Platform, ReadonlyMap<string, Syscall>>> = {
  linux: build('linux'),
  illumos: build('illumos'),
  freebsd: build('freebsd'),
  aix: build('aix'),
  macos: build('macos'),
  bsd: build('bsd'),
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
