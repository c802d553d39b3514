import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognizesStrace } from '../../parsers/strace-recognize.ts';
import type { Needs } from '../../parsers/tracer-format.ts';
import { trussFreebsd } from '../../parsers/truss-freebsd.ts';
import { recognizesTrussFreebsd } from '../../parsers/truss-freebsd-recognize.ts';
import { recognizesTrussIllumos } from '../../parsers/truss-illumos-recognize.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { codes, kinds, needsOf, type Reading, readerOf } from './reading.ts';

const { one, read, readLines } = readerOf(trussFreebsd);

const OPENS = needsOf('open', 'openat', 'execve', 'fork', 'vfork', 'rfork', 'exit', 'close');

const ENOENT = " ERR#2 'No such file or directory'";

describe('calls', () => {
  it.each([
    ['close(3)\t\t\t\t\t = 0 (0x0)', { name: 'close', args: '3', result: '0', outcome: 'returned', errno: null }],
    ['close(3)       = 0 (0x0)', { name: 'close', args: '3' }],
    ['lseek(3,0x0,SEEK_SET)\t\t\t = -1 (0xffffffffffffffff)', { result: '-1', outcome: 'returned' }],
    ['write(1,") = 3 (0x3)\\n",12)\t\t = 12 (0xc)', { args: '1,") = 3 (0x3)\\n",12', result: '12' }],
    ['open("a) = 3 (0x3)",O_RDONLY,00)\t = 4 (0x4)', { args: '"a) = 3 (0x3)",O_RDONLY,00', result: '4' }],
    ['open("a ERR#2 \'x\'",O_RDONLY,00)\t = 4 (0x4)', { result: '4', errno: null }],
    [`open("/x",O_RDONLY,00)\t${ENOENT}`, { result: null, errno: { name: 'ENOENT', number: 2 }, outcome: 'failed' }],
    ["read(3,0x8010,1)\t ERR#35 'n’est pas prêt'", { errno: { name: 'EAGAIN', number: 35 } }],
    ["close(9)\t ERR#999 'Unknown error: 999'", { errno: { name: null, number: 999 } }],
    ['linux_open("/x",0x0,00) ERR#-11 \'Try again\'', { errno: { name: 'EAGAIN', number: 11 }, outcome: 'failed' }],
    ["linux_read(3,0x1,1) ERR#11 'Try again'", { errno: { name: 'EAGAIN', number: 11 } }],
    ['wait4(-1,0x0,0x0,0x0)\t\t ERESTART', { outcome: 'restarted', errno: { name: 'ERESTART', number: null } }],
    ['sigreturn(0x86c00ba00)\t\t EJUSTRETURN', { outcome: 'returned', result: null, detail: 'EJUSTRETURN' }],
    ['exit(0x1)\t\t\t\t\t', { name: 'exit', args: '0x1', result: null, outcome: 'unfinished' }],
    ['exit(0x1)', { name: 'exit', outcome: 'unfinished' }],
    ['compat11.stat("/etc",0x0)\t = 0 (0x0)', { name: 'compat11.stat' }],
    ["#601(0x1,0x2)\t\t ERR#78 'Function not implemented'", { name: '#601', errno: { name: 'ENOSYS', number: 78 } }],
    ['(null)(0x1,0x2)\t\t = 0 (0x0)', { name: '(null)', args: '0x1,0x2' }],
    ['execve("/bin/ls",<missing argument>,<missing argument>) = 0 (0x0)', { name: 'execve' }],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject({ kind: 'syscall', pid: null, tid: null, line: 1, endLine: 1, ...expected });
  });

  it('reads a result that was shortened by hand', () => {
    expect(readLines('7: kill(0,SIGABRT) = 0', '7: close(3) = 0 (0x0)')).toMatchObject({
      events: [{ name: 'kill', result: '0', outcome: 'returned' }, { name: 'close' }],
      diagnostics: [],
    });
    expect(recognizesTrussFreebsd('7: kill(0,SIGABRT) = 0')).toBe(true);
  });

  it('gives each event all fields in the same order', () => {
    expect(Object.keys(one('close(3)\t = 0 (0x0)') ?? {})).toEqual(
      'kind dialect input line endLine pid tid time atNs name args result detail errno durationNs outcome'.split(' '),
    );
  });

  it.each([
    ['  739: close(3) = 0 (0x0)', 739, null],
    ['739: close(3) = 0 (0x0)', 739, null],
    ['11696: close(3) = 0 (0x0)', 11696, null],
    ['100123: close(3) = 0 (0x0)', null, 100123],
    ['  739 100123: close(3) = 0 (0x0)', 739, 100123],
    ['\xe3\x80\x80\xe3\x80\x80 739: close(3) = 0 (0x0)', 739, null],
  ])('reads the prefix of %j', (line, pid, tid) => {
    expect(one(line)).toMatchObject({ kind: 'syscall', name: 'close', args: '3', result: '0', pid, tid });
  });

  it('tells time and duration only where both are printed', () => {
    const { events } = readLines(
      '  9: 0.004213877 0.000021511 close(3) = 0 (0x0)',
      '  9: 1.000000000 -0.000001000 close(4) = 0 (0x0)',
      '  9: 2.000000000 close(5) = 0 (0x0)',
    );
    expect(events).toMatchObject([
      { time: '0.004213877', atNs: 0, durationNs: 21_511 },
      { time: '1.000000000', atNs: 995_786_123, durationNs: -1000 },
      { time: '2.000000000', atNs: null, durationNs: null },
    ]);
  });

  const pieceOfName = fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      ') = 3 (0x3)',
      ': ',
      '\x1b[0m',
      'SIGNAL 11 (SIGSEGV)',
      '  7: close(3)',
      '(',
      '",',
      ', "',
      '")',
    ),
    fc.string({ maxLength: 6 }),
  );
  const asName = (pieces: readonly string[]) => pieces.join('').replace(/\r/g, ' ');
  const expectOneOpen = (path: string) => {
    expect(one(`  7: open("${path}",O_RDONLY,00) = 3 (0x3)`)).toMatchObject({
      kind: 'syscall',
      name: 'open',
      args: `"${path}",O_RDONLY,00`,
      result: '3',
    });
  };

  it('keeps any file name as the argument of one call, whatever quotes, commas and results are in it', () => {
    const name = fc.array(pieceOfName, { maxLength: 8 }).map(asName);
    fc.assert(fc.property(name, (path) => expectOneOpen(path)));
  });

  it('keeps a file name with line feeds as the argument of one call', () => {
    // A part of it with both ends of a string in it may be a whole call by itself, and then it is taken for one.
    const name = fc
      .array(fc.oneof(pieceOfName, fc.constant('\n')), { maxLength: 8 })
      .map((pieces) => asName(pieces).replace(/"(?=[,). ]|$)|(?<=[({, ])"/g, "'"));
    fc.assert(fc.property(name, (path) => expectOneOpen(path)));
  });

  it('joins a name that a line feed breaks where its string seems to be over', () => {
    expect(one('7: open("a",b', 'c",O_RDONLY,00) = 3 (0x3)')).toMatchObject({ args: '"a",b\nc",O_RDONLY,00' });
  });

  it('takes nothing from within a name for a line of the trace', () => {
    const lines = [
      '  7: open("x) = 3 (0x3)',
      '  7: process killed, signal = 11 (core dumped)',
      'y",O_RDONLY,00) = 4 (0x4)',
    ];
    expect(one(...lines)).toMatchObject({ kind: 'syscall', result: '4', line: 1, endLine: 3 });
  });
});

