import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Needs } from '../../parsers/tracer-format.ts';
import { trussIllumos } from '../../parsers/truss-illumos.ts';
import { recognizesTrussIllumos } from '../../parsers/truss-illumos-recognize.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { codes, kinds, needsOf, type Reading, readerOf } from './reading.ts';

const { one, read, readLines } = readerOf(trussIllumos);

const OPENS = needsOf('open', 'open64', 'openat', 'creat64', 'execve', 'forkx', 'vforkx', '_exit');

describe('calls', () => {
  it.each([
    ['close(3)\t\t\t\t\t= 0', { name: 'close', args: '3', result: '0' }],
    ['getpid()\t\t\t\t\t= 26560 [26559]', { name: 'getpid', args: '', result: '26560', detail: '[26559]' }],
    ['umask(0)\t\t\t\t\t= 022', { args: '0', result: '022' }],
    ['pipe([5,6], 0)\t\t\t\t= 0', { args: '[5,6], 0', result: '0' }],
    ["ioctl(1, (('w'<<8)|7), 0x08047A5C)\t\t= 0", { args: "1, (('w'<<8)|7), 0x08047A5C" }],
    ['sys#246(0x00000001, 0x08047BF0)\t\t\t= 0', { name: 'sys#246' }],
    ['write(2, " " :  ", 3)\t\t\t\t= 3', { args: '2, " " :  ", 3', result: '3' }],
    ['write(1, " ) = 3", 4)\t\t\t\t= 4', { args: '1, " ) = 3", 4', result: '4' }],
    ['open("a) = 3", O_RDONLY)\t\t\t= 4', { args: '"a) = 3", O_RDONLY', result: '4' }],
    ['execve("/bin/ls", 0x0804, 0x0805)  argc = 2', { args: '"/bin/ls", 0x0804, 0x0805', detail: 'argc = 2' }],
    ['getcontext(0x08047750)', { args: '0x08047750', outcome: 'returned' }],
    ['_exit(-1)', { args: '-1', outcome: 'unfinished' }],
    ['lwp_exit()', { args: '', outcome: 'unfinished' }],
    ['open("/x", O_RDONLY) Err#2 ENOENT', { result: null, errno: { name: 'ENOENT', number: 2 }, outcome: 'failed' }],
    ['open("/x", O_RDONLY)  Err#2  ENOENT', { errno: { name: 'ENOENT', number: 2 } }],
    ['open("/x", 0)\tErr#13 EACCES [ALL]', { errno: { name: 'EACCES', number: 13 }, detail: '[ALL]' }],
    ['close(3)\tErr#999', { errno: { name: null, number: 999 }, outcome: 'failed' }],
    ['nanosleep(0x1, 0x2)\tErr#4 EINTR', { outcome: 'failed' }],
    ['lwp_park(0x0, 0)\tErr#91 ERESTART', { errno: { name: 'ERESTART', number: 91 }, outcome: 'restarted' }],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject({ kind: 'syscall', pid: null, tid: null, line: 1, endLine: 1, ...expected });
  });

  it('gives each event all fields in the same order', () => {
    expect(Object.keys(one('close(3)\t= 0') ?? {})).toEqual(
      'kind dialect input line endLine pid tid time atNs name args result detail errno durationNs outcome'.split(' '),
    );
  });

  it.each([
    ['123:\tclose(3)\t= 0', 123, null],
    ['123: close(3) = 0', 123, null],
    ['123/7:\t\tclose(3)\t= 0', 123, 7],
    ['22229/1@1:\tclose(3)\t= 0', 22229, 1],
    ['/3:\tclose(3)\t= 0', null, 3],
  ])('reads the prefix of %j', (line, pid, tid) => {
    expect(one(line)).toMatchObject({ kind: 'syscall', name: 'close', pid, tid });
  });

  it('keeps any file name that truss escapes, as the argument of one call', () => {
    const escaped = fc
      .uint8Array({ maxLength: 60 })
      .map((bytes) =>
        [...bytes]
          .map((byte) =>
            byte === 34
              ? '\\"'
              : byte >= 32 && byte < 127
                ? String.fromCharCode(byte)
                : `\\x${byte.toString(16).padStart(2, '0')}`,
          )
          .join(''),
      );
    fc.assert(
      fc.property(escaped, fc.constantFrom('', '12:\t', '12/3:\t\t'), (path, prefix) => {
        expect(one(`${prefix}open("${path}", O_RDONLY)\t= 3`)).toMatchObject({
          kind: 'syscall',
          name: 'open',
          args: `"${path}", O_RDONLY`,
          result: '3',
        });
      }),
    );
  });
});

