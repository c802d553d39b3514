import { openSync } from 'node:fs';
import { isatty, ReadStream, WriteStream } from 'node:tty';
import { ForkloreError } from '../model/errors.ts';
import { printableText } from '../render/text/printable.ts';
import type { Terminal } from '../ui/explore.tsx';
import { Screen } from '../ui/screen.ts';
import type { ColorDepth } from '../ui/theme.ts';
import type { ColorChoice } from './options.ts';
import { Output } from './output.ts';
import { outputView } from './terminal.ts';

const STDIN = 0;
const STDOUT = 1;

/** Another screen, without a cursor, on which a row that is too long does not go on in the next. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const ERASE_SCREEN = '\x1b[2J\x1b[H';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/** The terminal, taken over for a screen of our own until it is restored. */
export class FullScreen implements Terminal {
  readonly output: FrameOutput;
  readonly keyboard: NodeJS.ReadStream;
  readonly colors: ColorDepth;
  readonly #restore = (): void => this.restore();
  #isEntered = false;

  /** Throws 'no-terminal' where there is none to show something on, or none to press keys on. */
  constructor(color: ColorChoice) {
    const { TERM: kind } = process.env;
    if (!isatty(STDOUT) || kind === 'dumb') {
      throw new ForkloreError('no-terminal', 'view needs a terminal to show something on, and standard output is none');
    }
    this.keyboard = openKeyboard();
    this.output = new FrameOutput(process.stdout);
    this.colors = colorDepth(color);
  }

  /**
   * Shows an empty screen with one sentence: what draws the rest takes a while to load. However the process ends from
   * here on, the terminal will be as it was.
   */
  enter(sentence: string): void {
    this.#isEntered = true;
    process.on('exit', this.#restore);
    this.keyboard.setRawMode(true);
    writeNow(`${ENTER}${ERASE_SCREEN} ${printableText(sentence)}`);
  }

  readonly copy = (text: string): void => {
    writeNow(`\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`);
  };

  /** Makes the terminal what it was before. */
  restore(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    process.off('exit', this.#restore);
    this.output.close();
    this.keyboard.setRawMode(false);
    this.keyboard.destroy();
    writeNow(LEAVE);
  }
}

function writeNow(text: string): void {
  const stdout = new Output(STDOUT);
  stdout.write(text);
  stdout.flush();
}

/** Standard input where it is a terminal; where the trace comes from there, the terminal itself. */
function openKeyboard(): NodeJS.ReadStream {
  if (isatty(STDIN)) return process.stdin;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
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

/** Takes whole frames, and writes what of them is not on the terminal yet. */
class FrameOutput extends WriteStream {
  readonly #terminal: NodeJS.WriteStream;
  readonly #screen = new Screen();
  #isClosed = false;
  readonly #resized = (): void => {
    this.columns = this.#terminal.columns;
    this.rows = this.#terminal.rows;
    this.#screen.forget();
    this.emit('resize');
  };

  constructor(terminal: NodeJS.WriteStream) {
    super(STDOUT);
    this.#terminal = terminal;
    terminal.on('resize', this.#resized);
  }

  /** Of what is written, all is a frame; Ink waits for the end of an empty one. */
  override write(frame: string | Uint8Array, ...rest: readonly unknown[]): boolean {
    if (frame.length > 0 && !this.#isClosed) writeNow(this.#screen.show(frame.toString()));
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  }

  /** No frame is shown any more. */
  close(): void {
    this.#terminal.off('resize', this.#resized);
    this.#isClosed = true;
  }
}