describe('a call that is not whole', () => {
  it.each([
    [['8561: mmap(0x0,4096,PROT_NONE,-1,0x0)', '= 672288768 (0x28125000)'], { result: '672288768' }],
    [['8561: mmap(0x0,4096,PROT_NONE,-1,0x0) = 672288768', '(0x28125000)'], { result: '672288768' }],
    [['8561: open("/x",O_RDONLY,00) ERR#2 \'No such file or', "directory'"], { errno: { name: 'ENOENT', number: 2 } }],
    [['8561: fstat(3,{ mode=-rw-r--r--', ',inode=1,size=2,blksize=3 }) = 0', '(0x0)'], { result: '0' }],
    [['syscall open("/etc/malloc.conf",0,00)', "\terrno 2 'No such file or directory'"], { outcome: 'failed' }],
    [['syscall read(3,0x8049000,4096)', '\treturns 3 (0x3)'], { name: 'read', result: '3' }],
  ])('is joined with the lines that follow: %j', (lines, expected) => {
    expect(one(...lines)).toMatchObject({ kind: 'syscall', line: 1, endLine: lines.length, ...expected });
  });

  it('is joined without a blank where a terminal broke it at its 80th column', () => {
    const head = `open("/${'d'.repeat(73)}`;
    expect(head).toHaveLength(80);
    expect(one(head, 'irectory/file",O_RDONLY,00) = 3 (0x3)')).toMatchObject({
      args: `"/${'d'.repeat(73)}irectory/file",O_RDONLY,00`,
    });
  });

  it('is unfinished where its process is over next', () => {
    expect(readLines('7: abort2(0x1,0x0,0x0)', '7: process exit, rval = 1')).toMatchObject({
      events: [
        { name: 'abort2', outcome: 'unfinished' },
        { kind: 'exit', status: 1 },
      ],
      diagnostics: [],
    });
  });

  it('is unparsed where the next line is one of its own and no tabs show that a result was to come', () => {
    const reading = readLines('close(9) = 0 (0x0)', 'main(argc', 'solve(maze)', 'close(3)\t = 0 (0x0)');
    expect(kinds(reading)).toEqual(['syscall', 'unparsed', 'unparsed', 'syscall']);
    expect(codes(reading)).toEqual(['unparsed-line:2', 'unparsed-line:3']);
  });

  it.each([
    ['open("/a/b', '"/a/b', 'unfinished'],
    ['open("/a/b",O_RDO', '"/a/b",O_RDO', 'unfinished'],
    ['open("/a/b",O_RDONLY,00)\t\t', '"/a/b",O_RDONLY,00', 'unfinished'],
    ['open("/a/b",O_RDONLY,00)\t\t = 3', '"/a/b",O_RDONLY,00', 'returned'],
    ['open("/a/b",O_RDONLY,00)\t\t = 3 (0x', '"/a/b",O_RDONLY,00', 'returned'],
    ['open("/a/b",O_RDONLY,00)\t\t ERR#2', '"/a/b",O_RDONLY,00', 'failed'],
    ['open("/a/b",O_RDONLY,00)\t\t ERR#2 \'No', '"/a/b",O_RDONLY,00', 'failed'],
  ])('is kept where the log ends in it: %j', (line, args, outcome) => {
    const reading = readLines(`9: ${line}`);
    expect(reading.events).toMatchObject([{ kind: 'syscall', pid: 9, args, outcome }]);
    expect(codes(reading)).toEqual(['truncated-call:1']);
  });

  it('does not wait for ever for the end of a string', () => {
    const lines = Array.from({ length: 2000 }, (_, index) => `9: read(${index},0x0,16) = 0 (0x0)`);
    const reading = readLines('9: open("/etc/li', ...lines);
    expect(reading.events).toHaveLength(2001);
    expect(codes(reading)).toEqual(['unparsed-line:1']);
  });
});

