import type { Platform } from './dialect.ts';
import { syscallOf } from './syscalls.ts';

/**
 * What a call that does nothing but wait waits for. `peers`: somebody at the other end of a socket or queue;
 * `resumed`: what a signal interrupted and the kernel goes on with, which may be any of the others.
 */
export type WaitKind = 'children' | 'events' | 'locks' | 'time' | 'signals' | 'peers' | 'resumed';

// By the names that systems have in common; calls that wait for children and messages are known by their roles.
const NAMES: Readonly<Record<WaitKind, string>> = {
  children: '',
  events:
    'poll ppoll ppoll_time64 select _newselect pselect pselect6 pselect6_time64 epoll_wait epoll_pwait epoll_pwait2 ' +
    'kevent kevent64 kevent_qos kevent_id pollsys port_get port_getn io_getevents io_pgetevents __select50 __pselect50 ' +
    '__pollts50 __kevent50 _poll _select pollset_poll aio_suspend',
  locks:
    'futex futex_time64 futex_wait futex_waitv flock lwp_park lwp_wait lwp_mutex_lock lwp_mutex_timedlock lwp_cond_wait ' +
    'lwp_sema_wait lwp_sema_timedwait _umtx_op umtx_sleep ulock_wait ulock_wait2 psynch_cvwait psynch_mutexwait ' +
    'psynch_rw_rdlock psynch_rw_wrlock __semwait_signal semwait_signal sem_wait ksem_wait ksem_timedwait semop semtimedop ' +
    '__thrsleep _lwp_park ___lwp_park60 _lwp_wait thread_wait thread_tsleep thread_waitlock bsdthread_join',
  time: 'nanosleep clock_nanosleep clock_nanosleep_time64 __nanosleep50 _nsleep nsleep',
  signals:
    'pause sigsuspend rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 sigtimedwait sigwait sigwaitinfo __sigwait ' +
    '__sigsuspend14 __sigtimedwait50 _sigsuspend',
  peers: 'accept accept4 paccept connect msgrcv mq_timedreceive mq_timedreceive_time64 getmsg getpmsg naccept',
  resumed: 'restart_syscall',
};

/** All kinds, in the order they are shown. */
export const WAIT_KINDS: readonly WaitKind[] = ['children', 'events', 'locks', 'time', 'signals', 'peers', 'resumed'];

const KINDS: ReadonlyMap<string, WaitKind> = new Map(
  WAIT_KINDS.flatMap((kind) => NAMES[kind].split(' ').map((name) => [name, kind] as const)),
);

/**
 * What the call with this printed name waits for, or null where it does other work too. Reads and writes may wait as
 * long for a pipe or a terminal; their names do not tell.
 */
export function waitKindOf(name: string, platform: Platform): WaitKind | null {
  const call = syscallOf(name, platform);
  if (call?.role === 'wait') return 'children';
  if (call?.canonical === 'recv') return 'peers';
  // openat#64: see syscallOf
  const plain = name.replace(/[#].*|^.*:|^(?:linux|freebsd32)_|_nocancel$/g, '');
  return KINDS.get(plain) ?? null;
}
