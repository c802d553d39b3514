import { join } from '../directory.ts';
import { plainPath } from '../file-ledger.ts';
import { type NamedFile, pathOf } from '../open-records.ts';
import { pathRules } from './built-in-rules.ts';
import { mapped, type PathMap, type PathRule, type RuleScope, type RunFacts } from './path-rules.ts';
import type { RecordedRun } from './recorded-run.ts';

/** Longer than any path the kernel takes: what is longer stays as it is. */
const MAX_PATH = 8192;
const WORKING_DIRECTORY = '<cwd>';
/** Where a path may stand in a word of a command line: `-I/usr/include`, `--out-dir=/tmp/x`, `A=/b:/c`. */
const PATH_IN_WORD = /(?<![\w.<>/~-])\/[^\s:;,'"`=()<>|&$*?\\]*/g;

/** The names of one run, as the rules that need no look at the other run leave them; and those of the other. */
export class PathNames {
  readonly #origin: object | null;
  readonly #facts: RunFacts;
  readonly #maps: readonly PathMap[];
  readonly #isAcross: boolean;
  /** Every name that was asked for, by what it is before any rule. */
  readonly #plain = new Map<string, string>();
  readonly #names = new Set<string>();
  readonly #symbols = new Map<string, string>();

  constructor(run: RecordedRun, maps: readonly PathMap[], isAcross: boolean) {
    this.#origin = run.origin;
    this.#maps = maps;
    this.#isAcross = isAcross;
    const pids = run.processes.flatMap(({ process }) => (process.pid === null ? [] : [process.pid]));
    const made = run.made.map(({ printed }) => printed.slice(printed.lastIndexOf('/') + 1));
    this.#facts = {
      platform: run.platform,
      workingDirectory: run.workingDirectory,
      pids: new Set(pids),
      made: new Set(made),
    };
  }

  /** Notes that the run has this name. All names of both runs are to be noted before symbols are asked for. */
  note(path: string): void {
    this.#names.add(this.#withoutOwn(path));
  }

  /** The path of a file, from the run's working directory where no more is known of it. */
  pathOf(file: NamedFile): string {
    const path = pathOf(file);
    if (path.startsWith('/')) return plainPath(path);
    const { beginning, below } = file.base.way;
    const relative = plainPath(join(below, path));
    if (beginning !== this.#origin) return relative;
    return relative === '' || relative === '.' ? WORKING_DIRECTORY : `${WORKING_DIRECTORY}/${relative}`;
  }

  /** What stands for the path in both runs. */
  symbol(path: string, other: PathNames): string {
    let symbol = this.#symbols.get(path);
    if (symbol === undefined) {
      const name = this.#withoutOwn(path);
      symbol = other.#names.has(name) ? name : this.#apply('one-side', name);
      this.#symbols.set(path, symbol);
    }
    return symbol;
  }

  /** A word of a command line with its paths as symbols. */
  word(word: string, other: PathNames): string {
    return word.length > MAX_PATH ? word : word.replace(PATH_IN_WORD, (path) => this.symbol(plainPath(path), other));
  }

  /** Notes the paths of a word. */
  noteWord(word: string): void {
    if (word.length > MAX_PATH) return;
    for (const [path] of word.matchAll(PATH_IN_WORD)) this.note(plainPath(path));
  }

  #withoutOwn(path: string): string {
    let name = this.#plain.get(path);
    if (name === undefined) {
      name = mapped(path, this.#maps) ?? this.#apply('always', path);
      if (this.#isAcross) name = this.#apply('across', name);
      this.#plain.set(path, name);
    }
    return name;
  }

  #apply(scope: RuleScope, path: string): string {
    if (path.length > MAX_PATH) return path;
    return rulesOf(scope).reduce((name, rule) => rule.apply(name, this.#facts), path);
  }
}

const RULES: Readonly<Record<RuleScope, readonly PathRule[]>> = {
  always: pathRules.filter(({ scope }) => scope === 'always'),
  across: pathRules.filter(({ scope }) => scope === 'across'),
  'one-side': pathRules.filter(({ scope }) => scope === 'one-side'),
};

function rulesOf(scope: RuleScope): readonly PathRule[] {
  return RULES[scope];
}

/** Symbols of what systems do each in their own way, and what is not compared between them. */
export const HIDDEN_SYMBOLS: ReadonlySet<string> = new Set(
  pathRules.filter(({ hides }) => hides).map(({ example }) => example[1]),
);