describe('births, signals and deaths', () => {
  it('tells the birth of a process and of a thread, whose id stands in the text', () => {
    const reading = readLines('7: <new process>', '7: <new thread 100200>', '7: <thread 100200 exited>');
    expect(reading.events).toMatchObject([
      { kind: 'process-start', pid: 7, parentPid: null, via: null },
      { kind: 'process-start', pid: 7, tid: 100200, parentPid: 7, via: 'thread' },
      { kind: 'note', text: '<thread 100200 exited>' },
    ]);
  });

  it.each([
    ['7: SIGNAL 11 (SIGSEGV)', { signal: 'SIGSEGV', siginfo: null }],
    ['SIGNAL 10', { signal: 'SIGBUS', siginfo: null }],
    [
      '7: SIGNAL 20 (SIGCHLD) code=CLD_DUMPED pid=9 uid=0 status=11',
      { signal: 'SIGCHLD', siginfo: 'code=CLD_DUMPED pid=9 uid=0 status=11' },
    ],
    ['7: SIGNAL 32 (SIGTHR)', { signal: 'SIGTHR' }],
    ['7: SIGNAL 99 (?)', { signal: 'SIG#99' }],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject({ kind: 'signal', disposition: null, ...expected });
  });

  it.each([
    ['7: process exit, rval = 0', { kind: 'exit', status: 0 }],
    ['7: process exit, rval = 4294967295', { kind: 'exit', status: 255 }],
    ['7: process killed, signal = 11 (core dumped)', { kind: 'killed', signal: 'SIGSEGV', coreDumped: true }],
    ['7: process killed, signal = 9', { kind: 'killed', signal: 'SIGKILL', coreDumped: false }],
    ['process killed, signal = SIGSEGV (core dumped)', { kind: 'killed', signal: 'SIGSEGV', coreDumped: true }],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject(expected);
  });

  it('reads the raw wait status of the procfs time, which prints signals by number only', () => {
    expect(readLines('SIGNAL 11', 'process exit, rval = 139').events[1]).toMatchObject({
      kind: 'killed',
      signal: 'SIGSEGV',
      coreDumped: true,
    });
    expect(one('process exit, rval = 256')).toMatchObject({ kind: 'exit', status: 1 });
    expect(one('process exit, rval = 139')).toMatchObject({ kind: 'exit', status: 139 });
  });

  it('gives marks of the procfs time, which have no prefix, to the process of the line before', () => {
    const { events } = readLines('7: fork() = 8 (0x8)', '8: close(3) = 0 (0x0)', 'SIGNAL 6', 'process exit, rval = 6');
    expect(events.slice(2)).toMatchObject([
      { kind: 'signal', pid: 8 },
      { kind: 'killed', pid: 8, signal: 'SIGABRT', coreDumped: false },
    ]);
  });

  it('takes an exit with 0 right behind a deadly signal for the death, where deaths have no line', () => {
    const signal = '7: SIGNAL 11 (SIGSEGV)';
    const exit = '7: process exit, rval = 0';
    expect(readLines(signal, exit).events[1]).toMatchObject({ kind: 'killed', signal: 'SIGSEGV', coreDumped: null });
    expect(readLines(signal, '7: close(3) = 0 (0x0)', exit).events[2]).toMatchObject({ kind: 'exit', status: 0 });
    expect(readLines('7: SIGNAL 20 (SIGCHLD)', exit).events[1]).toMatchObject({ kind: 'exit' });
    expect(readLines('6: <new process>', signal, exit).events[2]).toMatchObject({ kind: 'exit' });
    expect(readLines(signal, '7: exit(0x0)', exit).events[2]).toMatchObject({ kind: 'exit' });
  });

  it('gives an exit line whose prefix another line broke off to its process', () => {
    const reading = readLines('6: close(3) = 0 (0x0)', ' 7:  6: close(4)\t = 0 (0x0)', 'process exit, rval = 1');
    expect(reading.events).toMatchObject([{ pid: 6 }, { pid: 6, args: '4' }, { kind: 'exit', pid: 7, status: 1 }]);
    expect(codes(reading)).toEqual(['output-mixed-in:2']);
  });
});

