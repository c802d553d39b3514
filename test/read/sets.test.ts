import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAll, temporaryFolder } from './traces.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('a set of strace -ff files', () => {
  it('is merged by time; a tie goes to the lower pid', async () => {
    folder.write('trace.9', '@1 call a\n@3 call c\n@5 call f\n');
    folder.write('trace.10', '@2.5 call b\n@3 call d\n@3.1 call e\n');
    folder.write('README', 'not a trace');
    const { header, events, names, counts } = await readAll([folder.path('')]);
    expect(header).toEqual({
      dialect: 'strace',
      inputs: [folder.path('trace.9'), folder.path('trace.10')],
      joined: true,
    });
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(events.map(({ pid }) => pid)).toEqual([9, 10, 9, 10, 10, 9]);
    expect(events.map(({ atNs }) => atNs)).toEqual([0, 1.5e9, 2e9, 2e9, 2.1e9, 4e9]);
    expect(counts).toEqual({ lines: 6, events: 6, unparsed: 0 });
  });

  it('is found by its directory, its BASE, and its files, with the same answer', async () => {
    const paths = [folder.write('t.2', '@2 call b\n'), folder.write('t.1', '@3 call c\n'), folder.write('t.10', '')];
    const byFiles = await readAll(paths);
    expect(byFiles.names).toEqual(['b', 'c']);
    expect(await readAll([folder.path('t')])).toEqual(byFiles);
    expect(await readAll([folder.path('')])).toEqual(byFiles);
  });

  it('starts at the earliest stamp, whichever file has it', async () => {
    folder.write('t.1', '@1700000005.000000001 call b\n');
    folder.write('t.2', '@1700000001 call a\n');
    const { events } = await readAll([folder.path('t')]);
    expect(events.map(({ atNs }) => atNs)).toEqual([0, 4_000_000_001]);
  });

  it('passes midnight', async () => {
    folder.write('t.1', '@h:86390 call a\n@h:86399 call b\n@h:5 call d\n');
    folder.write('t.2', '@h:2 call c\n');
    const { events, names } = await readAll([folder.path('t')]);
    expect(names).toEqual(['a', 'b', 'c', 'd']);
    expect(events.map(({ atNs }) => atNs)).toEqual([0, 9e9, 12e9, 15e9]);
  });

  it('takes a file that begins late in the day for late, not for the day before', async () => {
    folder.write('t.1', '@h:3600 call a\n@h:43000 call b\n@h:82000 call d\n');
    folder.write('t.2', '@h:46000 call c\n');
    folder.write('t.3', '@h:82800 call e\n');
    const { events, names } = await readAll([folder.path('t')]);
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(events.at(-1)?.atNs).toBe(79_200e9);
  });

  it('is read by ascending pid where the stamps do not order it', async () => {
    folder.write('t.12', 'call c\n');
    folder.write('t.3', 'call a\ncall b\n');
    expect((await readAll([folder.path('t')])).names).toEqual(['a', 'b', 'c']);
    folder.write('t.12', '@r:0 call c\n');
    folder.write('t.3', '@r:7 call a\n@r:1 call b\n');
    const { header, events, names } = await readAll([folder.path('t')]);
    expect(names).toEqual(['a', 'b', 'c']);
    expect(header?.joined).toBe(true);
    expect(events.map(({ pid }) => pid)).toEqual([3, 3, 12]);
  });

  it('may be compressed, and cut, and leaves nothing behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => /^forklore-[^t]/.test(name)).length;
    const whole = gzipSync(Buffer.from(`@1 call a\n@4 call d\n${'@5 call x\n'.repeat(1000)}`), { level: 0 });
    folder.write('t.1.gz', whole.subarray(0, whole.length - 2000));
    folder.write('t.2.gz', gzipSync(Buffer.from('@2 call b\n@3 call c\n')));
    const { names, diagnostics } = await readAll([folder.path('t')]);
    expect(names.slice(0, 4)).toEqual(['a', 'b', 'c', 'd']);
    expect(diagnostics.filter(({ code }) => code === 'input-cut')).toEqual([
      { code: 'input-cut', input: 0, line: null },
    ]);
    expect(readdirSync(tmpdir()).filter((name) => /^forklore-[^t]/.test(name)).length).toBe(before);
  });

  it('is none where the lines have pids of their own', async () => {
    const paths = [folder.write('day.1', '500 @1 call a\n'), folder.write('day.2', '500 @0 call b\n')];
    const { header, events, names } = await readAll(paths);
    expect(header?.joined).toBe(false);
    expect(names).toEqual(['a', 'b']);
    expect(events.map(({ pid }) => pid)).toEqual([500, 500]);
  });

  it('gives one file named alone no pid', async () => {
    const { events } = await readAll([folder.write('build.2024', 'call a\n')]);
    expect(events[0]?.pid).toBe(null);
  });

  it('must be one and the only one', async () => {
    folder.write('a.1', 'call a\n');
    folder.write('b.1', 'call b\n');
    await expect(readAll([folder.path('')])).rejects.toThrow('several sets of strace -ff files, choose one of a, b');
    await expect(readAll([folder.path('a'), folder.path('b.1')])).rejects.toThrow('must be the only input');
    folder.write('a.1.gz', 'call a\n');
    await expect(readAll([folder.path('a')])).rejects.toThrow('two files of one process');
  });

  it('may have thousands of files', async () => {
    const paths: string[] = [];
    const count = 3000;
    for (let pid = 1; pid <= count; pid++) {
      const lines = Array.from({ length: 20 }, (_, line) => `@${pid + line * 10}.5 call p${pid}.${line}\n`);
      paths.push(folder.write(`t.${pid}`, lines.join('')));
    }
    const { events, counts } = await readAll(paths);
    expect(counts.events).toBe(count * 20);
    for (const [index, event] of events.entries()) {
      expect((event.atNs ?? 0) >= (events[index - 1]?.atNs ?? 0)).toBe(true);
    }
  }, 30_000);

  it('keeps the order inside each file, whatever the stamps', async () => {
    const files = fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 }), {
      minLength: 2,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(files, async (stamps) => {
        const set = temporaryFolder();
        try {
          const paths = stamps.map((file, index) =>
            set.write(`t.${index + 1}`, file.map((at) => `@${at} call x\n`).join('')),
          );
          const { events } = await readAll(paths);
          for (const [index, file] of stamps.entries()) {
            const lines = events.filter(({ input }) => input === index).map(({ line }) => line);
            expect(lines).toEqual(file.map((_, line) => line + 1));
          }
          const ordered = stamps.every((file) => file.every((at, line) => at >= (file[line - 1] ?? 0)));
          if (!ordered) return;
          const keys = events.map(({ atNs, input }) => [atNs ?? 0, input]);
          const sorted = keys.toSorted(([a = 0, i = 0], [b = 0, j = 0]) => a - b || i - j);
          expect(keys).toEqual(sorted);
        } finally {
          set.remove();
        }
      }),
      { numRuns: 60 },
    );
  });
});
