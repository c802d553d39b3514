import { dialectTraits, type Platform } from '../model/dialect.ts';
import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import { readSiginfo } from '../model/siginfo.ts';
import { isDeadlyByDefault } from '../model/signals.ts';
import { type Role, syscallOf } from '../model/syscalls.ts';
import type { TraceHeader } from '../model/trace.ts';
import type { Ancestor, BlameResult, Crash, FailedExit, Kill, OpenedFile, SurvivedSignal } from './blame-result.ts';
import { lastOf, rank, type Scene, unnamedAfter } from './candidates.ts';
import {
  countSurvived,
  createFaultState,
  type Episode,
  type FaultState,
  Faults,
  judge,
  revokeSurvived,
  type Verdict,
} from './crash.ts';
import type { Directory } from './directory.ts';
import { failedParents } from './failed-parents.ts';
import { isHandlerFile, notAnInput } from './input-files.ts';
import { lifeOf } from './life.ts';
import { type Limit, limitBehind, limitClause, limitOf } from './limits.ts';
import { FileState, OpenFiles } from './open-files.ts';
import { inOrder, later, type OpenRecord, pathOf, RecentOpens, type UnseenOpen } from './open-records.ts';
import { type Actor, bury, type Process, programOf, type Task, type TreeObserver } from './process.ts';
import { ProcessTree } from './process-tree.ts';
import { SentSignals } from './sent-signals.ts';
import { isOfMachine } from './signal-reason.ts';

/** Which opens and which verdict belong to a process. */
interface Case {
  readonly files: FileState;
  readonly faults: FaultState;
  /** What had been opened at each fault point. */
  readonly scenes: Map<Episode, Scene>;
  /** What had been opened when the latest signal came that kills by default. */
  atSignal: { readonly signal: string; readonly sender: number | null; readonly scene: Scene } | null;
  /** Working directory at its last exec, or at its parent's. */
  startedIn: Directory | null;
  /** The latest of each resource, of its own and of its ancestors before it was born. */
  limits: readonly Limit[];
}

/** Non-zero exits that are listed one by one; the rest are counted. */
const LISTED_EXITS = 20;
const MAX_ANCESTORS = 64;
const CANDIDATES = 5;

/** What processes, open files and faults are followed by. */
const FOLLOWED: ReadonlySet<Role> = new Set([
  'open',
  'close',
  'close-range',
  'dup',
  'fcntl',
  'chdir',
  'fchdir',
  'getcwd',
  'exec',
  'spawn',
  'wait',
  'exit',
  'exit-thread',
  'getpid',
  'getppid',
  'gettid',
  'sigreturn',
  'kill',
  'limit',
]);

/** Whether blame needs events of this call: only what processes, files and faults are followed by. */
export function blameNeeds(name: string, platform: Platform): boolean {
  const role = syscallOf(name, platform)?.role;
  return role !== undefined && FOLLOWED.has(role);
}

/** Finds crashed processes and the file each was working on. One `add` an event, then `finish`. */
export class Blame implements TreeObserver {
  readonly tree: ProcessTree;
  readonly #platform: Platform;
  readonly #hasThreadColumn: boolean;
  readonly #files: OpenFiles;
  readonly #faults: Faults;
  readonly #sent: SentSignals;
  readonly #cases = new Map<Process, Case>();
  /** Of processes that ended a moment ago: a parent or a child may be known only now, and files are inherited then. */
  readonly #ended = new Map<Process, Case>();
  readonly #onCrash: ((crash: Crash) => void) | null;
  /** Put together when asked for, so that what became known since is in them; in the order they became certain. */
  readonly crashes = new Map<Process, () => Crash>();
  readonly #kills: (() => Kill)[] = [];
  readonly #survived: SurvivedSignal[] = [];
  readonly #failedExits: FailedExit[] = [];
  #failedExitCount = 0;
  /** How each process ended, where its tree is kept. */
  readonly verdicts = new Map<Process, Verdict>();
  readonly #keep: boolean;
  readonly #isSet: boolean;
  /** The latest line. */
  #input = 0;
  #line = 1;

  /** `onCrash` is told of each crash as soon as it is certain. `keep`: see ProcessTree. */
  constructor(header: TraceHeader, keep = false, onCrash: ((crash: Crash) => void) | null = null) {
    const traits = dialectTraits[header.dialect];
    this.#platform = traits.platform;
    this.#hasThreadColumn = traits.pidColumn === 'process';
    this.#files = new OpenFiles(traits.platform, (record) => notAnInput(record) === null);
    this.#faults = new Faults(traits.platform);
    this.#sent = new SentSignals(traits.platform);
    this.tree = new ProcessTree(header, this, keep);
    this.#keep = keep;
    this.#isSet = header.joined && header.inputs.length > 1;
    this.#onCrash = onCrash;
  }

