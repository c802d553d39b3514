import { join } from '../directory.ts';
import { plainPath } from '../file-ledger.ts';
import { type NamedFile, pathOf } from '../open-records.ts';
import { pathRules } from './built-in-rules.ts';
import { mapped, type PathMap, type PathRule, type RuleScope, type RunFacts } from './path-rules.ts';
import type { MadeFile, RecordedRun } from './recorded-run.ts';

/** Longer than any path the kernel takes: what is longer stays as it is. */
const MAX_PATH = 8192;
const WORKING_DIRECTORY = '<cwd>';
/** Where a path may stand in a word of a command line: `-I/usr/include`, `--out-dir=/tmp/x`, `A=/b:/c`. */
const PATH_IN_WORD = /(?<![\w.<>/~-])\/[^\s:;,'"`=()<>|&$*?\\]*/g;

/** Symbols of what systems do each in their own way, and what is not compared between them. */
export const HIDDEN_SYMBOLS: ReadonlySet<string> = new Set(
  pathRules.filter(({ hides }) => hides).map(({ example }) => example[1]),
);

/** The rules of one comparison: the user's maps, and the built-in rules that are left. */
export class Rules {
  readonly #maps: readonly PathMap[];
  readonly #byScope: Readonly<Record<RuleScope, readonly PathRule[]>>;

  /** `without`: names of built-in rules. `isAcross`: whether the runs are of different systems. */
  constructor(maps: readonly PathMap[], without: ReadonlySet<string>, isAcross: boolean) {
    this.#maps = maps;
    const kept = (scope: RuleScope) => pathRules.filter((rule) => rule.scope === scope && !without.has(rule.name));
    this.#byScope = { always: kept('always'), across: isAcross ? kept('across') : [], 'one-side': kept('one-side') };
  }

  /** What becomes of a path whatever the other run has. */
  certain(path: string, facts: RunFacts): string {
    return this.#apply('across', mapped(path, this.#maps) ?? this.#apply('always', path, facts), facts);
  }

  /** What becomes of a name that only one of the runs has. */
  guessed(name: string, facts: RunFacts): string {
    return this.#apply('one-side', name, facts);
  }

  #apply(scope: RuleScope, path: string, facts: RunFacts): string {
    if (path.length > MAX_PATH) return path;
    return this.#byScope[scope].reduce((name, rule) => rule.apply(name, facts), path);
  }
}

/** The names of one run, and what stands for each in a comparison with another. */
export class PathNames {
  readonly #origin: object | null;
  readonly #facts: RunFacts;
  readonly #rules: Rules;
  /** What the certain rules make of each path. */
  readonly #certain = new Map<string, string>();
  /** What is left then, of all paths that were noted. */
  readonly #names = new Set<string>();
  /** Those among them that the run made. */
  readonly #made: ReadonlySet<string>;
  readonly #symbols = new Map<string, string>();

  constructor(run: RecordedRun, rules: Rules) {
    this.#origin = run.origin;
    this.#rules = rules;
    const pids = run.processes.flatMap(({ process }) => (process.pid === null ? [] : [process.pid]));
    this.#facts = {
      workingDirectory: run.workingDirectory,
      pids: new Set(pids),
      made: lastParts(run.made.filter(({ isNew }) => isNew)),
      gone: lastParts(run.made.filter(({ isNew, isGone }) => isNew && isGone)),
    };
    this.#made = new Set(run.made.map(({ file }) => this.#certainly(this.pathOf(file))));
  }

  /** Notes that the run has this path. All paths of both runs are noted before symbols are asked for. */
  note(path: string): void {
    this.#names.add(this.#certainly(path));
  }

  /** Notes the paths in a word of a command line. */
  noteWord(word: string): void {
    if (word.length > MAX_PATH) return;
    for (const [path] of word.matchAll(PATH_IN_WORD)) this.note(plainPath(path));
  }

  /** The path of a file, from the run's working directory where no more is known of it. */
  pathOf(file: NamedFile): string {
    const path = pathOf(file);
    if (path.startsWith('/')) return plainPath(path);
    const { beginning, below } = file.base.way;
    if (beginning === this.#origin) return plainPath(join(join(WORKING_DIRECTORY, below), path));
    return plainPath(below === '' ? path : join(below, path));
  }

  /** What stands for the path in both runs. */
  symbol(path: string, other: PathNames): string {
    let symbol = this.#symbols.get(path);
    if (symbol === undefined) {
      const name = this.#certainly(path);
      symbol = this.#isOfBoth(name, other) ? name : this.#rules.guessed(name, this.#facts);
      this.#symbols.set(path, symbol);
    }
    return symbol;
  }

  /** A word of a command line with symbols in place of its paths. */
  word(word: string, other: PathNames): string {
    return word.length > MAX_PATH ? word : word.replace(PATH_IN_WORD, (path) => this.symbol(plainPath(path), other));
  }

  /** What one run made anew and the other only found, left over from before, is not the same to both. */
  #isOfBoth(name: string, other: PathNames): boolean {
    return other.#names.has(name) && this.#made.has(name) === other.#made.has(name);
  }

  #certainly(path: string): string {
    let name = this.#certain.get(path);
    if (name === undefined) {
      name = this.#rules.certain(path, this.#facts);
      this.#certain.set(path, name);
    }
    return name;
  }
}

function lastParts(made: readonly MadeFile[]): ReadonlySet<string> {
  return new Set(made.map(({ file: { printed } }) => printed.slice(printed.lastIndexOf('/') + 1)));
}
