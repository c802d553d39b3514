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
