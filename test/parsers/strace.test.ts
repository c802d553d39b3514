import { describe, expect, it } from 'vitest';
import { strace } from '../../parsers/strace.ts';
import { type Reading, readerOf } from './reading.ts';

// One test a form of the format that no sample shows plainly.

const { one, readLines: read } = readerOf(strace);

const shown = ({ events }: Reading) =>
  events.map((event) => {
    switch (event.kind) {
      case 'syscall':
        return `${event.pid} ${event.name}(${event.args}) = ${event.result} ${event.outcome}`;
      case 'signal':
      case 'killed':
        return `${event.pid} ${event.kind} ${event.signal}`;
      case 'exit':
        return `${event.pid} exit ${event.status}`;
      case 'process-start':
        return `${event.pid} start ${event.via} by ${event.parentPid}`;
      case 'note':
      case 'unparsed':
        return event.kind;
      default:
        return `${event.pid} ${event.kind}`;
    }
  });

describe('columns', () => {
  it.each([
    ['[pid   303] close(3) = 0', { pid: 303, time: null }],
    ['[pid 4194304] close(3) = 0', { pid: 4194304 }],
    ['303   close(3) = 0', { pid: 303 }],
    ['4194304 close(3) = 0', { pid: 4194304 }],
    ['[pid  1234<Web Content>] close(3) = 0', { pid: 1234, name: 'close' }],
    ['[pid 7<(sd-pam)>] close(3) = 0', { pid: 7, name: 'close' }],
    ['30683<foo\\74bar\\76> close(3) = 0', { pid: 30683, name: 'close' }],
    ['[pid 7] [unconfined_t] close(3) = 0', { pid: 7, name: 'close' }],
    ['[u:r:t:s0-s0:c0.c1023] close(3) = 0', { pid: null, name: 'close' }],
    ['[a!!b] close(3) = 0', { name: 'close' }],
    ['10:21:45 close(3) = 0', { time: '10:21:45', name: 'close' }],
    ['10:21:45.564 close(3) = 0', { time: '10:21:45.564' }],
    ['1795342905 close(3) = 0', { pid: null, time: '1795342905' }],
    ['7 1795342905.533981297 close(3) = 0', { pid: 7, time: '1795342905.533981297' }],
    ['     0.000023 close(3) = 0', { pid: null, time: '0.000023' }],
    ['10:21:45 (+     0.000072) close(3) = 0', { time: '10:21:45', name: 'close' }],
    ['[ 257] [0000000000431261] close(3) = 0', { name: 'close', pid: null }],
    ['[???] [????????????????] close(3) = 0', { name: 'close', pid: null }],
    ['[          431261] close(3) = 0', { name: 'close', pid: null }],
    ['[pid 7] 10:21:45 (+     0.000072) [ 257] [00007f12ab34cd56] close(3) = 0', { pid: 7, time: '10:21:45' }],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject({ kind: 'syscall', ...expected });
  });

  it('measures stamps of any precision from the first', () => {
    const { events } = read(
      '7 10:21:45.5 close(3) = 0',
      '7 10:21:46 close(3) = 0',
      '7 10:21:46.000000001 close(3) = 0',
    );
    expect(events.map(({ atNs }) => atNs)).toEqual([0, 500_000_000, 500_000_001]);
  });

  it('adds up stamps that count from the line before', () => {
    const { events } = read('     0.000000 close(3) = 0', '     0.000023 close(3) = 0', '     1.000001 close(3) = 0');
    expect(events.map(({ atNs }) => atNs)).toEqual([0, 23_000, 1_000_024_000]);
  });
});

