import { describe, expect, test } from 'vitest';
import { makeRuns } from '../../../src/analyze/diff/make-runs.ts';
import { BUILT_IN, bothTokens, CALLS, FILES, RAW, recordLog, tokensOfLog } from './tokens.ts';

const EXEC = '10 execve("/usr/bin/prog", ["prog"], 0x7ffd1 /* 9 vars */) = 0';
const EXIT = '10 +++ exited with 0 +++';
/** A call that only a log of all calls has. */
const MEMORY = '10 brk(NULL) = 0x5581';

describe('what a level keeps', () => {
  const log = [
    EXEC,
    MEMORY,
    '10 openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3',
    '10 fstat(3, {st_mode=S_IFREG|0644, st_size=1200, ...}) = 0',
    '10 read(3, "root:x:0:0"..., 4096) = 1200',
    '10 read(3, "", 4096) = 0',
    '10 close(3) = 0',
    '10 stat("/etc/passwd", {st_mode=S_IFREG|0644, st_size=1200, ...}) = 0',
    '10 openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3',
    '10 openat(AT_FDCWD, "/var/log/x", O_WRONLY|O_CREAT|O_APPEND, 0666) = 4',
    '10 unlink("/none") = -1 ENOENT (No such file or directory)',
    '10 futex(0x7f1234567890, FUTEX_WAKE_PRIVATE, 1) = 0',
    EXIT,
  ];

  test('files: each fact about a file by its name, once', () => {
    expect(tokensOfLog(log)).toEqual([
      '[prog]',
      'open /etc/passwd ok',
      'stat /etc/passwd ok',
      'open to write /var/log/x ok',
      'unlink /none ENOENT',
    ]);
  });

  test('calls: all but housekeeping, descriptors by their files, repeats as one', () => {
    expect(tokensOfLog(log, CALLS)).toEqual([
      '[prog]',
      'open /etc/passwd ok',
      'stat /etc/passwd ok',
      'read /etc/passwd ok',
      'close /etc/passwd ok',
      'stat /etc/passwd ok',
      'open /etc/passwd ok',
      'open to write /var/log/x ok',
      'unlink /none ENOENT',
    ]);
  });

  test('raw: sizes and flags too, with flags as a set', () => {
    expect(tokensOfLog(log, RAW)).toContain('read /etc/passwd ok 1200 ("root:x:0:0"..., 4096)');
    expect(tokensOfLog(log, RAW)).toContain('open to write /var/log/x ok (O_APPEND|O_CREAT|O_WRONLY, 0666)');
  });

  test('all: housekeeping too', () => {
    const tokens = tokensOfLog(log, { level: 'calls', all: true });
    expect(tokens).toContain('break ok');
    expect(tokens).toContain('futex ok');
  });

  test('what is left out is counted', () => {
    const [run] = makeRuns(recordLog(log), recordLog(log), BUILT_IN);
    expect(run.hidden).toEqual({ housekeeping: 2, level: 4, runtime: 0, unseen: 0 });
  });

  test('an act knows where it stands and how many calls the thread made around it', () => {
    const [run] = makeRuns(recordLog(log, CALLS), recordLog(log, CALLS), BUILT_IN);
    const acts = run.processes[0]?.threads[0]?.acts;
    expect([acts?.line(2), acts?.endLine(2), acts?.count(2)]).toEqual([5, 5, 2]);
    expect([acts?.before(2), acts?.after(2)]).toEqual([4, 6]);
  });

  test('memory that is refused is more than housekeeping', () => {
    const refused = '10 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0) = -1 ENOMEM (Cannot allocate memory)';
    expect(tokensOfLog([EXEC, refused, EXIT], CALLS)).toEqual(['[prog]', 'map <descriptor> ENOMEM']);
  });
});

