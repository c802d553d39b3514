/** What is looked for in the lines of events. */
export type Query =
  /** Latin1 bytes; in lower case where case is ignored. */
  | { readonly kind: 'plain'; readonly text: string; readonly ignoresCase: boolean }
  | { readonly kind: 'pattern'; readonly pattern: RegExp };

/**
 * A query as it is typed: plain text, or `/pattern/` for a regular expression. Capitals are told apart only where some
 * are typed. Null for nothing, and for an expression that is none.
 */
export function parseQuery(typed: string): Query | null {
  if (typed === '') return null;
  const ignoresCase = typed === typed.toLowerCase();
  const bytes = Buffer.from(typed, 'utf8').toString('latin1');
  const source = /^\/(.+)\/$/s.exec(bytes)?.[1];
  if (source === undefined) return { kind: 'plain', text: ignoresCase ? bytes.toLowerCase() : bytes, ignoresCase };
  try {
    return { kind: 'pattern', pattern: new RegExp(source, ignoresCase ? 'i' : '') };
  } catch {
    return null;
  }
}

/** Whether a line as printed, latin1 bytes, has what is looked for. */
export function fits(line: string, query: Query): boolean {
  switch (query.kind) {
    case 'plain':
      return query.ignoresCase ? line.toLowerCase().includes(query.text) : line.includes(query.text);
    case 'pattern':
      return query.pattern.test(line);
    default:
      return query satisfies never;
  }
}