describe('calls', () => {
  it.each([
    ['openat#64(AT_FDCWD, "/x", O_RDONLY) = 3', { name: 'openat#64', result: '3' }],
    ['64:openat(AT_FDCWD, "/x", O_RDONLY) = 3', { name: '64:openat' }],
    ['syscall_0x1b5(0x9, 0x5595) = 0x4', { name: 'syscall_0x1b5', result: '0x4', outcome: 'returned' }],
    ['????( <unfinished ...>', { name: '????', outcome: 'unfinished' }],
    ['umask(077) = 022', { result: '022' }],
    [
      'openat(-100 /* AT_FDCWD */, "/x", 0 /* O_RDONLY */) = 3',
      { args: '-100 /* AT_FDCWD */, "/x", 0 /* O_RDONLY */' },
    ],
    ["ioctl(3, VIDIOC_S_FMT, {pixelformat=v4l2_fourcc('Y', ')', '(', 'V')}) = 0", { result: '0' }],
    ["getpid() = 12 /* 12 in strace's PID NS */", { result: '12', detail: "/* 12 in strace's PID NS */" }],
    ['openat(AT_FDCWD, "/x", O_RDONLY) = 3</tmp/x>(deleted)', { result: '3</tmp/x>(deleted)' }],
    [
      'openat(AT_FDCWD, "x = 3", O_RDWR) = 3</tmp/x = 3>',
      { args: 'AT_FDCWD, "x = 3", O_RDWR', result: '3</tmp/x = 3>' },
    ],
    ['openat(AT_FDCWD, "par)en(", O_RDWR) = 3</tmp/par)en(>', { result: '3</tmp/par)en(>' }],
    ['read(3</dev/ptmx<char 5:2 @/dev/pts/0>>, "", 1) = 0', { args: '3</dev/ptmx<char 5:2 @/dev/pts/0>>, "", 1' }],
    [
      'accept(25<UNIX-STREAM:[7264,"/so>ck"]>, NULL, NULL) = 27<UNIX-STREAM:[7263->7269,"/so>ck"]>',
      { args: '25<UNIX-STREAM:[7264,"/so>ck"]>, NULL, NULL', result: '27<UNIX-STREAM:[7263->7269,"/so>ck"]>' },
    ],
    ['getppid() = 30679<strace>', { result: '30679<strace>' }],
    [
      'open("/x", O_RDONLY) = -1 ENOENT (Datei oder Verzeichnis nicht gefunden)',
      { errno: { name: 'ENOENT', number: null } },
    ],
    ['foo(1) = -1 (errno 38)', { errno: { name: null, number: 38 }, outcome: 'failed' }],
    ['foo(1) = -1 E??? (errno 999)', { outcome: 'failed', errno: { number: 999 } }],
    ['foo(1) = -1 ERRNO_530 (Unknown error 530)', { errno: { name: 'ERRNO_530' }, outcome: 'failed' }],
    ['foo(1) = 4294967258 ENOSYS (Function not implemented)', { outcome: 'failed', result: '4294967258' }],
    [
      'wait4(-1, 0x7ff, 0, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)',
      { outcome: 'restarted', result: '?' },
    ],
    ['exit_group(0) = ?', { outcome: 'unfinished', result: '?' }],
    ['read(0, 0x7ff, 1) = ? <unavailable>', { result: '?' }],
    ['poll([{fd=3}], 1, 0) = 0 (Timeout)', { detail: '(Timeout)', outcome: 'returned' }],
    ['fcntl(3, F_GETFL) = 0 (flags O_RDONLY)', { detail: '(flags O_RDONLY)' }],
    [
      'close(3) = -1 EBADF (Bad file descriptor) (INJECTED)',
      { errno: { name: 'EBADF', number: null }, detail: '(INJECTED)' },
    ],
    [
      'close(3) = 0 (INJECTED: args, retval) (DELAYED) <0.100123>',
      { detail: '(INJECTED: args, retval) (DELAYED)', durationNs: 100_123_000 },
    ],
    ['close(3) = 0 <0>', { durationNs: 0 }],
    ['close(3) = 0 <0.000000021>', { durationNs: 21 }],
    ['sigreturn() = ? (mask now [])', { name: 'sigreturn', detail: '(mask now [])' }],
    ['restart_syscall(<... resuming interrupted read ...>) = 0', { name: 'restart_syscall', result: '0' }],
    ['execve("/bin/cat", ["cat"], [/* 35 vars */]) = 0', { args: '"/bin/cat", ["cat"], [/* 35 vars */]' }],
    ['rt_sigprocmask(SIG_BLOCK, ~[KILL STOP], [HUP INT], 8) = 0', { args: 'SIG_BLOCK, ~[KILL STOP], [HUP INT], 8' }],
    ['open("/x", O_RDONLY)\t\t= 3', { result: '3' }],
    [
      'openat(3</x> [tmp_t], "/etc/passwd" [etc_t], O_RDONLY) = 4</etc/passwd> [etc_t]',
      { result: '4</etc/passwd>', detail: '[etc_t]' },
    ],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject({ kind: 'syscall', ...expected });
  });
});

