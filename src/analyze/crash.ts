import type { Platform } from '../model/dialect.ts';
import type { Disposition, SignalEvent, SyscallEvent, TraceEvent } from '../model/event.ts';
import { readSiginfo } from '../model/siginfo.ts';
import { isCrashSignal, isDeadlyByDefault, isFaultSignal } from '../model/signals.ts';
import { syscallOf } from '../model/syscalls.ts';
import type { Scene } from './candidates.ts';
import { printedThread } from './open-records.ts';
import type { Actor, Place, Process, Task } from './process.ts';
import { isInterrupted } from './process-calls.ts';
import { SmallMap } from './small-map.ts';

/**
 * Calls a crash handler may make: a JVM's report takes ten thousand. A thread that made more has gone back to work
 * without returning (siglongjmp).
 */
const HANDLER_CALLS = 50_000;

/**
 * One fault of one thread: from the first line that shows it until the process dies of it or the thread is seen
 * working again. A handler that re-raises the signal, or returns into the same fault, is still the same.
 */
export interface Episode {
  readonly task: Task;
  /** As printed. */
  readonly tid: number | null;
  /** What the pid column of its lines shows: where that is the process, it is the other threads' too. */
  readonly column: number | null;
  /** The fault point. */
  readonly place: Place;
  /** The first signal; null while only a machine fault was seen. */
  signal: string | null;
  /** The latest signal: a handler of SIGSEGV may end in abort(). */
  lastSignal: string | null;
  code: string | null;
  address: string | null;
  /** What was to be done about the latest signal, where the tracer says so. */
  disposition: Disposition | null;
  /** Sender of the first signal, where a process sent it. */
  sender: number | null;
  /** When the latest signal came, among all of the trace. */
  order: number;
  /** Signals so far. */
  count: number;
  /** Handlers entered and not returned from: a crash handler may fault itself and go on. */
  depth: number;
  /** Whether all handlers returned. */
  returned: boolean;
  /** Calls since the latest signal. */
  calls: number;
  /** What had been opened by then; null until somebody has looked. */
  scene: Scene | null;
}

export interface Survived {
  readonly signal: string;
  readonly place: Place;
  count: number;
}

/** Faults of one process. */
export interface FaultState {
  /** Open episodes by thread: few at any time. */
  readonly episodes: SmallMap<Task, Episode>;
  /** By signal; null: none. */
  survived: SmallMap<string, Survived> | null;
  /** The latest one that somebody's work seemed to end: where lines do not tell threads apart, it may be another's. */
  latestSurvived: Episode | null;
}

export function createFaultState(): FaultState {
  return { episodes: new SmallMap(), survived: null, latestSurvived: null };
}

/** What happened to the episode of the acting thread. */
export type FaultChange = 'opened' | 'survived' | null;

/** Follows faults and crash-class signals of each thread until they end in a death or in work. */
export class Faults {
  /** Ids (pid column) of tasks whose every event is needed for the moment. */
  readonly watched = new Set<number | null>();
  readonly #platform: Platform;
  #signals = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** `opensInput`: the event was an open of an input that only a thread at work opens. */
  add(event: TraceEvent, actor: Actor, state: FaultState, opensInput: boolean): FaultChange {
    switch (event.kind) {
      case 'fault':
        return this.#fault(event.siginfo, event, actor, state);
      case 'signal':
        return this.#signal(event, actor, state);
      case 'syscall':
        return this.#call(event, actor, state, opensInput);
      default:
        return null;
    }
  }

  /** The process executes another program, and nothing of the old one goes on. */
  outlived(state: FaultState): void {
    for (const episode of state.episodes.values()) {
      this.#survive(episode, state);
      this.watched.delete(episode.column);
    }
  }

  /** The process is over: nothing of it needs watching. */
  forget(process: Process, state: FaultState): void {
    this.watched.delete(process.pid);
    for (const { column } of state.episodes.values()) this.watched.delete(column);
  }

