import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strace } from '../../parsers/strace.ts';
import type { FileUse } from '../../src/analyze/file-use.ts';
import { Files, type FilesResult } from '../../src/analyze/files.ts';
import { Clock } from '../../src/model/clock.ts';
import type { TraceSummary } from '../../src/model/trace.ts';
import { filesCsv } from '../../src/render/files-csv.ts';
import { renderFiles } from '../../src/render/text/files.ts';

function filesOf(lines: Iterable<string>, process: string | null = null, byProcess = false): FilesResult {
  const files = new Files({ dialect: 'strace', inputs: ['log'], joined: true }, { process, byProcess });
  const sink = { event: files.add.bind(files), diagnostic() {} };
  const parser = strace.createParser(sink, { input: 0, defaultPid: null, clock: new Clock(), needs: null });
  let number = 0;
  for (const line of lines) parser.push(line, ++number);
  parser.end();
  return files.finish();
}

function use(result: FilesResult, path: string): FileUse {
  const found = result.files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`${path} is not in the result`);
  return found;
}

// ---- a model: what each process has open, and what it moved

type Step =
  | { readonly kind: 'open' | 'close' | 'read' | 'write' | 'dup' | 'pipe' | 'exec'; readonly pick: number }
  | { readonly kind: 'fork' | 'turn'; readonly pick: number };

interface Simulated {
  readonly pid: number;
  /** File and close-on-exec by descriptor; null is a pipe. */
  table: Map<number, { readonly path: string | null; readonly closeOnExec: boolean }>;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('open', 'close', 'read', 'write', 'dup', 'pipe', 'exec', 'fork', 'turn'),
    pick: fc.nat(1000),
  }),
  { maxLength: 120 },
);

function simulate(script: readonly Step[]): { lines: string[]; sums: Map<string, number[]> } {
  const lines = [
    '1 execve("/bin/first", ["first"], 0x7 /* 0 vars */) = 0',
    '1 openat(AT_FDCWD, "/z", O_RDONLY) = 3',
    '1 close(3) = 0',
  ];
  const sums = new Map<string, number[]>();
  const count = (path: string, index: number, by: number) => {
    const sum = sums.get(path) ?? [0, 0, 0];
    sum[index] = (sum[index] ?? 0) + by;
    sums.set(path, sum);
  };
  const all: Simulated[] = [{ pid: 1, table: new Map() }];
  let at = 0;
  const free = (table: Simulated['table']) => {
    let fd = 3;
    while (table.has(fd)) fd++;
    return fd;
  };
  for (const { kind, pick } of script) {
    const me = all[at];
    if (me === undefined) continue;
    const open = [...me.table.keys()];
    const fd = open[pick % Math.max(1, open.length)];
    const say = (call: string, result: number) => lines.push(`${me.pid} ${call} = ${result}`);
    const held = fd === undefined ? undefined : me.table.get(fd);
    if (kind === 'turn') at = pick % all.length;
    if (kind === 'open') {
      const path = `/f${pick % 5}`;
      const closeOnExec = pick % 2 === 0;
      const made = free(me.table);
      say(`openat(AT_FDCWD, "${path}", O_RDWR${closeOnExec ? '|O_CLOEXEC' : ''})`, made);
      me.table.set(made, { path, closeOnExec });
      count(path, 0, 1);
    }
    if (kind === 'pipe') {
      const made = free(me.table);
      me.table.set(made, { path: null, closeOnExec: false });
      const other = free(me.table);
      me.table.set(other, { path: null, closeOnExec: false });
      say(`pipe([${made}, ${other}])`, 0);
    }
    if (kind === 'fork') {
      const child = { pid: all.length + 1, table: new Map(me.table) };
      say('clone(child_stack=NULL, flags=SIGCHLD)', child.pid);
      all.push(child);
    }
    if (kind === 'exec') {
      say('execve("/bin/next", ["next"], 0x7 /* 0 vars */)', 0);
      me.table = new Map([...me.table].filter(([, { closeOnExec }]) => !closeOnExec));
    }
    if (fd === undefined || held === undefined) continue;
    if (kind === 'close') {
      say(`close(${fd})`, 0);
      me.table.delete(fd);
    }
    if (kind === 'dup') {
      const made = free(me.table);
      say(`dup(${fd})`, made);
      me.table.set(made, { ...held, closeOnExec: false });
    }
    if (kind === 'read' || kind === 'write') {
      say(`${kind}(${fd}, "..."..., 4096)`, pick);
      if (held.path !== null) count(held.path, kind === 'read' ? 1 : 2, pick);
    }
  }
  return { lines, sums };
}