describe('a line that others broke into', () => {
  const known = ['6: fork() = 7 (0x7)', '7: close(3) = 0 (0x0)'];

  it('is put together with the pieces that come without a prefix', () => {
    const reading = readLines(
      ...known,
      '7: getsockname( 6: close(4) = 0 (0x0)',
      '12, 6: close(5) = 0 (0x0)',
      '0x20) = 1 (0x1)',
    );
    expect(reading.events.slice(2)).toMatchObject([
      { pid: 6, args: '4', line: 3, endLine: 3 },
      { pid: 6, args: '5', line: 4, endLine: 4 },
      { pid: 7, name: 'getsockname', args: '12,0x20', result: '1', line: 3, endLine: 5 },
    ]);
    expect(codes(reading)).toEqual(['output-mixed-in:3', 'output-mixed-in:4']);
  });

  it('is put together behind the warning of another truss', () => {
    const reading = readLines(
      ...known,
      '7: read(7,"ab"...,truss: truss: can not attach to target process: No such process',
      'No such process',
      '4096) = 9 (0x9)',
    );
    expect(reading.events.slice(2)).toMatchObject([
      { kind: 'note', pid: null, line: 3 },
      { kind: 'note', text: 'No such process' },
      { kind: 'syscall', pid: 7, args: '7,"ab"...,4096', result: '9', line: 3, endLine: 5 },
    ]);
  });

  it('is given up when its process goes on to another', () => {
    const reading = readLines(...known, '7: getpid( 6: close(4) = 0 (0x0)', '7: close(8) = 0 (0x0)', ') = 7 (0x7)');
    expect(kinds(reading).slice(2)).toEqual(['syscall', 'syscall', 'unparsed']);
  });

  it('is no reason to take output for the end of a message that owes none', () => {
    const reading = readLines(...known, 'truss: can not attach to target process: No such process', 'hello');
    expect(kinds(reading).slice(2)).toEqual(['note', 'unparsed']);
  });
});

