/**
 * A copy of the text that does not hold its parent. V8 makes a substring of 13 or more characters a slice that keeps
 * the whole line alive; whatever is put in a table is copied through here first.
 */
export function detach(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'latin1').toString('latin1');
}