  // A trap. Debuggers and watchpoints trap too: without a signal behind it, it was nothing.
  #fault(siginfo: string | null, event: TraceEvent, { task }: Actor, state: FaultState): FaultChange {
    const open = state.episodes.get(task);
    if (open !== undefined) return null;
    const { code, address } = readSiginfo(siginfo ?? '');
    state.episodes.set(task, newEpisode(task, event, code, address));
    this.watched.add(event.pid);
    return 'opened';
  }

  #signal(event: SignalEvent, { task }: Actor, state: FaultState): FaultChange {
    const { signal } = event;
    if (!isCrashSignal(signal)) {
      if (!isDeadlyByDefault(signal, this.#platform)) return null;
      // Whether anything follows tells a death without a line of its own from a handler.
      this.watched.add(event.pid);
      const around = state.episodes.get(task);
      if (around !== undefined && event.disposition !== 'ignored') around.depth++;
      return null;
    }
    if (event.disposition === 'ignored') return null;
    const { code, address, pid: sender } = readSiginfo(event.siginfo ?? '');
    this.watched.add(event.pid);
    let episode = state.episodes.get(task);
    let change: FaultChange = null;
    if (episode?.returned === true && isAnotherFault(episode, signal, address)) {
      this.#survive(episode, state);
      episode = undefined;
    }
    if (episode === undefined) {
      episode = newEpisode(task, event, code, address);
      state.episodes.set(task, episode);
      change = 'opened';
    }
    episode.signal ??= signal;
    episode.lastSignal = signal;
    // What a signal says of itself is not said of the one before it.
    if (episode.signal === signal) {
      episode.code ??= code;
      episode.address ??= address;
    }
    if (episode.count === 0) episode.sender = sender;
    episode.disposition = event.disposition;
    episode.order = ++this.#signals;
    episode.count++;
    episode.depth++;
    episode.returned = false;
    episode.calls = 0;
    return change;
  }

  #call(event: SyscallEvent, { task }: Actor, state: FaultState, opensInput: boolean): FaultChange {
    const { name, outcome, pid } = event;
    const episode = state.episodes.get(task);
    const role = syscallOf(name, this.#platform)?.role;
    if (episode === undefined) {
      // Whether anything follows tells whether the signal was the end.
      if (role === 'kill' && this.#platform === 'macos') this.watched.add(pid);
      else if (this.watched.size > 0 && !isInterrupted(event)) this.#unwatch(pid, state);
      return null;
    }
    if (episode.signal === null) {
      state.episodes.delete(task);
      return null;
    }
    if (role === 'sigreturn') {
      episode.depth--;
      episode.returned = episode.depth <= 0;
      return null;
    }
    // Neither the end nor a call that the end cut off is work.
    if (role === 'exit' || role === 'exit-thread' || outcome === 'unfinished') return null;
    episode.calls++;
    const works =
      episode.returned || opensInput || episode.calls > HANDLER_CALLS || (role === 'exec' && outcome === 'returned');
    if (!works) return null;
    this.#survive(episode, state);
    this.#unwatch(pid, state);
    return 'survived';
  }

  /** One thread is at work: its lines are not needed, unless they cannot be told from those of one in a handler. */
  #unwatch(column: number | null, state: FaultState): void {
    for (const episode of state.episodes.values()) if (episode.column === column) return;
    this.watched.delete(column);
  }

  #survive(episode: Episode, state: FaultState): void {
    state.episodes.delete(episode.task);
    state.latestSurvived = episode;
    countSurvived(episode, state);
  }
}

/** Adds an episode that the process outlived to what it survived. */
export function countSurvived(episode: Episode, state: FaultState): void {
  if (episode.signal === null) return;
  const { signal, place, count } = episode;
  state.survived ??= new SmallMap();
  const known = state.survived.get(signal);
  if (known === undefined) state.survived.set(signal, { signal, place, count });
  else known.count += count;
}

/** Takes an episode that the process seemed to outlive, and died of, out of what it survived. */
export function revokeSurvived(episode: Episode, state: FaultState): void {
  const known = episode.signal === null ? undefined : state.survived?.get(episode.signal);
  if (known === undefined) return;
  known.count -= episode.count;
  if (known.count === 0) state.survived?.delete(known.signal);
}

function newEpisode(task: Task, event: TraceEvent, code: string | null, address: string | null): Episode {
  const place = { input: event.input, line: event.line, atNs: event.atNs };
  const tid = printedThread(event);
  return {
    task,
    tid,
    column: event.pid,
    place,
    signal: null,
    lastSignal: null,
    code,
    address,
    disposition: null,
    sender: null,
    order: 0,
    count: 0,
    depth: 0,
    returned: false,
    calls: 0,
    scene: null,
  };
}

/**
 * After the handler returned, a signal is the same fault again unless both are of the machine and at different
 * addresses.
 */
