/** What is looked for in the lines of events. */
export type Query = {
  /** As a person typed it; of an expression without its slashes. */
  readonly typed: string;
  readonly ignoresCase: boolean;
} & (
  | { readonly kind: 'plain' /** Latin1 bytes; in lower case where case is ignored. */; readonly text: string }
  | { readonly kind: 'pattern' /** Of latin1 bytes. */; readonly pattern: RegExp }
);

/**
 * A query as it is typed: plain text, or `/pattern/` for a regular expression. Capitals are told apart only where some
 * are typed. Null for nothing, and for an expression that is none.
 */
export function parseQuery(typed: string): Query | null {
  if (typed === '') return null;
  const ignoresCase = typed === typed.toLowerCase();
  const expression = /^\/(.+)\/$/s.exec(typed)?.[1];
  if (expression === undefined) {
    const text = bytesOf(typed);
    return { kind: 'plain', typed, ignoresCase, text: ignoresCase ? text.toLowerCase() : text };
  }
  try {
    const pattern = new RegExp(bytesOf(expression), ignoresCase ? 'i' : '');
    return { kind: 'pattern', typed: expression, ignoresCase, pattern };
  } catch {
    return null;
  }
}

function bytesOf(typed: string): string {
  return Buffer.from(typed, 'utf8').toString('latin1');
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
