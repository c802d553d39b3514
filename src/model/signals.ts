import type { Platform } from './dialect.ts';

/** Signals whose death by default action is a crash: the program itself went wrong. All other deaths are kills. */
const CRASH_SIGNALS = new Set([
  'SIGSEGV',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGABRT',
  'SIGIOT',
  'SIGTRAP',
  'SIGSYS',
  'SIGEMT',
  'SIGQUIT',
]);

/** Signals the machine raises for what an instruction did: their address tells two of them apart. */
const FAULT_SIGNALS = new Set(['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGEMT']);

/** Signals whose default action is no death: ignored, stop or continue. On all systems. */
const HARMLESS_BY_DEFAULT = new Set([
  'SIGCHLD',
  'SIGCLD',
  'SIGURG',
  'SIGWINCH',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
]);

/** Further ones of illumos: truss prints their `[default]`, and nobody dies. */
const HARMLESS_ON_ILLUMOS = new Set([
  'SIGPWR',
  'SIGWAITING',
  'SIGLWP',
  'SIGFREEZE',
  'SIGTHAW',
  'SIGCANCEL',
  'SIGXRES',
  'SIGJVM1',
  'SIGJVM2',
  'SIGINFO',
]);

/** Further ones of the BSDs and macOS: SIGTHR of three of them, SIGLIBRT of FreeBSD, SIGPWR of NetBSD, SIGCKPT of DragonFly. */
const HARMLESS_ON_BSD = new Set(['SIGIO', 'SIGINFO', 'SIGTHR', 'SIGLIBRT', 'SIGPWR', 'SIGCKPT']);

/** Further ones of AIX. */
const HARMLESS_ON_AIX = new Set(['SIGIO', 'SIGPWR', 'SIGDANGER', 'SIGCPUFAIL', 'SIGWAITING', 'SIGRECONFIG']);

export function isCrashSignal(signal: string): boolean {
  return CRASH_SIGNALS.has(signal);
}

export function isFaultSignal(signal: string): boolean {
  return FAULT_SIGNALS.has(signal);
}

/** Whether the signal ends a process that does nothing about it. */
export function isDeadlyByDefault(signal: string, platform: Platform): boolean {
  if (HARMLESS_BY_DEFAULT.has(signal)) return false;
  if (platform === 'illumos') return !HARMLESS_ON_ILLUMOS.has(signal);
  if (platform === 'aix') return !HARMLESS_ON_AIX.has(signal);
  const isBsd = platform === 'freebsd' || platform === 'bsd' || platform === 'macos';
  return !isBsd || !HARMLESS_ON_BSD.has(signal);
}

// linux: include/uapi/asm-generic/signal.h (x86, arm; mips and sparc number some differently).
// illumos: usr/src/uts/common/sys/iso/signal_iso.h and sys/signal.h.
// BSDs: sys/signal.h; macOS: bsd/sys/signal.h of xnu; the same 1 to 31 on all. AIX: as Go's
// syscall/zerrors_aix_ppc64.go has them, which is made from sys/signal.h. A dash is a number without a name.
const BSD_NAMES =
  'HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM URG STOP TSTP CONT CHLD TTIN TTOU IO XCPU ' +
  'XFSZ VTALRM PROF WINCH INFO USR1 USR2';
const FREEBSD_NAMES = `${BSD_NAMES} THR LIBRT`;

const NAMES: Readonly<Record<Platform, string>> = {
  freebsd: FREEBSD_NAMES,
  bsd: BSD_NAMES,
  macos: BSD_NAMES,
  aix:
    'HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM URG STOP TSTP CONT CHLD TTIN TTOU IO XCPU ' +
    'XFSZ - MSG WINCH PWR USR1 USR2 PROF DANGER VTALRM MIGRATE PRE VIRT ALRM1 WAITING - - - - - - - - SYSERROR CAPI ' +
    '- - - - - - - - RECONFIG CPUFAIL GRANT RETRACT SOUND SAK',
  linux:
    'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG ' +
    'XCPU XFSZ VTALRM PROF WINCH IO PWR SYS',
  illumos:
    'HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM USR1 USR2 CLD PWR WINCH URG POLL STOP TSTP ' +
    'CONT TTIN TTOU VTALRM PROF XCPU XFSZ WAITING LWP FREEZE THAW CANCEL LOST XRES JVM1 JVM2 INFO',
};

const BY_NUMBER: Readonly<Record<Platform, readonly string[]>> = {
  linux: NAMES.linux.split(' '),
  illumos: NAMES.illumos.split(' '),
  freebsd: FREEBSD_NAMES.split(' '),
  bsd: BSD_NAMES.split(' '),
  macos: BSD_NAMES.split(' '),
  aix: NAMES.aix.split(' '),
};

/** 'SIGSEGV' for 11. A number without a name gives 'SIG#N'. */
export function signalName(number: number, platform: Platform): string {
  const name = BY_NUMBER[platform][number - 1];
  return name === undefined || name === '-' ? `SIG#${number}` : `SIG${name}`;
}
