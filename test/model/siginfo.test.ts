import { describe, expect, it } from 'vitest';
import { childReport, readSiginfo, waitStatus } from '../../src/model/siginfo.ts';

describe('readSiginfo', () => {
  it.each([
    ['{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}', { code: 'SEGV_MAPERR', address: '0x0', pid: null }],
    ['{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0}', { address: '0x0' }],
    ['{si_signo=SIGABRT, si_code=SI_TKILL, si_pid=7, si_uid=0}', { code: 'SI_TKILL', pid: 7, address: null }],
    ["{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=2 /* 1852 in strace's PID NS */}", { pid: 1852 }],
    ['(Segmentation fault) @ 0 (7f12AB)', { code: null }],
    ['(Segmentation fault) @ 0 (7f12ab)', { address: '0x7f12ab' }],
    ['(Segmentation fault) @ 0 (0)', { address: null }],
    ['SIGSEGV SEGV_MAPERR addr=0x00000054', { code: 'SEGV_MAPERR', address: '0x54' }],
    ['SIGCLD CLD_KILLED pid=5121 status=0x0009', { code: 'CLD_KILLED', pid: 5121, status: '0x0009' }],
    ['{}', { code: null, address: null, pid: null, status: null }],
  ])('reads %j', (text, expected) => {
    expect(readSiginfo(text)).toMatchObject(expected);
  });
});

describe('childReport', () => {
  it.each([
    [
      'code=CLD_DUMPED child pid=7, uid=0,  status=139, utime=1, stime=0',
      { how: 'killed', signal: 'SIGSEGV', coreDumped: true },
    ],
    [
      'code=CLD_KILLED child pid=7, uid=0,  status=9, utime=1, stime=0',
      { how: 'killed', signal: 'SIGKILL', coreDumped: false },
    ],
    ['code=CLD_EXITED child pid=7, uid=0,  status=512, utime=1, stime=0', { how: 'exited', status: 2 }],
    ['code=CLD_EXITED status=127/0x7f pid=7 uid=0<"root">', { how: 'exited', status: 127 }],
    ['code=CLD_DUMPED status=SIGABRT pid=7 uid=0<"root">', { how: 'killed', signal: 'SIGABRT', coreDumped: true }],
  ])('reads what NetBSD and OpenBSD print: %s', (siginfo, end) => {
    expect(childReport(siginfo, 'bsd')).toEqual({ pid: 7, end });
  });

  it.each([
    ['{si_code=CLD_EXITED, si_pid=7, si_status=3}', { pid: 7, end: { how: 'exited', status: 3 } }],
    [
      '{si_code=CLD_DUMPED, si_pid=7, si_status=SIGSEGV}',
      { pid: 7, end: { how: 'killed', signal: 'SIGSEGV', coreDumped: true } },
    ],
    [
      '{si_code=CLD_KILLED, si_pid=7, si_status=9}',
      { pid: 7, end: { how: 'killed', signal: 'SIGKILL', coreDumped: false } },
    ],
    ['{si_code=CLD_STOPPED, si_pid=7, si_status=SIGSTOP}', null],
    ['{si_code=CLD_EXITED}', null],
  ])('reads %j', (siginfo, expected) => {
    expect(childReport(siginfo, 'linux')).toEqual(expected);
  });
});

describe('waitStatus', () => {
  it.each([
    ['-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL', { how: 'exited', status: 7 }],
    [
      '-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}], 0, NULL',
      { how: 'killed', signal: 'SIGSEGV', coreDumped: true },
    ],
    [
      '-1, [WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL], 0, NULL',
      { how: 'killed', signal: 'SIGKILL', coreDumped: false },
    ],
    ['-1, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTSTP}], 0, NULL', null],
    ['-1, NULL, 0, NULL', null],
  ])('reads %j', (args, expected) => {
    expect(waitStatus(args)).toEqual(expected);
  });
});
