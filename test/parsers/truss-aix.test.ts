import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Needs } from '../../parsers/tracer-format.ts';
import { trussAix } from '../../parsers/truss-aix.ts';
import { recognizesTrussAix } from '../../parsers/truss-aix-recognize.ts';
import { Blame, blameNeeds } from '../../src/analyze/blame.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { codes, kinds, type Reading, readerOf } from './reading.ts';

const { one, read, readLines } = readerOf(trussAix);

describe('calls', () => {
  it.each([
    ['close(3)\t\t\t\t\t= 0', { name: 'close', args: '3', result: '0' }],
    ['sbrk(0x00000000)                                = 0x20002CE8', { result: '0x20002CE8' }],
    ['execve("./x", 0x2FF2, 0x2001)     argc: 12', { args: '"./x", 0x2FF2, 0x2001', result: null, detail: 'argc: 12' }],
    ['execve("y)  argc: 3", 0x2FF2, 0x2001)     argc: 1', { args: '"y)  argc: 3", 0x2FF2, 0x2001', detail: 'argc: 1' }],
    ['thread_init(0x0000000000000000, 0x0000) =', { result: null, outcome: 'returned' }],
    ['open("/x", O_RDONLY)\tErr#2  ENOENT', { outcome: 'failed', errno: { name: 'ENOENT', number: 2 } }],
    ['smcr_procattr(0, 1, 0x2FF2)\tErr#109 ENOSYS', { errno: { name: 'ENOSYS', number: 109 } }],
    ['kread(0, 0x2000, 4)\tErr#82 ERESTART', { outcome: 'restarted' }],
    ['kread(0, 0x2000, 4)\tErr#91 EEXAMPLE', { outcome: 'failed' }],
    ['kopen("a) = 3", O_RDONLY)\t= 4', { name: 'kopen', args: '"a) = 3", O_RDONLY', result: '4' }],
    ['_exit(1)', { outcome: 'unfinished' }],
    ['thread_terminate()', { outcome: 'unfinished' }],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject({ kind: 'syscall', pid: null, tid: null, line: 1, endLine: 1, ...expected });
  });

  it('keeps any file name of printable text as the argument of one call', () => {
    const name = fc
      .string({ maxLength: 60, unit: 'grapheme-ascii' })
      .map((text) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
    fc.assert(
      fc.property(name, fc.constantFrom('', '12: ', '12: 34: '), (path, prefix) => {
        expect(one(`${prefix}kopen("${path}", O_RDONLY)\t= 3`)).toMatchObject({
          name: 'kopen',
          args: `"${path}", O_RDONLY`,
          result: '3',
        });
      }),
    );
  });

  it('are joined where a mail program wrapped them', () => {
    expect(one('9: open("/a/long/na', 'me", O_RDONLY) = 3')).toMatchObject({
      args: '"/a/long/name", O_RDONLY',
      endLine: 2,
    });
    expect(one('9: execve("/bin/x", 0x2FF2, 0x2001)', 'argc: 1')).toMatchObject({ detail: 'argc: 1', endLine: 2 });
  });

  it('are unfinished where the log ends in them', () => {
    const reading = readLines('9:\topen("/a) = 3');
    expect(reading.events).toMatchObject([{ args: '"/a) = 3', result: null, outcome: 'unfinished' }]);
    expect(codes(reading)).toEqual(['truncated-call:1']);
  });
});

describe('numbers in front', () => {
  it.each([
    ['123: close(3) = 0', 123, null],
    ['123:\tclose(3)\t= 0', 123, null],
    ['56361298: 83624347: close(3)       = 0', 56361298, 83624347],
    ['close(3)\t= 0', null, null],
    ['0.0037: close(3)\t= 0', null, null],
  ])('are read in %j', (line, pid, tid) => {
    expect(one(line)).toMatchObject({ kind: 'syscall', name: 'close', pid, tid });
  });

  it('are of a thread where the log began without any', () => {
    const reading = readLines('execve("./x", 0x2FF2, 0x2001)     argc: 1', '48169093: _getpid()\t= 16253146');
    expect(reading.events).toMatchObject([
      { pid: null, tid: null },
      { pid: null, tid: 48169093 },
    ]);
  });

  it('make whatever has none program output', () => {
    const reading = readLines(
      '9:\tclose(3)\t= 0',
      'open("/etc/passwd", O_RDONLY)\t= 3',
      '    Received signal #11, SIGSEGV [default]',
    );
    expect(kinds(reading)).toEqual(['syscall', 'unparsed', 'unparsed']);
  });
});

describe('the life of a process', () => {
  it('begins with the line of the child, which does not name its parent', () => {
    expect(one('12:\tkfork()\t\t(returning as child ...)\t= 0')).toMatchObject({
      kind: 'process-start',
      pid: 12,
      parentPid: null,
      via: 'fork',
    });
    expect(one('12:\tvfork()\t\t(returning as child ...)\t= 0')).toMatchObject({ via: 'vfork' });
  });

  it('ends at a signal, with its siginfo', () => {
    expect(
      one('12: 34:     Received signal #11, SIGSEGV [default]', '12: 34:       siginfo: SIGSEGV SEGV_MAPERR addr=0x0'),
    ).toMatchObject({
      kind: 'signal',
      pid: 12,
      tid: 34,
      signal: 'SIGSEGV',
      disposition: 'default',
      siginfo: 'SIGSEGV SEGV_MAPERR addr=0x0',
      endLine: 2,
    });
    expect(one('12:\t    Incurred fault #6, FLTBOUNDS  %pc = 0x10000354')).toMatchObject({
      kind: 'fault',
      fault: 'FLTBOUNDS',
      pc: '0x10000354',
    });
    const told = readLines('12:\t    Received signal #11, SIGSEGV [default]', '12:\t\t*** process killed ***');
    expect(kinds(told)).toEqual(['signal', 'note']);
    expect(one('12:\t\t*** process killed ***')).toMatchObject({ kind: 'killed', signal: null, coreDumped: null });
  });
});

describe('other lines', () => {
  it('count -d from the base line, and leave -D alone', () => {
    const reading = readLines('Base time stamp:  1700000000.8580  [ Tue ]', '0.0037: close(3)\t= 0');
    expect(reading.events[1]).toMatchObject({ time: '0.0037', atNs: 3_700_000 });
    expect(one('0.0037: close(3)\t= 0')).toMatchObject({ time: '0.0037', atNs: null });
  });

  it('do not hide a call behind them', () => {
    const reading = readLines('70:\tclose(3)\t= 0', 'Loading...70:\tkopen("data.in", O_RDONLY)\t= 3');
    expect(reading.events[1]).toMatchObject({ name: 'kopen', pid: 70 });
    expect(codes(reading)).toEqual(['output-mixed-in:2']);
  });

  it('are notes where they tell of waiting and of library functions', () => {
    expect(kinds(readLines('kread(0, 0x2000, 4)\t(sleeping...)', '->libc.a:malloc(0x40)'))).toEqual(['note', 'note']);
  });
});

describe('recognition', () => {
  it.each([
    'execve("./collectd", 0x2FF22C5C, 0x20013528)     argc: 1',
    'open("/x", O_RDONLY)                            Err#2  ENOENT',
    '56361298: 83624347: close(3)                            = 0',
    '56361298: kread(3, 0x20001000, 4096)              = 24',
    '_getpid()                                       = 16253146',
    'munmap(0x0A00000008180000, 8192)                = 0',
    'thread_init(0x0000000000000000, 0x00000000D050F6A0) =',
  ])('takes %j', (line) => {
    expect(recognizesTrussAix(line)).toBe(true);
  });

  it.each([
    'close(3)                                        = 0',
    '20754:\topen("/lib/64/libkstat.so.1", O_RDONLY)\t= 3',
    'open("/x", O_RDONLY)                            Err#2 ENOENT',
    'execve("/usr/bin/ls", 0x08047CF8, 0x08047D00)  argc = 1',
    'mmap(0x00000000, 8192, PROT_READ, MAP_SHARED, 3, 0) = 0xFE880000',
    'statx(3, "", AT_STATX_SYNC_AS_STAT|AT_EMPTY_PATH, STATX_ALL, {stx_mask=STATX_ALL, ...}) = 0',
    'mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3, 0) =',
    ' 1234: close(3)\t\t\t\t\t = 0 (0x0)',
    '   755 uul      CALL  chdir(0x600234)',
  ])('leaves %j to others', (line) => {
    expect(recognizesTrussAix(line)).toBe(false);
  });
});

const BLAME: Needs = { call: (name) => blameNeeds(name, 'aix'), watched: new Set() };
const NOTHING: Needs = { call: () => false, watched: new Set() };

/** What is left of a reading when the calls nobody needs are taken out. */
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

function blame(bytes: Buffer, filtered: boolean): unknown {
  const folded = new Blame({ dialect: 'truss-aix', inputs: ['x'], joined: false });
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

const SAMPLES = new URL('../../samples/truss-aix/', import.meta.url);
const names = readdirSync(SAMPLES).filter((name) => name.endsWith('.truss'));

describe.each(names)('sample %s', (name) => {
  const bytes = readFileSync(new URL(name, SAMPLES));

  it('gives the same answer with and without passing over lines', () => {
    expectSameAnswer(bytes, BLAME);
    expectSameAnswer(bytes, NOTHING);
    expect(blame(bytes, true)).toEqual(blame(bytes, false));
  });

  it('passes over no line of a process that is watched', () => {
    const watched = { call: () => false, watched: new Set(read(bytes).events.map((event) => event.pid)) };
    expect(read(bytes, watched)).toEqual({ ...read(bytes), skipped: 0 });
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
      '12: ',
      '13:\t',
      '12: 34: ',
      '0.0001: ',
      '> ',
      'open("',
      '/a"',
      ', O_RDONLY',
      ')',
      ') = 3',
      ' =',
      '  argc: 2',
      '\t= 0x0A',
    ],
    ...[
      'Err#2  ENOENT',
      'Err#82 ERESTART',
      '_exit(0)',
      'kfork()',
      '\t\t(returning as child ...)\t= 0',
      'write(1, " x"',
      '    ',
    ],
    ...[
      'Received signal #11, SIGSEGV [default]',
      'Incurred fault #6, FLTBOUNDS',
      'siginfo: SIGSEGV',
      '*** process killed ***',
    ],
    ...[
      'Base time stamp:  1.0000',
      '->libc.a:f(',
      'truss: x',
      '(sleeping...)',
      '\n',
      '\n',
      '\n',
      '\n12: ',
      '\r\n',
      '\x00',
      '\xe9',
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

  it('give the same answer where a cut call holds what looks like a result', () => {
    const lines = ['write(1, " x") = 3', 'write(1, " x"_exit(0)\t= 0x0Akfork()', ''];
    expectSameAnswer(Buffer.from(lines.join('\n'), 'latin1'), BLAME);
  });

  it('give the same answer with and without passing over some', () => {
    fc.assert(
      fc.property(fc.oneof(soup, shuffled), fc.constantFrom(BLAME, NOTHING), (bytes, needs) => {
        expectSameAnswer(bytes, needs);
      }),
      { numRuns: 2000 },
    );
  });
});
