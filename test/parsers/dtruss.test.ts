import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dtruss } from '../../parsers/dtruss.ts';
import { recognizesDtruss } from '../../parsers/dtruss-recognize.ts';
import type { Needs } from '../../parsers/tracer-format.ts';
import { Blame, blameNeeds } from '../../src/analyze/blame.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { eventSchema } from '../../src/ndjson/schema.ts';
import { codes, kinds, needsOf, type Reading, readerOf } from './reading.ts';

const { one, read, readLines } = readerOf(dtruss);

const texts = (reading: Reading) => reading.events.map((event) => ('text' in event ? event.text : null));

const HEADER = '\tPID/THRD  SYSCALL(args) \t\t = return';
const BARE = 'SYSCALL(args) \t\t = return';
const ENOENT = { name: 'ENOENT', number: 2 };

describe('calls', () => {
  it.each([
    ['close(0x3)\t\t = 0 0', { name: 'close', args: '0x3', result: '0', errno: null, outcome: 'returned' }],
    ['open("/x\\0", 0x0, 0x0)\t\t = -1 Err#2', { args: '"/x\\0", 0x0, 0x0', errno: ENOENT, outcome: 'failed' }],
    ['open("/x\\0", 0x0, 0x0)     = -1 2', { errno: ENOENT, result: '-1', outcome: 'failed' }],
    ['recvfrom(0x5, 0x7F, 0x4) = -1 Err#35', { errno: { name: 'EAGAIN', number: 35 }, outcome: 'failed' }],
    ['read(0x5, "\\0", 0x4)\t = -1 Err#4', { errno: { name: 'EINTR', number: 4 }, outcome: 'failed' }],
    ['read(0x5, "\\0", 0x4)\t = -1 999', { errno: { name: null, number: 999 }, outcome: 'failed' }],
    ['select(0x5)\t\t = -1 Err#-1', { errno: { name: 'ERESTART', number: -1 }, outcome: 'restarted' }],
    ['sigreturn(0x7F, 0x1E, 0x0)\t\t = 0 Err#-2', { errno: null, detail: 'Err#-2', outcome: 'returned' }],
    ['workq_kernreturn(0x4)\t\t = 0 -2', { errno: null, detail: '-2', outcome: 'returned' }],
    ['lseek(0x3, 0x0, 0x0)\t\t = -1 0', { errno: null, outcome: 'returned' }],
    ['mmap(0x0, 0x1, 0x3)\t\t = 0x102BFC000 0', { result: '0x102BFC000', outcome: 'returned' }],
    ['mmap(0x0)\t\t = 0xFFFFFFFFFFFFFFFF Err#12', { errno: { name: 'ENOMEM', number: 12 }, outcome: 'failed' }],
    ['mmap(0x10000, 0x1000, 0x5)\t\t = -763559936 0', { result: '-763559936', outcome: 'returned' }],
    ['#8(0x0, 0x0, 0x0)\t\t = 0 0', { name: '#8' }],
    ['sysctl([CTL_KERN, 1, 0] (2), 0x7F)\t\t = 0 0', { args: '[CTL_KERN, 1, 0] (2), 0x7F' }],
    ['sysctlbyname(a) = 1 "(, 0xD, 0x0)\t\t = 0 0', { args: 'a) = 1 "(, 0xD, 0x0' }],
    ['write(0x1, ") = 3 0\\0", 0x7)  = 7 0', { args: '0x1, ") = 3 0\\0", 0x7', result: '7' }],
    ['read(0x3, "\\0" (0x7FF), 0x4)\t\t = 4 0', { args: '0x3, "\\0" (0x7FF), 0x4' }],
    ['close(0x3)\t\t = 0 0  ', { result: '0' }],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject({ kind: 'syscall', pid: null, tid: null, line: 1, endLine: 1, ...expected });
  });

  it('gives each event all fields in the same order', () => {
    expect(Object.keys(one('close(0x3)\t\t = 0 0') ?? {})).toEqual(
      'kind dialect input line endLine pid tid time atNs name args result detail errno durationNs outcome'.split(' '),
    );
  });

  it('keeps the result where buffer drops left garbage for the errno', () => {
    expect(one(' 9/0x1f:  getuid()\t\t = 501 9\x80\x010')).toMatchObject({ result: '501', errno: null });
    expect(one(' 9/0x1f:  close(0x3)\t\t = -1 \xff9')).toMatchObject({
      errno: { name: null, number: null },
      detail: '\xff9',
      outcome: 'failed',
    });
  });

  it("names errors of the toolkit's systems only where they are the same on all of them", () => {
    expect(one('  812/1:  open("/x\\0", 0x0, 0x0)\t\t = -1 Err#2')).toMatchObject({ errno: ENOENT });
    expect(one('  812/1:  read(0x3, "\\0", 0x4)\t\t = -1 Err#11')).toMatchObject({ errno: { name: null, number: 11 } });
    expect(one('  812/1:  lwp_park(0x0)\t\t = -1 Err#62')).toMatchObject({ errno: { name: null, number: 62 } });
  });

  it('keeps any file name that dtruss escapes, as the argument of one call', () => {
    const simple = new Map([...'\x07a \bb \tt \nn \vv \ff \rr "" \\\\'.split(' ')].map((pair) => [pair[0], pair[1]]));
    const escaped = (byte: number) => {
      const char = String.fromCharCode(byte);
      const letter = simple.get(char);
      if (letter !== undefined) return `\\${letter}`;
      return byte >= 32 && byte < 127 ? char : `\\${byte.toString(8).padStart(3, '0')}`;
    };
    const names = fc.uint8Array({ min: 1, maxLength: 60 }).map((bytes) => [...bytes].map(escaped).join(''));
    fc.assert(
      fc.property(
        names,
        fc.constantFrom('', '   12/0x1f:  ', '    12/3:  ', '   12/0x1f:     1    2     3 '),
        (path, front) => {
          expect(one(`${front}open("${path}\\0", 0x0, 0x0)\t\t = 3 0`)).toMatchObject({
            kind: 'syscall',
            name: 'open',
            args: `"${path}\\0", 0x0, 0x0`,
            result: '3',
          });
        },
      ),
    );
  });
});

