import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { View } from '../render/text/style.ts';
import type { ColorChoice } from './options.ts';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const DEFAULT_WIDTH = 100;

/** How text for standard output is to look. */
export function outputView(color: ColorChoice): View {
  const terminal = isatty(STDOUT);
  return { color: wantsColor(color, terminal), width: (terminal && process.stdout.columns) || DEFAULT_WIDTH };
}

/** How text for standard error is to look. */
export function messageView(color: ColorChoice): View {
  const terminal = isatty(STDERR);
  return { color: wantsColor(color, terminal), width: (terminal && process.stderr.columns) || DEFAULT_WIDTH };
}

/** Whether a person sees standard error. */
export function isMessageTerminal(): boolean {
  return isatty(STDERR);
}

/** Whether a person sees standard output. */
export function isOutputTerminal(): boolean {
  return isatty(STDOUT);
}

/** Whether a pipe is read, which may be a tracer at work. */
export function readsPipe(inputs: readonly string[]): boolean {
  if (inputs.length > 0 && !inputs.includes('-')) return false;
  const stats = fstatSync(STDIN);
  return stats.isFIFO() || stats.isSocket();
}

function wantsColor(choice: ColorChoice, terminal: boolean): boolean {
  if (choice !== 'auto') return choice === 'always';
  const { NO_COLOR: refused = '', TERM: kind } = process.env;
  return terminal && refused === '' && kind !== 'dumb';
}