describe('a call that is not whole', () => {
  it('is joined with the next line where a mail program wrapped it', () => {
    const args = '"/a/long/name", O_RDONLY';
    expect(one('9: open("/a/long/na', 'me", O_RDONLY) = 3')).toMatchObject({ args, result: '3', line: 1, endLine: 2 });
    expect(one('9: open("/a/long/name", O_RDONLY) ', '= 3')).toMatchObject({ args, pid: 9, endLine: 2 });
    expect(one('open("/a/long/name", O_RDONLY)', 'Err#2 ENOENT')).toMatchObject({ args, outcome: 'failed' });
    expect(one('open("/a/long/name",', 'O_RDONLY) = 3')).toMatchObject({ args });
  });

  it('is unparsed where the next line is one of its own', () => {
    const reading = readLines('9:\topen("/a', '9:\tclose(3)\t= 0');
    expect(kinds(reading)).toEqual(['unparsed', 'syscall']);
    expect(codes(reading)).toEqual(['unparsed-line:1']);
  });

  it.each([
    ['open("/a/b", O_RDO', '"/a/b", O_RDO'],
    ['open("/a/b", O_RDONLY)', '"/a/b", O_RDONLY'],
    ['open("/a/b", O_RDONLY)\t\tErr#', '"/a/b", O_RDONLY'],
    ['open("/a(b)', '"/a(b)'],
    ['open("/a) = 3', '"/a) = 3'],
    ['write(1, " " ) = 3', '1, " " ) = 3'],
  ])('is unfinished where the log ends in it: %j', (line, args) => {
    const reading = readLines(`9:\t${line}`);
    expect(reading.events).toMatchObject([{ kind: 'syscall', args, result: null, outcome: 'unfinished' }]);
    expect(codes(reading)).toEqual(['truncated-call:1']);
  });
});

describe('signals and faults', () => {
  it('takes the siginfo from the line that follows', () => {
    expect(
      one('9/2:\t\t    Received signal #11, SIGSEGV [default]', '9/2:\t\t      siginfo: SIGSEGV SEGV_MAPERR addr=0x0'),
    ).toMatchObject({
      kind: 'signal',
      signal: 'SIGSEGV',
      disposition: 'default',
      siginfo: 'SIGSEGV SEGV_MAPERR addr=0x0',
      tid: 2,
      endLine: 2,
    });
    expect(one('    Incurred fault #6, FLTBOUNDS  %pc = 0xFE88', '      siginfo: SIGSEGV')).toMatchObject({
      kind: 'fault',
      fault: 'FLTBOUNDS',
      pc: '0xFE88',
      siginfo: 'SIGSEGV',
    });
  });

  it("leaves another process's siginfo and that of a call alone", () => {
    const reading = readLines(
      '9:\t    Received signal #14, SIGALRM, in read() [caught]',
      '8:\t      siginfo: SIGCLD CLD_EXITED pid=7 status=0x0000',
      '9:\twaitid(P_ALL, 0, 0x0, WEXITED)\t= 0',
      '9:\t      siginfo: SIGCLD CLD_EXITED pid=7 status=0x0000',
    );
    expect(kinds(reading)).toEqual(['signal', 'note', 'syscall', 'note']);
    expect(reading.events[0]).toMatchObject({ signal: 'SIGALRM', disposition: 'caught', siginfo: null, endLine: 1 });
  });

  it('knows a signal by its number where the log is cut in its name', () => {
    expect(one('    Received signal #11, SIGS')).toMatchObject({ signal: 'SIGSEGV', disposition: null });
    expect(one('    Received signal #72, SIG#72 [ignored]')).toMatchObject({
      signal: 'SIG#72',
      disposition: 'ignored',
    });
  });
});