describe('truss before FreeBSD 10.3', () => {
  const failed = `7: execve("/sbin/ls",0x1,0x2)${ENOENT}`;

  it('names no call behind a failed exec that it has lost step with', () => {
    const lines = [failed, '7: fork() = 59 (0x3b)', '7: getpid() = 4 (0x4)', '7: open("a",0x0,00) = 3 (0x3)'];
    expect(kinds(readLines(...lines))).toEqual(['syscall', 'note', 'note', 'note']);
    expect(kinds(readLines(...lines, `7: open("b",0x0,00)${ENOENT}`, '7: fork() = 8 (0x8)')).slice(4)).toEqual([
      'syscall',
      'syscall',
    ]);
  });

  it.each([
    ['a process that can be one', [failed, '7: fork() = 590 (0x24e)']],
    ['another process', [failed, '8: fork() = 59 (0x3b)']],
    ['another call between', [failed, '7: close(3) = 0 (0x0)', '7: fork() = 59 (0x3b)']],
    ['a later truss', ['7: <new process>', failed, '7: fork() = 59 (0x3b)']],
  ])('is trusted with a fork that shows %s', (_what, lines) => {
    expect(readLines(...lines).events.at(-1)).toMatchObject({ kind: 'syscall', name: 'fork' });
  });

  it('has a clock for each process, of which the first one tells the time', () => {
    const stamped = (pid: number, at: string) => `${pid}: ${at} 0.000000001 close(3) = 0 (0x0)`;
    const lines = [stamped(6, '1.000000000'), stamped(7, '0.000000005'), stamped(6, '2.000000000')];
    const times = (reading: Reading) => reading.events.map((event) => event.atNs);
    expect(times(readLines(...lines))).toEqual([0, null, 1e9]);
    expect(times(readLines('6: 1.000000000 0.000000000 <new process>', ...lines)).at(2)).toBe(-999_999_995);
  });
});

describe('what is no line of a process', () => {
  it.each([
    '-- UNKNOWN FreeBSD SYSCALL 601 --',
    '-- UNKNOWN SYSCALL 601 --',
    '-- CANNOT READ REGISTERS --',
    'truss: can not attach to target process: No such process',
  ])('is a note: %j', (line) => {
    const reading = readLines('7: close(3) = 0 (0x0)', line);
    expect(kinds(reading)).toEqual(['syscall', 'note']);
    expect(reading.diagnostics).toEqual([]);
  });

  it('is program output without a prefix in a log with prefixes, whatever it says', () => {
    const output = ['close(3) = 0 (0x0)', 'process killed, signal = 11 (core dumped)', 'SIGNAL 11 (SIGSEGV)'];
    const reading = readLines('7: <new process>', ...output, '7: close(3) = 0 (0x0)');
    expect(kinds(reading)).toEqual(['process-start', 'unparsed', 'unparsed', 'unparsed', 'syscall']);
  });

  it('is the table of -c, which holds no calls', () => {
    const reading = readLines(
      'syscall                     seconds   calls  errors',
      'openat                  0.000123456       4       1',
      '                          ------------- ------- -------',
    );
    expect(kinds(reading)).toEqual(['note', 'note', 'note']);
    expect(codes(reading)).toEqual(['summary-only:null']);
  });

  it.each([
    ['7: close(3) = 0 (0x0)', 'reading 3: 7: open("a",O_RDONLY,00) = 3 (0x3)', { name: 'open', pid: 7 }],
    ['7: close(3) = 0 (0x0)', 'oh 7: SIGNAL 6 (SIGABRT)', { kind: 'signal', pid: 7 }],
    ['close(3) = 0 (0x0)', 'promptwrite(1,"prompt",6) = 6 (0x6)', { name: 'write', args: '1,"prompt",6' }],
    ['close(3) = 0 (0x0)', 'oh SIGNAL 6 (SIGABRT)', { kind: 'signal', signal: 'SIGABRT' }],
    ['7: close(3) = 0 (0x0)', '8: getsockname( 7: close(4) = 0 (0x0)', { name: 'close', pid: 7, args: '4' }],
  ])('is told from the line it stands in front of: %j, %j', (before, line, expected) => {
    const reading = readLines(before, line);
    expect(reading.events[1]).toMatchObject(expected);
    expect(codes(reading)).toEqual(['output-mixed-in:2']);
  });
});

