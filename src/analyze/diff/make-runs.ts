import { type Process, programOf } from '../process.ts';
import { howEnded } from '../tree.ts';
import { ActColumns, type ActRow } from './act-columns.ts';
import { isSearched, isSystemLibrary, libraryOf } from './built-in-rules.ts';
import { HIDDEN_SYMBOLS, PathNames, Rules } from './path-names.ts';
import type { PathMap } from './path-rules.ts';
import { type OutcomeWords, outcomeWords } from './raw-words.ts';
import type { RecordedAct, RecordedProcess, RecordedRun, RecordedThread } from './recorded-run.ts';
import {
  type Act,
  type ActKind,
  type HiddenCalls,
  OPEN_TO_WRITE,
  type Run,
  type RunEnd,
  type RunProcess,
  type RunThread,
  type Vocabulary,
} from './run.ts';
import { canShow, type KnownDescriptors, knownDescriptors, unseenIn } from './shown.ts';
import { isFile, NO_FILE, type Subject, UNKNOWN_DESCRIPTOR } from './subjects.ts';
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
  const [namesA, namesB] = [new PathNames(a, rules), new PathNames(b, rules)];
  const words: CommonWords = {
    vocabulary: new ActVocabulary(),
    outcomeOf: outcomeWords(a, b),
    descriptors: knownDescriptors(a, b),
  };
  noteNames(a, namesA, words);
  noteNames(b, namesB, words);
  return [new RunMaker(a, namesA, b, namesB, words).make(), new RunMaker(b, namesB, a, namesA, words).make()];
}

/** What both runs are told in. */
interface CommonWords {
  readonly vocabulary: Vocabulary;
  readonly outcomeOf: OutcomeWords;
  readonly descriptors: KnownDescriptors;
}

function noteNames(run: RecordedRun, names: PathNames, { outcomeOf }: CommonWords): void {
  for (const act of run.acts) {
    const { subjects } = act;
    names.noteWord(outcomeOf(act));
    for (const subject of subjects) if (isFile(subject)) names.note(names.pathOf(subject));
  }
  for (const { process } of run.processes) {
    const program = programOf(process);
    if (program !== null) names.note(program);
    for (const word of process.exec?.argv ?? []) names.noteWord(word);
  }
}

/** A process while its run is made. */
interface Draft extends RunProcess {
  readonly parent: Draft | null;
  readonly children: Draft[];
}

/** What becomes of one act: its number, or why it is not compared. */
type Fate = number | 'runtime' | 'unseen';

class RunMaker {
  readonly #run: RecordedRun;
  readonly #names: PathNames;
  readonly #other: RecordedRun;
  readonly #otherNames: PathNames;
  readonly #words: CommonWords;
  readonly #isAcross: boolean;
  readonly #acts: readonly Act[];
  readonly #fates: readonly Fate[];
  /** Names of shared libraries that the run found somewhere. */
  readonly #libraries: ReadonlySet<string>;
  #hiddenRuntime = 0;
  #hiddenUnseen = 0;

  constructor(run: RecordedRun, names: PathNames, other: RecordedRun, otherNames: PathNames, words: CommonWords) {
    this.#run = run;
    this.#names = names;
    this.#other = other;
    this.#otherNames = otherNames;
    this.#words = words;
    this.#isAcross = run.platform !== other.platform;
    const places = placesOf(run.processes);
    this.#acts = run.acts.map((act) => this.#actOf(act, places));
    this.#libraries = new Set(
      this.#acts.flatMap(({ object, outcome }) => (isOk(outcome) ? (libraryOf(object) ?? []) : [])),
    );
    this.#fates = this.#acts.map((act) => this.#fateOf(act));
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

  #actOf(act: RecordedAct, places: ReadonlyMap<number, string>): Act {
    const { kind, operation, subjects } = act;
    const object = subjects.map((subject) => this.#symbolOf(this.#known(subject, kind), places)).join(' -> ');
    return { kind, operation, object, outcome: this.#names.word(this.#words.outcomeOf(act), this.#otherNames) };
  }

  /** What is behind a descriptor, where both logs can tell. */
  #known(subject: Subject, kind: ActKind): Subject {
    const { files, channels } = this.#words.descriptors;
    if (!channels && subject === NO_FILE) return UNKNOWN_DESCRIPTOR;
    return !files && kind === 'call' && isFile(subject) ? UNKNOWN_DESCRIPTOR : subject;
  }