describe('signals and ends', () => {
  it.each([
    ['--- SIGRT_5 {si_signo=SIGRT_5, si_code=SI_TKILL, si_pid=7, si_uid=0} ---', { kind: 'signal', signal: 'SIGRT_5' }],
    ['--- SIGSEGV {} ---', { kind: 'signal', signal: 'SIGSEGV', siginfo: '{}' }],
    ['--- SIGSEGV (Segmentation fault) @ 0 (0) ---', { kind: 'signal', signal: 'SIGSEGV' }],
    [
      '--- {si_signo=SIGTSTP, si_code=SI_USER, si_pid=7} (Stopped (user)) ---',
      { kind: 'signal', signal: 'SIGTSTP', siginfo: '{si_signo=SIGTSTP, si_code=SI_USER, si_pid=7}' },
    ],
    ['--- stopped by SIGSTOP ---', { kind: 'note' }],
    ['--- Stopped (signal) by SIGSTOP ---', { kind: 'note' }],
    ['+++ exited with 7 +++', { kind: 'exit', status: 7 }],
    ['+++ killed by SIGSEGV (core dumped) +++', { kind: 'killed', signal: 'SIGSEGV', coreDumped: true }],
    ['+++ killed by SIGRT_5 +++', { kind: 'killed', signal: 'SIGRT_5', coreDumped: false }],
    ['+++ killed by 99 +++', { kind: 'killed', signal: '99' }],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject(expected);
  });
});

describe('calls in two halves', () => {
  it('joins them with and without the blank of old versions behind the mark', () => {
    expect(shown(read('7 close(3 <unfinished ...>', '8 close(4) = 0', '7 <... close resumed> )   = 0'))).toEqual([
      '8 close(4) = 0 returned',
      '7 close(3) = 0 returned',
    ]);
  });

  it('joins arguments whichever half has the separator', () => {
    const old = read('7 wait4(5,  <unfinished ...>', '7 <... wait4 resumed>NULL, 0, NULL) = 5');
    const late = read('7 wait4(5 <unfinished ...>', '7 <... wait4 resumed>, NULL, 0, NULL) = 5');
    expect(shown(old)).toEqual(['7 wait4(5, NULL, 0, NULL) = 5 returned']);
    expect(shown(late)).toEqual(shown(old));
  });

  it('keeps a call open across two interruptions', () => {
    expect(
      shown(
        read('7 read(3,  <unfinished ...>', '7 <... read resumed> <unfinished ...>', '7 <... read resumed>"", 1) = 0'),
      ),
    ).toContain('7 read(3, "", 1) = 0 returned');
  });

  it('ends a call that its death cuts off', () => {
    expect(
      shown(
        read('7 read(3,  <unfinished ...>', '7 <... read resumed> <unfinished ...>) = ?', '7 +++ exited with 0 +++'),
      ),
    ).toEqual(['7 read(3,) = ? unfinished', '7 exit 0']);
  });

  it('reads a first half and its end on one line', () => {
    expect(shown(read('read(3,  <unfinished ...>) = ?'))).toEqual(['null read(3,) = ? unfinished']);
  });

  it('reads the end of an old task in the line of its call', () => {
    expect(shown(read('7 futex(0x1, FUTEX_WAIT, 1, NULL <unfinished ... exit status 3>'))).toEqual([
      '7 futex(0x1, FUTEX_WAIT, 1, NULL) = null unfinished',
      '7 exit 3',
    ]);
  });

  it('reads a call that strace let go of', () => {
    expect(shown(read('7 read(0,  <detached ...>'))).toEqual(['7 read(0,) = null unfinished', '7 detach']);
  });

  it('goes on without a mark in a log of 5.2 to 6.1 filtered by status', () => {
    expect(shown(read('7 openat(AT_FDCWD, "/x", O_RDONLY <unfinished ...>', ')   = 3'))).toEqual([
      '7 openat(AT_FDCWD, "/x", O_RDONLY) = 3 returned',
    ]);
  });

  it("moves a thread's exec to the leader", () => {
    const story = shown(
      read(
        '7 execve("/bin/a", ["a"], 0x7 /* 0 vars */) = 0',
        '7 clone(child_stack=0x7, flags=CLONE_VM|CLONE_THREAD) = 8',
        '8 execve("/bin/b", ["b"], 0x7 /* 0 vars */ <pid changed to 7 ...>',
        '7 +++ superseded by execve in pid 8 +++',
        '7 <... execve resumed>) = 0',
      ),
    );
    expect(story).toContain('7 execve("/bin/b", ["b"], 0x7 /* 0 vars */) = 0 returned');
  });
});

