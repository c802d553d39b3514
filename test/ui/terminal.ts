import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PROGRAM, ROOT } from '../cli/program.ts';

/** Whether there is a real terminal to test in. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** As long as a loaded machine may take. */
const PATIENCE_MS = 100_000;
const LOOK_MS = 50;
let terminals = 0;

/** A terminal of its own, with a shell in it that knows `forklore`. */
export class RealTerminal {
  readonly #server: readonly string[];
  readonly #commands = mkdtempSync(join(tmpdir(), 'forklore-terminal-'));

  constructor(columns: number, rows: number) {
    this.#server = ['-L', `forklore-test-${process.pid}-${++terminals}`, '-f', '/dev/null'];
    const script = `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`;
    writeFileSync(join(this.#commands, 'forklore'), script, { mode: 0o755 });
    const shell = `PATH="${this.#commands}:$PATH" PS1='$ ' TERM=screen LC_ALL=C.UTF-8 exec sh`;
    this.#tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', ROOT, shell);
    this.#tmux('set', '-g', 'set-clipboard', 'on');
    this.#tmux('set', '-g', 'status', 'off');
    this.resize(columns, rows);
  }

  /** Types a command. */
  run(command: string): void {
    this.#tmux('send-keys', '-l', command);
    this.#tmux('send-keys', 'Enter');
  }

  /** Presses keys, as tmux names them. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** The rows of the screen. */
  rows(): string[] {
    return this.#tmux('capture-pane', '-p').replace(/\n$/, '').split('\n');
  }

  /** What was put into the clipboard last. */
  clipboard(): string {
    return this.#tmux('show-buffer');
  }

  /** What tmux knows of the terminal: 'alternate_on', 'cursor_flag'. */
  ask(variable: string): string {
    return this.#tmux('display-message', '-p', `#{${variable}}`).trim();
  }

  /** Waits until the terminal's own screen is back. */
  async untilRestored(): Promise<void> {
    await this.#until(() => this.ask('alternate_on') === '0' && this.ask('cursor_flag') === '1', 'its own screen');
  }

  /** Waits until the screen shows it; the screen then. Throws what is shown where it never does. */
  async until(wanted: RegExp): Promise<string> {
    await this.#until(() => wanted.test(this.rows().join('\n')), wanted);
    return this.rows().join('\n');
  }

  async #until(isSo: () => boolean, wanted: unknown): Promise<void> {
    for (const begun = performance.now(); !isSo(); await setTimeout(LOOK_MS)) {
      if (performance.now() - begun < PATIENCE_MS) continue;
      throw new Error(`the screen never shows ${wanted}:\n${this.rows().join('\n')}`);
    }
  }

  close(): void {
    this.#tmux('kill-server');
    rmSync(this.#commands, { recursive: true, force: true });
  }

  #tmux(...words: readonly string[]): string {
    return execFileSync('tmux', [...this.#server, ...words], { encoding: 'utf8' });
  }
}
