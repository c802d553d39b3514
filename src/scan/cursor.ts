/** Character codes the scanners compare with. Past the end `codeAt` gives none of them. */
export const TAB = 9;
export const SPACE = 32;
export const QUOTE = 34;
export const APOSTROPHE = 39;
export const OPEN_PAREN = 40;
export const CLOSE_PAREN = 41;
export const PLUS = 43;
export const COMMA = 44;
export const MINUS = 45;
export const DOT = 46;
export const SLASH = 47;
export const ZERO = 48;
export const NINE = 57;
export const COLON = 58;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const UNDERSCORE = 95;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

/**
 * The character's code; -1 past either end. V8 calls a function for each character wherever `charCodeAt` has once been asked for
 * one past the end: three times as slow.
 */
export function codeAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : -1;
}

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** First character of a call's name: a letter or an underscore. */
export function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === UNDERSCORE;
}

/** Whether it is a blank or a tab: a log that was pasted has the one where its tracer set the other. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Index after the last character of [0, end) that is no blank and no tab. */
export function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && isBlank(codeAt(text, at - 1))) at--;
  return at;
}

/** Whether one of the texts stands at `at`. */
export function startsWithAny(text: string, at: number, starts: readonly string[]): boolean {
  for (const start of starts) {
    if (text.startsWith(start, at)) return true;
  }
  return false;
}

/** Index of the first character at or after `from` that is no blank and no tab. */
export function skipSpaces(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = codeAt(text, at);
    if (code !== SPACE && code !== TAB) return at;
    at++;
  }
}

/** Index after the decimal digits at `from`; `from` itself where there are none. */
export function skipDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(codeAt(text, at))) at++;
  return at;
}

/** Index after the name (letters, digits, underscores) at `from`; `from` itself where none begins there. */
export function skipName(text: string, from: number): number {
  if (!isNameStart(codeAt(text, from))) return from;
  let at = from + 1;
  for (;;) {
    const code = codeAt(text, at);
    if (!isNameStart(code) && !isDigit(code)) return at;
    at++;
  }
}

/** The decimal digits of [from, to) as a number. The caller knows that they are digits and fit a double. */
export function readDecimal(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + codeAt(text, at) - ZERO;
  return value;
}

/**
 * Index of the quote that ends the C string whose opening quote is at `open`, or -1 where the text ends first.
 * A quote behind an odd number of backslashes is inside.
 */
export function closingQuote(text: string, open: number): number {
  let quote = text.indexOf('"', open + 1);
  while (quote > 0) {
    let backslashes = 0;
    while (codeAt(text, quote - 1 - backslashes) === BACKSLASH && quote - 1 - backslashes > open) backslashes++;
    if (backslashes % 2 === 0) return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return -1;
}