describe('columns', () => {
  const front = (...lines: string[]) => {
    const last = readLines(...lines).events.at(-1);
    return last?.kind === 'syscall' ? [last.pid, last.tid, last.time, last.atNs, last.durationNs] : null;
  };
  const CALL = 'close(0x3)\t\t = 0 0';

  it('are a process and a thread, in hexadecimal on macOS', () => {
    expect(front(` 4966/0x54c8:  ${CALL}`)).toEqual([4966, 0x54c8, null, null, null]);
    expect(front(` 27547/1:  ${CALL}`)).toEqual([27547, 1, null, null, null]);
    expect(front(`4966/0x54C8: ${CALL}`)).toEqual([4966, 0x54c8, null, null, null]);
  });

  it('are what the header says, in its order', () => {
    expect(front('RELATIVE  ELAPSD SYSCALL(args) = return', `     535      28 ${CALL}`)).toEqual([
      null,
      null,
      '535',
      null,
      28_000,
    ]);
    expect(
      front(
        ' ELAPSD RELATIVE \tPID/THRD     CPU SYSCALL(args) = return',
        `     28      535   310/0x3d0:      27 ${CALL}`,
      ),
    ).toEqual([310, 0x3d0, '535', null, 28_000]);
    expect(front('   CPU SYSCALL(args) = return', `    27 ${CALL}`)).toEqual([null, null, null, null, null]);
    expect(front('ABSOLUTE SYSCALL(args) = return', `1558312404 ${CALL}`)).toEqual([
      null,
      null,
      '1558312404',
      null,
      null,
    ]);
  });

  it.each([
    ['SYSCALL(args)', '', [null, null]],
    ['\tPID/THRD  SYSCALL(args)', ' 4966/0x54c8:  ', [null, null]],
    ['RELATIVE SYSCALL(args)', '     535 ', ['535', null]],
    [' ELAPSD SYSCALL(args)', '     28 ', [null, 28_000]],
    ['   CPU SYSCALL(args)', '    27 ', [null, null]],
    ['RELATIVE  ELAPSD SYSCALL(args)', '     535      28 ', ['535', 28_000]],
    ['RELATIVE    CPU SYSCALL(args)', '     535     27 ', ['535', null]],
    [' ELAPSD    CPU SYSCALL(args)', '     28     27 ', [null, 28_000]],
    ['RELATIVE  ELAPSD    CPU SYSCALL(args)', '     535      28     27 ', ['535', 28_000]],
    ['\tPID/THRD  RELATIVE  ELAPSD    CPU SYSCALL(args)', ' 4966/0x54c8:       535      28     27 ', ['535', 28_000]],
    ['\tPID/THRD   ELAPSD SYSCALL(args)', ' 4966/0x54c8:       28 ', [null, 28_000]],
    ['PID/LWP    RELATIVE  ELAPSD    CPU SYSCALL(args)', '  4966/1:       535      28     27 ', ['535', 28_000]],
  ])('are told apart under %j', (header, columns, [time, durationNs]) => {
    const [, , printed, atNs, taken] = front(`${header} \t\t = return`, `${columns}${CALL}`) ?? [];
    expect([printed, atNs, taken]).toEqual([time, null, durationNs]);
  });

  it('are those of -a where there is no header and the process and three numbers stand there', () => {
    expect(front(` 4966/0x54c8:       535      28     27 ${CALL}`)).toEqual([4966, 0x54c8, '535', null, 28_000]);
    expect(front(` 4966/0x54c8:       535      28 ${CALL}`)).toEqual([4966, 0x54c8, null, null, null]);
    expect(front(`     535      28     27 ${CALL}`)).toEqual([null, null, null, null, null]);
  });

  it("stand behind a paste's line number", () => {
    expect(front('ELAPSD SYSCALL(args) = return', `  17      28 ${CALL}`)).toEqual([null, null, null, null, 28_000]);
  });
});

