import { join } from '../directory.ts';
import { plainPath } from '../file-ledger.ts';
import { type NamedFile, pathOf } from '../open-records.ts';
import { pathRules } from './built-in-rules.ts';
import { mapped, type PathMap, type PathRule, type RuleScope, type RunFacts } from './path-rules.ts';
import type { MadeFile, RecordedRun } from './recorded-run.ts';
import { doubled, type Texts } from './texts.ts';

/** Longer than any path the kernel takes: what is longer stays as it is. */
const MAX_PATH = 8192;
const WORKING_DIRECTORY = '<cwd>';
const FIRST_MARKS = 1024;
const HAS = 1;
const MADE = 2;
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
  /** What the rules make of paths; shared by the two runs. */
  readonly #texts: Texts;
  /** By text, of what the certain rules leave: whether the run has it, and whether it made it. */
  #marks = new Uint8Array(FIRST_MARKS);
  /** By the same: the text that stands for it in both runs, from 1; 0 where nobody asked yet. */
  #symbols = new Int32Array(FIRST_MARKS);

  /** `other`: where one run shows its working directory and the other does not, that path is the same to both. */
  constructor(run: RecordedRun, other: RecordedRun, rules: Rules, texts: Texts) {
    this.#origin = run.origin;
    this.#rules = rules;
    this.#texts = texts;
    const pids = run.processes.flatMap(({ process }) => (process.pid === null ? [] : [process.pid]));
    this.#facts = {
      workingDirectory: run.workingDirectory ?? other.workingDirectory,
      pids: new Set(pids),
      made: lastParts(run.made.filter(({ isNew }) => isNew)),
      gone: lastParts(run.made.filter(({ isNew, isGone }) => isNew && isGone)),
    };
    for (const { file } of run.made) this.#mark(this.#certain(this.pathOf(file)), MADE);
  }

  /**
   * Notes that the run has this path, and gives the text of what the certain rules make of it. All paths of both runs
   * are noted before symbols are asked for.
   */
  note(path: string): number {
    const name = this.#certain(path);
    this.#mark(name, HAS);
    return name;
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

  /** The text that stands in both runs for what `note` gave. */
  symbolOf(name: number, other: PathNames): number {
    const known = this.#symbols[name] ?? 0;
    if (known !== 0) return known - 1;
    const symbol = this.#isOfBoth(name, other)
      ? name
      : this.#texts.id(this.#rules.guessed(this.#texts.text(name), this.#facts));
    while (name >= this.#symbols.length) this.#symbols = doubled(this.#symbols);
    this.#symbols[name] = symbol + 1;
    return symbol;
  }

  /** What stands for the path in both runs. */
  symbol(path: string, other: PathNames): string {
    return this.#texts.text(this.symbolOf(this.#certain(path), other));
  }

  /** A word of a command line with symbols in place of its paths. */
  word(word: string, other: PathNames): string {
    return word.length > MAX_PATH ? word : word.replace(PATH_IN_WORD, (path) => this.symbol(plainPath(path), other));
  }

  /** What one run made anew and the other only found, left over from before, is not the same to both. */
  #isOfBoth(name: number, other: PathNames): boolean {
    const [own, others] = [this.#marks[name] ?? 0, other.#marks[name] ?? 0];
    return (others & HAS) !== 0 && (own & MADE) === (others & MADE);
  }

  #certain(path: string): number {
    return this.#texts.id(this.#rules.certain(path, this.#facts));
  }

  #mark(name: number, mark: number): void {
    if (name >= this.#marks.length) {
      const larger = new Uint8Array(2 * (name + 1));
      larger.set(this.#marks);
      this.#marks = larger;
    }
    this.#marks[name] = (this.#marks[name] ?? 0) | mark;
  }
}

function lastParts(made: readonly MadeFile[]): ReadonlySet<string> {
  return new Set(made.map(({ file: { printed } }) => printed.slice(printed.lastIndexOf('/') + 1)));
}
