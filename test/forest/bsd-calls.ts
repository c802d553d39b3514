import type { ChildReport, Request } from './happening.ts';

// What the BSDs call the calls of a run, and how they number its signals.

/** Numbers of signals. */
export const SIGNALS: Readonly<Record<string, number>> = {
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGBUS: 10,
  SIGSEGV: 11,
  SIGTERM: 15,
  SIGSTOP: 17,
  SIGCHLD: 20,
};

/** The call's name on FreeBSD. */
export function callName(request: Request): string {
  switch (request.name) {
    case 'open':
      return request.directory === null ? 'open' : 'openat';
    case 'clone':
    case 'posix_spawn':
      return 'rfork';
    case 'thread':
      return 'thr_new';
    case 'exec':
      return 'execve';
    case 'waitid':
      return 'wait6';
    case 'exit-group':
      return 'exit';
    case 'exit-thread':
      return 'thr_exit';
    case 'pause':
      return 'sigsuspend';
    case 'gettid':
      return 'thr_self';
    case 'brk':
      return 'mmap';
    case 'join':
      return '_umtx_op';
    case 'tgkill':
      return 'thr_kill';
    default:
      return request.name;
  }
}

/** The code a parent is told. */
export function childCode({ signal, coreDumped }: ChildReport): string {
  return signal === null ? 'CLD_EXITED' : coreDumped ? 'CLD_DUMPED' : 'CLD_KILLED';
}
