import type { PathRule } from '../../analyze/diff/path-rules.ts';
import { printable } from './printable.ts';
import { paint, type View, wrapped } from './style.ts';

const HEADINGS: readonly { readonly scope: PathRule['scope']; readonly heading: string }[] = [
  { scope: 'always', heading: 'in every comparison' },
  { scope: 'one-side', heading: 'of paths that one run alone has' },
  { scope: 'across', heading: 'between different systems' },
];

/** What is done to paths before they are compared. Ends with a newline. */
export function renderRules(rules: readonly PathRule[], view: View): string {
  const width = Math.max(...rules.map(({ name }) => name.length));
  const blocks = HEADINGS.map(({ scope, heading }) => {
    const own = rules.filter((rule) => rule.scope === scope);
    const rows = own.flatMap(({ name, words, example: [printed, symbol] }) => [
      ...wrapped(words.split(' '), view.width - width - 4, ' ').map((line, index) => {
        return `  ${paint((index === 0 ? name : '').padEnd(width), 'strong', view)}  ${line}`;
      }),
      `  ${' '.repeat(width)}  ${paint(`${printable(printed)} → ${printable(symbol)}`, 'dim', view)}`,
    ]);
    return [paint(heading, 'strong', view), ...rows];
  });
  return `${blocks
    .filter((lines) => lines.length > 1)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