describe('two recordings of one run', () => {
  const run = (pid: number, random: string, before: readonly string[] = []) => [
    `${pid} execve("/usr/bin/cc", ["cc", "-c", "a.c", "-o", "/tmp/cc${random}.o"], 0x7ffd${pid} /* 9 vars */) = 0`,
    `${pid} brk(NULL) = 0x55${pid}`,
    ...before,
    `${pid} openat(AT_FDCWD, "/tmp/cc${random}.o", O_RDWR|O_CREAT|O_EXCL, 0600) = 3`,
    `${pid} openat(AT_FDCWD, "/proc/${pid}/stat", O_RDONLY) = 4`,
    `${pid} openat(AT_FDCWD, "/run/job.${pid}", O_WRONLY|O_CREAT, 0600) = 5`,
    `${pid} getpid() = ${pid}`,
    `${pid} kill(${pid}, SIG_0) = 0`,
    `${pid} +++ exited with 0 +++`,
  ];

  test.each([FILES, CALLS, RAW])('are alike at level $level but for what is chance', (question) => {
    const [a, b] = bothTokens(run(4711, 'AbCd12'), run(5822, 'Zz9Yx8'), question);
    expect(a).toEqual(b);
    expect(a[0]).toBe('[cc -c a.c -o <tmp>/cc*.o]');
  });

  test('what both have is not guessed at', () => {
    const [a] = bothTokens(run(4711, 'AbCd12'), run(4711, 'AbCd12'));
    expect(a[0]).toBe('[cc -c a.c -o /tmp/ccAbCd12.o]');
    expect(a).toContain('open /proc/4711/stat ok');
  });

  test('a difference that a rule could hide is seen', () => {
    const read = (pid: number, name: string) => [`${pid} openat(AT_FDCWD, "${name}", O_RDONLY) = 3`];
    const [one, two] = [read(4711, '/src/one.c'), read(5822, '/src/two.c')];
    const [a, b] = bothTokens(run(4711, 'AbCd12', one), run(5822, 'Zz9Yx8', two));
    expect(a.filter((token) => !b.includes(token))).toEqual(['open /src/one.c ok']);
    expect(b.filter((token) => !a.includes(token))).toEqual(['open /src/two.c ok']);
  });

  test('what was left over from the other run is not the same to both', () => {
    const making = (pid: number, name: string, old: string) => [
      `${pid} execve("/bin/make", ["make"], 0x7ffd1 /* 9 vars */) = 0`,
      `${pid} unlink("/tmp/tmp${old}") = 0`,
      `${pid} openat(AT_FDCWD, "/tmp/tmp${name}", O_RDWR|O_CREAT|O_EXCL, 0600) = 3`,
    ];
    const [a, b] = bothTokens(making(10, 'AbCd12', 'Xy34Zz'), making(11, 'Kl56Mn', 'AbCd12'));
    expect(a).toEqual(b);
  });
});

describe('names', () => {
  test('the working directory is found where any process asks for it', () => {
    const log = [
      EXEC,
      '10 openat(AT_FDCWD, "a.c", O_RDONLY) = 3',
      '10 chdir("sub") = 0',
      '10 fork() = 11',
      '11 getcwd("/home/ana/proj/sub", 4096) = 19',
      '11 openat(AT_FDCWD, "/home/ana/proj/b.c", O_RDONLY) = 3',
      '11 openat(AT_FDCWD, "c.c", O_RDONLY) = 3',
    ];
    expect(tokensOfLog(log)).toEqual([
      '[prog]',
      'open <cwd>/a.c ok',
      'chdir <cwd>/sub ok',
      'spawn ok',
      '[prog]',
      'open <cwd>/b.c ok',
      'open <cwd>/sub/c.c ok',
    ]);
  });

  test('where nothing tells it, a relative name is below it all the same', () => {
    expect(tokensOfLog([EXEC, '10 openat(AT_FDCWD, "./src//a.c", O_RDONLY) = 3'])).toContain('open <cwd>/src/a.c ok');
  });

  test('maps of the user go before all rules', () => {
    const log = (directory: string) => [
      EXEC,
      `10 getcwd("${directory}", 4096) = 16`,
      `10 openat(AT_FDCWD, "${directory}/a.c", O_RDONLY) = 3`,
    ];
    const maps = [{ from: '/home/a/proj', to: '/export/b/proj' }];
    const options = { ...BUILT_IN, maps };
    const [a, b] = bothTokens(log('/home/a/proj'), log('/export/b/proj'), FILES, ['strace', 'strace'], options);
    expect(a).toEqual(b);
    expect(a).toContain('open /export/b/proj/a.c ok');
  });

  test('a rule that is left out is not applied', () => {
    const log = (hash: string) => [EXEC, `10 openat(AT_FDCWD, "/x/lib-${hash}.rlib", O_RDONLY) = 3`];
    const logs = [log('0a1b2c3d4e5f6071'), log('f0e1d2c3b4a59687')] as const;
    expect(bothTokens(...logs)[0]).toContain('open /x/lib-<hash>.rlib ok');
    const options = { ...BUILT_IN, without: new Set(['hash']) };
    expect(bothTokens(...logs, FILES, ['strace', 'strace'], options)[0]).toContain(
      'open /x/lib-0a1b2c3d4e5f6071.rlib ok',
    );
  });

  test('a rename has both names', () => {
    expect(tokensOfLog([EXEC, '10 rename("/a", "/b") = 0'])).toContain('rename /a -> /b ok');
  });

  test('a process is called by its place in the tree', () => {
    const log = [
      EXEC,
      '10 fork() = 11',
      '10 fork() = 12',
      '11 pause() = ?',
      '12 pause() = ?',
      '10 kill(12, SIGTERM) = 0',
    ];
    expect(tokensOfLog(log, CALLS)).toContain('kill <process 1.2> -> SIGTERM ok');
  });
});