describe('the accounting', () => {
  test('agrees with a model of opens, copies, pipes, forks and execs', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { lines, sums } = simulate(script);
        const found = new Map<string, number[]>();
        for (const { path, opened, read, written } of filesOf(lines).files) {
          if (path.startsWith('/f')) found.set(path, [opened, read.bytes, written.bytes]);
        }
        expect(found).toEqual(sums);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('gives a vfork child what it inherits, though its parent is known only after its exec', () => {
    const result = filesOf([
      '1 openat(AT_FDCWD, "/log", O_WRONLY) = 3',
      '1 openat(AT_FDCWD, "/secret", O_RDONLY|O_CLOEXEC) = 4',
      '1 openat(AT_FDCWD, "/list", O_RDONLY) = 5',
      '1 vfork( <unfinished ...>',
      '2 dup2(3, 1) = 1',
      '2 close(5) = 0',
      '2 execve("/bin/x", ["x"], 0x7 /* 0 vars */ <unfinished ...>',
      '1 <... vfork resumed>) = 2',
      '2 <... execve resumed>) = 0',
      '2 write(1, "four", 4) = 4',
      '2 read(4, "", 10) = 3',
      '2 read(5, "", 10) = 2',
    ]);
    expect(use(result, '/log').written.bytes).toBe(4);
    expect(use(result, '/secret').read.bytes).toBe(0);
    expect(use(result, '/list').read.bytes).toBe(0);
    expect(result.channels.unknown.read).toEqual({ calls: 2, bytes: 5 });
  });

  test('tells no bytes where descriptors may have become other files', () => {
    const lines = ['openat(AT_FDCWD, "/a", O_RDONLY) = 3', 'read(3, "x", 1) = 1'];
    expect(filesOf(lines)).toMatchObject({ tellsDescriptors: false, files: [{ read: { calls: 0, bytes: 0 } }] });
    expect(filesOf([...lines, 'close(3) = 0'])).toMatchObject({
      tellsDescriptors: true,
      files: [{ read: { bytes: 1 } }],
    });
    const named = lines.map((line) => line.replace('(3,', '(3</a>,'));
    expect(filesOf(named)).toMatchObject({ tellsDescriptors: true, files: [{ read: { bytes: 1 } }] });
  });

  test('joins names of one file once its directory is known, and keeps apart those of two', () => {
    const result = filesOf([
      '1 openat(AT_FDCWD, "a.c", O_RDONLY) = 3',
      '1 chdir("sub") = 0',
      '1 openat(AT_FDCWD, "a.c", O_RDONLY) = 4',
      '1 chdir("/home") = 0',
      '1 openat(AT_FDCWD, "b", O_RDONLY) = 5',
      '1 openat(AT_FDCWD, "/home//./b", O_RDONLY) = 6',
    ]);
    expect(result.files.map(({ path, opened }) => [path, opened])).toEqual([
      ['a.c', 1],
      ['a.c', 1],
      ['/home/b', 2],
    ]);
  });

  test('counts only the process that is asked for', () => {
    const lines = [
      '1 execve("/bin/one", ["one"], 0x7 /* 0 vars */) = 0',
      '1 fork() = 2',
      '2 execve("/bin/two", ["two"], 0x7 /* 0 vars */) = 0',
      '2 openat(AT_FDCWD, "/of-two", O_RDONLY) = 3',
      '1 openat(AT_FDCWD, "/of-one", O_RDONLY) = 3',
    ];
    const paths = (process: string) => filesOf(lines, process).files.map(({ path }) => path);
    expect(paths('2')).toEqual(['/bin/two', '/of-two']);
    expect(paths('two')).toEqual(paths('2'));
    expect(paths('/bin/one')).toEqual(['/bin/one', '/of-one']);
    expect(paths('three')).toEqual([]);
  });
});

describe('files without a name', () => {
  test('count for no directory', () => {
    const result = filesOf([
      'openat(AT_FDCWD, "/tmp", O_RDWR|O_TMPFILE, 0600) = 3',
      'write(3, "four", 4) = 4',
      'close(3) = 0',
    ]);
    expect(result.files).toEqual([]);
    expect(result.channels.none.written).toEqual({ calls: 1, bytes: 4 });
  });

  test('count for their directory where they could not be opened', () => {
    const result = filesOf([
      'openat(AT_FDCWD, "/tmp", O_RDWR|O_TMPFILE, 0600) = -1 EOPNOTSUPP (Operation not supported)',
    ]);
    expect(use(result, '/tmp').failures).toMatchObject([{ act: 'opened', errno: 'EOPNOTSUPP' }]);
  });

  test('are sockets too, whatever was open under their number', () => {
    const result = filesOf([
      'openat(AT_FDCWD, "/a", O_RDONLY) = 3',
      'recvfrom(3, "four", 4, 0, NULL, NULL) = 4',
      'sendto(3, "12345", 5, 0, NULL, 0) = 5',
    ]);
    expect(result.channels.none).toEqual({ read: { calls: 1, bytes: 4 }, written: { calls: 1, bytes: 5 } });
    expect(use(result, '/a').read.calls).toBe(0);
    expect(result.shown.has('read')).toBe(false);
  });
});

describe('a file that is unlinked', () => {
  const OPENED = '1 openat(AT_FDCWD, "/tmp/a", O_RDWR|O_CREAT) = 3';
  const UNLINKED = '1 unlink("/tmp/a") = 0';
  const CLOSED = '1 close(3) = 0';
  test.each([
    ['while its process has it open', [OPENED, UNLINKED, CLOSED], 1],
    ['after it was closed', [OPENED, CLOSED, UNLINKED], 0],
    ['in a log that shows no closes', [OPENED, UNLINKED], 0],
    ['by a child that holds it', [OPENED, '1 fork() = 2', UNLINKED.replace('1', '2'), CLOSED], 1],
    ['in vain', [OPENED, '1 unlink("/tmp/a") = -1 EACCES (Permission denied)', CLOSED], 0],
  ])('%s', (_when, lines, open) => {
    expect(use(filesOf(lines), '/tmp/a').unlinkedOpen).toBe(open);
    const text = renderFiles(filesOf(lines), trace, { color: false, width: 100 }, OVER_ALL);
    expect(text.includes('unlinked while open')).toBe(open > 0);
  });
});

const OVER_ALL = { failed: false, flat: false, byProcess: false };

const trace: TraceSummary = {
  dialect: 'strace',
  inputs: ['log'],
  joined: true,
  lines: 1,
  events: 1,
  unparsed: 0,
  diagnostics: [],
};

describe('a log with more paths than there is room for', () => {
  const MANY = 50_000;
  function* lines() {
    yield '1 execve("/bin/x", ["x"], 0x7 /* 0 vars */) = 0';
    for (let number = 0; number < MANY; number++) {
      yield `1 openat(AT_FDCWD, "/missing/${number}", O_RDONLY) = -1 ENOENT (No such file or directory)`;
      yield `1 openat(AT_FDCWD, "/there/${number}", O_RDONLY) = 3`;
      yield '1 close(3) = 0';
    }
  }

  test('keeps what was there before what was not, and says what it let go', () => {
    const result = filesOf(lines());
    expect(result.files.length).toBeGreaterThan(5_000);
    expect(result.files.length).toBeLessThan(40_000);
    expect(result.files.every((file) => !file.isMissing)).toBe(true);
    const listed = result.files.reduce((sum, file) => sum + file.calls, 0);
    expect(listed + result.letGo.calls).toBe(3 * MANY + 1);
    expect(renderFiles(result, trace, { color: false, width: 100 }, OVER_ALL)).toMatch(
      /not listed for want of room: [\d,]+ calls on other paths/,
    );
  });

  test('lets go of the processes that ended first', () => {
    function* many() {
      for (let pid = 2; pid < 20_000; pid++) {
        yield `1 fork() = ${pid}`;
        yield `${pid} execve("/bin/x", ["x"], 0x7 /* 0 vars */) = 0`;
        yield `${pid} +++ exited with 0 +++`;
      }
    }
    const result = filesOf(many(), null, true);
    expect(result.letGo.calls).toBe(0);
    expect(result.letGo.processes).toBeGreaterThan(0);
    expect(result.byProcess.at(-1)?.pid).toBe(19_999);
    expect(result.byProcess.length + result.letGo.processes).toBe(result.users);
    expect(result.files).toMatchObject([{ path: '/bin/x', executed: 19_998, processes: 19_998 }]);
    const style = { ...OVER_ALL, byProcess: true };
    expect(renderFiles(result, trace, { color: false, width: 100 }, style)).toMatch(
      /not listed for want of room: [\d,]+ earlier processes/,
    );
  });

  test('is not spoken of where there is room', () => {
    const result = filesOf(['1 open("/a", O_RDONLY) = 3', '1 close(3) = 0'], null, true);
    expect(result.letGo).toEqual({ calls: 0, processes: 0 });
    expect(renderFiles(result, trace, { color: false, width: 100 }, OVER_ALL)).not.toContain('want of room');
  });
});

describe('CSV', () => {
  test('quotes what has to be, and gives a spreadsheet no formula', () => {
    const result = filesOf([
      'open("=cmd|\' /C calc\'!A0", O_RDONLY) = 3',
      'open("/a,\\"b\\"", O_RDONLY) = 4',
      'open("/\\33[31m\\r\\n", O_RDONLY) = 5',
    ]);
    const [header, ...rows] = filesCsv(result, trace, false).split('\r\n');
    expect(header).toMatch(/^pid,program,path,path_bytes,opened,/);
    expect(rows.map((row) => row.split(',1,0,')[0])).toEqual([
      `,,./=cmd|' /C calc'!A0,${Buffer.from("./=cmd|' /C calc'!A0").toString('base64')}`,
      ',,"/a,""b""",',
      `,,/\\e[31m\\r\\n,${Buffer.from('/\x1b[31m\r\n').toString('base64')}`,
      '',
    ]);
  });
});
