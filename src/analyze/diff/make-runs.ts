import { howEnded } from '../crash.ts';
import { type Process, programOf } from '../process.ts';
import { ActColumns, type ActRow } from './act-columns.ts';
import { isSearched, isSystemLibrary, libraryOf } from './built-in-rules.ts';
import { isSuccess, resultWord } from './outcomes.ts';
import { HIDDEN_SYMBOLS, PathNames, Rules } from './path-names.ts';
import type { PathMap } from './path-rules.ts';
import { outcomeWords } from './raw-words.ts';
import type { RecordedProcess, RecordedRun, RecordedThread } from './recorded-run.ts';
import { type HiddenCalls, OPEN_TO_WRITE, type Run, type RunEnd, type RunProcess, type RunThread } from './run.ts';
import { canShow, knownDescriptors, unseenIn } from './shown.ts';
import { type CommonWords, type NotedNames, noteActs, TranslatedActs } from './translated-acts.ts';
import { ActVocabulary } from './vocabulary.ts';

/** What the user says of the names of two runs. */
export interface NamingOptions {
  readonly maps: readonly PathMap[];
  /** Names of built-in rules that are not applied. */
  readonly without: ReadonlySet<string>;
}

/** Two recorded runs in the same words. Rules that guess are for names that one of them alone has. */
export function makeRuns(a: RecordedRun, b: RecordedRun, options: NamingOptions): readonly [Run, Run] {
  const isAcross = a.platform !== b.platform;
  const rules = new Rules(options.maps, options.without, isAcross);
  const { texts } = a;
  const words: CommonWords = {
    texts,
    vocabulary: new ActVocabulary(texts),
    outcomeOf: outcomeWords(a, b),
    descriptors: knownDescriptors(a, b),
  };
  const sideA = noteNames(a, new PathNames(a, b, rules, texts), words);
  const sideB = noteNames(b, new PathNames(b, a, rules, texts), words);
  return [new RunMaker(sideA, sideB, words).make(), new RunMaker(sideB, sideA, words).make()];
}

/** A recorded run of which all names were noted. */
interface Noted {
  readonly run: RecordedRun;
  readonly names: PathNames;
  readonly inActs: NotedNames;
}

function noteNames(run: RecordedRun, names: PathNames, words: CommonWords): Noted {
  const inActs = noteActs(run, names, words);
  for (const { process } of run.processes) {
    const program = programOf(process);
    if (program !== null) names.note(program);
    for (const word of process.exec?.argv ?? []) names.noteWord(word);
  }
  return { run, names, inActs };
}

/** A process while its run is made. */
interface Draft extends RunProcess {
  readonly parent: Draft | null;
  readonly children: Draft[];
}

// What becomes of an act that is not compared; of others, its number in the vocabulary.
const RUNTIME = -1;
const UNSEEN = -2;

class RunMaker {
  readonly #run: RecordedRun;
  readonly #names: PathNames;
  readonly #other: RecordedRun;
  readonly #otherNames: PathNames;
  readonly #words: CommonWords;
  readonly #isAcross: boolean;
  readonly #acts: TranslatedActs;
  readonly #fates: Int32Array;
  /** Names of shared libraries that the run found somewhere. */
  readonly #libraries: ReadonlySet<string>;
  /** By number of an act: where it is among what a process did, from 1; 0 where it is not. */
  readonly #places: Int32Array;
  #hiddenRuntime = 0;
  #hiddenUnseen = 0;

  constructor({ run, names, inActs }: Noted, other: Noted, words: CommonWords) {
    this.#run = run;
    this.#names = names;
    this.#other = other.run;
    this.#otherNames = other.names;
    this.#words = words;
    this.#isAcross = run.platform !== other.run.platform;
    this.#acts = new TranslatedActs(run, inActs, placesOf(run.processes), names, other.names, words);
    this.#libraries = this.#isAcross ? this.#librariesFound() : new Set();
    this.#fates = new Int32Array(run.acts.size).map((_, act) => this.#fateOf(act));
    this.#places = new Int32Array(words.vocabulary.size);
  }

