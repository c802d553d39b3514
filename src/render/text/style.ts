import type { Place } from '../../analyze/process.ts';
import type { TraceHeader } from '../../model/trace.ts';
import { printableText } from './printable.ts';

/** Where text goes. */
export interface View {
  readonly color: boolean;
  /** Columns of the terminal; 100 where there is none. */
  readonly width: number;
}

/** What a text is; `removed` and `added` as git colours them. */
export type Tone = 'crash' | 'strong' | 'good' | 'doubtful' | 'dim' | 'removed' | 'added' | 'changed';

const CODES: Readonly<Record<Tone, string>> = {
  crash: '1;31',
  strong: '1',
  good: '32',
  doubtful: '33',
  dim: '2',
  removed: '31',
  added: '32',
  changed: '36',
};

/** Text in a tone, where the view has colour. The text must be printable already. */
export function paint(text: string, tone: Tone, view: View): string {
  return view.color ? `\x1b[${CODES[tone]}m${text}\x1b[0m` : text;
}

const SGR = /\x1b\[[\d;]*m/g;

/** Columns the text takes, colours not counted. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text.replace(SGR, '')) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return width;
}

/** East Asian wide and emoji blocks, as terminals draw them; combining marks are rare enough in paths. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

/** Two texts on one line, the second at the right edge; two blanks apart where there is no room. */
export function apart(left: string, right: string, width: number): string {
  return left + ' '.repeat(Math.max(2, width - widthOf(left) - widthOf(right))) + right;
}

/** The text cut to a width, with `…` for what is missing in its middle: a command's last words matter too. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = [...text];
  const tail = Math.floor((width - 1) / 3);
  const head = width - 1 - tail;
  return `${take(characters, head).join('')}…${take(characters.reverse(), tail).reverse().join('')}`;
}

function take(characters: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let columns = 0;
  for (const character of characters) {
    columns += widthOf(character);
    if (columns > width) break;
    taken.push(character);
  }
  return taken;
}

/**
 * Parts one after another with a joint between, as many to a line as fit in the width; one that is too long has a line
 * of its own. `lead` opens the lines that go on.
 */
export function wrapped(parts: readonly string[], width: number, joint = '; ', lead = ''): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    const joined = line === undefined ? part : line + joint + part;
    if (line === undefined) lines.push(part);
    else if (widthOf(joined) > width) lines.push(lead + part);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** 'build.strace:15962'. */
export function where(place: Place, trace: TraceHeader): string {
  return `${printableText(trace.inputs[place.input] ?? '?')}:${place.line}`;
}

/** ':15955' beside a line of the same input, else as `where`. */
export function whereBeside(place: Place, beside: Place, trace: TraceHeader): string {
  return place.input === beside.input ? `:${place.line}` : where(place, trace);
}

/** '2.1 ms', '1 min 12 s'. */
export function duration(ns: number): string {
  const seconds = ns / 1e9;
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  if (seconds >= 1) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(1)} ms`;
  return `${Math.round(seconds * 1e6)} µs`;
}

const UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
] as const;

/** Three digits that matter, for columns: '1.27 s', '900 ms', '21 µs', '350 ns', '7,200 s', '0'. */
export function shortDuration(ns: number): string {
  for (const [unitNs, unit] of UNITS) {
    // What three digits would round up to a thousand is one of the larger unit.
    if (ns < unitNs * 0.9995) continue;
    const value = ns / unitNs;
    const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return `${count(Number(value.toFixed(decimals)))} ${unit}`;
  }
  return ns === 0 ? '0' : `${Math.round(ns)} ns`;
}

const SIZES = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const;

/** '512 B', '16.4 kB', '1.20 MB': three digits. */
export function size(bytes: number): string {
  // What rounds to a thousand of a unit is one of the next.
  const unit = SIZES.find(([value]) => bytes >= value * 0.9995);
  if (unit === undefined) return `${bytes} B`;
  const value = bytes / unit[0];
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${unit[1]}`;
}

/** '48,211'. */
export function count(value: number): string {
  // Not toLocaleString: the tables of languages it loads are a tenth of a short run.
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** '1 process', '3 processes'. */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