function isAnotherFault(episode: Episode, signal: string, address: string | null): boolean {
  if (!isFaultSignal(signal) || episode.signal === null || !isFaultSignal(episode.signal)) return false;
  return address !== null && episode.address !== null && address !== episode.address;
}

/** How a process that is over ended, seen with its faults. */
export type Verdict =
  | {
      readonly kind: 'crash';
      readonly how: 'killed' | 'handled' | 'inferred';
      readonly signal: string;
      readonly episode: Episode | null;
    }
  | { readonly kind: 'killed'; readonly signal: string | null }
  | { readonly kind: 'exited' }
  | { readonly kind: 'unknown' };

/** Judges a process that is over, or whose log is. */
export function judge(process: Process, state: FaultState, platform: Platform): Verdict {
  const { end, pendingSignal } = process;
  // dtruss prints no deaths: what tells of one is a shell's line, or the last call.
  const how = platform === 'macos' ? 'inferred' : 'killed';
  const episode = fatalEpisode(process, state);
  if (end?.how === 'killed') {
    const signal = end.signal ?? episode?.lastSignal ?? null;
    if (signal === null || !isCrashSignal(signal)) return { kind: 'killed', signal };
    return { kind: 'crash', how, signal, episode: episode ?? seeminglySurvived(signal, state) };
  }
  if (end?.how === 'exited') {
    if (episode === null || episode.signal === null || end.status === 0) return { kind: 'exited' };
    return { kind: 'crash', how: 'handled', signal: episode.signal, episode };
  }
  // No line shows the end. A crash signal as the very last sign of life was one; nothing handled it.
  const unhandled = episode !== null && episode.disposition !== 'caught' && episode.calls === 0 && !episode.returned;
  if (unhandled && episode.lastSignal !== null) {
    return { kind: 'crash', how, signal: episode.lastSignal, episode };
  }
  if (pendingSignal !== null && how === 'inferred' && isCrashSignal(pendingSignal.signal)) {
    return { kind: 'crash', how, signal: pendingSignal.signal, episode: null };
  }
  if (pendingSignal !== null && process.detached && isDeadlyByDefault(pendingSignal.signal, platform)) {
    return { kind: 'killed', signal: pendingSignal.signal };
  }
  return { kind: 'unknown' };
}

/** A death that no open episode leads to: every signal has a line, so the latest of this name was the deadly one. */
function seeminglySurvived(signal: string, { latestSurvived }: FaultState): Episode | null {
  return latestSurvived?.lastSignal === signal ? latestSurvived : null;
}

/**
 * The open episode the process died in: of the signal that killed it, else any; the one that was not returned from;
 * the latest.
 */
function fatalEpisode(process: Process, state: FaultState): Episode | null {
  let found: Episode | null = null;
  for (const episode of state.episodes.values()) {
    if (episode.signal === null) continue;
    if (found === null || weight(episode, process) > weight(found, process)) found = episode;
    else if (weight(episode, process) === weight(found, process) && episode.order > found.order) found = episode;
  }
  return found;
}

function weight(episode: Episode, process: Process): number {
  const kills = episode.lastSignal === process.end?.signal ? 4 : 0;
  return kills + (episode.disposition === 'default' ? 2 : 0) + (episode.returned ? 0 : 1);
}

/** How a process ended, as it is shown. */
export interface HowEnded {
  /** `inferred`: killed, but no line shows the death, only what leads to one; `place` is that of the evidence. */
  readonly how: 'exited' | 'killed' | 'handled' | 'inferred' | 'unknown';
  readonly status: number | null;
  readonly signal: string | null;
  readonly coreDumped: boolean | null;
  readonly place: Place | null;
}

/** How a process ended: what its lines show, and what was judged of its faults. */
export function howEnded(process: Process, verdict: Verdict | null): HowEnded {
  const { end } = process;
  const crashed = verdict?.kind === 'crash';
  const killed = crashed || verdict?.kind === 'killed' ? 'killed' : 'unknown';
  const how = crashed && verdict.how !== 'killed' ? verdict.how : (end?.how ?? killed);
  const evidence = how === 'inferred' ? process.pendingSignal?.place : undefined;
  return {
    how,
    status: end?.status ?? null,
    signal: crashed || verdict?.kind === 'killed' ? verdict.signal : (end?.signal ?? null),
    coreDumped: end?.coreDumped ?? null,
    place: end?.place ?? evidence ?? null,
  };
}
