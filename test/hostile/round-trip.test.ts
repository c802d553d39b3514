import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SyscallEvent } from '../../src/model/event.ts';
import { readBytes } from './reading.ts';

// What strace escapes comes back as it was, and what it cuts in two comes back whole. FUZZ_SEED gives other cases.

const SETTINGS = { seed: Number(process.env.FUZZ_SEED ?? 1), numRuns: Number(process.env.FUZZ_RUNS ?? 300) };

// ---- paths

const SHORT = new Map([
  [34, '\\"'],
  [92, '\\\\'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
]);

const isPlain = (byte: number) => byte >= 32 && byte < 127;
const isOctalDigit = (byte: number | undefined) => byte !== undefined && byte >= 48 && byte <= 55;
const hex = (byte: number) => `\\x${byte.toString(16).padStart(2, '0')}`;

function octal(byte: number, next: number | undefined): string {
  return `\\${byte.toString(8).padStart(isOctalDigit(next) ? 3 : 1, '0')}`;
}

type Printing = (bytes: Uint8Array) => string;

/** One byte as a character, an escape, or octal in the shortest form that the next byte allows. */
function escapedByte(byte: number, next: number | undefined): string {
  return SHORT.get(byte) ?? (isPlain(byte) ? String.fromCharCode(byte) : octal(byte, next));
}

const escaped: Printing = (bytes) => [...bytes].map((byte, at) => escapedByte(byte, bytes[at + 1])).join('');
const allHex: Printing = (bytes) => [...bytes].map(hex).join('');
const hexWhereOdd: Printing = (bytes) =>
  bytes.every((byte) => isPlain(byte) || (byte >= 9 && byte <= 13)) ? escaped(bytes) : allHex(bytes);
const oddBytesInHex: Printing = (bytes) =>
  [...bytes].map((byte) => SHORT.get(byte) ?? (isPlain(byte) ? String.fromCharCode(byte) : hex(byte))).join('');
/** As behind a descriptor, where `<` and `>` are escaped too. */
const decorated: Printing = (bytes) =>
  [...bytes]
    .map((byte, at) => (byte === 60 || byte === 62 ? octal(byte, bytes[at + 1]) : escapedByte(byte, bytes[at + 1])))
    .join('');

const path = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constantFrom(34, 92, 10, 60, 62, 41, 48, 57)), {
    minLength: 1,
    maxLength: 40,
  })
  .map((bytes) => Uint8Array.from([47, 120, ...bytes.filter((byte) => byte !== 47)]));

const PRINTINGS: readonly (readonly [option: string, print: Printing])[] = [
  ['', escaped],
  ['-x', hexWhereOdd],
  ['-xx', allHex],
  ['--strings-in-hex=non-ascii-chars', oddBytesInHex],
];

function lastOpened(open: string): string | undefined {
  const log = [
    '7 execve("/bin/a", ["a"], 0x7ffd /* 1 var */) = 0',
    open,
    '7 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x8} ---',
    '7 +++ killed by SIGSEGV +++',
  ].join('\n');
  const full = readBytes(Buffer.from(log, 'latin1'), 'strace').blame.crashes[0]?.lastOpened?.path;
  expect(readBytes(Buffer.from(log, 'latin1'), 'strace', 7, true).blame.crashes[0]?.lastOpened?.path).toBe(full);
  return full;
}

describe('a path of any bytes', () => {
  test.each(PRINTINGS)('comes back as it was from strace %s', (_option, print) => {
    fc.assert(
      fc.property(path, (bytes) => {
        const opened = lastOpened(`7 openat(AT_FDCWD, "${print(bytes)}", O_RDONLY|O_CLOEXEC) = 3`);
        expect(opened).toBe(Buffer.from(bytes).toString('latin1'));
      }),
      SETTINGS,
    );
  });

  test.each([
    ['-y', decorated],
    ['-y -xx', allHex],
  ] as const)('comes back as it was from the decoration of strace %s', (_option, print) => {
    fc.assert(
      fc.property(path, (bytes) => {
        const opened = lastOpened(`7 openat(AT_FDCWD</>, "x", O_RDONLY) = 3<${print(bytes)}>`);
        expect(opened).toBe(Buffer.from(bytes).toString('latin1'));
      }),
      SETTINGS,
    );
  });

  test('comes back as it was from a call cut in two', () => {
    fc.assert(
      fc.property(path, (bytes) => {
        const opened = lastOpened(
          `7 openat(AT_FDCWD, "${escaped(bytes)}", O_RDONLY <unfinished ...>\n8 close(3) = 0\n7 <... openat resumed>) = 3`,
        );
        expect(opened).toBe(Buffer.from(bytes).toString('latin1'));
      }),
      SETTINGS,
    );
  });
});

