/**
 * The words of the command a program was started with, which follow the call of its exec: OpenBSD's in the lines of one
 * record, NetBSD's in a record each. Both write them as vis(3) does and fold long ones.
 *
 *    71000 conv     ARGS
 *   ⇥[0] = "/usr/local/bin/conv"
 *   ⇥[1] = "in put.png"
 *
 *      147      1 sh       ARG   "sh"
 */
import { BACKSLASH, isDigit, QUOTE, skipDigits, TAB, trimmedEnd } from '../src/scan/cursor.ts';
import { MAX_INDENT } from './kdump-front.ts';
import { quoted, unvis } from './kdump-names.ts';
import type { OpenCall } from './kdump-open-calls.ts';

/** What is longer is shown with an ellipsis. */
const MAX_WORDS = 1024;
const MAX_BYTES = 65_536;
const ELLIPSIS = '...';

/** Collects the words of one exec at a time. */
export class CommandWords {
  #call: OpenCall | null = null;
  /** The word that a fold or a line feed broke, still escaped. */
  #broken: string | null = null;
  #bytes = 0;

  /** Whether the lines that follow the record may hold words. */
  get isOpen(): boolean {
    return this.#call !== null;
  }

  /** A record of words begins. `call`: the exec under way, or null where there is none. */
  begin(call: OpenCall | null): void {
    if (call !== null && call.words === null) this.#bytes = 0;
    this.#call = call;
    this.#broken = null;
  }

  /** Another record begins. */
  end(): void {
    this.#call = null;
  }

  /** Takes a line that follows the record: a word of its own, or the rest of one. */
  addLine(text: string): void {
    const from = this.#broken === null ? wordOf(text) : text.charCodeAt(0) === TAB ? 1 : MAX_INDENT + 2;
    if (from >= 0) this.add(text, from);
  }

  /** Takes the word that begins behind a quote at `from`. */
  add(text: string, from: number): void {
    const end = trimmedEnd(text, text.length);
    const whole = end > from && text.charCodeAt(end - 1) === QUOTE;
    const folded = !whole && text.charCodeAt(end - 1) === BACKSLASH;
    const part = (this.#broken ?? '') + text.slice(from, whole || folded ? end - 1 : text.length);
    this.#bytes += text.length;
    if (whole) this.#push(quoted(unvis(part)));
    else this.#broken = this.#bytes > MAX_BYTES ? null : folded ? part : `${part}\n`;
  }

  #push(word: string): void {
    this.#broken = null;
    if (this.#call === null) return;
    this.#call.words ??= [];
    const { words } = this.#call;
    const fits = words.length < MAX_WORDS && this.#bytes <= MAX_BYTES;
    if (fits) words.push(word);
    else if (words.at(-1) !== ELLIPSIS) words.push(ELLIPSIS);
  }
}

// ⇥[1] = "in put.png"
//         ^
/** Index of the word in a line of OpenBSD's record, or -1. */
function wordOf(text: string): number {
  const number = text.indexOf('[') + 1;
  const numberEnd = skipDigits(text, number);
  if (number === 0 || !isDigit(text.charCodeAt(number)) || !text.startsWith('] = "', numberEnd)) return -1;
  return numberEnd + '] = "'.length;
}
