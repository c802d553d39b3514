/**
 * File names in a dump. FreeBSD, NetBSD and DragonFly print their bytes as they are, line feeds and quotes too;
 * OpenBSD writes them as vis(3) does and folds long ones. Events have all of them as C strings.
 */
import { BACKSLASH, isDigit, QUOTE } from '../src/scan/cursor.ts';
import type { PidForm } from './kdump-front.ts';

const DELETE = 127;
const FIRST_PRINTABLE = 32;
const META = 0x80;

/** Types of records that only one family of systems has. */
const VIS_TYPES: ReadonlySet<string> = new Set(['ARGS', 'ENV', 'PLDG', 'STRT']);
const RAW_TYPES: ReadonlySet<string> = new Set(['SCTL', 'CAP', 'PFLT', 'PRET']);

/** How a log writes names, as far as it has shown its system. The first sign of it counts. */
export class NameWriting {
  #style: 'unknown' | 'raw' | 'vis' = 'unknown';

  /** Whether names are sure to be escaped. */
  get isVis(): boolean {
    return this.#style === 'vis';
  }

  learn(style: 'raw' | 'vis'): void {
    if (this.#style === 'unknown') this.#style = style;
  }

  /** Learns from a record's columns and its type. */
  learnFrom(form: PidForm, type: string): void {
    if (this.#style !== 'unknown') return;
    if (form !== 'alone') this.learn(form === 'slash' ? 'vis' : 'raw');
    else if (VIS_TYPES.has(type)) this.learn('vis');
    else if (RAW_TYPES.has(type)) this.learn('raw');
  }
}

/** Whether it is how core files are called: 'conv.core', '/var/crash/core.71000'. */
export function isCoreFile(name: string): boolean {
  return name.endsWith('.core') || name.startsWith('core', name.lastIndexOf('/') + 1);
}

const SIMPLE = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['v', '\v'],
  ['f', '\f'],
  ['a', '\x07'],
  ['b', '\b'],
  ['s', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
]);

/** The bytes (latin1 text) as a C string, with its quotes. */
export function quoted(bytes: string): string {
  let text = '"';
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes.charCodeAt(at);
    if (code >= FIRST_PRINTABLE && code !== QUOTE && code !== BACKSLASH && code !== DELETE) continue;
    text += bytes.slice(from, at);
    text += code === QUOTE || code === BACKSLASH ? `\\${bytes.charAt(at)}` : `\\${code.toString(8).padStart(3, '0')}`;
    from = at + 1;
  }
  return `${text}${bytes.slice(from)}"`;
}

/** The bytes that a text of vis(3) stands for: `\n`, `\303`, `\M-C`, `\^A`, `\M^A`. What is no escape stays. */
export function unvis(text: string): string {
  let backslash = text.indexOf('\\');
  if (backslash < 0) return text;
  let bytes = '';
  let from = 0;
  while (backslash >= 0) {
    bytes += text.slice(from, backslash);
    from = backslash + 2;
    const next = text.charAt(backslash + 1);
    const simple = SIMPLE.get(next);
    if (simple !== undefined) {
      bytes += simple;
    } else if (isDigit(text.charCodeAt(backslash + 1))) {
      let value = 0;
      let at = backslash + 1;
      while (at < backslash + 4 && isDigit(text.charCodeAt(at))) value = value * 8 + Number(text.charAt(at++));
      bytes += String.fromCharCode(value & 0xff);
      from = at;
    } else if (next === '^') {
      bytes += control(text.charCodeAt(backslash + 2), 0);
      from = backslash + 3;
    } else if (next === 'M' && text.charAt(backslash + 2) === '-') {
      bytes += String.fromCharCode((text.charCodeAt(backslash + 3) | META) & 0xff);
      from = backslash + 4;
    } else if (next === 'M' && text.charAt(backslash + 2) === '^') {
      bytes += control(text.charCodeAt(backslash + 3), META);
      from = backslash + 4;
    } else {
      bytes += `\\${next}`;
    }
    backslash = text.indexOf('\\', from);
  }
  return bytes + text.slice(from);
}

// ^A is 1, ^? is 127
function control(code: number, meta: number): string {
  return String.fromCharCode((code === 63 ? DELETE : code & 0x1f) | meta);
}
