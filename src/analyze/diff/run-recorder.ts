import { argumentsOf } from '../../model/accessors.ts';
import { dialectTraits, type Platform } from '../../model/dialect.ts';
import type { SignalEvent, SyscallEvent, TraceEvent } from '../../model/event.ts';
import { CREAT_FLAGS, type OpenFlags, readOpenFlags } from '../../model/open-flags.ts';
import type { Syscall } from '../../model/syscalls.ts';
import type { TraceHeader } from '../../model/trace.ts';
import { createFaultState, type FaultState, Faults, judge, type Verdict } from '../crash.ts';
import { Graves } from '../graves.ts';
import { isHandlerFile, notAnInput } from '../input-files.ts';
import { FileState, OpenFiles } from '../open-files.ts';
import type { Process, Task, TreeObserver } from '../process.ts';
import { isSignOfLife } from '../process-calls.ts';
import { ProcessTree } from '../process-tree.ts';
import { ActColumns } from './act-columns.ts';
import { MadeFiles } from './made-files.ts';
import { type Measure, measuresOf } from './measures.ts';
import { type Operation, type OperationKind, Operations } from './operations.ts';
import { rawDetail } from './raw-detail.ts';
import { RecordedActs } from './recorded-acts.ts';
import type { RecordedAct, RecordedProcess, RecordedRun, RecordedThread } from './recorded-run.ts';
import { type ActKind, OPEN_TO_WRITE, type RunQuestion } from './run.ts';
import { isByDescriptor, subjectsOf } from './subjects.ts';
import { Texts } from './texts.ts';
import { WorkingDirectory } from './working-directory.ts';

/** Events of a process whose parent is not known yet; more are not held back. */
const MAX_HELD = 256;

/** Signals that come when the machine pleases: they tell of children, terminals, clocks and the runtime's own threads, or stop it for a while. */
const CHANCE_SIGNALS: ReadonlySet<string> = new Set(
  (
    'SIGCHLD SIGCLD SIGURG SIGWINCH SIGPROF SIGVTALRM SIGSTOP SIGCONT SIGTHR SIGLWP SIGCANCEL SIGWAITING SIGFREEZE SIGTHAW ' +
    'SIGRTMIN SIGRT_1 SIG32 SIG33'
  ).split(' '),
);

/**
 * What macOS's loader calls first, in every program. dtruss prints no exec that came off, and since macOS 10.12 a program
 * begins on a new thread.
 */
const PROGRAM_BEGINS: ReadonlySet<string> = new Set(['shared_region_check_np', 'shared_region_map_and_slide_np']);
/** Calls of the new thread before that. */
const MOST_CALLS_OF_LOADER = 8;

const NO_MEASURES: readonly Measure[] = [];

/** Errors that say no more than: not yet, ask again. */
const NOT_YET: ReadonlySet<string> = new Set(['EINTR', 'EAGAIN']);

/** Housekeeping that is compared is what failed. */
const ACT_KINDS: Readonly<Record<OperationKind, ActKind>> = {
  name: 'file',
  descriptor: 'call',
  process: 'process',
  call: 'call',
  housekeeping: 'call',
};

/** What waits until it is known what its process inherited; `exec`: the point where a new program began. */
type Held = Occurrence | Birth | 'exec';

/** A child began with what its parent had at this point. */
interface Birth {
  readonly child: Process;
  readonly shares: Shares;
}

/** What a child does not have a copy of. */
interface Shares {
  readonly cwd: boolean;
  readonly files: boolean;
}

interface Occurrence {
  readonly event: SyscallEvent | SignalEvent;
  readonly task: Task;
  /** Among all events. */
  readonly order: number;
}

/** What is followed of a process while it lives. */
interface State {
  readonly files: FileState;
  readonly faults: FaultState;
  held: Held[] | null;
}

/** What is kept of a process. */
interface Life {
  readonly threads: Map<Task, RecordedThread>;
  /** The thread that called exec last: it goes on under whatever number. */
  heir: RecordedThread | null;
  /** The latest signal, by the thread that got it: it may turn out to be the end. */
  latest: { readonly event: SignalEvent; readonly task: Task; readonly order: number } | null;
  verdict: Verdict | null;
}

/** Records what a run did, as far as a comparison asks. One `add` an event, then `finish`. */
export class RunRecorder implements TreeObserver {
  readonly #header: TraceHeader;
  readonly #platform: Platform;
  readonly #question: RunQuestion;
  readonly #tree: ProcessTree;
  readonly #openFiles: OpenFiles;
  readonly #faults: Faults;
  readonly #operations: Operations;
  readonly #lives = new Map<Process, Life>();
  readonly #states = new Map<Process, State>();
  /** Of processes that ended a moment ago: children may be known only now. */
  readonly #ended = new Graves<Process, State>();
  readonly #texts: Texts;
  readonly #acts: RecordedActs;
  readonly #made = new MadeFiles();
  readonly #seen = new Set<string>();
  readonly #workingDirectory = new WorkingDirectory();
  #isWhole = false;
  #order = 0;
  #housekeeping = 0;
  #belowLevel = 0;

