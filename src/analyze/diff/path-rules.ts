/** What rules know of the run whose names they make symbols of. Texts are latin1 bytes. */
export interface RunFacts {
  /** Where its first process began; null where nothing tells. */
  readonly workingDirectory: string | null;
  readonly pids: ReadonlySet<number>;
  /** Names, without their directories, that it gave to files and directories which were not there before. */
  readonly made: ReadonlySet<string>;
  /** Those of them that it took away again, or gave another name. */
  readonly gone: ReadonlySet<string>;
}

/**
 * When a rule is for a name. `always`: whatever the other run has; `across`: where the two runs are of different
 * systems; `one-side`: where only one of the runs has this very name. What both have is never guessed at.
 */
export type RuleScope = 'always' | 'across' | 'one-side';

/** Replaces what names of one file have of one run, or of one system. */
export interface PathRule {
  readonly name: string;
  readonly scope: RuleScope;
  /** What it does, in words. */
  readonly words: string;
  /** A name, and what the rule makes of it. */
  readonly example: readonly [name: string, symbol: string];
  /** Whether what it finds is the system's own affair and not compared at all. */
  readonly hides: boolean;
  apply(path: string, facts: RunFacts): string;
}

/** A rule of the user: what is in or below one directory is taken for the same in or below another. Latin1 bytes. */
export interface PathMap {
  readonly from: string;
  readonly to: string;
}

/** The part of the path below the directory, with its slash; '' for the directory itself, null for all else. */
export function below(path: string, directory: string): string | null {
  if (!path.startsWith(directory)) return null;
  const rest = path.slice(directory.length);
  return rest === '' || rest.startsWith('/') ? rest : null;
}

/** The path under the first map that knows it; null where none does. */
export function mapped(path: string, maps: readonly PathMap[]): string | null {
  for (const { from, to } of maps) {
    const rest = below(path, from);
    if (rest !== null) return to + rest;
    if (below(path, to) !== null) return path;
  }
  return null;
}
