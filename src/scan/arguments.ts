import { closingQuote } from './cursor.ts';

/**
 * The top-level pieces of raw argument text, without the blanks around them. Commas in strings, comments,
 * brackets and `<…>` behind a descriptor are inside a piece. Text cut off in a string or bracket ends there.
 */
export function splitArguments(args: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  let decorations = true;
  for (let at = 0; at < args.length; at++) {
    switch (args[at]) {
      case '"': {
        const quote = closingQuote(args, at);
        at = quote < 0 ? args.length : quote;
        break;
      }
      case '(':
      case '[':
      case '{':
        depth++;
        break;
      case ')':
      case ']':
      case '}':
        depth--;
        break;
      case '/':
        if (args[at + 1] === '*') {
          const end = args.indexOf('*/', at + 2);
          at = end < 0 ? args.length : end + 1;
        }
        break;
      case '<': {
        if (!decorations || !/[\dD/]/.test(args[at - 1] ?? '')) break;
        const end = decorationEnd(args, at);
        // One that never ends would be looked for again at every `<` to come.
        if (end > 0) at = end;
        else decorations = false;
        break;
      }
      case ',':
        if (depth <= 0) {
          pieces.push(args.slice(start, at).trim());
          start = at + 1;
        }
        break;
    }
  }
  const last = args.slice(start).trim();
  if (last !== '' || pieces.length > 0) pieces.push(last);
  return pieces;
}

/**
 * Index of the `>` that ends a decoration and is followed by the end of its argument, or -1. A `>` inside the path
 * is not followed by a comma and a blank.
 */
function decorationEnd(args: string, open: number): number {
  const separator = args.indexOf('>, ', open);
  if (separator >= 0) return separator;
  return args.endsWith('>') || args.endsWith('>(deleted)') ? args.length - 1 : -1;
}