  /** `texts`: where names are kept. Two runs that share it hold what both name once. */
  constructor(header: TraceHeader, question: RunQuestion, texts: Texts = new Texts()) {
    this.#texts = texts;
    this.#acts = new RecordedActs(texts);
    this.#header = header;
    this.#platform = dialectTraits[header.dialect].platform;
    this.#question = question;
    this.#openFiles = new OpenFiles(this.#platform, (record) => notAnInput(record) === null);
    this.#faults = new Faults(this.#platform);
    this.#operations = new Operations(this.#platform);
    this.#tree = new ProcessTree(header, this, true);
  }

  /** Tasks whose every event is needed at the moment. */
  readonly keeping = null;

  get watched(): ReadonlySet<number | null> {
    return this.#faults.watched;
  }

  add(event: TraceEvent): void {
    this.#order++;
    const actor = this.#tree.add(event);
    if (actor === null || actor.process.closed) return;
    const { process, task } = actor;
    const state = this.#stateOf(process);
    let opensInput = false;
    if (event.kind === 'syscall' || event.kind === 'signal') {
      const one = { event, task, order: this.#order };
      if (state.held === null) opensInput = this.#take(one, process, state);
      else this.#hold(one, process, state);
    }
    this.#faults.add(event, actor, state.faults, opensInput);
    this.#tree.settle(event, actor);
  }

  finish(): RecordedRun {
    this.#tree.finish();
    return {
      dialect: this.#header.dialect,
      platform: this.#platform,
      question: this.#question,
      acts: this.#acts,
      texts: this.#texts,
      processes: this.#processes(),
      untraced: this.#tree.untraced,
      made: this.#made.all(),
      origin: this.#workingDirectory.origin,
      workingDirectory: this.#workingDirectory.path,
      operations: this.#seen,
      isWhole: this.#isWhole,
      hidden: { housekeeping: this.#housekeeping, level: this.#belowLevel },
    };
  }

  // ---- what the tree tells

  born(child: Process, parent: Process, shares: Shares): void {
    const state = this.#stateOf(parent);
    if (state.held === null) this.#release(child, this.#inherit({ child, shares }, state).state);
    else state.held.push({ child, shares });
  }

  merged(from: Process, into: Process): void {
    const [gone, found] = [this.#lifeOf(from), this.#lifeOf(into)];
    const [mine, theirs] = [this.#stateOf(from), this.#stateOf(into)];
    this.#release(into, theirs);
    this.#release(from, mine);
    for (const [task, thread] of gone.threads) found.threads.set(task, thread);
    found.latest ??= gone.latest;
    this.#openFiles.merge(mine.files, theirs.files, from.tasks.values());
    for (const [task, episode] of mine.faults.episodes) theirs.faults.episodes.set(task, episode);
    this.#lives.delete(from);
    this.#states.delete(from);
  }

  split(child: Process, from: Process, task: Task): void {
    const [mine, theirs] = [this.#lifeOf(child), this.#lifeOf(from)];
    const thread = theirs.threads.get(task);
    if (thread === undefined) return;
    theirs.threads.delete(task);
    mine.threads.set(task, thread);
  }

  execed(process: Process): void {
    const state = this.#stateOf(process);
    this.#faults.outlived(state.faults);
    if (state.held === null) this.#openFiles.exec(state.files);
    else state.held.push('exec');
  }

  closed(process: Process): void {
    const state = this.#stateOf(process);
    this.#release(process, state);
    this.#states.delete(process);
    this.#ended.bury(process, state);
    this.#faults.forget(process, state.faults);
    const life = this.#lifeOf(process);
    const verdict = judge(process, state.faults, this.#platform);
    life.verdict = verdict;
    // The signal that ended it is told by its end.
    const deadly = verdict.kind === 'killed' || (verdict.kind === 'crash' && verdict.how !== 'handled');
    if (!deadly || life.latest?.event.signal !== verdict.signal) this.#settleSignal(process, life);
  }

  // ---- one process

  #lifeOf(process: Process): Life {
    let life = this.#lives.get(process);
    if (life === undefined) {
      life = { threads: new Map(), heir: null, latest: null, verdict: null };
      this.#lives.set(process, life);
    }
    return life;
  }

  #stateOf(process: Process): State {
    let state = this.#states.get(process) ?? this.#ended.get(process);
    if (state === undefined) {
      const files = new FileState();
      const isFirst = this.#workingDirectory.begin(files.cwd.at);
      state = { files, faults: createFaultState(), held: isFirst ? null : [] };
      if (!process.closed) this.#states.set(process, state);
    }
    return state;
  }

  /** A child's first calls may stand before the call that made it returns: what it inherited is known only then. */
  #hold(held: Occurrence, process: Process, state: State): void {
    state.held?.push(held);
    if (state.held !== null && state.held.length > MAX_HELD) this.#release(process, state);
  }

  /** Takes what was held back; of children born meanwhile too, whose chain may be of any length. */
  #release(process: Process, state: State): void {
    const waiting = [{ process, state }];
    for (const { process, state } of waiting) {
      const { held } = state;
      state.held = null;
      for (const one of held ?? []) {
        if (one === 'exec') this.#openFiles.exec(state.files);
        else if ('child' in one) waiting.push(this.#inherit(one, state));
        else this.#take(one, process, state);
      }
    }
  }

  #inherit({ child, shares }: Birth, parent: State): { readonly process: Process; readonly state: State } {
    const state = this.#stateOf(child);
    this.#openFiles.inherit(state.files, parent.files, shares);
    return { process: child, state };
  }

  #threadOf(process: Process, task: Task): RecordedThread {
    const life = this.#lifeOf(process);
    let thread = life.threads.get(task);
    if (thread === undefined) {
      const { heir } = life;
      const isHeir = heir !== null && process.tasks.get(heir.task.id) !== heir.task;
      thread = isHeir ? heir : { task, acts: new ActColumns(), calls: 0 };
      thread.task = task;
      if (isHeir) life.heir = null;
      life.threads.set(task, thread);
    }
    return thread;
  }

  // ---- events

  /** Whether the event is an open of an input that no crash handler reads. */
  #take({ event, task, order }: Occurrence, process: Process, state: State): boolean {
    const life = this.#lifeOf(process);
    if (event.kind === 'syscall') {
      if (isSignOfLife(event)) this.#settleSignal(process, life);
      return this.#call(event, order, process, task, state);
    }
    this.#settleSignal(process, life);
    if (this.#isCompared(event)) life.latest = { event, task, order };
    return false;
  }

  /** A new thread is the one that called exec, which the log does not show. */
  #inheritThread(process: Process, task: Task): void {
    const { threads } = this.#lifeOf(process);
    const own = threads.get(task) ?? null;
    const before = [...threads.values()].findLast((thread) => thread !== own);
    if (before === undefined || (own !== null && own.calls > MOST_CALLS_OF_LOADER)) return;
    for (let index = 0; own !== null && index < own.acts.length; index++) {
      const row = own.acts.row(index);
      before.acts.push({ ...row, before: row.before + before.calls, until: row.until + before.calls });
    }
    before.calls += own?.calls ?? 0;
    threads.delete(before.task);
    before.task = task;
    threads.set(task, before);
  }