describe('processes', () => {
  it('begin where a thread is first seen, unless the process is known', () => {
    const reading = readLines(' 9/0x1:  fork()\t\t = 0 0', ' 9/0x2:  fork()\t\t = 0 0', ' 8/0x3:  fork()\t\t = 0 0');
    expect(reading.events).toMatchObject([
      { kind: 'process-start', pid: 9, tid: 1, parentPid: null, via: null },
      { kind: 'note', pid: 9, tid: 2 },
      { kind: 'process-start', pid: 8, parentPid: null, via: null },
    ]);
  });

  it('are not told apart in a log without the column', () => {
    const reading = readLines('fork()\t\t = 0 0', 'fork()\t\t = 12 0', 'fork()\t\t = 0 0');
    expect(reading.events).toMatchObject([
      { kind: 'process-start', pid: null, parentPid: null },
      { kind: 'syscall', result: '12' },
      { kind: 'process-start', pid: null, parentPid: null },
    ]);
    expect(codes(reading)).toEqual(['processes-mixed:3']);
  });

  it('begin once by vfork, on the thread borrowed from the parent', () => {
    const reading = readLines(
      '3968/0x3cd01:  close(0x3)\t\t = 0 0',
      '3970/0x3cd01:  vfork()\t\t = 3970 0',
      '3968/0x3cd01:  vfork()\t\t = 3970 0',
      '3968/0x3cd01:  vfork()\t\t = 3970 Err#2',
    );
    expect(reading.events.slice(1)).toMatchObject([
      { kind: 'process-start', pid: 3970, parentPid: 3968, via: 'vfork' },
      { kind: 'syscall', name: 'vfork', pid: 3968, result: '3970' },
      { kind: 'note' },
    ]);
  });

  it('are made once by a fork that the toolkit prints twice, and more than once by several', () => {
    const reading = readLines(
      '  10/1:  forksys(0x0, 0x0, 0x0)\t\t = 11 0',
      '  10/1:  forksys()\t\t = 11 0',
      '  11/1:  forksys(0x0, 0x0, 0x0)\t\t = 0 0',
      '  10/1:  forksys(0x0, 0x0, 0x0)\t\t = 12 0',
    );
    expect(reading.events).toMatchObject([
      { kind: 'syscall' },
      { kind: 'note' },
      { kind: 'process-start', pid: 11, via: 'fork', parentPid: null },
      { kind: 'syscall', result: '12' },
    ]);
  });

  it('are named by a posix_spawn of the rewritten script only', () => {
    const reading = readLines(
      ' 5/0x1:  posix_spawn(0x7F -> PID 6, "/bin/ls\\0" (0x10), 0x7F)\t\t = 0 0',
      ' 5/0x1:  posix_spawn(0x16D, 0x102, 0x16D)\t\t = 0 0',
    );
    expect(reading.events).toMatchObject([
      { kind: 'syscall', name: 'posix_spawn' },
      { kind: 'process-start', pid: 6, tid: null, parentPid: 5, via: 'fork' },
      { kind: 'syscall', name: 'posix_spawn' },
    ]);
  });

  it('have their exec even where it is counted to process 0', () => {
    const reading = readLines(
      ' 9/0x1:  close(0x3)\t\t = 0 0',
      ' 0/0x1:  execve("/bin/ls\\0", 0x7F, 0x7F)\t\t = 0 Err#-2',
      ' 0/0x7:  execve("/bin/ls\\0", 0x7F, 0x7F)\t\t = 0 Err#-2',
    );
    expect(reading.events.slice(1)).toMatchObject([
      { kind: 'syscall', name: 'execve', pid: 9, tid: 1, outcome: 'returned' },
      { kind: 'note', pid: null, tid: 7 },
    ]);
  });
});

