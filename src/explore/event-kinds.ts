import type { TraceEvent } from '../model/event.ts';

/**
 * The kinds of events that are listed, the one first that stands for a line where it has several. Births and programs
 * are seen in the tree; lookups and notes are parts of other events, or of none.
 */
export const LISTED_KINDS = ['syscall', 'signal', 'fault', 'killed', 'exit', 'detach', 'lost', 'unparsed'] as const;

export type ListedKind = (typeof LISTED_KINDS)[number];

const RANKS: ReadonlyMap<string, number> = new Map(LISTED_KINDS.map((kind, index) => [kind, index + 1]));

/** From 1 for the first of `LISTED_KINDS`; 0 for a kind that is not listed. */
export function rankOf({ kind }: TraceEvent): number {
  return RANKS.get(kind) ?? 0;
}

/** What names an event in a few letters: its call, signal or fault. */
export function titleOf(event: TraceEvent): string {
  switch (event.kind) {
    case 'syscall':
      return event.name;
    case 'signal':
      return event.signal;
    case 'fault':
      return event.fault;
    case 'killed':
      return event.signal ?? 'killed';
    default:
      return event.kind;
  }
}
