import { isDigit, ZERO } from './cursor.ts';

/** Which escapes a tracer writes: those of C (`\n`, `\303`, `\x1b`), or only `\"` and `\xNN` (illumos truss). */
export type EscapeStyle = 'c' | 'quote-and-hex';

const SIMPLE = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['v', '\v'],
  ['f', '\f'],
  ['a', '\x07'],
  ['b', '\b'],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
]);

/** The bytes, as latin1 text, that the escaped text between two quotes stands for. What is no escape stays. */
export function unescapeBytes(text: string, style: EscapeStyle): string {
  let backslash = text.indexOf('\\');
  if (backslash < 0) return text;
  let bytes = '';
  let from = 0;
  while (backslash >= 0) {
    bytes += text.slice(from, backslash);
    const next = text[backslash + 1] ?? '';
    from = backslash + 2;
    if (next === 'x' && isHex(text.charCodeAt(backslash + 2)) && isHex(text.charCodeAt(backslash + 3))) {
      bytes += String.fromCharCode(Number.parseInt(text.slice(backslash + 2, backslash + 4), 16));
      from = backslash + 4;
    } else if (style === 'quote-and-hex') {
      if (next === '"') bytes += '"';
      else {
        bytes += '\\';
        from = backslash + 1;
      }
    } else if (isOctal(text.charCodeAt(backslash + 1))) {
      let end = backslash + 1;
      let value = 0;
      while (end < backslash + 4 && isOctal(text.charCodeAt(end))) value = value * 8 + text.charCodeAt(end++) - ZERO;
      bytes += String.fromCharCode(value & 0xff);
      from = end;
    } else {
      bytes += SIMPLE.get(next) ?? `\\${next}`;
    }
    backslash = text.indexOf('\\', from);
  }
  return bytes + text.slice(from);
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

function isOctal(code: number): boolean {
  return code >= ZERO && code <= 55;
}

/** The latin1 bytes as UTF-8 text; each byte that is none becomes U+FFFD. */
export function toUtf8(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Whether the latin1 bytes are well-formed UTF-8, so that `toUtf8` loses nothing. */
export function isUtf8(bytes: string): boolean {
  return isAscii(bytes) || Buffer.from(bytes, 'latin1').toString('utf8').indexOf('\ufffd') < 0 || isReallyUtf8(bytes);
}

// U+FFFD itself may be in a name.
function isReallyUtf8(bytes: string): boolean {
  const buffer = Buffer.from(bytes, 'latin1');
  return Buffer.from(buffer.toString('utf8'), 'utf8').equals(buffer);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 126) return false;
  return true;
}

/** Text as a person typed it, as the bytes that a log would have: latin1. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