  make(): Run {
    const drafts = new Map<Process, Draft>();
    for (const recorded of this.#run.processes) {
      const parent = recorded.process.parent === null ? undefined : drafts.get(recorded.process.parent);
      const draft = this.#process(recorded, drafts.size, parent ?? null);
      parent?.children.push(draft);
      drafts.set(recorded.process, draft);
    }
    const processes = [...drafts.values()];
    const { platform, question, hidden } = this.#run;
    const counts: HiddenCalls = { ...hidden, runtime: this.#hiddenRuntime, unseen: this.#hiddenUnseen };
    return {
      platform,
      level: question.level,
      processes,
      roots: processes.filter(({ parent }) => parent === null),
      vocabulary: this.#words.vocabulary,
      hidden: counts,
      unseen: unseenIn(this.#run, this.#other),
    };
  }

  // ---- acts

  #librariesFound(): ReadonlySet<string> {
    const found = new Set<string>();
    for (let act = 0; act < this.#run.acts.size; act++) {
      const library = isSuccess(this.#acts.deed(act).outcome) ? libraryOf(this.#acts.objectText(act)) : null;
      if (library !== null) found.add(library);
    }
    return found;
  }

  #fateOf(act: number): number {
    if (!canShow(this.#other, this.#acts.deed(act).operation)) return UNSEEN;
    if (this.#isAcross && !this.#run.question.all && this.#isRuntime(act)) return RUNTIME;
    return this.#acts.number(act);
  }

  /** Whether the act is what each system does in its own way to begin a program: to find its libraries and language. */
  #isRuntime(act: number): boolean {
    const { operation, outcome } = this.#acts.deed(act);
    const object = this.#acts.objectText(act);
    if (HIDDEN_SYMBOLS.has(object)) return true;
    if (isSuccess(outcome)) return isSystemLibrary(object) && operation !== OPEN_TO_WRITE;
    const library = libraryOf(object);
    return library !== null && this.#libraries.has(library);
  }

  // ---- processes

  #process({ process, verdict, threads }: RecordedProcess, index: number, parent: Draft | null): Draft {
    const program = programOf(process);
    const isOneThread = this.#run.question.level === 'files';
    const isRoot = parent === null;
    const found = this.#searchedAndFound(threads);
    const end = endOf(process, verdict, threads, isOneThread);
    return {
      index,
      pid: process.pid,
      program,
      symbol: program === null ? '' : this.#programSymbol(program),
      argv: process.exec?.argv?.map((word) => this.#names.word(word, this.#otherNames)) ?? null,
      parent,
      children: [],
      threads: isOneThread
        ? this.#facts(threads, found, isRoot, end)
        : threads.map((one) => this.#thread(one, found, isRoot, end)),
      start: process.start,
      end,
    };
  }

  /** Between systems only its name: each keeps programs where it likes, and some tracers show no more. */
  #programSymbol(program: string): string {
    if (this.#isAcross) return program.slice(program.lastIndexOf('/') + 1);
    return this.#names.symbol(program, this.#otherNames);
  }

  #thread({ task, acts, calls }: RecordedThread, found: ReadonlySet<number>, isRoot: boolean, end: RunEnd): RunThread {
    const kept = new ActColumns();
    for (let index = this.#firstOwn(acts, isRoot); index < acts.length; index++) {
      const id = this.#compared(acts.id(index), acts.count(index), found);
      const row = acts.row(index);
      if (id === null || this.#isOfEnd(row, end)) continue;
      kept.push({ ...row, id, after: calls - row.until });
    }
    return { tid: task.id, acts: kept, calls };
  }

  /** What a process did with files: each thing once, where it was done first, by whichever thread. */
  #facts(threads: readonly RecordedThread[], found: ReadonlySet<number>, isRoot: boolean, end: RunEnd): RunThread[] {
    const [first] = threads;
    if (first === undefined) return [];
    const kept = new ActColumns();
    for (const { acts, calls, index } of rowsInOrder(threads, (acts) => this.#firstOwn(acts, isRoot))) {
      const id = this.#compared(acts.id(index), acts.count(index), found);
      const row = acts.row(index);
      if (id === null || this.#isOfEnd(row, end)) continue;
      const place = this.#places[id] ?? 0;
      if (place > 0) {
        kept.addCount(place - 1, row.count);
        continue;
      }
      kept.append({ ...row, id, after: calls - row.until });
      this.#places[id] = kept.length;
    }
    for (let index = 0; index < kept.length; index++) this.#places[kept.id(index)] = 0;
    const calls = threads.reduce((sum, thread) => sum + thread.calls, 0);
    return [{ tid: threads.length === 1 ? first.task.id : null, acts: kept, calls }];
  }

  /** Whether it is the signal the process crashed of, which may come again when its handler has looked at it. */
  #isOfEnd({ id, input, line }: ActRow, { crashed, signal, fault }: RunEnd): boolean {
    if (!crashed || fault === null || input !== fault.input || line < fault.line) return false;
    return this.#acts.deed(id).kind === 'signal' && this.#acts.objectText(id) === signal;
  }

  /** Index of the first act after the exec that a recording begins with: FreeBSD's truss alone does not show it. */
  #firstOwn(acts: ActColumns, isRoot: boolean): number {
    const isShown = isRoot && this.#run.dialect !== 'truss-freebsd';
    for (let index = 0; isShown && index < acts.length; index++) {
      const { operation, outcome } = this.#acts.deed(acts.id(index));
      if (operation !== 'exec') break;
      // The tracer looks for the program in one directory after the other.
      if (isSuccess(outcome)) return index + 1;
    }
    return 0;
  }

  /**
   * Between systems: what a process looked for in one directory after the other, and found. Where it did not find it is
   * each system's own affair.
   */
  #searchedAndFound(threads: readonly RecordedThread[]): ReadonlySet<number> {
    const found = new Set<number>();
    if (!this.#isAcross) return found;
    for (const { acts } of threads) {
      for (let index = 0; index < acts.length; index++) {
        const act = acts.id(index);
        if (isSuccess(this.#acts.deed(act).outcome) && isSearched(this.#acts.objectText(act))) {
          found.add(this.#acts.object(act));
        }
      }
    }
    return found;
  }

  /** The number of a recorded act in the vocabulary; null where it is not compared, and then it is counted. */
  #compared(act: number, count: number, found: ReadonlySet<number>): number | null {
    const fate = this.#fates[act] ?? UNSEEN;
    if (fate === UNSEEN) {
      this.#hiddenUnseen += count;
      return null;
    }
    if (fate !== RUNTIME && !(found.size > 0 && this.#isMissing(act) && found.has(this.#acts.object(act)))) return fate;
    this.#hiddenRuntime += count;
    return null;
  }

  #isMissing(act: number): boolean {
    return resultWord(this.#acts.deed(act).outcome) === 'ENOENT';
  }
}

/** A row of a thread's acts. */
interface ThreadRow {
  readonly acts: ActColumns;
  /** All calls of the thread. */
  readonly calls: number;
  readonly index: number;
}

/** The rows of some threads, from the first own one of each, in the order of their lines. */
function* rowsInOrder(
  threads: readonly RecordedThread[],
  firstOwn: (acts: ActColumns) => number,
): Generator<ThreadRow, undefined> {
  const [only] = threads;
  if (only === undefined) return;
  if (threads.length === 1) {
    const { acts, calls } = only;
    for (let index = firstOwn(acts); index < acts.length; index++) yield { acts, calls, index };
    return;
  }
  const rows = threads.flatMap(({ acts, calls }) => {
    const from = firstOwn(acts);
    return Array.from({ length: acts.length - from }, (_, place) => ({ acts, calls, index: from + place }));
  });
  yield* rows.sort((one, other) => one.acts.order(one.index) - other.acts.order(other.index));
}

/** Where each process stands in the tree, by pid: `<process 1.2>` is the second child of the first root. */
function placesOf(processes: readonly RecordedProcess[]): ReadonlyMap<number, string> {
  const paths = new Map<Process, string>();
  const children = new Map<Process | null, number>();
  const byPid = new Map<number, string>();
  for (const { process } of processes) {
    const { parent, pid } = process;
    const place = (children.get(parent) ?? 0) + 1;
    children.set(parent, place);
    const above = parent === null ? undefined : paths.get(parent);
    const path = above === undefined ? String(place) : `${above}.${place}`;
    paths.set(process, path);
    if (pid !== null && !byPid.has(pid)) byPid.set(pid, `<process ${path}>`);
  }
  return byPid;
}

function endOf(
  process: Process,
  verdict: RecordedProcess['verdict'],
  threads: readonly RecordedThread[],
  isOneThread: boolean,
): RunEnd {
  const { how, status, signal, place } = howEnded(process, verdict);
  const episode = verdict?.kind === 'crash' ? verdict.episode : null;
  const task = episode?.task ?? process.end?.task ?? null;
  const thread = isOneThread ? 0 : threads.findIndex((one) => one.task === task);
  return {
    how,
    status,
    signal,
    crashed: verdict?.kind === 'crash',
    place,
    fault: episode?.place ?? null,
    thread: thread < 0 || threads.length === 0 ? null : thread,
  };
}
