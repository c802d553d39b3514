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
