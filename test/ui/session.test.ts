import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { explore } from '../explore/reading.ts';
import { ENTER, ESCAPE, TAB, type Viewing, viewOf } from './viewing.ts';

const STACK = 'samples/strace/rustc-stack.strace';
const folder = mkdtempSync(join(tmpdir(), 'forklore-session-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function screen(viewing: Viewing): string {
  return stripVTControlCharacters(viewing.rows().join('\n'));
}

async function viewing(use: (viewing: Viewing) => Promise<void>): Promise<void> {
  const opened = await viewOf(await explore(STACK), 120, 40);
  try {
    await use(opened);
  } finally {
    await opened.close();
  }
}

/** What the row at the cursor of the events speaks of: line and text below the list. */
function chosen(view: Viewing): string {
  return /─ (\S+) ─+\n[^│]*│ (.*)/.exec(screen(view))?.slice(1).join(' ') ?? '';
}

test('a search finds plain text and expressions, on and back', () =>
  viewing(async (view) => {
    await view.press('1', TAB, '/', 'opcode_costs', ENTER);
    expect(chosen(view)).toMatch(/:350 openat\(AT_FDCWD, "\/home/);
    await view.press('/', '/= -1 E[A-Z]+/', ENTER, 'N');
    expect(screen(view)).toContain(' = -1 E');
    await view.press('G', 'n');
    expect(screen(view)).toContain('went on from the top');
    await view.press('/', 'nowhere to be found', ENTER);
    expect(screen(view)).toContain('no match');
  }));

test('filters hold together and are dropped one by one', () =>
  viewing(async (view) => {
    await view.press('1', 'f', 'openat', ENTER, 'f', 'not:error', ENTER);
    expect(screen(view)).toMatch(/1 {2}openat {2}2 {2}not:error/);
    expect(screen(view)).not.toMatch(/mmap\(|ENOENT/);
    await view.press('f', '2', ENTER);
    expect(screen(view)).toContain('ENOENT');
    await view.press('F');
    expect(screen(view)).toContain('mmap(');
  }));

test('the event at the cursor stays there when filters come and go', () =>
  viewing(async (view) => {
    await view.press('1', TAB, ':', '347', ENTER);
    const before = chosen(view);
    expect(before).toContain(':347');
    await view.press('f', 'openat', ENTER);
    expect(chosen(view)).toBe(before);
    await view.press('F');
    expect(chosen(view)).toBe(before);
  }));

test('a line is found in another process, and under filters that hide it', () =>
  viewing(async (view) => {
    await view.press('1', TAB, 'f', 'mmap', ENTER, ':', '1', ENTER);
    expect(chosen(view)).toMatch(/:1 execve/);
    await view.press(':', '9', '9', '9', '9', ENTER);
    expect(screen(view)).toContain('no event at line 9,999 or below');
  }));

test('a mark leads to its event, whatever the filters are by then', () =>
  viewing(async (view) => {
    await view.press('1', TAB, ':', '347', ENTER, 'm', 'a');
    const marked = chosen(view);
    await view.press('f', 'openat', ENTER, 'G', "'", 'a');
    expect(chosen(view)).toBe(marked);
    expect(screen(view)).toMatch(/1 {2}openat/);
    await view.press('F', 'f', 'mmap', ENTER, "'", 'a');
    expect(chosen(view)).toBe(marked);
    expect(screen(view)).not.toMatch(/1 {2}mmap/);
  }));

test('a story leads to its lines, and a file to what was done with it', () =>
  viewing(async (view) => {
    await view.press(TAB, 'j', 'j', ENTER);
    expect(chosen(view)).toContain(':350');
    await view.press('2', 'G', ENTER);
    expect(screen(view)).toMatch(/1 {2}path:\/home\/me\/opcodes/);
    expect(screen(view)).toContain('openat(');
  }));

test('an event is looked at as it stands in the log', () =>
  viewing(async (view) => {
    const lines = readFileSync(STACK, 'latin1').split('\n');
    await view.press('1', TAB, ':', '350', ENTER, ENTER);
    expect(screen(view).replace(/\n[^│]*│ /g, '')).toContain(lines[349]?.slice(0, 60));
    await view.press(ESCAPE);
    expect(chosen(view)).toContain(':350');
  }));

test('what is copied is the line, the path as a shell takes it, or the command', () =>
  viewing(async (view) => {
    await view.press('1', TAB, ':', '350', ENTER, 'y', '2', 'y', 'Y');
    const [line, path, command] = view.copied;
    expect(line).toBe(readFileSync(STACK, 'latin1').split('\n')[349]);
    expect(path).toMatch(/^\/\S+$/);
    expect(command).toMatch(/^\(cd \/home\/me\/opcodes && /);
  }));

test('of a story the whole of a path is copied that is cut on the screen', () =>
  viewing(async (view) => {
    await view.press('3', TAB, 'j', 'j', 'y');
    expect(screen(view)).toMatch(/culprit +…/);
    expect(view.copied).toEqual(['/home/me/opcodes/target/debug/build/opcodes-c38e9a29f7359ea2/out/opcode_costs.rs']);
  }));

test('what is written is what is shown, and nothing is overwritten', () =>
  viewing(async (view) => {
    const path = join(folder, 'opens.ndjson');
    await view.press('1', 'f', 'openat', ENTER, 'w', '\x15', path, ENTER);
    expect(screen(view)).toMatch(/wrote [\d,]+ events/);
    const [header = '', ...events] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(header).toContain('"forklore/events"');
    expect(events.filter((event) => event.includes('"kind":"syscall"') && !event.includes('"openat"'))).toEqual([]);
    await view.press('w', '\x15', path, ENTER);
    expect(screen(view)).toContain('is there already');
  }));

test('a label of a story that is too long stands above its text', async () => {
  const view = await viewOf(await explore('samples/strace/work.strace'), 120, 40);
  await view.press('c');
  expect(screen(view)).toMatch(/│ then looked at +\n[^│]*│ {13}\S/);
  await view.close();
});

test('times are those of the trace, or between events', () =>
  viewing(async (view) => {
    await view.press('1');
    expect(screen(view)).toMatch(/0\.125702 {2}chdir/);
    await view.press('t');
    expect(screen(view)).toMatch(/\+268 µs {2}execve/);
  }));