describe('recognition', () => {
  it.each([
    'close(3)\t\t\t\t\t = 0 (0x0)',
    `  739: open("/x",O_RDONLY,00)${ENOENT}`,
    '  739: process exit, rval = 0',
    '  739 100123: 0.004213877 0.000021511 <new process>',
    'SIGNAL 11 (SIGSEGV)',
  ])('votes for %j', (line) => {
    expect(recognizesTrussFreebsd(line)).toBe(true);
    expect(recognizesTrussIllumos(line)).toBe(false);
    expect(recognizesStrace(line)).toBe(false);
  });

  it.each([
    '20811:\topen("/etc/passwd", O_RDONLY)\t\t\t= 3',
    'open("/etc/passwd", O_RDONLY)\t\t\tErr#2 ENOENT',
    '1234  openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3',
    'fcntl(3, F_GETFL) = 0x8000 (flags O_RDONLY|O_LARGEFILE)',
    'poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout)',
    '739/0x1a2b:  open("/dev/dtracehelper\\0", 0x2, 0x7FFF)\t\t = 3 0',
    ' 12345 cat      RET   open 3',
    ' 12345 cat      CALL  exit(0)',
    '8561: kill(0, SIGABRT) = 0',
    'usage: a.out [-x] (0x3)',
    '',
  ])('does not vote for %j', (line) => {
    expect(recognizesTrussFreebsd(line)).toBe(false);
  });

  it.each(['strace', 'truss-illumos'])('votes for hardly a line of the samples of %s', (dialect) => {
    const folder = new URL(`../../samples/${dialect}/`, import.meta.url);
    for (const name of readdirSync(folder).filter((file) => /\.(?:strace|truss)$/.test(file))) {
      const lines = readFileSync(new URL(name, folder), 'latin1').split('\n');
      const votes = lines.filter(recognizesTrussFreebsd).length;
      expect(votes, name).toBeLessThanOrEqual(lines.length / 10);
    }
  });
});

/** What is left of a full reading when the calls nobody needs are taken out: all of it must be in the other one. */
function needed(reading: Reading, needs: Needs): TraceEvent[] {
  return reading.events.filter((event) => event.kind !== 'syscall' || needs.call(event.name));
}

function expectSameAnswer(bytes: Buffer, needs: Needs): void {
  const full = read(bytes);
  const filtered = read(bytes, needs);
  expect(needed(filtered, needs)).toEqual(needed(full, needs));
  expect(filtered.events.length + filtered.skipped).toBe(full.events.length);
  expect(filtered.diagnostics).toEqual(full.diagnostics);
}

function expectConserved(bytes: Buffer): void {
  const { events, diagnostics } = read(bytes);
  const covered = new Set<number | null>(diagnostics.map(({ line }) => line));
  for (const { line, endLine } of events) for (let at = line; at <= endLine; at++) covered.add(at);
  const lines = bytes.toString('latin1').split('\n');
  for (const [index, text] of lines.entries()) {
    if (/[^ \t\r]/.test(text)) expect(covered, `line ${index + 1}: ${text}`).toContain(index + 1);
  }
}

const SAMPLES = new URL('../../samples/truss-freebsd/', import.meta.url);
const names = readdirSync(SAMPLES).filter((name) => name.endsWith('.truss'));