describe('the life of a process', () => {
  it('begins with the line of the child', () => {
    expect(one('12:\tforkx()\t\t(returning as child ...)\t= 9')).toMatchObject({
      kind: 'process-start',
      pid: 12,
      parentPid: 9,
      via: 'fork',
    });
    expect(one('12:\tvfork()\t\t(returning as child ...)\t= 0')).toMatchObject({ parentPid: null, via: 'vfork' });
    expect(one('12/2:\tlwp_create()\t(returning as new lwp ...)\t= 0')).toMatchObject({
      kind: 'process-start',
      tid: 2,
      parentPid: 12,
      via: 'thread',
    });
  });

  it('is lost to truss, or ended by a signal that old versions do not name', () => {
    expect(one('12:\t\t*** process killed ***')).toMatchObject({ kind: 'killed', signal: null, coreDumped: null });
    for (const text of ['lost control of process ***', 'process otherwise traced, releasing ...']) {
      expect(one(`12:\t\t*** ${text}`)).toMatchObject({ kind: 'detach', pid: 12 });
    }
    const reading = readLines(
      '12:\texecve("/bin/su", 0x08, 0x09)',
      '12:\t\t*** cannot trace across exec() of /bin/su ***',
    );
    expect(reading.events).toMatchObject([
      { kind: 'syscall', outcome: 'unfinished', line: 1 },
      { kind: 'detach', line: 2 },
    ]);
    expect(reading.diagnostics).toEqual([]);
  });
});

describe('time', () => {
  const at = (...lines: string[]) => {
    const last = readLines(...lines).events.at(-1);
    return last?.kind === 'syscall' ? [last.time, last.atNs, last.durationNs] : null;
  };

  it('counts -d from the base line', () => {
    const base = 'Base time stamp:  1277716460.8580  [ Mon Jun 28 09:14:20 GMT 2010 ]';
    expect(at(base, '9:\t 0.0037\tclose(3)\t= 0')).toEqual(['0.0037', 3_700_000, null]);
    expect(at(base, '9:\t 0.0037\t 0.0001\tclose(3)\t= 0')).toEqual(['0.0037', 3_700_000, null]);
    expect(at(base, '9:\t110.0037\t 0.0002\t 0.0001\tclose(3)\t= 0')).toEqual(['110.0037', 110_003_700_000, 100_000]);
  });

  it('does not take -D for a point in time', () => {
    expect(at(' 0.0037\tclose(3)\t= 0')).toEqual(['0.0037', null, null]);
    expect(at(' 0.0037\t 0.0001\tclose(3)\t= 0')).toEqual(['0.0037', null, 100_000]);
  });
});

describe('program output', () => {
  it('in front of a line does not hide it', () => {
    const glued = readLines('9:\tclose(3)\t= 0', 'hint: wait (3)... 12:\texecve("/bin/sh", 0x0, 0x0)  argc = 1');
    expect(glued.events[1]).toMatchObject({ kind: 'syscall', name: 'execve', pid: 12 });
    expect(codes(glued)).toEqual(['output-mixed-in:2']);
    for (const text of ['svccfg', ': ', '  Instance "', '": ']) {
      const reading = readLines(`${text}write(2, " x y", 2)\t\t\t= 2`);
      expect(reading.events).toMatchObject([{ kind: 'syscall', name: 'write', args: '2, " x y", 2' }]);
      expect(codes(reading)).toEqual(['output-mixed-in:1']);
    }
    expect(one('pwrite(1, " x y", 2, 0)\t\t\t= 2')).toMatchObject({ name: 'pwrite' });
    expect(one('lwp_exit()')).toMatchObject({ name: 'lwp_exit' });
  });

  it('is unparsed, whatever it imitates, where the log has pids', () => {
    const reading = readLines(
      '9:\tclose(3)\t= 0',
      'open("/etc/passwd", O_RDONLY)\t= 3',
      '    Received signal #11, SIGSEGV [default]',
      '10: warning: unused variable',
    );
    expect(kinds(reading)).toEqual(['syscall', 'unparsed', 'unparsed', 'unparsed']);
  });

  it('is an argument where it follows argv', () => {
    const reading = readLines(
      '9:\t argv: sh -c',
      '9:\t  open("/a", O_RDONLY) = 3',
      'open("/b", O_RDONLY) = 3',
      '9:\t_exit(0)',
    );
    expect(kinds(reading).slice(0, 2)).toEqual(['note', 'note']);
    expect(reading.events.at(-1)).toMatchObject({ name: '_exit' });
  });
});

describe('a table of counts', () => {
  it('is reported where there is nothing else', () => {
    const table = ['syscall               seconds   calls  errors', 'open                     .002      12       3'];
    const reading = readLines(...table, 'elapsed:                 .280');
    expect(kinds(reading)).toEqual(['note', 'note', 'note']);
    expect(codes(reading)).toEqual(['summary-only:null']);
    expect(codes(readLines('close(3)\t= 0', ...table))).toEqual([]);
  });
});

