import { OPTIONS_OF } from './options.ts';

/** More changes than this make another word. */
const MAX_EDITS = 2;

/** The command that a word is most likely a slip of, or null. */
export function nearestCommand(word: string): string | null {
  return nearest(word, Object.keys(OPTIONS_OF));
}

/** The known name that the word is most likely a slip of, or null. */
export function nearest(word: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Math.min(MAX_EDITS, word.length - 1) + 1;
  for (const name of names) {
    const edits = editsBetween(word, name, fewest);
    if (edits >= fewest) continue;
    fewest = edits;
    best = name;
  }
  return best;
}

/** Characters to insert, drop, change or swap with their neighbour; `limit` or more need not be exact. */
function editsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit;
}