describe('reports of shells', () => {
  it.each([
    ['./run.sh: line 3:  1234 Segmentation fault: 11  ./prog x', 1234, 'SIGSEGV', null],
    ['sh: line 1: 77 Killed: 9               ./b', 77, 'SIGKILL', null],
    ['./run.sh: line 3: 1234 Segmentation Fault      (core dumped) ./prog', 1234, 'SIGSEGV', true],
    ['[1]    1234 segmentation fault  ./prog', 1234, 'SIGSEGV', null],
    ['[1]    1234 Bus error: 10           ./prog', 1234, 'SIGBUS', null],
  ])('give the death in %j once the log is over', (line, pid, signal, coreDumped) => {
    const reading = readLines(HEADER, line, ' 9/0x1:  close(0x3)\t\t = 0 0');
    expect(kinds(reading)).toEqual(['note', 'syscall', 'killed']);
    expect(reading.events[2]).toMatchObject({ pid, signal, coreDumped, line: 2 });
  });

  it.each([
    'Segmentation fault: 11',
    'Abort trap: 6',
    'Segmentation fault: 11 (core dumped)',
    'zsh: abort      ./prog',
    '[1]+  Bus error: 10           ./prog',
  ])("that name nobody are nobody's death: %j", (line) => {
    for (const header of [HEADER, BARE]) expect(kinds(readLines(header, line))).toEqual(['note', 'note']);
  });

  it('are given once, whether they stand there as text, as a call, or as both', () => {
    const text = 'sh: line 1: 77 Killed: 9               ./b';
    const wait = ' 9/0x1:  wait4(0x4D, 0x7F, 0x0)\t\t = 77 0';
    const write = ` 9/0x1:  write(0x2, "${text}\\n\\0", 0x2B)\t\t = 43 0`;
    for (const lines of [[text], [wait, write], [text, wait, write], [wait, write, text]]) {
      const deaths = readLines(HEADER, ...lines).events.filter((event) => event.kind === 'killed');
      expect(deaths).toMatchObject([{ pid: 77, tid: null, signal: 'SIGKILL' }]);
    }
  });

  it.each([
    ' 9/0x1:  write(0x2, "zsh: abort      ./x\\n\\0", 0x14)\t\t = 20 0',
    ' 9/0x1:  write(2, "zsh: abort      ./x\\n\\0", 20)\t\t = 20 0',
    ' 9/0x1:  write_nocancel(0x2, "Abort trap: 6\\n\\0", 0xE)\t\t = 14 0',
  ])('are of the child waited for where the shell writes no number: %j', (write) => {
    const reading = readLines(HEADER, ' 9/0x1:  wait4(0x4D, 0x7F, 0x0)\t\t = 77 0', write);
    expect(reading.events[3]).toMatchObject({ kind: 'killed', pid: 77, signal: 'SIGABRT', line: 3 });
    const others = readLines(HEADER, ' 8/0x2:  wait4(0x4D, 0x7F, 0x0)\t\t = 77 0', write);
    expect(kinds(others)).toEqual(['note', 'syscall', 'syscall']);
    const failed = readLines(HEADER, ' 9/0x1:  wait4(0x4D, 0x7F, 0x0)\t\t = -1 Err#10', write);
    expect(kinds(failed)).toEqual(['note', 'syscall', 'syscall']);
  });

  it.each([
    'Caught Segmentation fault: 11',
    'cost: 5$ for dtruss ',
    'Segmentation fault',
    'Segmentation fault: 12',
    'Abort trap: 6 is what it said',
    'Killed',
    'killed: 9',
    'zsh: aborted by the user',
    'panic: signal SIGSEGV',
    'line 3: 12 Killed: 9 x',
    '[1] done',
  ])('are not found in %j', (line) => {
    expect(kinds(readLines(HEADER, line))).toEqual(['note', 'unparsed']);
  });

  it('are not taken from what a program writes that waited for nobody', () => {
    expect(one(' 9/0x1:  write(0x2, "zsh: abort      ./x\\n\\0", 0x14)\t\t = 20 0')).toMatchObject({ kind: 'syscall' });
  });

  it('of a patched script are signals, in a log of one process', () => {
    expect(readLines(BARE, 'close(0x3) = 0 0', 'prog SIGNAL 11').events[2]).toMatchObject({
      kind: 'signal',
      signal: 'SIGSEGV',
      disposition: null,
    });
    expect(kinds(readLines(HEADER, 'prog SIGNAL 11'))).toEqual(['note', 'note']);
  });
});