// ---- calls cut in two

interface Call {
  readonly name: string;
  readonly args: readonly string[];
  readonly result: string;
  /** Arguments printed before the cut; null: not cut. */
  readonly cutAfter: number | null;
}

const argument = fc.constantFrom(
  '3',
  'NULL',
  '"a, b) = 3"',
  '" <unfinished ...>"',
  '"<... read resumed>"...',
  '{st_mode=S_IFREG|0644, st_size=1221, ...}',
  '[{WIFEXITED(s) && WEXITSTATUS(s) == 0}]',
  '0x7ffd48272d20 /* 35 vars */',
  'AT_FDCWD</home/me>',
);

const call: fc.Arbitrary<Call> = fc
  .record({
    name: fc.constantFrom('read', 'wait4', 'openat', 'newfstatat', 'futex'),
    args: fc.array(argument, { minLength: 1, maxLength: 4 }),
    result: fc.constantFrom('0', '3', '-1 ENOENT (No such file or directory)', '0x7f30b23fe000'),
    cut: fc.option(fc.nat(4)),
  })
  .map(({ name, args, result, cut }) => ({
    name,
    args,
    result,
    cutAfter: cut === null ? null : Math.min(cut, args.length),
  }));

const tasks = fc.array(fc.array(call, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 4 });

/** The lines of one call, as strace of before or since 6.16 cuts it: the separator is printed first, or later. */
function linesOf(pid: number, { name, args, result, cutAfter }: Call, separatorLast: boolean): string[] {
  if (cutAfter === null) return [`${pid} ${name}(${args.join(', ')}) = ${result}`];
  const before = args.slice(0, cutAfter).join(', ');
  const after = args.slice(cutAfter).join(', ');
  const separator = before === '' || after === '' ? '' : ', ';
  const [head, tail] = separatorLast ? [before, separator + after] : [before + separator, after];
  return [`${pid} ${name}(${head} <unfinished ...>`, `${pid} <... ${name} resumed>${tail}) = ${result}`];
}

function callsOf(log: readonly string[]): Map<number | null, string[]> {
  const { events, diagnostics } = readBytes(Buffer.from(log.join('\n'), 'latin1'), 'strace');
  expect(diagnostics).toEqual([]);
  const calls = new Map<number | null, string[]>();
  for (const event of events) {
    if (event.kind !== 'syscall') continue;
    calls.set(event.pid, [...(calls.get(event.pid) ?? []), shown(event)]);
  }
  return calls;
}

function shown({ name, args, result, errno, outcome }: SyscallEvent): string {
  return `${name}(${args}) = ${result} ${errno?.name ?? ''} ${outcome}`;
}

describe('calls cut in two among those of other tasks', () => {
  test.each([
    ['before 6.16', false],
    ['since 6.16', true],
  ] as const)('come back as if they had been whole, from strace %s', (_version, separatorLast) => {
    fc.assert(
      fc.property(tasks, fc.infiniteStream(fc.nat(3)), (calls, turns) => {
        const queues = calls.map((list, index) => list.flatMap((one) => linesOf(index + 1, one, separatorLast)));
        const whole = calls.flatMap((list, index) =>
          list.flatMap((one) => linesOf(index + 1, { ...one, cutAfter: null }, separatorLast)),
        );
        const log: string[] = [];
        for (let left = queues.flat().length; left > 0; left--) {
          const waiting = queues.filter((queue) => queue.length > 0);
          const turn = turns.next().value ?? 0;
          log.push(waiting[turn % waiting.length]?.shift() ?? '');
        }
        const cut = callsOf(log);
        for (const [pid, expected] of callsOf(whole)) expect(cut.get(pid)).toEqual(expected);
      }),
      SETTINGS,
    );
  });
});
