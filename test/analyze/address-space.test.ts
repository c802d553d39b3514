import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressSpace, type Mapping } from '../../src/analyze/address-space.ts';
import { protectionText } from '../../src/analyze/memory-calls.ts';
import type { Platform } from '../../src/model/dialect.ts';
import type { SyscallEvent } from '../../src/model/event.ts';
import { callOf } from './calls.ts';

const PAGE = 4096;
/** Where the pages of the tests are: their addresses have no exact double. */
const BASE = 0xfffffd7fff000000n;
const PAGES = 24;

function spaceOf(events: readonly SyscallEvent[], platform: Platform = 'linux'): AddressSpace {
  const space = new AddressSpace(platform, ({ fd }) => (fd === null ? null : `file ${fd}`));
  for (const event of events) space.add(event);
  return space;
}

const hex = (page: number) => `0x${(BASE + BigInt(page * PAGE)).toString(16)}`;
const PROTECTIONS = ['PROT_NONE', 'PROT_READ', 'PROT_READ|PROT_WRITE', 'PROT_READ|PROT_EXEC'] as const;
const TEXTS = ['---', 'r--', 'rw-', 'r-x'] as const;

// ---- a model of one entry a page

interface Page {
  readonly protection: string;
  /** Line of the call that mapped it. */
  readonly made: number;
  /** Page of the file. */
  readonly filePage: number | null;
}

type Operation =
  | {
      readonly kind: 'map';
      readonly at: number;
      readonly size: number;
      readonly protection: number;
      readonly file: boolean;
    }
  | { readonly kind: 'unmap'; readonly at: number; readonly size: number }
  | { readonly kind: 'protect'; readonly at: number; readonly size: number; readonly protection: number }
  | {
      readonly kind: 'remap';
      readonly at: number;
      readonly size: number;
      readonly to: number;
      readonly newSize: number;
    };

const at = fc.nat({ max: PAGES - 1 });
const size = fc.integer({ min: 1, max: 6 });
const protection = fc.nat({ max: 3 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('map' as const), at, size, protection, file: fc.boolean() }),
  fc.record({ kind: fc.constant('unmap' as const), at, size }),
  fc.record({ kind: fc.constant('protect' as const), at, size, protection }),
  fc.record({ kind: fc.constant('remap' as const), at, size, to: at, newSize: size }),
);

function eventOf(step: Operation, line: number): SyscallEvent {
  const length = step.size * PAGE;
  switch (step.kind) {
    case 'map': {
      const prot = PROTECTIONS[step.protection];
      const rest = step.file ? 'MAP_PRIVATE, 7, 0x2000' : 'MAP_PRIVATE|MAP_ANONYMOUS, -1, 0';
      return callOf(line, 'mmap', `NULL, ${length}, ${prot}, ${rest}`, hex(step.at));
    }
    case 'unmap':
      return callOf(line, 'munmap', `${hex(step.at)}, ${length}`, '0');
    case 'protect':
      return callOf(line, 'mprotect', `${hex(step.at)}, ${length}, ${PROTECTIONS[step.protection]}`, '0');
    case 'remap': {
      const args = `${hex(step.at)}, ${length}, ${step.newSize * PAGE}, MREMAP_MAYMOVE|MREMAP_FIXED, ${hex(step.to)}`;
      return callOf(line, 'mremap', args, hex(step.to));
    }
  }
}

function applyTo(pages: Map<number, Page>, step: Operation, line: number): void {
  const range = Array.from({ length: step.size }, (_, index) => step.at + index);
  switch (step.kind) {
    case 'map':
      for (const [index, page] of range.entries()) {
        pages.set(page, {
          protection: TEXTS[step.protection] ?? '',
          made: line,
          filePage: step.file ? 2 + index : null,
        });
      }
      break;
    case 'unmap':
      for (const page of range) pages.delete(page);
      break;
    case 'protect':
      for (const page of range) {
        const known = pages.get(page);
        if (known !== undefined) pages.set(page, { ...known, protection: TEXTS[step.protection] ?? '' });
      }
      break;
    case 'remap': {
      const old = range.map((page) => pages.get(page));
      for (const page of range) pages.delete(page);
      for (let index = 0; index < step.newSize; index++) pages.delete(step.to + index);
      for (const [index, page] of old.entries()) {
        if (page !== undefined && index < step.newSize) pages.set(step.to + index, page);
      }
      break;
    }
  }
}

/** The kernel moves one whole mapping at a time: pieces of several are nothing it would do. */
function isPossible(pages: ReadonlyMap<number, Page>, step: Operation): boolean {
  if (step.kind !== 'remap') return true;
  const first = pages.get(step.at);
  const isOne = Array.from({ length: step.size }, (_, index) => pages.get(step.at + index)).every(
    (page) => page !== undefined && page.made === first?.made && page.protection === first.protection,
  );
  const overlaps = step.at < step.to + step.newSize && step.to < step.at + step.size;
  return isOne && !overlaps && step.newSize <= step.size;
}

