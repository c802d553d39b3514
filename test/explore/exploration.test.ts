import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { Exploration, Filter } from '../../src/explore/exploration.ts';
import { parseQuery, type Query } from '../../src/explore/query.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import { writeEvent, writeHeader } from '../../src/ndjson/write.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { allProcesses, allRows, explore, exploreLive, explorePipe, shown, until } from './reading.ts';

const folder = mkdtempSync(join(tmpdir(), 'explored-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const LINES = [
  '100 1700000010.000001 execve("./parent", ["./parent", "-x"], 0x7ffd /* 3 vars */) = 0',
  '100 1700000010.000100 openat(AT_FDCWD, "in/config.txt", O_RDONLY) = 3',
  '100 1700000010.000200 read(3, "abc", 4096) = 3',
  '100 1700000010.000300 clone(child_stack=NULL, flags=SIGCHLD) = 101',
  '101 1700000010.000400 close(3) = 0',
  '101 1700000010.000500 openat(AT_FDCWD, "in/data.txt", O_RDONLY) = 3',
  '100 1700000010.000600 wait4(-1,  <unfinished ...>',
  '101 1700000010.000700 openat(AT_FDCWD, "in/missing.txt", O_RDONLY) = -1 ENOENT (No such file or directory)',
  '101 1700000010.000800 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---',
  '101 1700000010.000900 +++ killed by SIGSEGV +++',
  '100 1700000010.001000 <... wait4 resumed>[{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}], 0, NULL) = 101',
  '100 1700000010.001100 access("/none", F_OK) = -1 EACCES (Permission denied)',
  '100 1700000010.001200 exit_group(1) = ?',
  '100 1700000010.001300 +++ exited with 1 +++',
];
const LOG = LINES.map((line) => `${line}\n`).join('');
const PARENT = 0;
const CHILD = 1;
const EVERYTHING = { process: null, filters: [] };
const never = new AbortController().signal;

const path = file('crash.log', LOG);

async function opened(name = path): Promise<Exploration> {
  const exploration = await explore(name);
  await until(exploration, () => exploration.progress().done);
  expect(allProcesses(exploration).map(({ key }) => key)).toEqual(
    [PARENT, CHILD].slice(0, exploration.processes().length),
  );
  return exploration;
}

function query(typed: string): Query {
  const parsed = parseQuery(typed);
  if (parsed === null) throw new Error(`${typed} is no query`);
  return parsed;
}

describe('the tree', () => {
  test('tells how each process ended, and when', async () => {
    const exploration = await opened();
    expect(allProcesses(exploration)).toMatchObject([
      { key: PARENT, parentKey: null, depth: 0, pid: 100, program: './parent', fate: 'failed', status: 1 },
      { key: CHILD, parentKey: PARENT, depth: 1, pid: 101, program: './parent', fate: 'crashed', signal: 'SIGSEGV' },
    ]);
    expect(allProcesses(exploration).map(({ durationNs }) => durationNs)).toEqual([1_299_000, 600_000]);
    expect(exploration.crashes()).toEqual([CHILD]);
    expect(exploration.progress()).toMatchObject({ lines: 14, unparsed: 0, done: true, trouble: null });
    await exploration.close();
  });

  test('is the same until something changes', async () => {
    const exploration = await opened();
    expect(exploration.processes()).toBe(exploration.processes());
    await exploration.close();
  });
});

describe('a list', () => {
  test('shows a call that other lines interrupted where it began', async () => {
    const exploration = await opened();
    const rows = await allRows(exploration, exploration.events({ process: PARENT, filters: [] }));
    expect(shown(rows)).toEqual([
      '1 execve',
      '2 openat',
      '3 read',
      '4 clone',
      '7 wait4',
      '12 access',
      '13 exit_group',
      '14 exit',
    ]);
    expect(rows[4]?.event).toMatchObject({ endLine: 11, result: '101', atNs: 599_000 });
    await exploration.close();
  });

  test('finds the event of any of its lines, and the next one for a line of none', async () => {
    const exploration = await opened();
    const list = exploration.events({ process: PARENT, filters: [] });
    await allRows(exploration, list);
    expect([1, 7, 11, 5, 15].map((line) => list.indexOfLine(0, line))).toEqual([0, 4, 4, 4, -1]);
    expect([list.placeAt(4)?.line, list.placeAt(8)]).toEqual([7, null]);
    await exploration.close();
  });

  test('gives the lines as they are printed', async () => {
    const exploration = await opened();
    const list = exploration.events({ process: PARENT, filters: [] });
    await allRows(exploration, list);
    expect(await list.printed(4)).toEqual([LINES[6], LINES[10]]);
    expect(await list.printed(0)).toEqual([LINES[0]]);
    expect(await list.printed(8)).toEqual([]);
    await exploration.close();
  });

  test('goes to the next call that failed, and to the one before', async () => {
    const exploration = await opened();
    const list = exploration.events(EVERYTHING);
    await allRows(exploration, list);
    const lineOf = (index: number | null) => (index === null ? null : list.placeAt(index)?.line);
    expect(lineOf(list.nextFailed(0, 1))).toBe(8);
    expect(lineOf(list.nextFailed(list.indexOfLine(0, 8), 1))).toBe(12);
    expect(lineOf(list.nextFailed(list.indexOfLine(0, 12), -1))).toBe(8);
    expect(list.nextFailed(list.indexOfLine(0, 8), -1)).toBeNull();
    await exploration.close();
  });

  test('searches forwards and backwards, in all lines of a call', async () => {
    const exploration = await opened();
    const list = exploration.events(EVERYTHING);
    await allRows(exploration, list);
    const find = async (typed: string, line: number, direction: 1 | -1) => {
      const index = await list.search(query(typed), list.indexOfLine(0, line), direction, never);
      return index === null ? null : list.placeAt(index)?.line;
    };
    expect(await find('in/', 2, 1)).toBe(6);
    expect(await find('in/', 8, -1)).toBe(6);
    expect(await find('WTERMSIG', 1, 1)).toBe(7);
    expect(await find('enoent', 1, 1)).toBe(8);
    expect(await find('Enoent', 1, 1)).toBeNull();
    expect(await find('/si_addr=(NULL|0x)/', 1, 1)).toBe(9);
    expect(await list.search(query('in/'), 0, 1, AbortSignal.abort())).toBeNull();
    await exploration.close();
  });
});

describe('filters', () => {
  const some = (filter: object): Filter =>
    ({ excludes: false, kind: 'error', errno: null, ...filter }) satisfies Filter;

  test.each<[string, Filter[], number[]]>([
    ['calls', [{ excludes: false, kind: 'call', names: ['openat', 'read'] }], [2, 3, 6, 8]],
    [
      'other calls',
      [{ excludes: true, kind: 'call', names: ['openat', 'read', 'close'] }],
      [1, 4, 7, 9, 10, 12, 13, 14],
    ],
    ['whatever failed', [some({ errno: null })], [8, 12]],
    ['one error', [some({ errno: 'EACCES' })], [12]],
    ['a path', [{ excludes: false, kind: 'path', text: 'in/' }], [2, 6, 8]],
    ['no path', [{ excludes: true, kind: 'path', text: 'in/' }], [1, 3, 4, 5, 7, 9, 10, 12, 13, 14]],
    ['a time', [{ excludes: false, kind: 'time', fromNs: 399_000, toNs: 599_000 }], [5, 6]],
    ['from a time on', [{ excludes: false, kind: 'time', fromNs: 1_199_000, toNs: null }], [13, 14]],
    ['a text', [{ excludes: false, kind: 'text', query: query('sigsegv') }], [7, 9, 10]],
    [
      'several at once',
      [
        { excludes: false, kind: 'call', names: ['openat'] },
        { excludes: false, kind: 'path', text: '.txt' },
        { excludes: true, kind: 'error', errno: null },
      ],
      [2, 6],
    ],
  ])('keep what passes: %s', async (_, filters, lines) => {
    const exploration = await opened();
    const rows = await allRows(exploration, exploration.events({ process: null, filters }));
    expect(rows.map(({ event }) => event.line)).toEqual(lines);
    await exploration.close();
  });

  test('hold what is escaped in the log against what is typed', async () => {
    const name = file('escaped.log', '1 openat(AT_FDCWD, "/caf\\303\\251.txt", O_RDONLY) = 3\n1 close(3) = 0\n');
    const exploration = await opened(name);
    const filter: Filter = { excludes: false, kind: 'path', text: 'café' };
    expect(shown(await allRows(exploration, exploration.events({ process: null, filters: [filter] })))).toEqual([
      '1 openat',
    ]);
    await exploration.close();
  });
});

describe('what a process did', () => {
  test('its files: opened, failed, read, and what is still open', async () => {
    const exploration = await opened();
    const none = { calls: 0, bytes: 0 };
    expect(await exploration.files(PARENT)).toMatchObject([
      { path: './parent', opened: 0, stillOpen: false },
      { path: 'in/config.txt', opened: 1, failed: 0, read: { calls: 1, bytes: 3 }, written: none, stillOpen: true },
      { path: '/none', opened: 0, failed: 1, failures: [{ errno: 'EACCES' }], stillOpen: false },
    ]);
    expect(await exploration.files(CHILD)).toMatchObject([
      { path: 'in/config.txt', stillOpen: false },
      { path: 'in/data.txt', opened: 1, stillOpen: true },
      { path: 'in/missing.txt', opened: 0, failed: 1, stillOpen: false },
    ]);
    expect(await exploration.files(7)).toEqual([]);
    await exploration.close();
  });

  test('its crash: the file, why, and what came before', async () => {
    const exploration = await opened();
    const story = await exploration.story(CHILD);
    expect(story?.crash).toMatchObject({ pid: 101, signal: 'SIGSEGV', culprit: { path: 'in/data.txt' } });
    expect(story?.crash.explanation?.reason?.kind).toBe('null-pointer');
    expect(shown(story?.lastEvents ?? [])).toEqual(['5 close', '6 openat', '8 openat', '9 signal']);
    expect(await exploration.story(PARENT)).toBeNull();
    await exploration.close();
  });

  test('its command, or that of its parent where it called none', async () => {
    const exploration = await opened();
    for (const key of [PARENT, CHILD]) {
      expect(await exploration.rerun(key)).toMatchObject({ program: './parent', place: { line: 1 } });
    }
    await exploration.close();
  });
});

describe('writing', () => {
  test('gives the events to a new file, as they are read from the log', async () => {
    const exploration = await opened();
    const filters: Filter[] = [{ excludes: false, kind: 'call', names: ['openat', 'wait4'] }];
    const list = exploration.events({ process: null, filters });
    await allRows(exploration, list);
    const written = join(folder, 'written.ndjson');
    expect(await list.write(written, never)).toBe(4);
    const events: TraceEvent[] = [];
    const event = (event: TraceEvent): void => {
      events.push(event);
    };
    await readTrace([written], {}, { start() {}, event, diagnostic() {} });
    expect(events).toEqual((await list.rows(0, 9)).map((row) => row.event));
    await expect(list.write(written, never)).rejects.toMatchObject({ code: 'EEXIST' });
    await exploration.close();
  });
});

describe('a saved log', () => {
  test('is known to be one before anything of it was read', async () => {
    const exploration = await explore(path);
    expect(exploration.progress()).toMatchObject({ bytes: 0, totalBytes: statSync(path).size });
    await exploration.close();
  });
});

describe('a live pipe', () => {
  test('grows, tells of a crash, and puts a call that returns late where it began', async () => {
    const { pipe, exploration } = await exploreLive(`${LINES.slice(0, 9).join('\n')}\n`);
    const list = exploration.events(EVERYTHING);
    await until(exploration, () => list.length === 8);
    expect(exploration.progress()).toMatchObject({ done: false, totalBytes: null });
    expect(allProcesses(exploration).map(({ fate }) => fate)).toEqual(['running', 'running']);
    expect(list.complete).toBe(false);
    pipe.write(`${LINES.slice(9, 12).join('\n')}\n`);
    await until(exploration, () => list.length === 11);
    expect(exploration.crashes()).toEqual([CHILD]);
    expect(shown(await list.rows(5, 8))).toEqual(['6 openat', '7 wait4', '8 openat']);
    expect((await exploration.story(CHILD))?.crash.culprit?.path).toBe('in/data.txt');
    pipe.end(`${LINES.slice(12).join('\n')}\n`);
    await until(exploration, () => list.complete);
    expect(allProcesses(exploration).map(({ fate }) => fate)).toEqual(['failed', 'crashed']);
    await exploration.close();
  });

  test('ends with the exploration, also while it is silent', async () => {
    const { pipe, exploration } = await exploreLive(LOG);
    await exploration.close();
    expect(pipe.destroyed).toBe(true);
  });

  test.runIf(process.platform !== 'win32')('leaves no name in the temporary directory', async () => {
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    try {
      const exploration = await explorePipe(Buffer.from(LOG));
      const rows = await allRows(exploration, exploration.events(EVERYTHING));
      expect(rows).toHaveLength(13);
      expect(readdirSync(temporary)).toEqual([]);
      await exploration.close();
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});

describe('other inputs', () => {
  test('a compressed log is kept as it is unpacked', async () => {
    const exploration = await opened(file('crash.log.gz', gzipSync(LOG)));
    const rows = await allRows(exploration, exploration.events(EVERYTHING));
    expect(rows.map(({ event }) => event.line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14]);
    expect((await exploration.story(CHILD))?.crash.explanation?.reason?.kind).toBe('null-pointer');
    await exploration.close();
  });

  test('our own format is read from its own lines', async () => {
    const rows: TraceEvent[] = [];
    const event = (event: TraceEvent): void => {
      rows.push(event);
    };
    const header = { dialect: 'strace', inputs: ['crash.log'], joined: true } as const;
    await readTrace([path], {}, { start() {}, event, diagnostic() {} });
    const exploration = await opened(
      file('crash.ndjson', `${writeHeader(header)}\n${rows.map((row) => writeEvent(row)).join('')}`),
    );
    const list = exploration.events({ process: CHILD, filters: [] });
    expect(shown(await allRows(exploration, list))).toEqual([
      '5 close',
      '6 openat',
      '8 openat',
      '9 signal',
      '10 killed',
    ]);
    expect((await exploration.story(CHILD))?.crash.explanation?.reason?.kind).toBe('null-pointer');
    await exploration.close();
  });

  test('several logs stand one after another', async () => {
    const second = file('second.log', '100 1700000020.5 close(9) = 0\n100 1700000020.6 +++ exited with 0 +++\n');
    const exploration = await explore(path, second);
    const list = exploration.events(EVERYTHING);
    const rows = await allRows(exploration, list);
    expect(rows.slice(-3).map(({ event }) => [event.input, event.line])).toEqual([
      [0, 14],
      [1, 1],
      [1, 2],
    ]);
    expect(allProcesses(exploration).map(({ pid, fate }) => `${pid} ${fate}`)).toEqual([
      '100 failed',
      '101 crashed',
      '100 exited',
    ]);
    expect([list.indexOfLine(1, 1), list.indexOfLine(0, 40)]).toEqual([13, 13]);
    await exploration.close();
  });

  test.each(['plain', 'gz'])('the files of a set are one list in order of time: %s', async (packing) => {
    const set = join(folder, `set-${packing}`);
    mkdirSync(set);
    for (const pid of ['100', '101']) {
      const lines = LINES.filter((line) => line.startsWith(pid) && !line.includes('<')).map((line) => line.slice(4));
      const text = `${lines.join('\n')}\n`;
      if (packing === 'gz') writeFileSync(join(set, `trace.${pid}.gz`), gzipSync(text));
      else writeFileSync(join(set, `trace.${pid}`), text);
    }
    const exploration = await opened(set);
    const rows = await allRows(exploration, exploration.events(EVERYTHING));
    expect(rows.map(({ event }) => `${event.pid} ${event.atNs}`).slice(2, 6)).toEqual([
      '100 199000',
      '100 299000',
      '101 399000',
      '101 499000',
    ]);
    expect((await exploration.files(CHILD)).map((row) => row.path)).toContain('in/data.txt');
    await exploration.close();
  });

  test('what cannot be read is said at once', async () => {
    await expect(explore(join(folder, 'nothing-here'))).rejects.toMatchObject({ code: 'unreadable-input' });
    await expect(explore(file('prose.txt', 'once upon a time\n'))).rejects.toMatchObject({ code: 'not-a-trace' });
  });
});
