/**
 * Whether one line is of AIX truss. Most of its lines could as well be of illumos truss; only what AIX alone prints
 * counts here, so that a log of illumos never looks like one of AIX.
 */
import { skipSpaces, trimmedEnd } from '../src/scan/cursor.ts';
import { skipCallName } from './truss-illumos-call.ts';

/** 56361298: 83624347: */
const TWO_NUMBERS =
  /^\d{1,10}:[ \t]+\d{1,10}:[ \t]+(?:\d+\.\d{4,9}:?[ \t]+)?(?:[A-Za-z_]\w{0,40}\(|Received signal #|siginfo: SIG)/;
/** illumos counts processes to 999999, FreeBSD to 99999. */
const LARGE_PID =
  /^\d{7,10}:[ \t]+(?:[A-Za-z_]\w{0,40}\(|Received signal #|Incurred fault #|siginfo: SIG|\*\*\* |->|<-)/;
const PREFIX = /^(?:\d{1,10}:[ \t]+){0,2}(?:\d+\.\d{4,9}:?[ \t]+)?/;
const ARGC = /\)[ \t]+argc: +\d+$/;
/** One digit is padded to two columns. System V truss of UnixWare prints it so too. */
const WIDE_ERROR = /\)[ \t]+Err#\d {2}E[A-Z0-9]+$/;
/** Addresses of a 64-bit program have all sixteen digits; illumos leaves the leading zeros out. */
const WIDE_ADDRESS = /[(, ]0x0[0-9A-F]{15}(?![0-9A-Fa-f])/;
const RESULT = /\)[ \t]*(?:[ \t]= ?(?:-?\w+)?|[ \t]Err#\d{1,3} {1,2}E[A-Z0-9]+)$/;

/** Calls that no other system whose tracer writes such lines has. */
const AIX_CALLS: ReadonlySet<string> = new Set(
  (
    '__libc_sbrk __loadx __unload _clock_gettime _esend _erecv _getpgrp _getpid _getppid _nsleep _pause _poll _select ' +
    '_sem_wait _sigaction _sigqueue _thread_self accessx appulimit appgetrlimit appsetrlimit bindprocessor ' +
    'checkpnt_block checkpnt_deferral execerror f_fork faccessx fstatfs64 fstatx fullstat getdirent getdirent64 ' +
    'getgidx getgroupsx getlparsuffix getpriv getprocs getprocs64 getrpid getsidx getthrds getthrds64 getuidx ' +
    'kfcntl kfork kgetgidx kgetpgrp kgetpgid kgetsid kgetsidx kioctl kioctl32 kkill klseek kopen kopenx ' +
    'kpread kpreadv kpwrite kpwritev kread kreadv krecvmsg kreadlink ksetpgid ksetgid ksetuid ksetsid kthread_ctl ' +
    'kunload kusla kwaitpid kwaitpid64 kwrite kwritev loadbind ksetcontext_sigreturn loadquery loadx mntctl mycorral naccept ngetpeername ' +
    'ngetsockname nrecvfrom nrecvmsg nsendmsg privcheck proc_mobility_base_set proc_rbac_op psdanger ' +
    'read_sysconfig sbrk setpriv setuidx smcr_procattr stat64x fstat64x lstat64x sys_parm ' +
    'thread_create thread_init thread_kill thread_post thread_post_many thread_setmymask_fast thread_setmystate ' +
    'thread_setmystate_fast thread_setsched thread_setstate thread_setstate_fast thread_terminate ' +
    'thread_terminate_ack thread_terminate_unlock thread_tsleep thread_twakeup thread_unlock thread_userdata ' +
    'thread_waitact unload uvmount vmgetinfo vmount'
  ).split(' '),
);

/** Whether a call of this name is in AIX alone. */
export function isAixCall(name: string): boolean {
  return AIX_CALLS.has(name);
}

/** Whether this line can be of truss on AIX and of hardly any other tracer. */
export function recognizesTrussAix(text: string): boolean {
  const end = trimmedEnd(text, text.length);
  if (TWO_NUMBERS.test(text) || LARGE_PID.test(text)) return true;
  const start = skipSpaces(text, PREFIX.exec(text.slice(0, 128))?.[0].length ?? 0);
  const nameEnd = skipCallName(text, start);
  if (nameEnd === start || text[nameEnd] !== '(') return false;
  const tail = text.slice(Math.max(nameEnd, end - 120), end);
  if (ARGC.test(tail) || WIDE_ERROR.test(tail)) return true;
  if (!RESULT.test(tail)) return false;
  if (AIX_CALLS.has(text.slice(start, nameEnd))) return true;
  return WIDE_ADDRESS.test(text.slice(nameEnd, Math.min(end, nameEnd + 4096)));
}