describe('who did it', () => {
  test("a child's calls before its parent's return are in the directory it inherited", () => {
    const log = [
      EXEC,
      '10 chdir("/work") = 0',
      '10 openat(AT_FDCWD, "/data/in", O_RDONLY) = 5',
      '10 vfork( <unfinished ...>',
      '11 openat(AT_FDCWD, "x.c", O_RDONLY) = 3',
      '11 read(5, "", 10) = 0',
      '10 <... vfork resumed>) = 11',
      '10 close(5) = 0',
    ];
    expect(tokensOfLog(log, CALLS).slice(-3)).toEqual(['[prog]', 'open /work/x.c ok', 'read /data/in ok']);
  });

  test('threads are apart at level calls and one at level files', () => {
    const log = [
      EXEC,
      '10 clone(child_stack=0x7f1, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 11',
      '11 openat(AT_FDCWD, "/b", O_RDONLY) = 3',
      '10 openat(AT_FDCWD, "/a", O_RDONLY) = 4',
    ];
    const threadsAt = (question: typeof FILES) => {
      const record = recordLog(log, question);
      return makeRuns(record, record, BUILT_IN)[0].processes[0]?.threads.map(({ tid, acts }) => [tid, acts.length]);
    };
    expect(threadsAt(CALLS)).toEqual([
      [10, 2],
      [11, 1],
    ]);
    expect(threadsAt(FILES)).toEqual([[null, 2]]);
  });

  test('the deadly signal is told by the end alone, one that was outlived is an act', () => {
    const log = [
      EXEC,
      '10 --- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---',
      '10 openat(AT_FDCWD, "/a", O_RDONLY) = 3',
      '10 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---',
      '10 +++ killed by SIGSEGV +++',
    ];
    expect(tokensOfLog(log)).toEqual(['[prog]', 'signal SIGALRM ok', 'open /a ok']);
    const record = recordLog(log);
    const [{ processes }] = makeRuns(record, record, BUILT_IN);
    expect(processes[0]?.end).toMatchObject({ how: 'killed', signal: 'SIGSEGV', crashed: true, thread: 0 });
    expect([processes[0]?.end.fault?.line, processes[0]?.end.place?.line]).toEqual([4, 5]);
  });

  test('a call that was interrupted or had to wait is not another one', () => {
    const log = [
      EXEC,
      '10 wait4(-1, 0x7ffd, 0, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)',
      '10 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11} ---',
      '10 read(0, 0x7ffd, 10) = -1 EAGAIN (Resource temporarily unavailable)',
      '10 read(0, "x", 10) = 1',
    ];
    expect(tokensOfLog(log, CALLS)).toEqual(['[prog]', 'read <stdin> ok']);
  });

  test('to be refused a process is no waiting', () => {
    const log = [EXEC, '10 fork() = -1 EAGAIN (Resource temporarily unavailable)'];
    expect(tokensOfLog(log)).toEqual(['[prog]', 'spawn EAGAIN']);
  });
});