describe('program output', () => {
  it('in front of a line does not hide it', () => {
    const bare = readLines(BARE, 'path (a): open("/x\\0", 0x2, 0x0)\t\t = 3 0', 'doneopen("/y\\0", 0x0, 0x0) = 4 0');
    expect(bare.events.slice(1)).toMatchObject([
      { name: 'open', args: '"/x\\0", 0x2, 0x0' },
      { name: 'open', args: '"/y\\0", 0x0, 0x0' },
    ]);
    expect(codes(bare)).toEqual(['output-mixed-in:2', 'output-mixed-in:3']);
    const pids = readLines(HEADER, '1/2 done 12/0x1f:  close(0x3)\t\t = 0 0');
    expect(pids.events[1]).toMatchObject({ kind: 'syscall', pid: 12, tid: 0x1f });
    expect(kinds(readLines('shm_open(0x7F, 0x0, 0x0) = 3 0', 'pread(0x3, "\\0", 0x1, 0x0) = 0 0'))).toEqual([
      'syscall',
      'syscall',
    ]);
    expect(codes(readLines('Name: SYSCALL(args) = return'))).toEqual(['output-mixed-in:1']);
  });

  it('is unparsed, whatever it imitates, where the log has processes', () => {
    const reading = readLines(HEADER, 'open("/etc/passwd\\0", 0x0, 0x0)\t\t = 3 0', 'open("/etc');
    expect(kinds(reading)).toEqual(['note', 'unparsed', 'unparsed']);
  });
});

describe("dtrace's own lines", () => {
  it.each([
    'dtrace: system integrity protection is on, some features will not be available',
    'dtrace: error on enabled probe ID 1 (ID 2: syscall::thread_selfid:entry): invalid user access in action #2',
    'dtrace: error on enabled probe ID 1',
    'dtrace: 2 aggregation drops on CPU 0',
    'USAGE: dtruss [-acdefholLs]',
    'Password:',
    'me@host:~$ sudo dtruss -f ./job',
    '(base) me@host job % sudo /usr/local/bin/dtruss ./a.out',
    '# ./dtruss -p 12',
  ])('are notes: %j', (line) => {
    expect(one(line)).toMatchObject({ kind: 'note', text: line });
  });

  it.each([
    ['dtrace: error on enabled probe ID 1 (ID 2: syscall::open:return): invalid address (0x0) in action #5', 'open'],
    ['dtrace: error on enabled probe ID 1 (ID 2: syscall:freebsd:openat:return): invalid address (0x0)', 'openat'],
    ['dtrace: error on enabled probe ID 1 (ID 2: lx-syscall::openat:return): invalid address (0x0)', 'openat'],
    ['dtrace: 57 drops on CPU 1', null],
    ['dtrace: 1 dynamic variable drop', null],
    ['dtrace: 27063 dynamic variable drops with non-empty dirty list', null],
    ['dtrace: processing aborted: Abort due to systemic unresponsiveness', null],
  ])('tell of lost calls: %j', (line, call) => {
    const reading = readLines(HEADER, line);
    expect(reading.events[1]).toMatchObject({ kind: 'lost', pid: null, call, text: line });
    expect(codes(reading)).toEqual(['calls-lost:2']);
  });

  it('are read behind program output', () => {
    const reading = readLines(HEADER, 'half a linedtrace: 57 drops on CPU 1');
    expect(texts(reading)[1]).toBe('dtrace: 57 drops on CPU 1');
    expect(codes(reading)).toEqual(['output-mixed-in:2', 'calls-lost:2']);
  });

  it('are notes with the program that dtrace refuses, up to its end', () => {
    const reading = readLines(
      'dtrace: invalid probe specifier ',
      'syscall::open:return',
      '\tprintf("SYSCALL(args) \\t\\t = return\\n");',
      ': probe description syscall::mkdirat:return does not match any probes',
      'hello',
    );
    expect(kinds(reading)).toEqual(['note', 'note', 'note', 'note', 'unparsed']);
  });

  it('are notes as stack frames and tables', () => {
    const reading = readLines(
      'close(0x3)\t\t = 0 0',
      '',
      '              a.out`f(int (*)(int)) = 0 0',
      '              0x1',
      'a.out`main+0x1f',
      '',
      'CALL                                        COUNT',
      'exit                                            1',
      '',
      'words 12',
    );
    expect(kinds(reading)).toEqual(['syscall', 'note', 'note', 'note', 'note', 'note', 'unparsed']);
    expect(codes(readLines('CALL                                        COUNT', 'exit   1'))).toEqual([
      'summary-only:null',
    ]);
  });

  it('begin another run with a second header', () => {
    const reading = readLines(BARE, 'close(0x3) = 0 0', HEADER, ' 9/0x1:  fork()\t\t = 0 0', 'close(0x3) = 0 0');
    expect(kinds(reading)).toEqual(['note', 'syscall', 'note', 'process-start', 'unparsed']);
  });
});

