import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kdump } from '../../parsers/kdump.ts';
import { recognizesKdump } from '../../parsers/kdump-recognize.ts';
import type { Needs } from '../../parsers/tracer-format.ts';
import { Blame, blameNeeds } from '../../src/analyze/blame.ts';
import { argumentsOf, stringArgument } from '../../src/model/accessors.ts';
import type { SyscallEvent, TraceEvent } from '../../src/model/event.ts';
import { codes, type Reading, readerOf } from './reading.ts';

const { read, readLines } = readerOf(kdump);

/** What happened: all but notes, names of programs, and the lines of paths. */
const told = ({ events }: Reading) => events.filter(({ kind }) => !['note', 'program', 'lookup'].includes(kind));
const calls = (...lines: string[]) =>
  readLines(...lines).events.filter((event): event is SyscallEvent => event.kind === 'syscall');

/** The records of one call, in FreeBSD's layout. */
const record = (type: string, payload: string, pid = 755) =>
  `${String(pid).padStart(6)} uul      ${type.padEnd(4)}  ${payload}`;
const open = (name: string) => [
  record('CALL', 'open(0x20af08,0x100000<O_RDONLY|O_CLOEXEC>,0)'),
  record('NAMI', `"${name}"`),
  record('RET', 'open 3'),
];

function openedPath(event: SyscallEvent | undefined): string | null {
  return event === undefined ? null : stringArgument(argumentsOf(event)[0], 'kdump');
}

describe('a call', () => {
  it('is one event of its CALL, NAMI and RET, with the name in the place of the address', () => {
    const reading = readLines(...open('/etc/hosts'));
    expect(told(reading)).toMatchObject([
      {
        kind: 'syscall',
        line: 1,
        endLine: 3,
        pid: 755,
        tid: null,
        name: 'open',
        args: '"/etc/hosts",0x100000<O_RDONLY|O_CLOEXEC>,0',
        result: '3',
        outcome: 'returned',
      },
    ]);
    expect(reading.diagnostics).toEqual([]);
    expect(Object.keys(told(reading)[0] ?? {})).toEqual(
      'kind dialect input line endLine pid tid time atNs name args result detail errno durationNs outcome'.split(' '),
    );
  });

  it.each([
    ['stat -1 errno 2 No such file or directory', { result: '-1', errno: { name: 'ENOENT', number: 2 } }],
    ['stat -1 errno 94 Not permitted in capability mode', { errno: { name: 'ECAPMODE', number: 94 } }],
    ['stat -1 errno -2 No such file or directory', { errno: { name: 'ENOENT', number: 2 } }],
    ['stat -1 errno -38 Function not implemented', { errno: { name: 'ENOSYS', number: 38 } }],
    ['stat -1 unknown errno 601', { outcome: 'failed', errno: { name: null, number: 601 } }],
    ['stat RESTART', { outcome: 'restarted', result: null, detail: 'RESTART' }],
    ['stat JUSTRETURN', { outcome: 'returned', result: null, detail: 'JUSTRETURN' }],
    ['stat 34366189568/0x800627000', { outcome: 'returned', result: '34366189568/0x800627000' }],
    ['stat 3, 4', { result: '3', detail: ', 4' }],
    ['stat 0<"root">', { result: '0<"root">' }],
  ])('ends as RET %s says', (payload, expected) => {
    expect(calls(record('CALL', 'stat(0x1,0x2)'), record('RET', payload))).toMatchObject([expected]);
  });

  it.each([
    ['fork', 'fork', ''],
    ['fork()', 'fork', ''],
    ['(via syscall) getpid()', 'getpid', ''],
    ['F64  open(0x1,0)', 'open', '0x1,0'],
    ['open[5](0x1,0)', 'open', '0x1,0'],
    ['[601](0x1)', '[601]', '0x1'],
    ['compat11.fstat(0x1)', 'compat11.fstat', '0x1'],
    ['kill(0x140, SIGUSR1)', 'kill', '0x140, SIGUSR1'],
  ])('is named as printed: CALL %s', (payload, name, args) => {
    expect(calls(record('CALL', payload))).toMatchObject([{ name, args, outcome: 'unfinished' }]);
  });

  it('takes the last name where the kernel tried another directory first, an exec the program, not its loader', () => {
    const emulated = [record('NAMI', '"/compat/linux/etc/x"'), record('NAMI', '"/etc/x"')];
    expect(
      calls(record('CALL', 'linux_openat(0xffffff9c,0x7ffe,0)'), ...emulated, record('RET', 'linux_openat 3')),
    ).toMatchObject([{ args: '0xffffff9c,"/etc/x",0' }]);
    expect(
      calls(
        record('CALL', 'execve(0x1,0x2,0x3)'),
        record('NAMI', '"/bin/sh"'),
        record('NAMI', '"/libexec/ld-elf.so.1"'),
        record('RET', 'execve JUSTRETURN'),
      ),
    ).toMatchObject([{ args: '"/bin/sh",0x2,0x3' }]);
    expect(
      calls(
        record('CALL', 'renameat(0x3,0x1,0x4,0x2)'),
        record('NAMI', '"a,b"'),
        record('NAMI', '"c"'),
        record('RET', 'renameat 0'),
      ),
    ).toMatchObject([{ args: '0x3,"a,b",0x4,"c"' }]);
  });

  it('keeps to its thread where the log tells threads apart', () => {
    const line = (tid: number, rest: string) => `  1300 ${tid} unzip    ${rest}`;
    const events = calls(
      line(100101, 'CALL  open(0x1,0)'),
      line(100102, 'CALL  open(0x2,0)'),
      line(100101, 'NAMI  "one"'),
      line(100102, 'NAMI  "two"'),
      line(100102, 'RET   open 4'),
      line(100101, 'RET   open 3'),
    );
    expect(events).toMatchObject([
      { tid: 100102, args: '"two",0', result: '4' },
      { tid: 100101, args: '"one",0', result: '3' },
    ]);
  });

  it('gives a name to the latest open call that takes one where threads are not told apart', () => {
    const events = calls(
      record('CALL', 'open(0x1,0)'),
      record('CALL', 'read(0x3,0x1,0x1)'),
      record('NAMI', '"in"'),
      record('RET', 'open 3'),
    );
    expect(events[0]).toMatchObject({ args: '"in",0' });
  });

  it('that began before the log does is told, but for that of ktrace itself', () => {
    expect(codes(readLines(record('RET', 'read 4')))).toEqual(['orphan-resumed:1']);
    expect(codes(readLines(record('RET', 'ktrace 0')))).toEqual([]);
  });
});

