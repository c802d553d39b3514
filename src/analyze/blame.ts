import { dialectTraits, type Platform } from '../model/dialect.ts';
import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import type { Keeping, KeptLines } from '../model/kept-lines.ts';
import { readSiginfo } from '../model/siginfo.ts';
import { isDeadlyByDefault } from '../model/signals.ts';
import { syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';
import {
  ancestorsOf,
  type BlameResult,
  type Crash,
  type FailedExit,
  type Kill,
  openedFile,
  type SurvivedSignal,
} from './blame-result.ts';
import { CAN_WAIT, ENDINGS, FOLLOWED } from './blame-roles.ts';
import { isStillOpen, lastOf, rank, type Scene, together, unnamedAfter } from './candidates.ts';
import { type Case, createCase } from './case.ts';
import { countSurvived, type Episode, Faults, howEnded, judge, revokeSurvived, type Verdict } from './crash.ts';
import { failedParents } from './failed-parents.ts';
import { Graves } from './graves.ts';
import { isHandlerFile, notAnInput } from './input-files.ts';
import { lifeOf } from './life.ts';
import { limitBehind, limitClause, limitOf } from './limits.ts';
import { OpenFiles } from './open-files.ts';
import { later, pathOf, RecentOpens } from './open-records.ts';
import {
  type Actor,
  isUnexplained,
  type Process,
  programOf,
  type Seen,
  type Task,
  type TreeObserver,
} from './process.ts';
import type { Shares } from './process-calls.ts';
import { ProcessTree } from './process-tree.ts';
import { PutOffLines } from './put-off-lines.ts';
import { SentSignals } from './sent-signals.ts';
import { isOfMachine } from './signal-reason.ts';
import type { TreeRows } from './tree-rows.ts';

/** Non-zero exits that are listed one by one; the rest are counted. */
const LISTED_EXITS = 20;
const CANDIDATES = 5;

type CrashVerdict = Extract<Verdict, { readonly kind: 'crash' }>;

/** Whether blame needs events of this call: only what processes, files and faults are followed by. */
export function blameNeeds(name: string, platform: Platform): boolean {
  const role = syscallOf(name, platform)?.role;
  return role !== undefined && FOLLOWED.has(role);
}

/** Finds crashed processes and the file each was working on. One `add` an event, then `finish`. */
export class Blame implements TreeObserver, Keeping {
  readonly tree: ProcessTree;
  readonly #platform: Platform;
  readonly #hasThreadColumn: boolean;
  readonly #files: OpenFiles;
  readonly #faults: Faults;
  readonly #sent: SentSignals;
  readonly #cases = new Map<Process, Case>();
  /** Of processes that ended a moment ago: a parent or a child may be known only now, and files are inherited then. */
  readonly #ended = new Graves<Process, Case>();
  readonly #onCrash: ((crash: Crash) => void) | null;
  /** Put together when asked for, so that what became known since is in them; in the order they became certain. */
  readonly crashes = new Map<Process, () => Crash>();
  readonly #kills: (() => Kill)[] = [];
  readonly #survived: SurvivedSignal[] = [];
  readonly #failedExits: FailedExit[] = [];
  #failedExitCount = 0;
  /** How each process ended that a signal did, where the tree is kept. */
  readonly verdicts = new WeakMap<Process, Verdict>();
  readonly #keep: boolean;
  readonly #rows: TreeRows | null;
  readonly #isSet: boolean;
  readonly #putOff: PutOffLines;
  #events = 0;
  /** The latest line. */
  #input = 0;
  #line = 1;

  /** `onCrash` is told of each crash as soon as it is certain. `keep`: see ProcessTree. `rows` is told of every process. */
  constructor(
    header: TraceHeader,
    keep = false,
    onCrash: ((crash: Crash) => void) | null = null,
    rows: TreeRows | null = null,
  ) {
    const traits = dialectTraits[header.dialect];
    this.#platform = traits.platform;
    this.#hasThreadColumn = traits.pidColumn === 'process';
    this.#files = new OpenFiles(traits.platform, (record) => notAnInput(record) === null);
    this.#faults = new Faults(traits.platform);
    this.#sent = new SentSignals(traits.platform);
    this.tree = new ProcessTree(header, this, keep, rows);
    this.#rows = rows;
    this.#putOff = new PutOffLines(this.tree, this.#hasThreadColumn, (event, process, task) =>
      this.#late(event, process, task),
    );
    this.#keep = keep;
    this.#isSet = header.joined && header.inputs.length > 1;
    this.#onCrash = onCrash;
  }

  /** Tasks whose every event is needed at the moment. */
  get watched(): ReadonlySet<number | null> {
    return this.#faults.watched;
  }

  get seen(): Seen {
    return { processes: this.tree.count, crashes: this.crashes.size };
  }

  /** Blame itself keeps lines: most processes end before anybody asks what they had opened. */
  get keeping(): Keeping {
    return this;
  }

  canWait(name: string): boolean {
    const role = syscallOf(name, this.#platform)?.role;
    return role !== undefined && (CAN_WAIT.has(role) || (ENDINGS.has(role) && !this.#hasThreadColumn));
  }

  begin(lines: KeptLines): void {
    this.#putOff.begin(lines);
  }

  leaving(task: number | null): void {
    this.#putOff.leaving(task);
  }

  /** Whose event it is, as the tree says; null for events of nobody. */
  add(event: TraceEvent): Actor | null {
    this.#input = event.input;
    this.#line = event.endLine;
    this.#files.now = this.#orderOf(event);
    // Lines without an id are read while their task has none.
    if (event.kind === 'identity') this.#putOff.leaving(null);
    const actor = this.tree.add(event);
    if (event.kind === 'lost') this.#files.lose(event, actor === null ? null : this.#settled(actor.process).files);
    if (actor === null || actor.process.closed) return actor;
    const state = this.#caseOf(actor.process);
    let opensInput = false;
    if (event.kind === 'lookup') this.#files.lookedUp(event, state.files);
    if (event.kind === 'syscall') opensInput = this.#call(event, actor, state);
    if (event.kind === 'signal' && isDeadlyByDefault(event.signal, this.#platform)) {
      const { pid } = readSiginfo(event.siginfo ?? '');
      const scene = this.#scene(actor.process, actor.task);
      state.atSignal = { signal: event.signal, sender: pid, scene };
    }
    const change = this.#faults.add(event, actor, state.faults, opensInput);
    if (change === 'opened') {
      const episode = state.faults.episodes.get(actor.task);
      if (episode !== undefined) episode.scene = this.#scene(actor.process, actor.task);
    }
    this.tree.settle(event, actor);
    return actor;
  }

  finish(): BlameResult {
    // What ends with the log may have lines that nobody has read.
    this.#line = Number.MAX_SAFE_INTEGER;
    this.tree.finish();
    return {
      processes: this.tree.count,
      crashes: [...this.crashes.values()].map((crash) => crash()),
      killed: this.#kills.map((kill) => kill()),
      survived: this.#survived,
      failedExits: this.#failedExits,
      failedExitCount: this.#failedExitCount,
      untraced: this.tree.untraced,
    };
  }

  // ---- what the tree tells

  born(child: Process, parent: Process, shares: Shares): void {
    const [mine, theirs] = [this.#caseOf(child), this.#caseOf(parent)];
    const isNew = mine.files.isNew && !shares.cwd && !shares.files;
    if (mine.mayTell) this.#askFrom(parent);
    this.#putOff.born(child, parent, this.#line, isNew, () => {
      this.#files.inherit(mine.files, theirs.files, shares);
      mine.startedIn ??= theirs.startedIn;
      mine.limits = mine.limits.length === 0 ? theirs.limits : [...theirs.limits, ...mine.limits];
    });
  }

  merged(from: Process, into: Process): void {
    if (!this.#cases.has(from)) return;
    const gone = this.#settled(from);
    this.#cases.delete(from);
    const state = gone.files.isUntouched ? this.#caseOf(into) : this.#settled(into);
    this.#files.merge(gone.files, state.files, from.tasks.values());
    for (const [task, episode] of gone.faults.episodes) {
      if (episode.scene !== null) episode.scene = together(episode.scene, state.files);
      state.faults.episodes.set(task, episode);
    }
  }

  split(child: Process, from: Process, task: Task): void {
    const [mine, theirs] = [this.#caseOf(child), this.#caseOf(from)];
    mine.files.takeOver(task, theirs.files);
  }

  threadsChange(process: Process, ending: Task | null): void {
    this.#putOff.threadsChange(process, ending);
  }

  reused(id: number): void {
    this.#putOff.reused(id);
  }

  executes(process: Process): void {
    this.#putOff.executes(process);
  }

  execed(process: Process): void {
    const state = this.#caseOf(process);
    this.#putOff.execed(process, this.#line, () => {
      this.#files.exec(state.files);
      state.startedIn = state.files.cwd.at;
    });
    this.#faults.outlived(state.faults);
  }

  replaced(process: Process): void {
    this.#putOff.settle(process);
  }

  endWanted(process: Process): void {
    this.#putOff.latest(process, (event, of, task) => {
      // Its first half was read before.
      if (event.args === '') this.#putOff.settle(process);
      else this.#lateExit(event, of, task);
    });
  }

  closed(process: Process, lastLine: number | null): void {
    const state = this.#caseOf(process);
    this.#cases.delete(process);
    this.#ended.bury(process, state);
    this.#faults.forget(process, state.faults);
    const verdict = judge(process, state.faults, this.#platform);
    const isByDeath = verdict.kind === 'crash' || verdict.kind === 'killed';
    if (isByDeath && (this.#keep || this.#rows !== null)) this.verdicts.set(process, verdict);
    if (isByDeath || state.mayTell) this.#putOff.settle(process);
    else this.#putOff.forget(process);
    this.toldMore(process);
    switch (verdict.kind) {
      case 'crash': {
        const crash = this.#crash(process, state, verdict, lastLine ?? this.#line);
        for (const episode of state.faults.episodes.values()) {
          if (episode !== verdict.episode && episode.returned) countSurvived(episode, state.faults);
        }
        if (verdict.episode !== null && verdict.episode === state.faults.latestSurvived) {
          revokeSurvived(verdict.episode, state.faults);
        }
        this.crashes.set(process, crash);
        this.#onCrash?.(crash());
        break;
      }
      case 'killed': {
        // SIGKILL is delivered without a line: then the whole process is asked.
        const told = state.atSignal?.signal === verdict.signal ? state.atSignal : null;
        const scene = told?.scene ?? this.#scene(process, null);
        const record = lastOf(scene);
        const stillOpen = record === undefined ? null : isStillOpen(record, scene);
        const { pid } = process;
        const program = programOf(process);
        const { signal } = verdict;
        const place = process.end?.place ?? process.pendingSignal?.place ?? null;
        const file = () => (record === undefined ? null : openedFile(record, stillOpen));
        const sender = this.#sent.sender(process, signal, told?.sender ?? null);
        const resource = signal === null ? null : limitBehind(signal);
        const limit = state.limits.find((one) => one.resource === resource && one.isSet) ?? null;
        const said = limit === null ? null : limitClause(limit);
        this.#kills.push(() => ({ pid, program, signal, place, sender, limit, limitClause: said, lastOpened: file() }));
        break;
      }
      case 'exited':
        this.#exited(process, state);
        break;
      case 'unknown':
        break;
      default:
        verdict satisfies never;
    }
    for (const { signal, place, count } of state.faults.survived?.values() ?? []) {
      this.#survived.push({ pid: process.pid, program: programOf(process), signal, place, count });
    }
    // Who may turn out to be a thread still has something to tell: what it had opened.
    if (!isUnexplained(process)) state.files.forgetOpens();
  }

  toldMore(process: Process): void {
    if (this.#rows === null) return;
    const verdict = this.verdicts.get(process) ?? null;
    this.#rows.record(process, howEnded(process, verdict), verdict?.kind === 'crash');
  }

  // ---- one process

  #caseOf(process: Process): Case {
    let state = this.#cases.get(process) ?? this.#ended.get(process);
    if (state === undefined) {
      state = createCase();
      if (!process.closed) this.#cases.set(process, state);
    }
    return state;
  }

  /** As `#caseOf`, with all that its lines tell of files and limits up to here. */
  #settled(process: Process): Case {
    this.#putOff.settle(process);
    return this.#caseOf(process);
  }

  /** An exit that was put off, among other calls that were. */
  #lateExit(event: SyscallEvent, process: Process, task: Task | null): void {
    if (syscallOf(event.name, this.#platform)?.role === 'exit') this.tree.exited(event, process, task);
  }

  /** A call with files or limits that was put off, or an exit. */
  #late(event: SyscallEvent, process: Process, task: Task | null): void {
    this.#lateExit(event, process, task);
    const state = this.#caseOf(process);
    const { now } = this.#files;
    this.#files.now = this.#orderOf(event);
    if (task !== null) this.#files.add(event, state.files, task);
    this.#remember(event, process, state);
    this.#files.now = now;
  }

  /** Lines of one log come in their order, lines of a set as they were merged. */
  #orderOf(event: TraceEvent): number {
    return this.#isSet ? ++this.#events : event.endLine;
  }

  /** Whether the event is an open of an input that no crash handler reads. */
  #call(event: SyscallEvent, { process, task }: Actor, state: Case): boolean {
    const isWorking = state.faults.episodes.size === 0;
    const role = syscallOf(event.name, this.#platform)?.role;
    if (role !== undefined && CAN_WAIT.has(role)) {
      this.#files.notice(event.name);
      if (isWorking && this.#putOff.add(event, process, task)) return false;
      this.#settled(process);
    }
    const record = this.#files.add(event, state.files, task);
    this.#remember(event, process, state);
    return record?.isNew === true && !isWorking && !isHandlerFile(record);
  }

  /** Keeps what may explain a death later: signals sent, limits set. */
  #remember(event: SyscallEvent, process: Process, state: Case): void {
    const role = syscallOf(event.name, this.#platform)?.role;
    if (role === 'kill') this.#sent.add(event, process);
    if (role !== 'limit') return;
    const limit = limitOf(event);
    if (limit === null || (limit.pid !== null && limit.pid !== process.pid)) return;
    // What was set says more than what is asked later.
    const known = state.limits.find(({ resource }) => resource === limit.resource);
    if (known?.isSet === true && !limit.isSet) return;
    state.limits = [...state.limits.filter((one) => one !== known), limit];
  }

  #exited(process: Process, state: Case): void {
    for (const episode of state.faults.episodes.values()) countSurvived(episode, state.faults);
    const { end } = process;
    if (end === null || end.status === null || end.status === 0) return;
    this.#failedExitCount++;
    if (this.#failedExits.length < LISTED_EXITS) {
      const { pid } = process;
      this.#failedExits.push({ pid, program: programOf(process), status: end.status, place: end.place });
    }
  }

  #scene(process: Process, task: Task | null): Scene {
    const { files } = this.#settled(process);
    const own = (task === null ? undefined : files.opensOf(task)) ?? new RecentOpens();
    const scopes = [own, files.together, files.before ?? new RecentOpens()].map((opens) => opens.inOrder());
    const all = scopes.flatMap((opens) => opens.all);
    const others = files.together.all.some((record) => record.task !== files.together.all[0]?.task);
    return {
      scopes: scopes.map((opens) => opens.all),
      inputs: scopes.map((opens) => opens.inputs),
      stillOpen: this.#files.seesClose ? new Set(all.filter((record) => record.descriptors > 0)) : null,
      failed: own.lastFailed ?? files.together.lastFailed,
      unnamed: scopes.map((opens) => opens.unnamed),
      lost: later(files.lost, this.#files.lost),
      mixed: process.mixed,
      threads: process.threaded || others,
      threadKnown: task !== null && task.id !== null,
      order: this.#files.now,
      exec: process.exec,
      cwd: files.cwd.at,
    };
  }

  /** Put together when asked for: parents and directories may become known later. `line`: its last. */
  #crash(process: Process, state: Case, { episode, signal, how }: CrashVerdict, line: number): () => Crash {
    const { end } = process;
    const { pendingSignal } = process;
    const place = episode?.place ?? end?.place ?? pendingSignal?.place ?? process.start;
    const task = episode?.task ?? end?.task ?? pendingSignal?.task ?? null;
    const scene = episode?.scene ?? this.#scene(process, task);
    const { startedIn, limits } = state;
    if (scene.cwd.path === null || startedIn?.path === null) this.#askFrom(process);
    // What ended with its input is told when the next input begins; where a death was inferred, no line is the last.
    const isHere = process.start.input === this.#input && how !== 'inferred';
    const until = isHere ? line : Number.MAX_SAFE_INTEGER;
    const life = lifeOf(process, until, this.#isSet);
    const sender =
      episode !== null && isOfMachine(episode)
        ? null
        : this.#sent.sender(process, episode?.signal ?? signal, episode?.sender ?? null);
    return () => {
      const last = lastOf(scene);
      const ranked = rank(scene, how !== 'inferred');
      return {
        pid: process.pid,
        tid: this.#threadOf(process, episode, task),
        // What an unseen child ran after its fork is not known.
        program: process.traced ? (scene.exec?.program ?? process.name) : null,
        argv: process.traced ? (scene.exec?.argv ?? null) : null,
        cwd: scene.cwd.path,
        startedIn: startedIn?.path ?? null,
        ancestors: ancestorsOf(process),
        signal,
        how,
        coreDumped: how === 'handled' ? null : (process.end?.coreDumped ?? null),
        exitStatus: process.end?.status ?? null,
        fault: {
          place,
          signal: episode?.signal ?? null,
          code: episode?.code ?? null,
          address: episode?.address ?? null,
          sender,
        },
        traced: process.traced,
        end: process.end?.place ?? null,
        travelled: failedParents(process),
        limits,
        life,
        lastOpened: last === undefined ? null : openedFile(last, isStillOpen(last, scene)),
        unnamedOpen: unnamedAfter(scene)?.place ?? null,
        lastFailedOpen:
          scene.failed === null
            ? null
            : { path: pathOf(scene.failed), errno: scene.failed.errno, place: scene.failed.place },
        culprit: ranked[0] ?? null,
        candidates: ranked.slice(1, 1 + CANDIDATES),
        explanation: null,
      };
    };
  }

  /** A directory of the process is not known yet: what it and those it came from do from now on may still tell. */
  #askFrom(process: Process): void {
    for (let one: Process | null = process; one !== null; one = one.parent) this.#caseOf(one).mayTell = true;
  }

  /** The faulting thread's id as printed; a process of one task has its own where the log has no column. */
  #threadOf(process: Process, episode: Episode | null, task: Task | null): number | null {
    if (this.#hasThreadColumn) return episode?.tid ?? process.pendingSignal?.tid ?? null;
    return episode?.tid ?? task?.id ?? process.pid;
  }
}