  #call(event: SyscallEvent, order: number, process: Process, task: Task, state: State): boolean {
    if (PROGRAM_BEGINS.has(event.name) && this.#platform === 'macos') this.#inheritThread(process, task);
    const thread = this.#threadOf(process, task);
    const operation = this.#operations.of(event);
    this.#seen.add(operation.name);
    // A log that shows opens shows these too.
    if (operation.name === 'open') this.#seen.add('open to write');
    this.#isWhole ||= operation.chore === 'memory';
    thread.calls++;
    const { cwd } = state.files;
    const from = this.#tellsDirectory(event, operation) ? cwd.at.way : null;
    // Before anything is closed by it.
    this.#keep(event, order, operation, process, thread, state);
    if (operation.name === 'exec' && event.outcome === 'returned') this.#lifeOf(process).heir = thread;
    const opensInput = this.#follow(event, operation.call, state, task);
    if (from !== null) this.#workingDirectory.learn(from, state.files.cwd.at);
    return opensInput;
  }

  /** Whether the call may tell where its process is, and nobody knows yet where the first one began. */
  #tellsDirectory({ args }: SyscallEvent, { name, call }: Operation): boolean {
    if (name !== 'getcwd' && (call === null || call.directory === null)) return false;
    return this.#workingDirectory.path === null && (name === 'getcwd' || args.includes('AT_FDCWD<'));
  }

  #follow(event: SyscallEvent, call: Syscall | null, { files, faults }: State, task: Task): boolean {
    if (call === null) return false;
    if (call.role === 'channel') {
      this.#openFiles.addChannel(event, call, files);
      return false;
    }
    const record = this.#openFiles.add(event, files, task);
    return record?.isNew === true && faults.episodes.size > 0 && !isHandlerFile(record);
  }

  #keep(
    event: SyscallEvent,
    order: number,
    operation: Operation,
    process: Process,
    thread: RecordedThread,
    state: State,
  ): void {
    if (operation.name === 'exit') return;
    const isChore = this.#isHousekeeping(event, operation);
    if (isChore && !this.#question.all) {
      this.#housekeeping++;
      return;
    }
    if (!isChore && this.#isBelowLevel(event, operation)) {
      this.#belowLevel++;
      return;
    }
    const { call } = operation;
    const pieces = argumentsOf(event);
    const subjects = subjectsOf(event, call, pieces, this.#platform, process.pid, state.files);
    const flags = call?.role === 'open' ? this.#openFlags(call, pieces) : null;
    if (event.outcome === 'returned' && call !== null) this.#made.add(call, flags, subjects);
    const isRaw = this.#question.level === 'raw';
    const isToWrite = flags !== null && (flags.access === 'write' || flags.access === 'both');
    const name = isToWrite ? OPEN_TO_WRITE : operation.name;
    const act: RecordedAct = {
      kind: isChore ? 'housekeeping' : kindOf(operation, event),
      operation: name,
      subjects,
      outcome: outcomeOf(event),
      detail: isRaw ? rawDetail(event, subjects, this.#platform) : '',
      measures: isRaw ? measuresOf(event, this.#platform) : NO_MEASURES,
    };
    this.#record(act, event, thread, order);
  }

  #isHousekeeping(event: SyscallEvent, { kind, chore }: Operation): boolean {
    const errno = event.errno?.name ?? null;
    if (event.outcome === 'restarted') return true;
    if (kind === 'descriptor' || kind === 'call') return errno !== null && NOT_YET.has(errno);
    // To be refused memory is more than housekeeping.
    return kind === 'housekeeping' && !(chore === 'memory' && event.outcome === 'failed');
  }

  #isBelowLevel(event: SyscallEvent, { kind, name, call }: Operation): boolean {
    if (this.#question.level !== 'files') return false;
    if (event.outcome === 'unfinished') return true;
    if (kind === 'process') return name !== 'exec' && name !== 'spawn';
    return kind !== 'name' || call === null || isByDescriptor(event, call);
  }

  #openFlags({ flags }: Syscall, pieces: readonly string[]): OpenFlags {
    return flags === null ? CREAT_FLAGS : readOpenFlags(pieces[flags] ?? '', this.#platform);
  }

  #isCompared(event: SignalEvent): boolean {
    const isChance = CHANCE_SIGNALS.has(event.signal) || event.disposition === 'ignored';
    if (isChance && !this.#question.all) this.#housekeeping++;
    return !isChance || this.#question.all;
  }

  /** The latest signal was not the end of the process. */
  #settleSignal(process: Process, life: Life): void {
    if (life.latest === null) return;
    const { event, task, order } = life.latest;
    life.latest = null;
    this.#seen.add('signal');
    const thread = this.#threadOf(process, task);
    this.#record(
      {
        kind: 'signal',
        operation: 'signal',
        subjects: [event.signal],
        outcome: 'ok',
        detail: '',
        measures: NO_MEASURES,
      },
      event,
      thread,
      order,
    );
  }

  #record(act: RecordedAct, event: TraceEvent, thread: RecordedThread, order: number): void {
    const { input, line, endLine } = event;
    const until = thread.calls;
    const before = event.kind === 'syscall' ? until - 1 : until;
    thread.acts.push({ id: this.#acts.id(act), count: 1, before, until, after: 0, order, input, line, endLine });
  }

  /** Iterative: a chain of forks may be a hundred thousand long. */
  #processes(): RecordedProcess[] {
    const found: RecordedProcess[] = [];
    const stack = [...this.#tree.roots].reverse();
    for (let process = stack.pop(); process !== undefined; process = stack.pop()) {
      const life = this.#lives.get(process);
      const threads = [...new Set(life?.threads.values() ?? [])];
      found.push({ process, verdict: life?.verdict ?? null, threads });
      for (const child of (process.children ?? []).toReversed()) stack.push(child);
    }
    return found;
  }
}

/** newfstatat(3, "", …) is about what is open, as fstat(3, …) is. */
function kindOf({ kind, call }: Operation, event: SyscallEvent): ActKind {
  return kind === 'name' && call !== null && isByDescriptor(event, call) ? 'call' : ACT_KINDS[kind];
}

/** What a call came to, in one word. */
function outcomeOf({ outcome, errno }: SyscallEvent): string {
  if (outcome === 'returned') return 'ok';
  if (outcome !== 'failed') return 'unfinished';
  return errno === null ? 'failed' : (errno.name ?? `error ${errno.number ?? ''}`.trim());
}