describe('columns', () => {
  it.each([
    ['   755 uul      CALL  chdir(0x60)', 755, null],
    ['   755 100101 uul      CALL  chdir(0x60)', 755, 100101],
    ['   147      1 uul      CALL  chdir(0x60)', 147, 1],
    ['  2642   2642 tiny-exe CALL  chdir(0x60)', 2642, 2642],
    [' 84686/412345  UUL      CALL  chdir(0x60)', 84686, 412345],
    ['  877:1    uul      CALL  chdir(0x60)', 877, 1],
    ['   577 cheriabitest CALL  chdir(0x60)', 577, null],
    ['   577 7 up     CALL  chdir(0x60)', 577, null],
    ['   577 12       CALL  chdir(0x60)', 577, null],
    ['53005 veil  CALL  chdir(0x60)', 53005, null],
    ['53005 veil CALL chdir(0x60, 0x61)', 53005, null],
    ['   755 x CALL  exit(0) CALL  chdir(0x60)', 755, null],
    ['   755 CALL a RET   b CALL  chdir(0x60)', 755, null],
  ])('are read in %j', (line, pid, tid) => {
    const reading = readLines(line);
    expect(told(reading)).toMatchObject([{ kind: 'syscall', name: 'chdir', pid, tid }]);
    expect(reading.diagnostics).toEqual([]);
  });

  it('hold up to three times, of which the first counts where it is no difference', () => {
    const at = (times: string) => {
      const [event] = calls(`   755 uul      ${times} CALL  getpid`);
      return [event?.time, event?.atNs];
    };
    expect(at('1700000000.123456')).toEqual(['1700000000.123456', 0]);
    expect(at('1700000000.123456789 0.000000001 -0.000000001  12')).toEqual(['1700000000.123456789', 0]);
    expect(at('0.000123')).toEqual(['0.000123', null]);
    expect(
      calls('   755 uul      1700000000.000001 CALL  getpid', '   755 uul      1700000000.000005 RET   getpid 755'),
    ).toMatchObject([{ atNs: 0, durationNs: 4000 }]);
  });
});