  #symbolOf(subject: Subject, places: ReadonlyMap<number, string>): string {
    if (typeof subject === 'string') return subject;
    if ('pid' in subject) return places.get(subject.pid) ?? '<another process>';
    return this.#names.symbol(this.#names.pathOf(subject), this.#otherNames);
  }

  #fateOf(act: Act): Fate {
    if (!canShow(this.#other, act.operation)) return 'unseen';
    if (this.#isAcross && !this.#run.question.all && this.#isRuntime(act)) return 'runtime';
    return this.#words.vocabulary.id(act);
  }

  /** Whether the act is what each system does in its own way to begin a program: to find its libraries and language. */
  #isRuntime({ operation, object, outcome }: Act): boolean {
    if (HIDDEN_SYMBOLS.has(object)) return true;
    if (isOk(outcome)) return isSystemLibrary(object) && operation !== OPEN_TO_WRITE;
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

  #thread({ task, acts, calls }: RecordedThread, found: ReadonlySet<string>, isRoot: boolean, end: RunEnd): RunThread {
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
  #facts(threads: readonly RecordedThread[], found: ReadonlySet<string>, isRoot: boolean, end: RunEnd): RunThread[] {
    const [first] = threads;
    if (first === undefined) return [];
    const rows = threads.flatMap((thread) => rowsOf(thread, this.#firstOwn(thread.acts, isRoot)));
    if (threads.length > 1) rows.sort((one, other) => one.order - other.order);
    const kept = new ActColumns();
    const places = new Map<number, number>();
    for (const row of rows) {
      const id = this.#compared(row.id, row.count, found);
      if (id === null || this.#isOfEnd(row, end)) continue;
      const place = places.get(id);
      if (place === undefined) {
        places.set(id, kept.length);
        kept.append({ ...row, id });
      } else {
        kept.addCount(place, row.count);
      }
    }
    const calls = threads.reduce((sum, thread) => sum + thread.calls, 0);
    return [{ tid: threads.length === 1 ? first.task.id : null, acts: kept, calls }];
  }

  /** Whether it is the signal the process crashed of, which may come again when its handler has looked at it. */
  #isOfEnd({ id, input, line }: ActRow, { crashed, signal, fault }: RunEnd): boolean {
    if (!crashed || fault === null || input !== fault.input || line < fault.line) return false;
    const { kind, object } = this.#act(id);
    return kind === 'signal' && object === signal;
  }

  /** Index of the first act after the exec that a recording begins with: FreeBSD's truss alone does not show it. */
  #firstOwn(acts: ActColumns, isRoot: boolean): number {
    const isShown = isRoot && this.#run.dialect !== 'truss-freebsd';
    for (let index = 0; isShown && index < acts.length; index++) {
      const { operation, outcome } = this.#act(acts.id(index));
      if (operation !== 'exec') break;
      // The tracer looks for the program in one directory after the other.
      if (isOk(outcome)) return index + 1;
    }
    return 0;
  }

  /**
   * Between systems: what a process looked for in one directory after the other, and found. Where it did not find it is
   * each system's own affair.
   */
  #searchedAndFound(threads: readonly RecordedThread[]): ReadonlySet<string> {
    const found = new Set<string>();
    if (!this.#isAcross) return found;
    for (const { acts } of threads) {
      for (let index = 0; index < acts.length; index++) {
        const { object, outcome } = this.#act(acts.id(index));
        if (isOk(outcome) && isSearched(object)) found.add(object);
      }
    }
    return found;
  }

  /** The number of a recorded act in the vocabulary; null where it is not compared, and then it is counted. */
  #compared(recorded: number, count: number, found: ReadonlySet<string>): number | null {
    const fate = this.#fates[recorded];
    const { object, outcome } = this.#act(recorded);
    if (fate === 'runtime' || (outcome.startsWith('ENOENT') && found.has(object))) {
      this.#hiddenRuntime += count;
      return null;
    }
    if (fate === 'unseen') this.#hiddenUnseen += count;
    return typeof fate === 'number' ? fate : null;
  }

  #act(recorded: number): Act {
    const act = this.#acts[recorded];
    if (act === undefined) throw new RangeError(`no act was recorded as ${recorded}`);
    return act;
  }
}

function rowsOf({ acts, calls }: RecordedThread, from: number): ActRow[] {
  return Array.from({ length: acts.length - from }, (_, index) => {
    const row = acts.row(from + index);
    return { ...row, after: calls - row.until };
  });
}

function isOk(outcome: string): boolean {
  return outcome.startsWith('ok');
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