describe('a call that is not whole', () => {
  const args = '"/a/long/name\\0", 0x0, 0x1B6';

  it.each([
    [['9/0x1: open("/a/long/na', 'me\\0", 0x0, 0x1B6)\t\t = 3 0']],
    [['9/0x1: open("/a/long/name\\0",', '0x0, 0x1B6) = 3 0']],
    [['9/0x1: open("/a/long/name\\0", 0x0, 0x1B6) ', '= 3 0']],
    [['9/0x1: open("/a/long/name\\0", 0x0, 0x1B6) = 3', '0']],
    [['9/0x1: open("/a/long/name\\0", 0x0,', '0x1B6) = 3 0']],
    [['9/0x1: open("/a/lo', 'ng/na', 'me\\0", 0x0, 0x1B6) = 3 0']],
    [['  17  open("/a/long/na', 'me\\0", 0x0, 0x1B6) = 3 0']],
  ])('is joined with the lines that complete it: %j', (lines) => {
    expect(one(...lines)).toMatchObject({ name: 'open', args, result: '3', line: 1, endLine: lines.length });
  });

  it('is completed across a message of dtrace', () => {
    const reading = readLines(
      ' 9/0x1:  open("/a/long/nadtrace: 5 drops on CPU 0',
      'dtrace: 7 drops on CPU 1',
      'me\\0", 0x0, 0x1B6)\t\t = 3 0',
    );
    expect(reading.events).toMatchObject([
      { kind: 'lost', pid: null, text: 'dtrace: 5 drops on CPU 0' },
      { kind: 'lost' },
      { kind: 'syscall', pid: 9, args, line: 1, endLine: 3 },
    ]);
    expect(codes(reading)).toEqual(['calls-lost:1', 'calls-lost:2']);
  });

  it('is unfinished where another line of the trace follows', () => {
    const reading = readLines(' 9/0x1:  open("/a', 'sh: line 1: 7 Abort trap: 6  x', ' 9/0x1:  close(0x3)\t\t = 0 0');
    expect(reading.events).toMatchObject([
      { kind: 'syscall', name: 'open', args: '"/a', outcome: 'unfinished' },
      { kind: 'syscall', name: 'close' },
      { kind: 'killed', line: 2 },
    ]);
    expect(codes(reading)).toEqual(['truncated-call:1']);
    expect(kinds(readLines('open("/a', 'close(0x3) = 0 0'))).toEqual(['unparsed', 'syscall']);
  });

  it.each([
    ['open("/a/b\\0", 0x', '"/a/b\\0", 0x'],
    ['open("/a/b\\0", 0x0, 0x0)', '"/a/b\\0", 0x0, 0x0'],
    ['open("/a/b\\0", 0x0, 0x0)\t\t = 3', '"/a/b\\0", 0x0, 0x0'],
    ['open("/a/b\\0", 0x0, 0x0)\t\t = -1 Err#', '"/a/b\\0", 0x0, 0x0'],
    ['open("/a) = 3 0', '"/a) = 3 0'],
    ['write(0x1, "/a)\t\t = 3 0', '0x1, "/a)\t\t = 3 0'],
  ])('is unfinished where the log ends in it: %j', (line, cut) => {
    for (const front of ['', '   9/0x1f:  ']) {
      const reading = readLines(front + line);
      expect(reading.events).toMatchObject([{ kind: 'syscall', args: cut, result: null, outcome: 'unfinished' }]);
      expect(codes(reading)).toEqual(['truncated-call:1']);
    }
  });
});

