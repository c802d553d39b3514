/** What is to become of the lines of calls with a name. */
export interface Need {
  /**
   * To be read at once, kept to be read when somebody asks, told by numbers alone (`work`, and `wait` for what only waits),
   * or passed over.
   */
  readonly as: 'now' | 'later' | 'work' | 'wait' | 'never';
  /**
   * Read at once all the same, unless: `known`: a wait for children tells of none, or of one that is known to have exited;
   * `named`: the line itself shows whose it is. Null: never.
   */
  readonly unless: 'known' | 'named' | null;
}

export const NOW: Need = { as: 'now', unless: null };
export const LATER: Need = { as: 'later', unless: null };
export const NEVER: Need = { as: 'never', unless: null };

// What the compiled part is told of a name.
const VERDICT_OF: Readonly<Record<Need['as'], number>> = { now: 1, later: 2, never: 3, work: 5, wait: 6 };
const UNLESS_KNOWN = 16;
const UNLESS_NAMED = 32;

/** The need in the compiled part's terms. */
export function verdictOf({ as, unless }: Need): number {
  const exception = unless === null ? 0 : unless === 'known' ? UNLESS_KNOWN : UNLESS_NAMED;
  return VERDICT_OF[as] | exception;
}