describe('names', () => {
  it('are kept byte for byte, whatever they hold', () => {
    const bytes = fc
      .uint8Array({ minLength: 0, maxLength: 40 })
      .map((all) => String.fromCharCode(...all.filter((byte) => byte !== 0 && byte !== 13)));
    fc.assert(
      fc.property(bytes, (name) => {
        // A line of the name that ends in a quote ends it: raw names cannot be told from what follows.
        fc.pre(!/"[ \t]*\n/.test(name));
        expect(openedPath(calls(...open(name))[0])).toBe(name);
      }),
      { numRuns: 500 },
    );
  });

  it('forge nothing behind a line feed', () => {
    const reading = readLines(...open('x\n   755 uul      PSIG  SIGSEGV SIG_DFL\n\n   755 uul      CALL  exit(0)\ny'));
    expect(told(reading)).toMatchObject([{ kind: 'syscall', name: 'open', result: '3' }]);
    expect(openedPath(calls(...open('a\nb'))[0])).toBe('a\nb');
  });

  it('are read as OpenBSD escapes and folds them, once the log shows its system', () => {
    const lines = [
      record('CALL', 'open(0x1,0)'),
      record('NAMI', '"a\\"b\\\\c\\n\\M-C\\M-)\\^A"'),
      record('RET', 'open 3'),
    ];
    expect(openedPath(calls(record('CALL', 'getuid()'), ...lines)[0])).toBe('a"b\\c\n\xc3\xa9\x01');
    expect(openedPath(calls(...lines)[0])).toBe('a\\"b\\\\c\\n\\M-C\\M-)\\^A');
    const folded = [
      record('CALL', 'open(0x1,0)'),
      '   755 uul      NAMI  "/a/long\\',
      '\t/name"',
      record('RET', 'open 3'),
    ];
    expect(openedPath(calls(...folded)[0])).toBe('/a/long/name');
  });

  it('that never end do not take the log with them', () => {
    const noise = Array.from({ length: 40 }, () => record('CSW', 'stop kernel "x'));
    const reading = readLines(record('NAMI', '"x'), ...noise, record('PSIG', 'SIGSEGV SIG_DFL'));
    expect(codes(reading)).toEqual(['unparsed-line:1']);
    expect(told(reading).at(-1)).toMatchObject({ kind: 'signal', signal: 'SIGSEGV' });
  });
});

describe('the life of a process', () => {
  it('begins with the return of the call that made it', () => {
    expect(told(readLines('  1235 sh       RET   fork 0'))).toMatchObject([
      { kind: 'process-start', pid: 1235, parentPid: null, via: 'fork' },
    ]);
    expect(told(readLines('  1235      1 sh       RET   __vfork14 0'))).toMatchObject([{ via: 'vfork' }]);
    expect(told(readLines(record('CALL', 'rfork(0x1)'), record('RET', 'rfork 0')))).toMatchObject([
      { kind: 'syscall' },
    ]);
  });

  it('gets a thread where one that is alive returns from the call that made it', () => {
    const line = (tid: number, rest: string) => `  1300 ${tid} unzip    ${rest}`;
    for (const name of ['fork', 'thr_new', '__tfork']) {
      const begun = [line(100101, 'CALL  read(0x3)'), line(100102, `RET   ${name} 0`), line(100101, 'RET   read 4')];
      expect(told(readLines(...begun))).toMatchObject([
        { kind: 'process-start', pid: 1300, tid: 100102, parentPid: 1300, via: 'thread' },
        { kind: 'syscall', name: 'read', result: '4' },
      ]);
    }
    const reused = readLines(record('CALL', 'exit(0)'), record('RET', 'fork 0'));
    expect(told(reused)).toMatchObject([{ name: 'exit' }, { kind: 'process-start', via: 'fork' }]);
  });

  it('ends at its exit, which does not return', () => {
    expect(calls(record('CALL', 'exit(0x45)'))).toMatchObject([{ name: 'exit', args: '0x45', outcome: 'unfinished' }]);
  });

  it('ends at a deadly signal, behind the call it was in', () => {
    const reading = readLines(
      record('CALL', 'open(0x1,0)'),
      record('NAMI', '"in"'),
      record('PSIG', 'SIGSEGV SIG_DFL code=SEGV_MAPERR addr=0x10 trapno=6'),
      record('NAMI', '"uul.core"'),
    );
    expect(told(reading)).toMatchObject([
      { kind: 'syscall', args: '"in",0', outcome: 'unfinished', line: 1 },
      { kind: 'signal', disposition: 'default', siginfo: 'code=SEGV_MAPERR addr=0x10 trapno=6', line: 3 },
      { kind: 'killed', signal: 'SIGSEGV', coreDumped: true, line: 4 },
    ]);
  });

  it.each([
    ['SIGSEGV SIG_DFL', '/etc/passwd'],
    ['SIGTERM SIG_DFL', 'uul.core'],
    ['SIGSEGV caught handler=0x20 mask=0x0', 'uul.core'],
  ])('leaves no core: %s, then %s', (payload, name) => {
    const reading = readLines(record('PSIG', payload), record('NAMI', `"${name}"`));
    expect(reading.events.map(({ kind }) => kind)).toEqual(['program', 'signal', 'note']);
  });

  it('goes on after a signal that is caught or harmless', () => {
    for (const payload of ['SIGUSR1 caught handler=0x20 mask=0x0 code=SI_USER', 'SIGINFO SIG_DFL', 'SIGCHLD SIG_DFL']) {
      const reading = readLines(record('CALL', 'kill(0x1,0x2)'), record('PSIG', payload), record('RET', 'kill 0'));
      expect(told(reading)).toMatchObject([{ kind: 'signal' }, { kind: 'syscall', result: '0', line: 1, endLine: 3 }]);
    }
  });

  it.each([
    ['SIGSEGV SIG_DFL: code=SEGV_MAPERR, addr=0x0, trap=6)', 'default', 'code=SEGV_MAPERR, addr=0x0, trap=6'],
    [
      'SIGUSR1 caught handler=0x8 mask=(1,2): code=SI_USER sent by pid=12, uid=0)',
      'caught',
      'code=SI_USER sent by pid=12, uid=0',
    ],
    ['SIGSEGV SIG_DFL code SEGV_MAPERR<1> addr=0x7f', 'default', 'code SEGV_MAPERR<1> addr=0x7f'],
    ['SIGABRT SIG_DFL', 'default', null],
    ['SIGHUP SIG_IGN', 'ignored', null],
    [
      'SIGCHLD caught handler=0x5 mask=0<> code=CLD_EXITED status=1 pid=9 uid=0<"root">',
      'caught',
      'code=CLD_EXITED status=1 pid=9 uid=0<"root">',
    ],
    ['SIGINT caught handler=0x8048c mask=(1,2) code=0x1)', 'caught', 'code=0x1'],
  ])('is told a signal: %s', (payload, disposition, siginfo) => {
    expect(told(readLines(record('PSIG', payload)))).toMatchObject([{ kind: 'signal', disposition, siginfo }]);
  });

  it.each([
    ['SIG 33 SIG_DFL', 'SIG#33'],
    ['SIG29 SIG_DFL', 'SIGINFO'],
    ['SIGIOT SIG_DFL', 'SIGIOT'],
  ])('is told a signal that has no name there: %s', (payload, signal) => {
    expect(told(readLines(record('PSIG', payload)))).toMatchObject([{ kind: 'signal', signal }]);
  });

  it('runs the program its first record names', () => {
    const reading = readLines(record('CAP', 'system call not allowed: open'), record('RET', 'fork 0', 9));
    expect(reading.events).toMatchObject([
      { kind: 'program', pid: 755, program: 'uul' },
      { kind: 'note', pid: 755 },
      { kind: 'process-start', pid: 9 },
      { kind: 'program', pid: 9, program: 'uul' },
    ]);
    const named = readLines('   755 100102 worker thread 2 1700000000.000125   3 CALL  close(0x3)').events[0];
    expect(named).toMatchObject({ kind: 'program', program: 'worker thread 2', time: '1700000000.000125' });
  });

  it('runs another after an exec, named where the path is not in the log', () => {
    const execs = (...between: string[]) =>
      readLines(record('CALL', 'execve(0x1,0x2,0x3)'), ...between, '   755 cc       RET   execve 0').events.flatMap(
        (event) => (event.kind === 'program' ? [event.program] : []),
      );
    expect(execs()).toEqual(['uul', 'cc']);
    expect(execs(record('NAMI', '"/usr/bin/cc"'))).toEqual(['uul']);
  });
});

describe('lines that are no records', () => {
  it('belong to the record before them by their indent', () => {
    const reading = readLines(
      record('GIO', 'fd 1 wrote 9 bytes'),
      '       "one',
      '\t   755 uul      PSIG  SIGSEGV SIG_DFL',
      '       "',
      record('GIO', 'fd 1 wrote 2 bytes'),
      '   0000:  7f 45  .E',
    );
    expect(reading.events.filter((event) => event.kind === 'signal')).toEqual([]);
    expect(reading.diagnostics).toEqual([]);
  });

  it('are unparsed where nothing is before them', () => {
    expect(codes(readLines('\ttext', '       "x"', 'hello'))).toEqual([
      'unparsed-line:1',
      'unparsed-line:2',
      'unparsed-line:3',
    ]);
  });

  it('do not hide a record behind them', () => {
    const reading = readLines(record('CALL', 'getpid'), `some text ${record('CALL', 'open(0x1,0)')}`);
    expect(codes(reading)).toEqual(['output-mixed-in:2']);
    expect(told(reading)).toMatchObject([{ name: 'getpid' }, { name: 'open', pid: 755 }]);
    expect(codes(readLines(record('CALL', 'getpid'), `some text ${record('CALL', 'open(0x1,0)', 9)}`))).toEqual([
      'unparsed-line:2',
    ]);
  });

  it('are joined where a mail program wrapped a call', () => {
    const [event] = calls(record('CALL', 'fstatat(AT_FDCWD,0x20af08,0x7ff,0x200<AT_SYMLI'), 'NK_NOFOLLOW>)');
    expect(event?.args).toBe('AT_FDCWD,0x20af08,0x7ff,0x200<AT_SYMLINK_NOFOLLOW>');
  });

  it('are told where the log ends in a record', () => {
    const cut = readLines(record('CALL', 'open(0x1,0)'), '   755 uul      NAMI  "/etc/pro');
    expect(codes(cut)).toEqual(['truncated-call:2']);
    expect(told(cut)).toMatchObject([{ args: '"/etc/pro"...,0', outcome: 'unfinished' }]);
    const begun = readLines('   755 uul      CALL  open(0x20a');
    expect(codes(begun)).toEqual(['truncated-call:1']);
    expect(told(begun)).toMatchObject([{ name: 'open', args: '0x20a', outcome: 'unfinished' }]);
  });
});

describe('ktruss', () => {
  it.each([
    ['   147      1 ls       open("/etc/x", 0, 0)      Err#2 ENOENT', { args: '"/etc/x", 0, 0', outcome: 'failed' }],
    ['   147      1 ls       open("a "b" \\c", 0, 0)   = 3', { args: '"a \\"b\\" \\\\c", 0, 0', result: '3' }],
    ['   147      1 ls       rename("a", "b")           = 0', { args: '"a", "b"' }],
    ['   147      1 ls       pipe()                     = 3, 4', { result: '3', detail: ', 4' }],
    ['   147      1 ls       read(0x3)                  RESTART', { outcome: 'restarted' }],
    ['   147      1 sh       exit(0x1)', { name: 'exit', outcome: 'unfinished' }],
  ])('is read: %j', (line, expected) => {
    const reading = readLines(line);
    expect(told(reading)).toMatchObject([{ kind: 'syscall', pid: 147, tid: 1, ...expected }]);
    expect(reading.diagnostics).toEqual([]);
  });

  it('tells of children and signals', () => {
    const reading = readLines(
      '  1235      1 sh       fork                       = 0',
      '  1235      1 sh       SIGSEGV SIG_DFL',
    );
    expect(told(reading)).toMatchObject([
      { kind: 'process-start', pid: 1235, via: 'fork' },
      { kind: 'signal', signal: 'SIGSEGV', disposition: 'default' },
    ]);
  });

  it('keeps a name with a line feed whole', () => {
    const reading = readLines(
      '   147      1 sh       open("x',
      '   147      1 sh       SIGSEGV SIG_DFL',
      'y", 0, 0)     = 4',
    );
    expect(told(reading)).toMatchObject([{ kind: 'syscall', result: '4', line: 1, endLine: 3 }]);
    expect(openedPath(calls('   147      1 sh       open("x', 'y", 0, 0)     = 4')[0])).toBe('x\ny');
  });
});

describe('recognition', () => {
  it.each([
    '   755 uul      CALL  chdir(0x600234)',
    '   755 uul      CALL  fork',
    '   147      1 uul      RET   execve JUSTRETURN',
    '6718 login_skey PSIG  SIGSEGV SIG_DFL code SEGV_MAPERR<1> addr=0x7f7f00000000 trapno=6',
    ' 84686/412345  UUL      NAMI  "/x"',
    '   147      1 ls       open("/etc/x", 0, 0)      Err#2 ENOENT',
  ])('takes %j', (line) => {
    expect(recognizesKdump(line)).toBe(true);
  });

  it.each([
    '1234 openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3',
    '1234 write(1, "5 uul      CALL  fork", 20) = 20',
    '[pid  12] read(3,  <unfinished ...>',
    '20754:\topen("/lib/64/libkstat.so.1", O_RDONLY)\t= 3',
    ' 1234: close(3)\t\t\t\t\t = 0 (0x0)',
    '56361298: 83624347: close(3)                            = 0',
    '\t   755 uul      CALL  fork',
    '755 calls were made',
  ])('leaves %j to others', (line) => {
    expect(recognizesKdump(line)).toBe(false);
  });
});

const BLAME: Needs = { call: (name) => blameNeeds(name, 'bsd'), watched: new Set() };
const NOTHING: Needs = { call: () => false, watched: new Set() };

/** What must be the same with and without passing over lines: all but notes and the calls nobody needs, with their names. */
function needed(reading: Reading, needs: Needs): TraceEvent[] {
  return reading.events.filter(
    (event) => event.kind !== 'note' && event.kind !== 'lookup' && (event.kind !== 'syscall' || needs.call(event.name)),
  );
}

function expectSameAnswer(bytes: Buffer, needs: Needs): void {
  const full = read(bytes);
  const filtered = read(bytes, needs);
  expect(needed(filtered, needs)).toEqual(needed(full, needs));
  expect(filtered.events.length + filtered.skipped).toBe(full.events.length);
  expect(filtered.diagnostics).toEqual(full.diagnostics);
}

function blame(bytes: Buffer, filtered: boolean): unknown {
  const folded = new Blame({ dialect: 'kdump', inputs: ['x'], joined: false });
  const needs = filtered ? { call: BLAME.call, watched: folded.watched } : null;
  read(bytes, needs, (event) => folded.add(event));
  return folded.finish();
}

function expectConserved(bytes: Buffer): void {
  const { events, diagnostics } = read(bytes);
  const covered = new Set<number | null>(diagnostics.map(({ line }) => line));
  for (const { line, endLine } of events) covered.add(line).add(endLine);
  for (const [index, text] of bytes.toString('latin1').split('\n').entries()) {
    if (/[^ \t\r>]/.test(text)) expect(covered, `line ${index + 1}: ${text}`).toContain(index + 1);
  }
}

const SAMPLES = new URL('../../samples/kdump/', import.meta.url);
const names = readdirSync(SAMPLES).filter((name) => name.endsWith('.kdump'));

describe.each(names)('sample %s', (name) => {
  const bytes = readFileSync(new URL(name, SAMPLES));

  it('gives the same answer with and without passing over lines', () => {
    expectSameAnswer(bytes, BLAME);
    expectSameAnswer(bytes, NOTHING);
    expect(blame(bytes, true)).toEqual(blame(bytes, false));
  });

  it('passes over no record of a process that is watched', () => {
    const watched = { call: () => false, watched: new Set(read(bytes).events.map((event) => event.pid)) };
    expect(needed(read(bytes, watched), BLAME)).toEqual(needed(read(bytes), BLAME));
  });

  it('loses no line, also when cut anywhere', () => {
    expectConserved(bytes);
    for (let length = bytes.length; length > 0; length -= 17) {
      expectConserved(bytes.subarray(0, length));
      expectSameAnswer(bytes.subarray(0, length), BLAME);
    }
  });
});

describe('any lines', () => {
  const piece = fc.constantFrom(
    ...[
      '   755 ',
      '   756 ',
      'uul      ',
      '100101 ',
      '     1 ',
      '  877:1    ',
      ' 84686/412345  ',
      '> ',
      '1700000000.000001 ',
    ],
    ...[
      'CALL  ',
      'RET   ',
      'NAMI  "',
      'PSIG  ',
      'GIO   fd 1 wrote 4 bytes',
      'CSW   stop kernel "x"',
      'ARGS  ',
      'NAMI  ',
    ],
    ...[
      'open',
      'open(0x1,0)',
      'stat(0x1,',
      'fork',
      'fork 0',
      'exit(0)',
      'execve',
      ' 0',
      ' 3',
      ' -1 errno 2 No',
      ' RESTART',
    ],
    ...[
      'SIGSEGV SIG_DFL',
      'SIGUSR1 caught',
      '"',
      '\\',
      '\t',
      ' ',
      '       "',
      '/etc/x"',
      ')',
      '   0000:',
      'Events dropped.',
    ],
    ...[
      'open("x", 0)   = 3',
      'Err#2 ENOENT',
      '\n',
      '\n',
      '\n',
      '\n   755 uul      ',
      '\r\n',
      '\x00',
      '\xe9',
      '\x1b[0m',
    ],
  );
  const soup = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
  const lines = fc.constantFrom(...names.flatMap((name) => readFileSync(new URL(name, SAMPLES), 'latin1').split('\n')));
  const shuffled = fc.array(lines, { maxLength: 40 }).map((some) => Buffer.from(some.join('\n'), 'latin1'));

  it('are each an event or part of one, and never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(soup, shuffled), (bytes) => expectConserved(bytes)),
      { numRuns: 2000 },
    );
  });

  it('count their times from the first stamp, also where its line is passed over', () => {
    const log = [
      '    41 sh       RET   getpid 41/0x29',
      '    41 sh       1700000000.000000001 CALL  close(0x3)',
      '  1300 100102 worker   1700000000.000330 CALL  fstat(0x1,0x7fff)',
    ].join('\n');
    expectSameAnswer(Buffer.from(log), NOTHING);
  });

  it('give the same answer with and without passing over some', () => {
    fc.assert(
      fc.property(fc.oneof(soup, shuffled), fc.constantFrom(BLAME, NOTHING), (bytes, needs) => {
        expectSameAnswer(bytes, needs);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['one long name', (n: number) => `   755 uul      NAMI  "${'x'.repeat(n)}`],
    ['open names', (n: number) => '   755 uul      NAMI  "\n'.repeat(n / 24)],
    ['open calls', (n: number) => '   755 uul      CALL  read(0x1)\n'.repeat(n / 32)],
    ['types', (n: number) => `   755 ${'CALL  '.repeat(n / 6)}`],
    ['digits', (n: number) => '1'.repeat(n)],
    ['ktruss', (n: number) => `   147      1 sh       ${'open("'.repeat(n / 6)}\n`.repeat(4)],
  ])('take time in proportion to their length: %s', (_, make) => {
    const time = (bytes: number) => {
      const text = Buffer.from(make(bytes), 'latin1');
      const begun = performance.now();
      read(text);
      return performance.now() - begun;
    };
    time(100_000);
    expect(time(1_000_000)).toBeLessThan(Math.max(1000, time(250_000) * 16));
  });
});
