import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { strace } from '../../parsers/strace.ts';
import type { CallRows } from '../../src/model/call-rows.ts';
import { Clock } from '../../src/model/clock.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { EventBytes } from '../../src/ndjson/event-bytes.ts';
import { writeDiagnostic, writeEvent } from '../../src/ndjson/write.ts';
import { LineScanner } from '../../src/scan/lines.ts';
import { feeding } from '../feeding.ts';
import { samples } from '../sample-list.ts';

const ignore = (): void => {};

/** What the lines say, each read as text. */
function asText(log: Buffer): string {
  let told = '';
  const sink = {
    event: (event: TraceEvent) => {
      told += writeEvent(event);
    },
    diagnostic: (diagnostic: Diagnostic) => {
      told += writeDiagnostic(diagnostic);
    },
  };
  const parser = strace.createParser(sink, { input: 0, defaultPid: null, clock: new Clock(), needs: null });
  const onLine = (buffer: Buffer, start: number, end: number, line: number) =>
    parser.push(buffer.toString('latin1', start, end), line);
  const scanner = new LineScanner(onLine, ignore);
  scanner.push(log);
  scanner.end();
  parser.end();
  return told;
}

/** What they say where plain ones are read on their bytes, many at once; written from the bytes too, unless `asEvents`. */
function asBytes(log: Buffer, chunkBytes: number, asEvents: boolean) {
  const blocks: Buffer[] = [];
  const lines = new EventBytes((bytes) => blocks.push(Buffer.from(bytes)));
  let plain = 0;
  const sink = {
    event: (event: TraceEvent) => lines.event(event),
    diagnostic: (diagnostic: Diagnostic) => lines.line(writeDiagnostic(diagnostic)),
  };
  const calls = (rows: CallRows) => {
    plain += rows.count;
    lines.calls(rows);
  };
  const feed = feeding(strace, asEvents ? sink : { ...sink, calls }, null);
  for (let at = 0; at < log.length; at += chunkBytes) feed.push(log.subarray(at, at + chunkBytes));
  feed.end();
  lines.flush();
  return { told: Buffer.concat(blocks).toString('utf8'), plain };
}

/** Gives how many calls were read on their bytes. */
function expectTheSame(log: Buffer, chunkBytes = log.length): number {
  const text = asText(log);
  const { told, plain } = asBytes(log, chunkBytes, false);
  expect(told).toBe(text);
  expect(asBytes(log, chunkBytes, true).told).toBe(text);
  return plain;
}