describe.each(names)('sample %s', (name) => {
  const bytes = readFileSync(new URL(name, SAMPLES));

  it('gives the same answer with and without passing over lines', () => {
    for (const needs of [OPENS, needsOf(), needsOf('write')]) expectSameAnswer(bytes, needs);
  });

  it('passes over no line of a process that is watched', () => {
    const pids = new Set(read(bytes).events.map((event) => event.pid));
    expect(read(bytes, { call: () => false, watched: pids })).toEqual({ ...read(bytes), skipped: 0 });
  });

  it('loses no line, also when cut anywhere', () => {
    expectConserved(bytes);
    for (let length = bytes.length; length > 0; length -= 17) expectConserved(bytes.subarray(0, length));
  });

  it('is recognised', () => {
    const lines = bytes
      .toString('latin1')
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');
    const votes = lines.filter(recognizesTrussFreebsd).length;
    for (const recognizesOther of [recognizesStrace, recognizesTrussIllumos]) {
      expect(votes).toBeGreaterThan(2 * lines.filter((line) => recognizesOther(line)).length);
    }
  });
});

describe('any lines', () => {
  const piece = fc.constantFrom(
    ...['  12: ', '13: ', '  12 100123: ', '100124: ', '0.000000001 ', '1.5 ', '> ', '\x1b[0m', '\xe3\x80\x80'],
    ...['open(', '"a"', '"', ',O_RDONLY,00', ')', '\t\t', ' = 3 (0x3)', ' = 3', ' (0x3)', " ERR#2 'No such'", ' ERR#2'],
    ...[
      'close(3)',
      'write(1,"x",1)',
      'exit(0x0)',
      '(null)(',
      '#12(',
      ' ERESTART',
      ' EJUSTRETURN',
      'syscall ',
      '{ ',
      ', ',
    ],
    ...['<new process>', '<new thread 100124>', 'SIGNAL 11 (SIGSEGV)', 'SIGNAL 11', ' code=SEGV_MAPERR addr=0x0'],
    ...['process exit, rval = 139', 'process killed, signal = 9', 'Process stopped because of:  16', 'truss: x'],
    ...['-- UNKNOWN SYSCALL 1 --', 'syscall    seconds', 'returns 3 (0x3)', "errno 2 'x'", ' ', '(', 'é', '\x00', '\\'],
    ...['\n', '\n', '\n', '\n', '\n  12: ', '\n  12: ', '\r\n'],
  );
  const soup = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
  const lines = fc.constantFrom(...names.flatMap((name) => readFileSync(new URL(name, SAMPLES), 'latin1').split('\n')));
  const shuffled = fc.array(lines, { maxLength: 40 }).map((some) => Buffer.from(some.join('\n'), 'latin1'));

  it('are each an event or part of one, and never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(soup, shuffled), (bytes) => expectConserved(bytes)),
      { numRuns: 1500 },
    );
  }, 30_000);

  it('give the same answer with and without passing over some', () => {
    fc.assert(
      fc.property(fc.oneof(soup, shuffled), fc.constantFrom(OPENS, needsOf(), needsOf('write')), (bytes, needs) => {
        expectSameAnswer(bytes, needs);
      }),
      { numRuns: 1500 },
    );
  }, 30_000);
});

describe('long lines', () => {
  it.each([
    ['colons', '8: '],
    ['quotes', '"a",'],
    ['colours', '\x1b[0m'],
    ['opened strings', 'open("'],
    ['blanks', ' '],
    ['errors', " ERR#2 '"],
    ['results', ') = 3 (0x3)'],
    ['signals', 'SIGNAL 11 (SIGSEGV'],
    ['heads of calls', '7: a('],
  ])(
    'of %s take time in proportion to their length',
    (_what, unit) => {
      const start = performance.now();
      for (const head of ['', '7: open(', '7: open("']) {
        const line = head + unit.repeat(200_000 / unit.length);
        recognizesTrussFreebsd(line);
        readLines('7: close(3) = 0 (0x0)', line, `${line}'`, `${line})`, 'close(3) = 0 (0x0)');
      }
      expect(performance.now() - start).toBeLessThan(4000);
    },
    30_000,
  );
});