describe('what a log cannot show', () => {
  test('calls that one log was recorded without are left out of the other, and named', () => {
    const whole = [
      EXEC,
      MEMORY,
      '10 stat("/a", {...}) = 0',
      '10 openat(AT_FDCWD, "/a", O_RDONLY) = 3',
      '10 fork() = 11',
    ];
    const opens = [EXEC, '10 openat(AT_FDCWD, "/a", O_RDONLY) = 3'];
    const [a, b] = makeRuns(recordLog(whole), recordLog(opens), BUILT_IN);
    expect([a.hidden.unseen, b.unseen, a.unseen]).toEqual([2, ['spawn', 'stat'], []]);
    expect(bothTokens(whole, opens)[0]).toEqual(['[prog]', 'open /a ok', '[prog]']);
  });

  test('what a whole log does not have was not done', () => {
    const logs = [
      [EXEC, MEMORY, '10 unlink("/a") = 0'],
      [EXEC, MEMORY],
    ] as const;
    expect(bothTokens(...logs)[0]).toContain('unlink /a ok');
  });
});

describe('between systems', () => {
  const linux = [
    '10 execve("/usr/bin/cat", ["cat", "/a"], 0x7ffd1 /* 9 vars */) = 0',
    MEMORY,
    '10 openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3',
    '10 openat(AT_FDCWD, "/opt/x/lib/libc.so.6", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)',
    '10 openat(AT_FDCWD, "/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY|O_CLOEXEC) = 3',
    '10 openat(AT_FDCWD, "/lib/x86_64-linux-gnu/libz.so.1", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)',
    '10 openat(AT_FDCWD, "/usr/lib/locale/locale-archive", O_RDONLY|O_CLOEXEC) = 3',
    '10 openat(AT_FDCWD, "/a", O_RDONLY) = 3',
    EXIT,
  ];
  const illumos = [
    '20:\texecve("/usr/bin/cat", 0x08047D4C, 0x08047D58)  argc = 2',
    '20:\tbrk(0x00000000)\t\t\t\t\t= 0x08062000',
    '20:\topen("/lib/libc.so.1", O_RDONLY)\t\t\t= 3',
    '20:\topen("/usr/lib/locale/C/C.so.3", O_RDONLY)\t\tErr#2 ENOENT',
    '20:\topen("/a", O_RDONLY)\t\t\t\t= 3',
    '20:\t_exit(0)',
  ];

  test('the loader, the locale and libraries that were found are not compared; one that was not is', () => {
    const [a, b] = bothTokens(linux, illumos, FILES, ['strace', 'truss-illumos']);
    expect(a.slice(1)).toEqual(['open <lib>/libz ENOENT', 'open /a ok']);
    expect(b.slice(1)).toEqual(['open /a ok']);
  });

  test('on one system they are', () => {
    expect(tokensOfLog(linux)).toContain('open /lib/x86_64-linux-gnu/libc.so.6 ok');
  });

  test('--all compares them', () => {
    const question = { level: 'files', all: true } as const;
    expect(bothTokens(linux, illumos, question, ['strace', 'truss-illumos'])[1]).toContain('open <lib>/libc ok');
  });
});

test('a chain of processes of any length, whose parents are known only at the end, is recorded', () => {
  const LENGTH = 20_000;
  const pids = Array.from({ length: LENGTH }, (_, index) => 100 + index);
  const log = [
    ...pids.flatMap((pid) => [`${pid} openat(AT_FDCWD, "x.c", O_RDONLY) = 3`, `${pid} vfork( <unfinished ...>`]),
    ...pids.reverse().map((pid) => `${pid} <... vfork resumed>) = ${pid + 1}`),
  ];
  const { processes } = recordLog(log);
  expect(processes).toHaveLength(LENGTH + 1);
});