describe('recognition', () => {
  it.each([
    '20754: open("/lib/64/libkstat.so.1", O_RDONLY) = 3',
    '20754:\topen("/lib/64/libkstat.so.1", O_RDONLY)\t= 3',
    'close(3)\t\t\t\t\t= 0',
    'close(3)                                        = 0',
    'open("/x", O_RDONLY) Err#2 ENOENT',
    '    Received signal #11, SIGSEGV [default]',
    'port_getn(19, 0x0835D350, 2, 1, 0x08047B48) (sleeping...)',
    'Base time stamp:  1277716460.8580  [ Mon Jun 28 09:14:20 GMT 2010 ]',
  ])('takes %j', (line) => {
    expect(recognizesTrussIllumos(line)).toBe(true);
  });

  it.each([
    'close(3)                                = 0',
    '1234 openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3',
    'open("/x", O_RDONLY) = -1 ENOENT (No such file or directory)',
    '[pid  12] read(3,  <unfinished ...>',
    '+++ killed by SIGSEGV +++',
    ' 1234: close(3)\t\t\t\t\t = 0 (0x0)',
    'open("/x",O_RDONLY,00)\t\t\t ERR#2 \'No such file or directory\'',
    '11696: write(2,"dyld\\n") = 31',
    'close(0x3)\t\t = 0 0',
    'open("/x\\0", 0x0, 0x0)\t\t = -1 Err#2',
    '56361298: 83624347: close(3)                            = 0',
  ])('leaves %j to others', (line) => {
    expect(recognizesTrussIllumos(line)).toBe(false);
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

const SAMPLES = new URL('../../samples/truss-illumos/', import.meta.url);

describe.each(readdirSync(SAMPLES).filter((name) => name.endsWith('.truss')))('sample %s', (name) => {
  const bytes = readFileSync(new URL(name, SAMPLES));

  it('gives the same answer with and without passing over lines', () => {
    expectSameAnswer(bytes, OPENS);
    expectSameAnswer(bytes, needsOf());
    expectSameAnswer(bytes, needsOf('write'));
  });

  it('passes over no line of a process that is watched', () => {
    const pids = new Set(read(bytes).events.map((event) => event.pid));
    const watched = { call: () => false, watched: pids };
    expect(read(bytes, watched)).toEqual({ ...read(bytes), skipped: 0 });
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
    expect(lines.filter(recognizesTrussIllumos).length).toBeGreaterThan(lines.length / 2);
  });
});

describe('any lines', () => {
  const piece = fc.constantFrom(
    ...'12: 13/4: /2: 7@1: \t \t\t open( "/a" , O_RDONLY ) ) = 3 = 0x0A Err#2 ENOENT Err#91 [9] write( 2, " " _exit(0) '.split(
      ' ',
    ),
    ...[
      ' ',
      '    ',
      '  ',
      '\\',
      '...)',
      '(sleeping...)',
      'forkx()',
      '(returning as child ...)',
      '  argc = 2',
      'stat("',
    ],
    ...['Received signal #11, SIGSEGV [default]', 'Incurred fault #6, FLTBOUNDS  %pc = 0x1', 'siginfo: SIGSEGV'],
    ...[
      ' argv: a',
      '*** process killed ***',
      ' 0.0001\t',
      '10.0000\t',
      'Base time stamp:  1.0000',
      '-> f(',
      'truss: x',
    ],
    ...['syscall    seconds', '\n', '\n', '\n', '\n12:\t', '\n12/1:\t', '\r\n', '\x00', '\xe9'],
  );
  const soup = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
  const lines = fc.constantFrom(
    ...readdirSync(SAMPLES)
      .filter((name) => name.endsWith('.truss'))
      .flatMap((name) => readFileSync(new URL(name, SAMPLES), 'latin1').split('\n')),
  );
  const shuffled = fc.array(lines, { maxLength: 40 }).map((some) => Buffer.from(some.join('\n'), 'latin1'));

  it('are each an event or part of one, and never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(soup, shuffled), (bytes) => expectConserved(bytes)),
      { numRuns: 1500 },
    );
  });

  it('give the same answer with and without passing over some', () => {
    fc.assert(
      fc.property(fc.oneof(soup, shuffled), fc.constantFrom(OPENS, needsOf(), needsOf('write')), (bytes, needs) => {
        expectSameAnswer(bytes, needs);
      }),
      { numRuns: 1500 },
    );
  });
});
