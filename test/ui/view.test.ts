import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CRASH_LOG, forklore, ROOT } from '../cli/program.ts';
import { hasTmux, RealTerminal } from './terminal.ts';

const STACK = 'samples/strace/rustc-stack.strace';
const folder = mkdtempSync(join(tmpdir(), 'forklore-view-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The shell waits for a command. */
const PROMPT = /^\$ *$/m;

describe('without a terminal', () => {
  test('view says so in one sentence', async () => {
    expect(await forklore(['view', STACK])).toEqual({
      stdout: '',
      stderr: 'forklore: view needs a terminal to show something on, and standard output is none\n',
      status: 2,
    });
  });
});

describe.skipIf(!hasTmux)('in a terminal', { timeout: 300_000 }, () => {
  let terminal: RealTerminal;
  beforeEach(() => {
    terminal = new RealTerminal(100, 30);
  });
  afterEach(() => terminal.close());

  /** Nothing of the view is left: not its screen, not its keyboard. */
  async function expectRestored(status: number): Promise<void> {
    await terminal.until(PROMPT);
    terminal.run('echo over $?');
    const screen = await terminal.until(new RegExp(`^over ${status}$`, 'm'));
    expect(screen).toContain('$ forklore view');
    expect(terminal.ask('alternate_on')).toBe('0');
    expect(terminal.ask('cursor_flag')).toBe('1');
    // What is typed is seen again.
    expect(screen).toContain('$ echo over $?');
  }

  test('view shows the crash first, and the way to it', async () => {
    terminal.run(`forklore view ${STACK}`);
    const story = await terminal.until(/culprit/);
    expect(story).toMatch(/rustc \(pid 22403\) SIGSEGV/);
    expect(story).toMatch(/opcode_costs\.rs/);
    terminal.press('1', 'Tab', 'G');
    await terminal.until(/killed by SIGSEGV/);
    terminal.press('/');
    terminal.run('opcode_costs');
    terminal.press('N');
    await terminal.until(/opcode_costs\.rs"…?.* = 9/);
    terminal.press('f');
    terminal.run('openat');
    terminal.press('f');
    terminal.run('error:ENOENT');
    await terminal.until(/1 {2}openat {2,}2 {2}error:ENOENT/);
    // At once, while the list is filled again.
    terminal.run('F:353');
    await terminal.until(/:353 ─/);
    expect(await terminal.until(/events 169/)).not.toMatch(/error:ENOENT/);
    terminal.press('q');
    await expectRestored(0);
  });

  test('view copies into the clipboard of the terminal', async () => {
    terminal.run(`forklore view ${STACK}`);
    await terminal.until(/culprit/);
    terminal.press('Y');
    await terminal.until(/copied the command of rustc/);
    expect(terminal.clipboard()).toMatch(/^\(cd \/home\/me\/opcodes && .*rustc --crate-name opcodes/);
    terminal.press('q');
  });

  test('view writes the events it shows, as events does', async () => {
    const path = join(folder, 'written.ndjson');
    terminal.run(`forklore view ${CRASH_LOG}`);
    await terminal.until(/culprit/);
    terminal.press('g', '1', 'w', 'C-u');
    terminal.run(path);
    await terminal.until(/wrote [\d,]+ events/);
    terminal.press('w', 'C-u');
    terminal.run(path);
    await terminal.until(/is there already/);
    terminal.press('q');
    const [header = ''] = readFileSync(path, 'utf8').split('\n', 1);
    expect(header).toMatch(/^\{"format":"forklore\/events"/);
  });

  test('view is redrawn for another size', async () => {
    terminal.run(`forklore view ${STACK}`);
    await terminal.until(/culprit/);
    terminal.resize(60, 16);
    await terminal.until(/\? help *\n*$/);
    expect(terminal.rows()).toHaveLength(16);
    terminal.press('?');
    await terminal.until(/crash after, before/);
    terminal.press('q');
    await expectRestored(0);
  });

  test('a live pipe grows, tells of a crash, and leaves the keyboard free', async () => {
    const [head, tail] = [join(folder, 'head'), join(folder, 'tail')];
    const lines = readFileSync(join(ROOT, STACK), 'latin1').split('\n');
    writeFileSync(head, `${lines.slice(0, 200).join('\n')}\n`, 'latin1');
    writeFileSync(tail, lines.slice(200).join('\n'), 'latin1');
    const gate = join(folder, 'gate');
    const spools = mkdtempSync(join(folder, 'spools-'));
    terminal.run(
      `{ cat ${head}; while ! test -e ${gate}; do sleep 0.1; done; cat ${tail}; sleep 60; } | TMPDIR=${spools} forklore view`,
    );
    await terminal.until(/reading/);
    await terminal.until(/cargo/);
    terminal.press('1', 'Tab', 'j');
    // A key takes away what was told before it.
    await terminal.until(/ 2\/[\d,]+/);
    writeFileSync(gate, '');
    await terminal.until(/rustc \(pid 22403\) crashed: SIGSEGV.*c goes there/);
    terminal.press('c');
    await terminal.until(/culprit/);
    terminal.press('q');
    await terminal.untilRestored();
    expect(readdirSync(spools)).toEqual([]);
  });

  test('a silent pipe can be left', async () => {
    terminal.run('sleep 60 | forklore view');
    await terminal.until(/waiting for the first lines/);
    terminal.press('q');
    await terminal.untilRestored();
  });

  test('Ctrl-C leaves the terminal as it was', async () => {
    terminal.run(`forklore view ${STACK}`);
    await terminal.until(/culprit/);
    terminal.press('C-c');
    await expectRestored(130);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('%s leaves the terminal as it was', async (signal, status) => {
    const pid = join(folder, `pid-${signal}`);
    terminal.run(`sh -c 'echo $$ > ${pid}; exec forklore view ${STACK}'; echo over $?`);
    await terminal.until(/culprit/);
    process.kill(Number(readFileSync(pid, 'utf8')), signal);
    await terminal.until(new RegExp(`^over ${status}$`, 'm'));
    await terminal.untilRestored();
  });

  test('keys that come together are taken one after another, an Escape among them', async () => {
    terminal.run(`forklore view ${STACK}`);
    await terminal.until(/culprit/);
    terminal.press('1', 'Tab', '/', 'Escape', 'j', 'j', 'Down', 'C-Down', '/', 'é', '語', 'BSpace');
    await terminal.until(/^ \/é *$/m);
    terminal.press('Escape');
    await terminal.until(/ 5\/169/);
    terminal.press('q');
    await expectRestored(0);
  });

  test('Ctrl-Z gives the terminal back until the shell continues', async () => {
    terminal.run(`forklore view ${STACK}`);
    await terminal.until(/culprit/);
    terminal.press('C-z');
    await terminal.until(/Stopped/);
    expect(terminal.ask('alternate_on')).toBe('0');
    expect(terminal.ask('cursor_flag')).toBe('1');
    terminal.run('echo meanwhile');
    await terminal.until(/^meanwhile$/m);
    terminal.resize(90, 24);
    terminal.run('fg');
    await terminal.until(/culprit/);
    expect(terminal.rows()).toHaveLength(24);
    terminal.press('?');
    await terminal.until(/crash after, before/);
    terminal.press('q');
    await expectRestored(0);
  });

  test('an error of its own is told when the terminal is as it was', async () => {
    const thrower = join(folder, 'thrower.mjs');
    const cue = join(folder, 'cue');
    writeFileSync(
      thrower,
      `import { existsSync } from 'node:fs';
const timer = setInterval(() => {
  if (!existsSync('${cue}')) return;
  clearInterval(timer);
  throw new Error('on purpose');
}, 50);
`,
    );
    terminal.run(`clear; NODE_OPTIONS='--import ${thrower}' forklore view ${STACK}`);
    await terminal.until(/culprit/);
    writeFileSync(cue, '');
    await terminal.until(/on purpose/);
    await terminal.until(/an error in forklore itself/);
    await terminal.until(PROMPT);
    terminal.run('echo over $?');
    await terminal.until(/^over 2$/m);
    expect(terminal.ask('alternate_on')).toBe('0');
    expect(terminal.ask('cursor_flag')).toBe('1');
  });

  test('what cannot be read is told, and nothing else is left', async () => {
    terminal.run('forklore view no-such-file');
    await terminal.until(/forklore: no-such-file/);
    await expectRestored(2);
  });

  test('a large log answers while it is read', async () => {
    const large = join(folder, 'large.strace');
    writeLarge(large);
    terminal.run(`forklore view ${large}`);
    await terminal.until(/reading \d+ %/);
    terminal.press('?');
    expect(await terminal.until(/crash after, before/)).toMatch(/reading \d+ %/);
    terminal.press('?', '1', 'Tab', 'j', 'j');
    await terminal.until(/3\/[\d,]+/);
    terminal.press('q');
    await expectRestored(0);
  });
});

/** A log of some 40 MB: a recorded one again and again, with other pids. */
function writeLarge(path: string): void {
  const log = readFileSync(join(ROOT, CRASH_LOG), 'latin1');
  let text = '';
  for (let turn = 0; text.length < 40e6; turn++)
    text += log.replace(/\b11[89]\d\d\b/g, (pid) => String(Number(pid) + turn * 100));
  writeFileSync(path, text, 'latin1');
}