describe('recognition', () => {
  it.each([
    HEADER,
    BARE,
    'PID/LWP    SYSCALL(args) = return',
    ' 4966/0x54c8:  fork()\t\t = 0 0',
    ' 27547/1:  write(0x3F, "ls -l\\n\\0", 0x8)\t\t = 8 0',
    'open("/x\\0", 0x0, 0x0)     = -1 2',
    'workq_kernreturn(0x4, 0x0, 0x0)\t\t = 0 Err#-2',
    'dtrace: error on enabled probe ID 1 (ID 2: syscall::open:return): invalid user access in action #5',
  ])('votes for %j', (line) => {
    expect(recognizesDtruss(line)).toBe(true);
  });

  it.each([
    'openat(AT_FDCWD, "/x", O_RDONLY) = 3',
    'open("/x", O_RDONLY) = -1 ENOENT (No such file or directory)',
    'write(1, ") = 3 0", 7) = 7',
    '1234/1:\topen("/x", O_RDONLY)\t\t\t= 3',
    'getpid()\t\t\t\t\t= 26560 [26559]',
    'open("/x", O_RDONLY)\t\t\tErr#2 ENOENT',
    '1234: open("/x",O_RDONLY,00)\t = 3 (0x3)',
    "dtrace: description 'syscall::open*:entry ' matched 7 probes",
    'printf("SYSCALL(args) \\t\\t = return\\n");',
    '  1234 a.out    RET   open 3',
    '',
  ])('does not vote for %j', (line) => {
    expect(recognizesDtruss(line)).toBe(false);
  });
});

describe('passing lines over', () => {
  it('leaves out complete calls that nobody needs, of threads that are known', () => {
    const lines = [
      HEADER,
      ' 9/0x1:  close(0x3)\t\t = 0 0',
      ' 9/0x1:  close(0x3)\t\t = 0 0',
      ' 9/0x2:  close(0x4)\t\t = 0 0',
      ' 9/0x2:  open("/x\\0", 0x0, 0x0)\t\t = 3 0',
      ' 9/0x2:  read(0x3, "\\"\\0", 0x4)\t\t = -1 Err#35',
      ' 8/0x3:  close(0x3)\t\t = 0 0',
    ];
    const reading = read(Buffer.from(lines.join('\n'), 'latin1'), needsOf('open'));
    expect(reading.skipped).toBe(2);
    expect(reading.events.map(({ line }) => line)).toEqual([1, 2, 4, 5, 7]);
    const watched: Needs = { call: (name) => name === 'open', watched: new Set([9]) };
    expect(read(Buffer.from(lines.join('\n'), 'latin1'), watched).skipped).toBe(0);
  });
});

const SAMPLES = new URL('../../samples/dtruss/', import.meta.url);
const logs = readdirSync(SAMPLES).filter((name) => name.endsWith('.dtruss'));

/** Each line that is not blank lies within an event or has a diagnostic. */
function expectConserved(bytes: Buffer): Reading {
  const reading = read(bytes);
  const covered = new Set<number>();
  for (const { line, endLine } of reading.events) for (let at = line; at <= endLine; at++) covered.add(at);
  for (const { line } of reading.diagnostics) if (line !== null) covered.add(line);
  const lines = bytes.toString('latin1').split('\n');
  const lost = lines.flatMap((text, at) => (/^[ \t\r]*$/.test(text) || covered.has(at + 1) ? [] : [at + 1]));
  expect(lost).toEqual([]);
  return reading;
}

/** The events of a filtered reading are among those of a full one, and all that are needed are there. */
function expectSameAnswer(bytes: Buffer, needs: Needs): void {
  const full = read(bytes);
  const filtered = read(bytes, needs);
  expect(filtered.events.length + filtered.skipped).toBe(full.events.length);
  expect(filtered.diagnostics).toEqual(full.diagnostics);
  const needed = (event: TraceEvent) => event.kind !== 'syscall' || needs.call(event.name);
  expect(filtered.events.filter(needed)).toEqual(full.events.filter(needed));
}

