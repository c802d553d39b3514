/** What is looked for in the text of events. */
export type Query =
  /** Latin1 bytes; `ignoresCase`: where it was typed without capitals. */
  | { readonly kind: 'plain'; readonly text: string; readonly ignoresCase: boolean }
  | { readonly kind: 'pattern'; readonly pattern: RegExp };

/**
 * A query as it is typed: plain text, or `/pattern/` for a regular expression. Capitals in it are told apart only where
 * there are any. Null for nothing, and for an expression that is none.
 */
export function parseQuery(typed: string): Query | null {
  if (typed === '') return null;
  const ignoresCase = typed === typed.toLowerCase();
  const source = /^\/(.+)\/$/su.exec(typed)?.[1];
  if (source === undefined) {
    return { kind: 'plain', text: Buffer.from(typed, 'utf8').toString('latin1'), ignoresCase };
  }
  try {
    return { kind: 'pattern', pattern: new RegExp(source, ignoresCase ? 'i' : '') };
  } catch {
    return null;
  }
}