function logOf(...lines: string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`, 'latin1');
}

const LINES = `
7 1700000000.000000 getpid() = 7
7 1700000000.000001 brk(NULL) = 0x5581
7 1700000000.000002 openat(AT_FDCWD, "/a \\"b\\\\", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
7 1700000000.000003 rt_sigaction(SIGCHLD, {sa_handler=SIG_DFL, sa_mask=[INT CHLD], sa_flags=0},  <unfinished ...>
8 1700000000.000004 read(3,  <unfinished ...>
7 1700000000.000005 <... rt_sigaction resumed>NULL, 8) = 0
8 1700000000.000006 <... read resumed>"\\177ELF\\2"..., 832) = 832
8 1700000000.000007 pause( <unfinished ...>
7 1700000000.000008 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0,  <unfinished ...>
7 1700000000.000008 <... wait4 resumed>{ru_utime={tv_sec=0}}) = 8
7 1700000000.000008 write(2, "a\\nb", 4) = 4
8 1700000000.000009 <... pause resumed>) = ? ERESTARTNOHAND (To be restarted if no handler)
7 1700000000.000010 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 9
9 10:21:45.391854 close(3) = 0
9 10:21:46 close(4)                = -1 EBADF (Bad file descriptor)
9 close(5) = 0
7 1699999999.9 exit_group(0) = ?
7 1700000000.000012 +++ exited with 0 +++`
  .split('\n')
  .slice(1);

/** Tasks and names are met with them. */
const MET = ['getpid', 'close', 'openat', 'read', 'write', 'pause'].flatMap((name) => [
  `7 ${name}() = 0`,
  `8 1700000000 ${name}() = 0`,
]);

/** How many calls the lines give that are read on their bytes. */
function plainCalls(...lines: string[]): number {
  return expectTheSame(logOf(...MET, ...lines)) - expectTheSame(logOf(...MET));
}

describe('plain lines of strace', () => {
  // One log's names are known in the next.
  beforeAll(() => {
    expectTheSame(logOf(...MET));
  });

  it.each([
    '7 close(3) = 0',
    '7 10:21:45.391854 close(3) = 0',
    '7   1700000000.123456 close(3)                        = -1 EBADF (Bad file descriptor)',
    '7 1699999999 openat(AT_FDCWD, "/a \\"b\\\\", O_RDONLY|O_CLOEXEC) = 3',
    '7 write(3, "a\\n", 2) = 2',
    '7 close(3) = ?',
    '7 read(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 9',
    '7 pause() = ? ERESTARTNOHAND (To be restarted if no handler)',
    '7 read(3,  <unfinished ...>\n8 close(3) = 0\n7 <... read resumed>"", 1) = 0',
  ])('are read on their bytes: %s', (lines) => {
    expect(plainCalls(lines)).toBe(lines.split('\n').length === 1 ? 1 : 2);
  });

  it.each([
    '9 close(3) = 0',
    '7 dup(3) = 4',
    'close(3) = 0',
    '7 1.5 close(3) = 0',
    '7 clone(child_stack=NULL, flags=SIGCHLD) = 9',
    '7 execve("/x", ["x"], 0x7ffd /* 3 vars */) = 0',
    '7 close(3</x>) = 0',
    '7 close(3) = 0 <0.000012>',
    "7 read(3, 'x', 1) = 1",
    '7 write(2, "a\\n", 2) = 2',
    '7 read(3, "<", 1) = 1',
    '7 <... read resumed>"", 1) = 0',
    '7 read(3, [wait(0x057f) = 23] WIFSTOPPED,sig=SIGTRAP',
    '7 close(3',
    '',
  ])('are no others: %s', (line) => {
    expect(plainCalls(line)).toBe(0);
  });

  it.each(samples.filter(({ dialect, isSet }) => dialect === 'strace' && !isSet).map(({ name, path }) => [name, path]))(
    'say what their text says: %s',
    (_name, path) => {
      const log = readFileSync(path);
      for (const chunkBytes of [log.length, 100]) expectTheSame(log, chunkBytes);
    },
  );

  it('are held apart from those of another task whose place is the same', () => {
    const other = 7 + 16_384;
    const halves = [7, other].flatMap((task) => [`${task} read(3,  <unfinished ...>`]);
    const rests = [7, other].map((task) => `${task} <... read resumed>"", 1) = 0`);
    const log = logOf('7 read(3, "", 1) = 0', `${other} read(3, "", 1) = 0`, ...halves, ...rests);
    expect(expectTheSame(log)).toBe(1);
  });

  it('join their halves over any distance', () => {
    const calls = Array.from({ length: 5000 }, (_, index) => `8 1700000001.5 lseek(3, ${index}, SEEK_SET) = ${index}`);
    const log = logOf(
      ...LINES,
      '8 1700000001 wait4(75,  <unfinished ...>',
      ...calls,
      '8 1700000002 <... wait4 resumed>NULL, 0, NULL) = 75',
    );
    expect(expectTheSame(log, 1000)).toBeGreaterThan(4000);
  });

  it('may have more names than there is room for, in one log after another', () => {
    for (const first of ['x', 'y', 'z']) {
      const names = Array.from({ length: 600 }, (_, index) => `${first}_${index}`);
      expectTheSame(logOf('7 getpid() = 7', ...names.map((name) => `7 ${name}() = 0`)));
    }
  });

  it('may have arguments and results of any length', () => {
    const long = 'x"\\\xe4'.repeat(30_000).replaceAll('"', '\\"').replaceAll('\\x', 'x');
    expectTheSame(
      logOf(
        ...LINES,
        `8 read(3, "${long}", 1) = 0`,
        `8 read(3, "${long.slice(0, 1500)}",  <unfinished ...>`,
        '8 <... read resumed>1) = 0',
        `8 read(3, "", 1) = ${'3'.repeat(100)}`,
        `8 read(3, "", 1) = -1 E${'X'.repeat(100)} (No)`,
        '8 read(3, "", 1) = 1',
      ),
    );
  });

  it('give way to a line that goes on with a half without saying so', () => {
    const head = '8 1700000000.5 read(3,  <unfinished ...>';
    const plain = '7 1700000000.6 brk(NULL) = 0x5581';
    expectTheSame(logOf(...LINES, ...LINES.slice(0, 8), head, '"", 1)   = 0', plain));
    expectTheSame(logOf(...LINES, ...LINES.slice(0, 8), head, plain, '"", 1)   = 0'));
    expectTheSame(logOf(...LINES, ...LINES.slice(0, 8), head, '8 <... read resumed>"", 1) = 0', '"", 1)   = 0'));
  });

  it('give way to messages, signals and ends in the middle of a call', () => {
    const head = '8 1700000000.5 read(3,  <unfinished ...>';
    const begun = [...LINES, ...LINES.slice(0, 8), head];
    expectTheSame(logOf(...begun, '8 +++ killed by SIGKILL +++', '7 brk(NULL) = 0'));
    expectTheSame(logOf(...begun, '8 --- SIGINT {si_signo=SIGINT} ---', '8 <... read resumed>"", 1) = 0'));
    expectTheSame(logOf(...begun, 'strace: Process 8 detached', '7 brk(NULL) = 0'));
    expectTheSame(logOf(...begun, '8 read(4,  <unfinished ...>', '8 <... read resumed>"", 1) = 0'));
    expectTheSame(logOf(...begun, '8 <... read resumed>/* x */"", 1) = 0', '8 <... read resumed>"", 1) = 0'));
    expectTheSame(logOf(...begun, '8 <... read resumed> <unfinished ...>', '8 <... read resumed>"", 1) = 0'));
    expectTheSame(logOf(...begun, '8 +++ superseded by execve in pid 7 +++', '7 brk(NULL) = 0'));
  });
});

describe('plain lines of strace that were spoiled', () => {
  const PIECES = [
    ...[
      '"',
      '\\',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '/* ',
      ' */',
      "'",
      '<',
      '>',
      ' = 3',
      ') = 3',
      ':',
      ' ',
      '\t',
      ',',
      '.',
    ],
    ...['Process 41 attached', 'strace: Process 41 attached', ' <unfinished ...>', ' resumed>', '...', '3</x>', '9'],
    ...[' <ptrace(SYSCALL): No such process>', '[wait(0x057f) = 23] WIFSTOPPED,sig=SIGTRAP', 'strace: WARNING: x'],
    ...['?', '\x00', '\x0b', '\xa0', '\xff', '-', 'E', '0x', ' <0.000021>', '+++ exited with 0 +++', '8 ', '\r', '\n'],
  ];
  const change = fc.record({
    line: fc.nat(4 * LINES.length - 1),
    at: fc.nat(120),
    cut: fc.nat(12),
    piece: fc.constantFrom(...PIECES),
  });

  it('say what their text says', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.integer({ min: 1, max: 2000 }), (changes, chunkBytes) => {
        const changed = [...LINES, ...LINES, ...LINES, ...LINES];
        for (const { line, at, cut, piece } of changes) {
          const text = changed[line] ?? '';
          changed[line] = text.slice(0, at) + piece + text.slice(at + cut);
        }
        expectTheSame(logOf(...changed), chunkBytes);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('lines of strace made up at random', () => {
  const argument = fc.oneof(
    fc.constantFrom(
      'NULL',
      '3',
      'O_RDONLY|O_CLOEXEC',
      '[INT CHLD]',
      '{st_mode=S_IFREG|0644, st_size=3}',
      '"/x"...',
      '~[]',
    ),
    fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)) }),
    fc
      .string({ unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)) })
      .map((text) => `"${text.replaceAll(/["\\<\n\r]/g, '\\$&').replaceAll('\\<', '(')}"`),
  );
  const args = fc.array(argument, { maxLength: 4 }).map((all) => all.join(', ').replaceAll('\n', ' '));
  const result = fc.constantFrom(
    ...['0', '-1', '0x7fff', '?', '-1 EAGAIN (Resource temporarily unavailable)', '? ERESTARTSYS (To be restarted)'],
    ...['3</x>', '0 (Timeout)', '-1 EFAULT (Bad address) <0.000012>', ''],
  );
  const stamp = fc.oneof(
    fc.constant(''),
    fc.tuple(fc.integer({ min: 0, max: 23 }), fc.nat(999_999)).map(([hour, micros]) => {
      return `${String(hour).padStart(2, '0')}:00:00.${String(micros).padStart(6, '0')} `;
    }),
    fc.nat(2_000_000_000).map((seconds) => `${1_000_000_000 + seconds}.${seconds} `),
    fc.constantFrom('1700000000 ', '9007199254740993.5 ', '170000000012345.000000001 ', '1.5 ', '1700000000. '),
  );
  const task = fc.constantFrom(7, 8, 7 + 16_384, 4_194_303, 4_194_304);
  const name = fc.constantFrom('read', 'write', 'openat', 'execve', 'clone', 'vfork', 'pause', 'Xy_9');
  const body = fc.oneof(
    fc.tuple(name, args, result).map(([call, text, end]) => `${call}(${text}) = ${end}`),
    fc.tuple(name, args, fc.constantFrom('', ' ', ',', ', ', ',  ')).map(([call, text, blank]) => {
      return `${call}(${text}${blank}<unfinished ...>`;
    }),
    fc.tuple(name, args, result).map(([call, text, end]) => `<... ${call} resumed>${text})   = ${end}`),
    fc.constantFrom('+++ exited with 0 +++', '--- SIGCHLD {si_signo=SIGCHLD} ---', ''),
  );
  const line = fc.tuple(task, stamp, body).map(([id, time, rest]) => `${id} ${time}${rest}`);

  it('say what their text says', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 200 }), fc.integer({ min: 20, max: 2000 }), (lines, chunkBytes) => {
        expectTheSame(logOf(...lines), chunkBytes);
      }),
      { numRuns: 1500 },
    );
  });
});
