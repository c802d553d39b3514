import { openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { ForkloreError } from '../model/errors.ts';
import { printableText } from '../render/text/printable.ts';
import type { Terminal } from '../ui/explore.ts';
import { Screen } from '../ui/screen.ts';
import type { ColorDepth } from '../ui/theme.ts';
import { Keyboard } from './keyboard.ts';
import type { ColorChoice } from './options.ts';
import { Output } from './output.ts';
import { outputView } from './terminal.ts';

const STDIN = 0;
const STDOUT = 1;
/** All processes of the shell's job. */
const OWN_GROUP = 0;

/** They would end the program with the terminal as it is then. SIGINT and SIGTERM are seen to by the command. */
const DEADLY = ['SIGHUP', 'SIGQUIT'] as const;

/** Another screen, without a cursor, on which a row that is too long does not go on in the next. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const ERASE_SCREEN = '\x1b[2J\x1b[H';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/** Of a terminal that does not tell its size. */
const USUAL_COLUMNS = 80;
const USUAL_ROWS = 24;
/** Time in which a stop that was asked for happens, unless nobody could continue the program. */
const STOP_MS = 50;

/** The terminal, taken over for a screen of our own until it is restored. */
export class FullScreen implements Terminal {
  readonly keyboard: Keyboard;
  readonly colors: ColorDepth;
  readonly #screen = new Screen();
  readonly #listeners = new Set<() => void>();
  readonly #restore = (): void => this.restore();
  readonly #changed = (): void => this.#redraw();
  readonly #die = (signal: NodeJS.Signals): void => this.#endBy(signal);
  readonly #suspend = (): void => this.#stop();
  readonly #continue = (): void => this.#takeAgain();
  #frame: readonly string[] = [];
  #isOurs = false;

  /** Throws 'no-terminal' where there is none to show something on, or none to press keys on. */
  constructor(color: ColorChoice) {
    const { TERM: kind } = process.env;
    if (!isatty(STDOUT) || kind === 'dumb') {
      throw new ForkloreError('no-terminal', 'view needs a terminal to show something on, and standard output is none');
    }
    this.keyboard = openKeyboard();
    this.colors = colorDepth(color);
  }

  get columns(): number {
    return process.stdout.columns || USUAL_COLUMNS;
  }

  get rows(): number {
    return process.stdout.rows || USUAL_ROWS;
  }

  /**
   * Shows an empty screen with one sentence: what draws the rest takes a while to load. However the process ends from
   * here on, the terminal will be as it was.
   */
  enter(sentence: string): void {
    process.on('exit', this.#restore);
    for (const signal of DEADLY) process.on(signal, this.#die);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#continue);
    process.stdout.on('resize', this.#changed);
    this.#take();
    writeNow(` ${printableText(sentence)}`);
  }

  readonly onResize = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly show = (frame: readonly string[]): void => {
    this.#frame = frame;
    if (this.#isOurs) writeNow(this.#screen.show(frame));
  };

  readonly copy = (text: string): void => {
    writeNow(`\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`);
  };

  /** As Ctrl-Z does where the terminal itself sees to it: all that the shell began with us is stopped. */
  readonly suspend = (): void => {
    if (process.platform !== 'win32') process.kill(OWN_GROUP, 'SIGTSTP');
  };

  /** Makes the terminal what it was before. */
  restore(): void {
    process.off('exit', this.#restore);
    for (const signal of DEADLY) process.off(signal, this.#die);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#continue);
    process.stdout.off('resize', this.#changed);
    this.#giveBack();
    this.keyboard.destroy();
  }

  #take(): void {
    this.#isOurs = true;
    // Said twice: who had the terminal meanwhile has changed its mode, and that is not known here.
    this.keyboard.setRawMode(false);
    this.keyboard.setRawMode(true);
    writeNow(`${ENTER}${ERASE_SCREEN}`);
  }

  #giveBack(): void {
    if (!this.#isOurs) return;
    this.#isOurs = false;
    this.keyboard.setRawMode(false);
    writeNow(LEAVE);
  }

  /** The signal does what it does to others, with the terminal as it was before. */
  #endBy(signal: NodeJS.Signals): void {
    try {
      this.restore();
    } catch {
      // There is no terminal any more: that is what SIGHUP tells.
    }
    process.kill(process.pid, signal);
  }

  /** As for any other program. */
  #stop(): void {
    this.#giveBack();
    process.off('SIGTSTP', this.#suspend);
    process.kill(process.pid, 'SIGTSTP');
    setTimeout(() => {
      process.on('SIGTSTP', this.#suspend);
      if (!this.#isOurs) this.#takeAgain();
    }, STOP_MS);
  }

  #takeAgain(): void {
    this.#take();
    this.#redraw();
  }

  /** The size may be another one. */
  #redraw(): void {
    this.#screen.forget();
    this.show(this.#frame);
    for (const listener of this.#listeners) listener();
  }
}

function writeNow(text: string): void {
  const stdout = new Output(STDOUT);
  stdout.write(text);
  stdout.flush();
}

/** Standard input where it is a terminal; where the trace comes from there, the terminal itself. */
function openKeyboard(): Keyboard {
  if (isatty(STDIN)) return new Keyboard(STDIN);
  try {
    return new Keyboard(openSync('/dev/tty', 'r'));
  } catch (error) {
    throw new ForkloreError('no-terminal', 'view needs a terminal to press keys on, and there is none', {
      cause: error,
    });
  }
}

function colorDepth(choice: ColorChoice): ColorDepth {
  if (!outputView(choice).color) return 'none';
  const { COLORTERM: depth } = process.env;
  return depth === 'truecolor' || depth === '24bit' ? 'truecolor' : '16';
}