function pageOf(mapping: Mapping | null, address: bigint): Page | undefined {
  if (mapping === null) return undefined;
  const offset = mapping.fileOffset + (address - mapping.start);
  return {
    protection: mapping.protection === null ? '?' : protectionText(mapping.protection),
    made: mapping.origin.place.line,
    filePage: mapping.origin.kind === 'file' ? Math.floor(Number(offset) / PAGE) : null,
  };
}

describe('an address space', () => {
  test('knows of every page what a model of single pages knows', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (steps) => {
        const space = spaceOf([]);
        const pages = new Map<number, Page>();
        for (const [index, step] of steps.entries()) {
          if (!isPossible(pages, step)) continue;
          space.add(eventOf(step, index + 1));
          applyTo(pages, step, index + 1);
        }
        for (let page = 0; page < PAGES + 12; page++) {
          const address = BASE + BigInt(page * PAGE) + 17n;
          expect(pageOf(space.at(address), address)).toEqual(pages.get(page));
        }
        for (const [index, mapping] of space.mappings.entries()) {
          expect(mapping.start < mapping.end).toBe(true);
          expect((space.mappings[index - 1]?.end ?? 0n) <= mapping.start).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('grows a moved mapping with what it was', () => {
    const space = spaceOf([
      callOf(1, 'mmap', 'NULL, 4096, PROT_READ, MAP_PRIVATE, 7, 0x2000', hex(0)),
      callOf(2, 'mremap', `${hex(0)}, 4096, 12288, MREMAP_MAYMOVE`, hex(8)),
    ]);
    const [moved] = space.mappings;
    expect(space.mappings).toHaveLength(1);
    expect(moved).toMatchObject({ start: BigInt(hex(8)), end: BigInt(hex(11)), fileOffset: 0x2000n, protection: 1 });
    expect(space.removalAt(BigInt(hex(0)))?.place.line).toBe(2);
  });

  test('remembers what was unmapped last, and where', () => {
    const space = spaceOf([
      callOf(1, 'mmap', 'NULL, 8192, PROT_READ, MAP_PRIVATE, 7, 0', hex(0)),
      callOf(2, 'munmap', `${hex(0)}, 4096`, '0'),
      callOf(3, 'mmap', 'NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0', hex(0)),
      callOf(4, 'munmap', `${hex(0)}, 4096`, '0'),
    ]);
    const removal = space.removalAt(BigInt(hex(0)) + 5n);
    expect([removal?.place.line, removal?.mapping.origin.place.line]).toEqual([4, 3]);
    expect(space.removalAt(BigInt(hex(1)))).toBeNull();
  });

  test('joins the steps of a growing heap, and takes back what it gives up', () => {
    const space = spaceOf([
      callOf(1, 'brk', 'NULL', '0x55550000'),
      callOf(2, 'brk', '0x55560000', '0x55560000'),
      callOf(3, 'brk', '0x55570000', '0x55570000'),
      callOf(4, 'brk', '0x55568000', '0x55568000'),
    ]);
    expect(space.mappings.map(({ start, end, origin }) => [start, end, origin.kind])).toEqual([
      [0x55550000n, 0x55568000n, 'heap'],
    ]);
    expect(space.removalAt(0x55569000n)?.place.line).toBe(4);
    expect(space.heapStart).toBe(0x55550000n);
  });

  test('begins anew at an exec, and is complete from there on', () => {
    const exec = callOf(2, 'execve', '"./a", ["./a"], 0x7ffc00000000 /* 3 vars */', '0');
    const map = callOf(3, 'mmap', 'NULL, 4096, PROT_READ, MAP_PRIVATE, 7, 0', hex(1));
    const space = spaceOf([{ ...map, line: 1 }, exec]);
    expect([space.mappings.length, space.isComplete]).toEqual([0, false]);
    space.add(map);
    expect([space.mappings.length, space.isComplete, space.exec?.line]).toEqual([1, true, 2]);
  });

  test('is not complete where a call does not show what it mapped', () => {
    const exec = callOf(1, 'execve', '"./a", 0x08047CF8, 0x08047D00', '0', 'truss-illumos');
    const map = callOf(2, 'mmap', '0x00000000, 4096, PROT_READ, MAP_SHARED, 4, 0', '0xFE900000', 'truss-illumos');
    const object = callOf(3, 'mmapobj', '3, MMOBJ_INTERPRET, 0xFEF70BC8, 0x080471BC, 0x00000000', '0', 'truss-illumos');
    expect(spaceOf([exec, map], 'illumos').isComplete).toBe(true);
    expect(spaceOf([exec, map, object], 'illumos').isComplete).toBe(false);
  });

  test('stays bounded, and says that it forgot', () => {
    const space = new AddressSpace('linux', () => null);
    space.add(callOf(1, 'execve', '"./a", ["./a"], 0x7ffc00000000 /* 3 vars */', '0'));
    for (let index = 0; index < 70_000; index++) {
      const address = `0x${(0x7f0000000000 + index * 3 * PAGE).toString(16)}`;
      space.add(callOf(2, 'mmap', 'NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0', address));
    }
    expect(space.mappings.length).toBe(65_536);
    expect(space.isComplete).toBe(false);
  });
});

describe('a mapping call', () => {
  test.each<[platform: Platform, name: string, args: string, result: string, start: bigint, expected: string]>([
    [
      'linux',
      'mmap',
      'NULL, 5000, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_DENYWRITE, 3, 0x26000',
      '0x7f3a5c400000',
      0x7f3a5c400000n,
      '8192 r-x file 26000',
    ],
    [
      'linux',
      'mmap',
      'addr=NULL, length=4096, prot=PROT_READ, flags=MAP_SHARED, fd=3</tmp/x>, offset=0',
      '0x7f0000',
      0x7f0000n,
      '4096 r-- file 0',
    ],
    ['linux', 'mmap', 'NULL, 4096, 0x3, 0x20022, -1, 0', '0x7f0000', 0x7f0000n, '4096 rw- anonymous 0 stack'],
    [
      'linux',
      'mmap',
      'NULL, 4096, 0x3 /* PROT_READ|PROT_WRITE */, 0x22 /* MAP_PRIVATE|MAP_ANONYMOUS */, -1, 0',
      '0x7f0000',
      0x7f0000n,
      '4096 rw- anonymous 0',
    ],
    [
      'linux',
      'mmap2',
      'NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0x1a3',
      '0xb7700000',
      0xb7700000n,
      '4096 r-- file 1a3000',
    ],
    [
      'linux',
      'old_mmap',
      'NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0',
      '0x40017000',
      0x40017000n,
      '4096 rw- anonymous 0',
    ],
    [
      'illumos',
      'mmap',
      '0x00000000, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANON, 4294967295, 0',
      '0xFFFFFD7FFEE90000',
      0xfffffd7ffee90000n,
      '65536 rw- anonymous 0',
    ],
    ['freebsd', 'mmap', '0x0,8192,PROT_NONE,MAP_GUARD,-1,0x0', '34366218240', 34366218240n, '8192 --- anonymous 0'],
    [
      'bsd',
      'mmap',
      '0,0x20000,0x3<PROT_READ|PROT_WRITE>,0x1002<MAP_PRIVATE|MAP_ANON>,0xffffffff,0',
      '34366189568/0x800627000',
      0x800627000n,
      '131072 rw- anonymous 0',
    ],
    [
      'bsd',
      'mmap',
      '0,0x1000,PROT_READ,0x1<SHARED,FILE,ALIGN=NONE>,3,0,0',
      '0x7f7ff7e00000',
      0x7f7ff7e00000n,
      '4096 r-- file 0',
    ],
  ])('is read as %s prints %s(%s)', (platform, name, args, result, start, expected) => {
    const mapping = spaceOf([callOf(1, name, args, result, platform === 'bsd' ? 'kdump' : 'strace')], platform).at(
      start,
    );
    const { end = 0n, protection: bits = null, origin, fileOffset = 0n } = mapping ?? {};
    const stack = origin?.isStack === true ? ' stack' : '';
    const shown = bits === null ? '?' : protectionText(bits);
    expect(`${end - start} ${shown} ${origin?.kind} ${fileOffset.toString(16)}${stack}`).toBe(expected);
  });

  test('that failed or never returned changes nothing', () => {
    const map = callOf(1, 'mmap', 'NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0', '0x7f0000');
    expect(
      spaceOf([
        { ...map, outcome: 'unfinished' },
        { ...map, outcome: 'failed', result: '-1' },
      ]).mappings,
    ).toEqual([]);
  });

  test('that installs guards takes all access away', () => {
    const space = spaceOf([
      callOf(1, 'mmap', 'NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0', hex(0)),
      callOf(2, 'madvise', `${hex(0)}, 4096, MADV_GUARD_INSTALL`, '0'),
      callOf(3, 'madvise', `${hex(1)}, 4096, MADV_DONTNEED`, '0'),
    ]);
    expect(space.mappings.map((mapping) => mapping.protection)).toEqual([0, 3]);
  });

  test.each<[Platform, string, string, string]>([
    ['freebsd', 'break', '0x8061000', '0'],
    ['illumos', 'brk', '0x08061000', '0'],
    ['aix', 'sbrk', '0x00001000', '0x08060000'],
  ])('of the heap is read as %s prints %s(%s)', (platform, name, args, result) => {
    const first = platform === 'aix' ? callOf(1, name, '0x00000000', '0x08060000') : callOf(1, name, '0x08060000', '0');
    const [heap] = spaceOf([first, callOf(2, name, args, result)], platform).mappings;
    expect([heap?.start, heap?.end]).toEqual([0x8060000n, 0x8061000n]);
  });
});
