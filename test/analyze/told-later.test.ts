import { expect, test } from 'vitest';
import { readBytes } from '../hostile/reading.ts';

// strace -f -y: only the last line of the parent shows the directory that both were in.
const LOG = `7 execve("/usr/bin/run", ["run"], 0x7ffe82 /* 1 var */) = 0
7 brk(NULL) = 0x5f
7 openat(3</data>, "a", O_RDONLY|O_DIRECTORY) = 4</data/a>
7 openat(3</data>, "e", O_RDONLY|O_DIRECTORY) = 9</data/e>
7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x38) = 8
7 wait4(8,  <unfinished ...>
8 openat(4</data/a>, "b", O_RDONLY) = 5</data/a/b>
8 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---
8 +++ killed by SIGSEGV +++
7 <... wait4 resumed>[{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}], 0, NULL) = 8
7 openat(AT_FDCWD</home/me>, "c", O_RDONLY) = 5</home/me/c>
7 exit_group(0) = ?
7 +++ exited with 0 +++
`;

test('where a process crashed is told though only a later line of its parent shows it', () => {
  for (const filtered of [false, true]) {
    const { crashes } = readBytes(Buffer.from(LOG), 'strace', LOG.length, filtered).blame;
    expect(crashes.map(({ cwd }) => cwd)).toEqual(['/home/me']);
  }
});

// Nothing but the calls themselves shows the ends (strace -e quiet=exit): they are put off, and wanted all the same.
const QUIET = `7 execve("/usr/bin/run", ["run"], 0x7ffe82 /* 1 var */) = 0
7 exit_group(9 <unfinished ...>
7 <... exit_group resumed>) = ?
8 execve("/usr/bin/run", ["run"], 0x7ffe82 /* 1 var */) = 0
8 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x38) = 9
8 wait4(9,  <unfinished ...>
9 openat(AT_FDCWD, "a", O_RDONLY) = 3
9 exit_group(3) = ?
8 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 9
8 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x38) = 10
10 exit_group(4 <unfinished ...>
10 <... exit_group resumed>) = ?
8 wait4(10, [{WIFEXITED(s) && WEXITSTATUS(s) == 4}], 0, NULL) = 10
8 exit_group(5 <unfinished ...>
`;

test('how a process exited is told by its own line where no other shows its end', () => {
  for (const filtered of [false, true]) {
    const { failedExits } = readBytes(Buffer.from(QUIET), 'strace', QUIET.length, filtered).blame;
    const exits = failedExits.map(({ pid, status, place }) => ({ pid, status, line: place.line }));
    expect(exits.sort((a, b) => a.line - b.line)).toEqual([
      { pid: 7, status: 9, line: 2 },
      { pid: 9, status: 3, line: 8 },
      { pid: 10, status: 4, line: 11 },
      { pid: 8, status: 5, line: 14 },
    ]);
  }
});

// strace -f -y: 8 knows where it is by its own line, but only the parent's last line shows where make was started.
const STARTED = `7 execve("/usr/bin/make", ["make"], 0x7ffe82 /* 1 var */) = 0
7 openat(3</data>, "a", O_RDONLY|O_DIRECTORY) = 4</data/a>
7 openat(3</data>, "e", O_RDONLY|O_DIRECTORY) = 9</data/e>
7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x38) = 8
7 wait4(8,  <unfinished ...>
8 openat(AT_FDCWD</home/me>, "b", O_RDONLY) = 3</home/me/b>
8 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---
8 +++ killed by SIGSEGV +++
7 <... wait4 resumed>[{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}], 0, NULL) = 8
7 openat(AT_FDCWD</home/me>, "c", O_RDONLY) = 5</home/me/c>
7 exit_group(0) = ?
7 +++ exited with 0 +++
`;

test('where a crashed program was started is told though only a later line of its parent shows it', () => {
  for (const filtered of [false, true]) {
    const { crashes } = readBytes(Buffer.from(STARTED), 'strace', STARTED.length, filtered).blame;
    expect(crashes.map(({ startedIn }) => startedIn)).toEqual(['/home/me']);
  }
});

// strace -f -y: whose child 9 was, of two that call vfork, is known only when it is dead.
const VFORKED = `7 execve("/usr/bin/make", ["make"], 0x7ffe82 /* 1 var */) = 0
7 openat(3</data>, "a", O_RDONLY|O_DIRECTORY) = 4</data/a>
7 openat(3</data>, "e", O_RDONLY|O_DIRECTORY) = 9</data/e>
7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x38) = 8
8 vfork( <unfinished ...>
7 vfork( <unfinished ...>
9 openat(3</data>, "b", O_RDONLY) = 4</data/b>
9 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---
9 +++ killed by SIGSEGV +++
7 <... vfork resumed>) = 9
7 openat(AT_FDCWD</home/me>, "c", O_RDONLY) = 5</home/me/c>
7 exit_group(0) = ?
7 +++ exited with 0 +++
`;

