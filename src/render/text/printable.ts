import { isUtf8, toUtf8 } from '../../scan/unescape.ts';

/** Control characters (C0, C1, DEL), and those that reorder or hide text. */
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

const SHORT = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\x1b', '\\e'],
]);

/**
 * Bytes of a trace (latin1) as text that may be written to a terminal: UTF-8, with every character that moves,
 * hides, colours or reorders written as an escape.
 */
export function printable(bytes: string): string {
  return printableText(toUtf8(bytes));
}

/** As `printable`, of text that is decoded already: names of inputs. */
export function printableText(text: string): string {
  return text.replace(UNPRINTABLE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const short = SHORT.get(character);
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

const PLAIN_WORD = /^(?!=)[\w@%+=:,./^-]+$/;

/**
 * A word as a shell takes it back, to the byte: `'it'\''s'`; with control characters or bytes that are no UTF-8
 * `$'two\nlines'`, which bash, ksh and zsh know.
 */
export function shellWord(bytes: string): string {
  return PLAIN_WORD.test(bytes) ? bytes : quotedWord(bytes);
}

/** As `shellWord`, in quotes also where a shell needs none. */
export function quotedWord(bytes: string): string {
  const text = toUtf8(bytes);
  const isText = isUtf8(bytes);
  if (isText && printableText(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = (isText ? text : bytes).replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `$'${isText ? escaped.replace(UNPRINTABLE, shellEscape) : escaped.replace(NO_ASCII, shellEscapeByte)}'`;
}

const NO_ASCII = /[^\x20-\x7e]/g;

/** `\u` would depend on the locale: a character is escaped byte by byte. */
function shellEscape(character: string): string {
  return Buffer.from(character, 'utf8').toString('latin1').replace(NO_ASCII, shellEscapeByte);
}

function shellEscapeByte(byte: string): string {
  return SHORT.get(byte) ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** A command line, shell-quoted. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((word) => (word === '...' ? '...' : shellWord(word))).join(' ');
}