describe.each(logs)('%s', (name) => {
  const bytes = readFileSync(new URL(name, SAMPLES));

  it('is read whole, into events of the model', () => {
    const { events } = expectConserved(bytes);
    for (const event of events) expect(eventSchema.safeParse(event).error).toBeUndefined();
  });

  it('gives the same answer when lines nobody needs are passed over', () => {
    const header = { dialect: 'dtruss' as const, inputs: [name], joined: true };
    const whole = new Blame(header);
    const full = read(bytes, null, (event) => whole.add(event));
    const part = new Blame(header);
    const needs = { call: (call: string) => blameNeeds(call, 'macos'), watched: part.watched };
    const filtered = read(bytes, needs, (event) => part.add(event));
    expect(part.finish()).toEqual(whole.finish());
    expect(filtered.events.length + filtered.skipped).toBe(full.events.length);
  });
});

describe('any lines', () => {
  const piece = fc.constantFrom(
    ...'12/0x1f: 13/0x20: 12/0x20: 0/0x1f: 7/1: 8/1: open( close(0x3) fork() vfork() forksys(0x0) "/a\\0" , 0x0 ) ( = 3 0 12 -1 Err#2 Err#-2 Err# \\ > - # #8( ` 17 doneopen('.split(
      ' ',
    ),
    ...[
      ' ',
      '  ',
      '\t',
      '\t\t = ',
      ' = 0 0',
      '\t\t = 12 0',
      '\t\t = -1 2',
      ' = 0x1F 0',
      '              ',
      '\n',
      '\n',
      '\n',
    ],
    ...[
      '\n 12/0x1f:  ',
      '\n  7/1:  ',
      '\n> ',
      '\r\n',
      '\x00',
      '\xe9',
      '\x1b[31m',
      'sysctlbyname(',
      'posix_spawn(0x7F -> PID 9, ',
    ],
    ...[HEADER, BARE, 'PID/LWP ', 'CALL     COUNT', 'exit    1', 'dtrace: ', '5 drops on CPU 1', 'a.out`main+0x1'],
    ...[
      'dtrace: invalid probe specifier ',
      'does not match any probes',
      'USAGE: dtruss',
      'zsh: abort  x',
      'p SIGNAL 11',
    ],
    ...['wait4(0xC) = 12 0', 'write(0x2, "Abort trap: 6\\n\\0", 0x9) = 9 0'],
    ...['Segmentation fault: 11', 'x: line 3: 12 Killed: 9', 'execve(/bin/ls)', 'execve(): 0'],
  );
  const soup = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
  const lines = fc.constantFrom(...logs.flatMap((name) => readFileSync(new URL(name, SAMPLES), 'latin1').split('\n')));
  const shuffled = fc.array(lines, { maxLength: 40 }).map((some) => Buffer.from(some.join('\n'), 'latin1'));

  it('are each an event or part of one, and never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(soup, shuffled), (bytes) => {
        const { events } = expectConserved(bytes);
        for (const event of events) expect(eventSchema.safeParse(event).error).toBeUndefined();
      }),
      { numRuns: 1500 },
    );
  });

  it('give the same answer with and without passing over some', () => {
    const needs = fc.constantFrom(needsOf('open', 'fork', 'execve'), needsOf(), needsOf('write', 'close'));
    fc.assert(
      fc.property(fc.oneof(soup, shuffled), needs, (bytes, some) => expectSameAnswer(bytes, some)),
      { numRuns: 1500 },
    );
  });

  it('take time that grows with their length', () => {
    const long = (count: number) => [
      `open("${'\\"('.repeat(count)}`,
      `${'a('.repeat(count)} = 3 0`,
      `${'1/0x1: '.repeat(count)}`,
      `${'dtrace: '.repeat(count)}`,
      `${' = return SYSCALL(args)'.repeat(count)}`,
      `12/0x1f: open("${'x'.repeat(count)}`,
      'y'.repeat(count),
    ];
    const time = (count: number) => {
      const bytes = Buffer.from(long(count).join('\n'), 'latin1');
      const start = performance.now();
      read(bytes);
      read(bytes, needsOf());
      return performance.now() - start;
    };
    time(1000);
    expect(time(80_000)).toBeLessThan(40 * Math.max(time(10_000), 2));
  });
});
