import { NumberPairs } from './number-pairs.ts';

/** Phrases of two lists by number: number `a[i]` is the phrase that begins at token `i` of A. */
export interface Phrases {
  readonly a: Int32Array;
  readonly b: Int32Array;
}

/**
 * Numbers the phrases that are twice as long as those given, which are `length` tokens long: equal numbers are equal
 * phrases, in both lists. Tokens themselves are phrases of length 1.
 */
export function longerPhrases({ a, b }: Phrases, length: number): Phrases {
  const numbers = new NumberPairs();
  return { a: doubled(a, length, numbers), b: doubled(b, length, numbers) };
}

function doubled(phrases: Int32Array, length: number, numbers: NumberPairs): Int32Array {
  const longer = new Int32Array(Math.max(0, phrases.length - length));
  for (let index = 0; index < longer.length; index++) {
    longer[index] = numbers.id(phrases[index] ?? 0, phrases[index + length] ?? 0);
  }
  return longer;
}