test('where a process crashed is told by a parent that was not known before', () => {
  for (const filtered of [false, true]) {
    const { crashes } = readBytes(Buffer.from(VFORKED), 'strace', VFORKED.length, filtered).blame;
    expect(crashes.map(({ cwd }) => cwd)).toEqual(['/home/me']);
  }
});

// truss -f: 7/3 is in a handler while its siblings work, and leaves it by siglongjmp: then it opens an input.
const BESIDE = `7:	execve("/usr/bin/run", 0x08047C88, 0x08047C98)  argc = 1
7:	open("/lib/libc.so.1", O_RDONLY)		= 3
7:	open("/lib/libm.so.2", O_RDONLY)		= 4
7:	lwp_create(0x08047B30, LWP_DETACHED|LWP_SUSPENDED, 0xFEB2EDA0) = 2
7/2:		lwp_create()	(returning as new lwp ...)	= 0
7/1:		lwp_create(0x08047B30, LWP_DETACHED|LWP_SUSPENDED, 0xFEB2EDA0) = 3
7/3:		lwp_create()	(returning as new lwp ...)	= 0
7/3:		    Incurred fault #6, FLTBOUNDS  %pc = 0x08053C1E
7/3:		      siginfo: SIGSEGV SEGV_MAPERR addr=0x00001000
7/3:		    Received signal #11, SIGSEGV [caught]
7/3:		      siginfo: SIGSEGV SEGV_MAPERR addr=0x00001000
7/2:		lwp_exit()
7/3:		lwp_sigmask(SIG_SETMASK, 0x00000400, 0x00000000, 0x00000000, 0x00000000) = 0xFFBFFEFF [0xFFFFFFFF]
7/3:		open("/data/b", O_RDONLY)			= 3
7/3:		lwp_exit()
7:	kill(7, SIGKILL)				= 0
`;

test('a thread that came out of its handler survived the fault, whatever its siblings did meanwhile', () => {
  for (const filtered of [false, true]) {
    const { survived } = readBytes(Buffer.from(BESIDE), 'truss-illumos', BESIDE.length, filtered).blame;
    expect(survived.map(({ pid, signal, place, count }) => ({ pid, signal, line: place.line, count }))).toEqual([
      { pid: 7, signal: 'SIGSEGV', line: 8, count: 1 },
    ]);
  }
});

// strace -f -e trace=openat: no line shows who made 8, so that threads of it may still die with it.
const UNEXPLAINED = `7 openat(AT_FDCWD, "/data/a", O_RDONLY) = 3
8 openat(AT_FDCWD, "/data/b", O_RDONLY) = 3
8 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---
9 +++ killed by SIGSEGV +++
8 +++ killed by SIGSEGV +++
7 openat(AT_FDCWD, "/data/c", O_RDONLY) = 4
7 openat(AT_FDCWD, "/data/d", O_RDONLY) = 5
7 +++ exited with 0 +++
`;

test('the life of a process ends with the last of its threads, not where somebody else is seen', () => {
  for (const filtered of [false, true]) {
    const { crashes } = readBytes(Buffer.from(UNEXPLAINED), 'strace', UNEXPLAINED.length, filtered).blame;
    expect(crashes.map(({ pid, life }) => ({ pid, to: life.map(({ to }) => to) }))).toEqual([{ pid: 8, to: [5] }]);
  }
});

// strace -f: what 10 did is read as its parent is known, in the middle of an open, and again in the middle of the next.
const TWO_HALVES = `execve("/usr/bin/run", ["run"], 0x7ffe82 /* 1 var */) = 0
openat(AT_FDCWD, "/data/a", O_RDONLY)   = 3
openat(AT_FDCWD, "/data/b", O_RDONLY)   = 4
fork()                                  = 8
strace: Process 8 attached
[pid     7] fork( <unfinished ...>
[pid     8] fork(strace: Process 9 attached
strace: Process 10 attached
 <unfinished ...>
[pid    10] openat(AT_FDCWD, "/data/c", O_RDONLY <unfinished ...>
[pid     8] <... fork resumed>)         = 10
[pid    10] <... openat resumed>)       = 5
[pid    10] openat(AT_FDCWD, "/data/d", O_RDONLY <unfinished ...>
[pid     8] exit_group(0)               = ?
[pid     8] +++ exited with 0 +++
[pid     9] exit_group(0)               = ?
[pid     9] +++ exited with 0 +++
[pid     7] <... fork resumed>)         = 9
[pid     7] exit_group(0)               = ?
[pid     7] +++ exited with 0 +++
<... openat resumed>)                   = 6
--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---
+++ killed by SIGSEGV +++
`;

test('a second half goes with the latest first half, not with one that was read before', () => {
  for (const filtered of [false, true]) {
    const { crashes } = readBytes(Buffer.from(TWO_HALVES), 'strace', TWO_HALVES.length, filtered).blame;
    expect(crashes.map(({ culprit }) => culprit?.path)).toEqual(['/data/d']);
  }
});