  /** Tasks whose every event is needed at the moment. */
  get watched(): ReadonlySet<number | null> {
    return this.#faults.watched;
  }

  /** Whose event it is, as the tree says; null for events of nobody. */
  add(event: TraceEvent): Actor | null {
    this.#input = event.input;
    this.#line = event.endLine;
    const actor = this.tree.add(event);
    if (event.kind === 'lost') this.#files.lose(event, actor === null ? null : this.#caseOf(actor.process).files);
    if (actor === null || actor.process.closed) return actor;
    const state = this.#caseOf(actor.process);
    let opensInput = false;
    if (event.kind === 'lookup') this.#files.lookedUp(event, state.files);
    if (event.kind === 'syscall') {
      opensInput = this.#opens(event, state, actor.task);
      this.#remember(event, actor.process, state);
    }
    if (event.kind === 'signal' && isDeadlyByDefault(event.signal, this.#platform)) {
      const { pid } = readSiginfo(event.siginfo ?? '');
      const scene = this.#scene(actor.process, state.files, actor.task);
      state.atSignal = { signal: event.signal, sender: pid, scene };
    }
    const change = this.#faults.add(event, actor, state.faults, opensInput);
    if (change === 'opened') {
      const episode = state.faults.episodes.get(actor.task);
      if (episode !== undefined) state.scenes.set(episode, this.#scene(actor.process, state.files, actor.task));
    }
    if (state.scenes.size > state.faults.episodes.size) {
      const open = new Set(state.faults.episodes.values());
      if (state.faults.latestSurvived !== null) open.add(state.faults.latestSurvived);
      for (const episode of state.scenes.keys()) if (!open.has(episode)) state.scenes.delete(episode);
    }
    this.tree.settle(event, actor);
    return actor;
  }

  finish(): BlameResult {
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

  born(child: Process, parent: Process, shares: { readonly cwd: boolean; readonly files: boolean }): void {
    const [mine, theirs] = [this.#caseOf(child), this.#caseOf(parent)];
    this.#files.inherit(mine.files, theirs.files, shares);
    mine.startedIn ??= theirs.startedIn;
    mine.limits = [...theirs.limits, ...mine.limits];
  }

  merged(from: Process, into: Process): void {
    const gone = this.#cases.get(from);
    if (gone === undefined) return;
    this.#cases.delete(from);
    const state = this.#caseOf(into);
    this.#files.merge(gone.files, state.files, from.tasks.values());
    for (const [task, episode] of gone.faults.episodes) state.faults.episodes.set(task, episode);
    for (const [episode, scene] of gone.scenes) state.scenes.set(episode, together(scene, state.files));
  }

  split(child: Process, from: Process, task: Task): void {
    const [mine, theirs] = [this.#caseOf(child), this.#caseOf(from)];
    const opens = theirs.files.byTask.get(task);
    if (opens !== undefined) {
      mine.files.byTask.set(task, opens);
      mine.files.together.join(opens);
    }
    theirs.files.byTask.delete(task);
  }

  execed(process: Process): void {
    const state = this.#caseOf(process);
    this.#files.exec(state.files);
    state.startedIn = state.files.cwd.at;
    this.#faults.outlived(state.faults);
  }

  closed(process: Process): void {
    const state = this.#caseOf(process);
    this.#cases.delete(process);
    bury(this.#ended, process, state);
    this.#faults.forget(process, state.faults);
    const verdict = judge(process, state.faults, this.#platform);
    if (this.#keep) this.verdicts.set(process, verdict);
    switch (verdict.kind) {
      case 'crash': {
        const crash = this.#crash(process, state, verdict.episode, verdict.signal, verdict.how);
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
        const scene = told?.scene ?? this.#scene(process, state.files, null);
        const record = lastOf(scene);
        const stillOpen = record === undefined ? null : isStillOpen(record, scene);
        const { pid } = process;
        const program = programOf(process);
        const { signal } = verdict;
        const place = process.end?.place ?? process.pendingSignal?.place ?? null;
        const file = () => (record === undefined ? null : describe(record, stillOpen));
        const sender = this.#sent.sender(process, signal, told?.sender ?? null);
        const resource = signal === null ? null : limitBehind(signal);
        const limit = state.limits.find((one) => one.resource === resource && one.isSet) ?? null;
        const said = limit === null ? null : limitClause(limit);
        this.#kills.push(() => ({
          pid,
          program,
          signal,
          place,
          sender,
          limit,
          limitClause: said,
          lastOpened: file(),
        }));
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
    for (const { signal, place, count } of state.faults.survived) {
      this.#survived.push({ pid: process.pid, program: programOf(process), signal, place, count });
    }
  }

  // ---- one process

  #caseOf(process: Process): Case {
    let state = this.#cases.get(process) ?? this.#ended.get(process);
    if (state === undefined) {
      state = {
        files: new FileState(),
        faults: createFaultState(),
        scenes: new Map(),
        atSignal: null,
        startedIn: null,
        limits: [],
      };
      if (!process.closed) this.#cases.set(process, state);
    }
    return state;
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

  /** Whether the event is an open of an input that no crash handler reads. */
  #opens(event: SyscallEvent, { files, faults }: Case, task: Task): boolean {
    const record = this.#files.add(event, files, task);
    return record?.isNew === true && faults.episodes.size > 0 && !isHandlerFile(record);
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

  #scene(process: Process, files: FileState, task: Task | null): Scene {
    const own = (task === null ? undefined : files.byTask.get(task)) ?? new RecentOpens();
    const scopes = [own, files.together, files.before].map((opens) => opens.copy());
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
      order: this.#files.opens,
      exec: process.exec,
      cwd: files.cwd.at,
    };
  }

  /** Put together when asked for: parents and directories may become known later. */
  #crash(process: Process, state: Case, episode: Episode | null, signal: string, how: Crash['how']): () => Crash {
    const { end } = process;
    const { pendingSignal } = process;
    const place = episode?.place ?? end?.place ?? pendingSignal?.place ?? process.start;
    const task = episode?.task ?? end?.task ?? pendingSignal?.task ?? null;
    const scene = (episode === null ? undefined : state.scenes.get(episode)) ?? this.#scene(process, state.files, task);
    // What ended with its input is told when the next input begins; where a death was inferred, no line is the last.
    const isHere = process.start.input === this.#input && how !== 'inferred';
    const until = isHere ? this.#line : Number.MAX_SAFE_INTEGER;
    const life = lifeOf(process, until, this.#isSet);
    const sender =
      episode !== null && isOfMachine(episode)
        ? null
        : this.#sent.sender(process, episode?.signal ?? signal, episode?.sender ?? null);
    const { startedIn, limits } = state;
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
        lastOpened: last === undefined ? null : describe(last, isStillOpen(last, scene)),
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

  /** The faulting thread's id as printed; a process of one task has its own where the log has no column. */
  #threadOf(process: Process, episode: Episode | null, task: Task | null): number | null {
    if (this.#hasThreadColumn) return episode?.tid ?? process.pendingSignal?.tid ?? null;
    return episode?.tid ?? task?.id ?? process.pid;
  }
}

/** A scene of a thread, with what its process had opened by then: which process it was, was not known. */
function together(scene: Scene, files: FileState): Scene {
  const process = files.together.copy();
  const [own = [], mine = [], before = []] = scene.scopes;
  const [ownInputs = [], myInputs = [], inputsBefore = []] = scene.inputs;
  const then = (record: UnseenOpen) => record.order <= scene.order;
  const [ownUnnamed = null, myUnnamed = null, unnamedBefore = null] = scene.unnamed;
  const unnamed = process.unnamed !== null && then(process.unnamed) ? process.unnamed : null;
  return {
    ...scene,
    unnamed: [ownUnnamed, later(myUnnamed, unnamed), unnamedBefore],
    threads: true,
    scopes: [own, unite(mine, process.all.filter(then)), before],
    inputs: [ownInputs, unite(myInputs, process.inputs.filter(then)), inputsBefore],
  };
}

function unite(a: readonly OpenRecord[], b: readonly OpenRecord[]): OpenRecord[] {
  return [...new Set([...a, ...b])].sort(inOrder);
}

function isStillOpen(record: OpenRecord, scene: Scene): boolean | null {
  return scene.stillOpen?.has(record) ?? null;
}

function describe(record: OpenRecord, stillOpen: boolean | null): OpenedFile {
  return {
    path: pathOf(record),
    printed: record.printed,
    call: record.call,
    place: record.place,
    tid: record.tid,
    fd: record.fd,
    stillOpen,
    access: record.access,
  };
}

function ancestorsOf(process: Process): Ancestor[] {
  const ancestors: Ancestor[] = [];
  let above = process;
  while (above.parent !== null && ancestors.length < MAX_ANCESTORS) {
    above = above.parent;
    ancestors.push({ pid: above.pid, program: programOf(above), argv: above.exec?.argv ?? null });
  }
  if (above.parent === null && above.parentPid !== null) {
    ancestors.push({ pid: above.parentPid, program: null, argv: null });
  }
  return ancestors;
}