describe("strace's own messages", () => {
  it.each([
    'strace: Process 303 attached',
    'Process 303 attached',
    '/usr/bin/strace: Process 303 attached',
    './strace: Process 303 attached',
    'Process 303 attached - interrupt to quit',
    'strace: Process 303 attached with 3 threads',
  ])('reads %j', (line) => {
    expect(one(line)).toMatchObject({ kind: 'process-start', pid: 303, via: 'attach' });
  });

  it.each([
    'strace: exec: Permission denied',
    "strace: Can't stat 'x': No such file or directory",
    'strace: attach: ptrace(PTRACE_SEIZE, 999): No such process',
    'strace: Exit of unknown pid 9 ignored',
    'strace: [ Process PID=41 runs in 32 bit mode. ]',
    '[ Process PID=41 runs in x32 mode. ]',
    '7 [ Process PID=7 runs in 32 bit mode. ]',
    'Process 40 suspended',
    ' | 00000  68 69                                             hi               |',
    ' * 3 bytes in buffer 0',
    ' > /usr/lib/libc.so.6(__open64+0x5b) [0xf8f5b]',
    ' > unexpected_backtracing_error [0x7fff12345678]',
  ])('takes note of %j', (line) => {
    expect(one(line)).toMatchObject({ kind: 'note' });
  });

  it('names the parent where an old version says so', () => {
    const { events } = read('Process 41 resumed (parent 40 ready)');
    expect(events).toMatchObject([{ kind: 'process-start', pid: 41, parentPid: 40 }]);
  });

  it('takes a message out of the call it broke, and the next one too', () => {
    const story = read(
      'wait4(14076, strace: Process 14077 attached',
      'strace: Process 14078 attached',
      'NULL, 0, NULL) = 14076',
    );
    expect(shown(story)).toContain('null wait4(14076, NULL, 0, NULL) = 14076 returned');
    expect(story.diagnostics).toEqual([]);
  });

  it('takes noise off the end of a call', () => {
    expect(shown(read('7 close(3) = 0 <Cannot restart pid 9 with ptrace(PTRACE_SYSCALL): No such process>'))).toEqual([
      '7 close(3) = 0 returned',
    ]);
  });
});

describe('lines that belong to nobody', () => {
  it("keeps the program's own output apart from the call it stands in", () => {
    expect(shown(read('write(2, "line with nl\\n", 13line with nl', ') = 13'))).toContain(
      'null write(2, "line with nl\\n", 13) = 13 returned',
    );
  });

  it('does not believe a call that the program wrote itself', () => {
    const story = shown(
      read('write(2, "[pid 99999] open(\\"/fake2\\", O_RDO"..., 41[pid 99999] open("/fake2", O_RDONLY) = 3', ') = 41'),
    );
    expect(story.filter((event) => event.includes('99999 '))).toEqual([]);
  });

  it('says so where a log is a table only', () => {
    const { diagnostics } = read(
      '% time     seconds  usecs/call     calls    errors syscall',
      '------ ----------- ----------- --------- --------- ----------------',
      ' 43.42    0.014106           6      2080      1024 chdir',
      '------ ----------- ----------- --------- --------- ----------------',
      '100.00    0.000128           4       282         3 total',
    );
    expect(diagnostics).toEqual([{ code: 'summary-only', input: 0, line: null }]);
  });

  it('keeps what it does not understand', () => {
    expect(read('make: *** [all] Error 2').diagnostics).toEqual([{ code: 'unparsed-line', input: 0, line: 1 }]);
  });
});

describe('broken lines', () => {
  it('accounts for both where a second half that was cut in its name meets a whole call', () => {
    const { events, diagnostics } = read(
      '7 <... wait4 8 execve("/bin/a", ["a"], 0x7ffd /* 0 vars */) = 0',
      '8 clone(child_stack=NULL, flags=SIGCHLD) = 9',
    );
    expect(diagnostics).toEqual([{ code: 'unparsed-line', input: 0, line: 1 }]);
    expect(events.map(({ kind, line }) => `${kind}:${line}`)).toEqual(['unparsed:1', 'syscall:2']);
  });

  it('tells a wrapped signal from its first line to its last', () => {
    const { events } = read('7 --- SIGSEGV {si_signo=SIGSEGV,', 'si_code=SEGV_MAPERR, si_addr=NULL}', '---');
    expect(events.filter(({ kind }) => kind === 'signal')).toMatchObject([{ pid: 7, line: 1, endLine: 3 }]);
  });

  it('keeps a signal that was cut apart from the next', () => {
    const story = read('7 --- SIGSEGV {si_signo=SIGSEGV,', '7 --- SIGBUS {si_signo=SIGBUS,', 'si_code=BUS_ADRERR} ---');
    expect(shown(story)).toEqual(['unparsed', '7 signal SIGBUS']);
  });
});

it('keeps the end of a comment that a message of strace is glued to', () => {
  const reading = read(
    'fork()                                  = 8',
    'execve("/bin/a", ["a"], 0x7ffd48 /* 3 vars */strace: Process 8 attached',
    ' <unfinished ...>',
    '[pid     8] exit_group(0)               = ?',
    '[pid     8] +++ exited with 0 +++',
    '<... execve resumed>)                   = 0',
  );
  expect(shown(reading)).toContain('null execve("/bin/a", ["a"], 0x7ffd48 /* 3 vars */) = 0 returned');
  expect(reading.diagnostics).toEqual([]);
});
