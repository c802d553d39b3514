import { describe, expect, test } from 'vitest';
import { operationOf } from '../../../src/analyze/diff/operations.ts';
import type { Platform } from '../../../src/model/dialect.ts';

describe('one operation for what systems call by many names', () => {
  const cases: readonly [operation: string, platform: Platform, names: string][] = [
    ['open', 'linux', 'open openat open64 openat2 creat openat#64'],
    ['open', 'illumos', 'open openat open64 openat64'],
    ['open', 'macos', 'open open_nocancel openat_nocancel guarded_open_np'],
    ['open', 'freebsd', 'open openat linux_openat'],
    ['open', 'aix', 'kopen openx'],
    ['stat', 'linux', 'stat lstat newfstatat fstatat64 statx stat64 fstat'],
    ['stat', 'illumos', 'stat lstat fstatat xstat fxstat'],
    ['stat', 'bsd', '__stat50 fstat linux_newstat'],
    ['spawn', 'linux', 'fork vfork clone clone3'],
    ['spawn', 'illumos', 'forkx vforkx fork1 forkall'],
    ['spawn', 'freebsd', 'fork vfork rfork pdfork'],
    ['spawn', 'macos', 'fork vfork posix_spawn'],
    ['thread', 'illumos', 'lwp_create'],
    ['thread', 'freebsd', 'thr_new'],
    ['thread', 'macos', 'bsdthread_create'],
    ['exec', 'linux', 'execve execveat'],
    ['wait', 'illumos', 'waitsys waitid waitpid'],
    ['wait', 'linux', 'wait4 waitid waitpid'],
    ['exit', 'linux', 'exit exit_group'],
    ['unlink', 'linux', 'unlink unlinkat rmdir'],
    ['rename', 'linux', 'rename renameat renameat2'],
  ];
  test.each(cases)('%s on %s: %s', (operation, platform, names) => {
    for (const name of names.split(' ')) expect([name, operationOf(name, platform).name]).toEqual([name, operation]);
  });
});

describe('housekeeping is told by what it is about', () => {
  const cases: readonly [chore: string, platform: Platform, names: string][] = [
    ['memory', 'linux', 'mmap munmap mprotect brk madvise mremap'],
    ['memory', 'illumos', 'mmap munmap memcntl brk mmapobj'],
    ['memory', 'macos', 'mmap mprotect kernelrpc_mach_vm_allocate_trap shared_region_check_np'],
    ['locks', 'linux', 'futex sched_yield'],
    ['locks', 'illumos', 'lwp_park lwp_unpark lwp_cond_wait'],
    ['locks', 'freebsd', '_umtx_op'],
    ['locks', 'macos', 'ulock_wait psynch_cvwait psynch_mutexdrop'],
    ['signals', 'linux', 'rt_sigaction rt_sigprocmask sigaltstack rt_sigreturn'],
    ['signals', 'illumos', 'sigaction lwp_sigmask'],
    ['signals', 'bsd', '__sigaction14 sigprocmask'],
    ['identity', 'linux', 'getuid geteuid getpid gettid getcwd umask'],
    ['identity', 'macos', 'issetugid csops_audittoken'],
    ['time', 'linux', 'clock_gettime nanosleep gettimeofday'],
    ['time', 'bsd', '__clock_gettime50 __nanosleep50'],
    ['waiting', 'linux', 'poll epoll_wait wait4 pselect6'],
    ['waiting', 'illumos', 'pollsys waitid'],
    ['waiting', 'freebsd', 'kevent wait6'],
    ['limits', 'linux', 'prlimit64 getrlimit'],
    ['system', 'freebsd', '__sysctl sysarch'],
    ['start', 'linux', 'arch_prctl set_robust_list rseq'],
  ];
  test.each(cases)('%s on %s: %s', (chore, platform, names) => {
    for (const name of names.split(' ')) {
      const operation = operationOf(name, platform);
      expect([name, operation.kind, operation.chore]).toEqual([name, 'housekeeping', chore]);
    }
  });
});

test('a call that nothing is known of is compared by its own name', () => {
  expect(operationOf('frobnicate', 'linux')).toEqual({ name: 'frobnicate', kind: 'call', chore: null, call: null });
  expect(operationOf('linux_frobnicate', 'freebsd').name).toBe('frobnicate');
  expect(operationOf('', 'linux').name).toBe('');
});
