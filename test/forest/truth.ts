import type { BlameResult, Crash, OpenedFile } from '../../src/analyze/blame-result.ts';
import type { TreeNode } from '../../src/analyze/tree.ts';
import type { Run } from './kernel.ts';
import type { Fate, SimOpen, SimProcess, SimThread } from './process.ts';

// What must be found out about a run, by the definitions of the words (crash, fault point, last opened ...), as far as
// one way of printing it can show.

/** What a way of printing shows. */
export interface View {
  /** Processes this way of printing leaves too much open about. */
  readonly ignores: (process: SimProcess) => boolean;
  /** Line each happening begins on; 0 where nothing shows it. */
  readonly lines: readonly number[];
  /** Whether a call is where it was entered (strace) or where it returned (truss), as to what was last. */
  readonly orders: 'enter' | 'return';
  /** Line that shows what an open opened. */
  readonly lineOfOpen: (open: SimOpen) => number;
  /** Whether successful execs, directory changes and creations show. */
  readonly showsAll: boolean;
  /** Absolute names of what was opened (-y). */
  readonly showsPaths: boolean;
  /** Whether a death by a signal has a line of its own, or is told its parent only. */
  readonly deaths: 'lines' | 'reports' | 'none';
  /** Whether a call that returned after the fault can be told from one that returned before it. */
  readonly showsReturns: boolean;
  /** Whether a line tells which thread it is of. */
  readonly showsThreads: boolean;
  /** The thread of a crash as it is found; null where that is not compared. */
  readonly tidOf: ((fate: CrashFate) => number | null) | null;
}

type CrashFate = Extract<Fate, { readonly kind: 'crash' }>;

interface Opened {
  readonly path: string;
  readonly line: number;
}

const LINES_OF_AN_INPUT = 1_000_000;

/** One number for a line in any of several inputs. */
export function lineOf({ input, line }: { readonly input: number; readonly line: number }): number {
  return input * LINES_OF_AN_INPUT + line;
}

export interface CrashTruth {
  readonly pid: number | null;
  readonly tid: number | null;
  readonly signal: string;
  readonly how: 'killed' | 'handled' | 'inferred';
  readonly status: number | null;
  readonly fault: number;
  readonly lastOpened: Opened | null;
  readonly culprit: Opened | null;
  readonly ancestors: readonly (number | null)[] | null;
}

export interface KillTruth {
  readonly pid: number | null;
  readonly signal: string | null;
  readonly lastOpened: Opened | null | 'any';
}

export interface Truth {
  readonly crashes: readonly CrashTruth[];
  readonly killed: readonly KillTruth[];
  readonly survived: readonly string[];
  readonly processes: number;
  readonly tree: readonly string[] | null;
}

/** What is true of the run, but for the processes that `ignores` names. */
export function truthOf(run: Run, view: View): Truth {
  const crashes: CrashTruth[] = [];
  const killed: KillTruth[] = [];
  const survived: string[] = [];
  const loose = loosePids(run);
  const disputed = disputedPids(run, view);
  const unclear = unclearPids(run, view);
  const unclearKills = unclearKillPids(run);
  const seen = new Set(
    run.happenings.filter(({ index }) => (view.lines[index] ?? 0) > 0).map(({ process }) => process),
  );
  const root = run.processes[0]?.pid ?? 0;
  for (const process of run.processes) {
    const { fate, pid } = process;
    if (unclear.has(pid)) continue;
    if (fate.kind === 'crash') {
      const scopes = scopesOf(process, view, fate.fault, fate.thread);
      crashes.push({
        pid,
        tid: view.tidOf === null ? null : (view.tidOf(fate) ?? root),
        signal: fate.signal,
        how: fate.how,
        status: fate.status,
        fault: view.lines[fate.fault] ?? 0,
        lastOpened: latest(scopes, view, () => true),
        culprit: latest(scopes, view, ({ isInput }) => isInput),
        ancestors: view.showsAll ? ancestorsOf(process, loose) : null,
      });
    } else if (fate.kind === 'killed') {
      const { at, thread } = fate;
      const opened =
        at === null || unclearKills.has(pid) ? 'any' : latest(scopesOf(process, view, at, thread), view, () => true);
      const isShown = at !== null || view.deaths === 'lines' || isReported(run, view, process);
      if (isShown) killed.push({ pid, signal: fate.signal, lastOpened: opened });
    }
    if (disputed.has(pid)) continue;
    for (const { signal, first, count } of process.survived) {
      survived.push(`${pid} ${signal} ${view.lines[first]} ${count}`);
    }
  }
  return {
    crashes: crashes.sort(byPidAndLine),
    killed: killed.sort(byPid),
    survived: survived.sort(),
    processes: seen.size,
    tree: view.showsAll ? treeOf(run) : null,
  };
}

/** Processes about whose survived faults nothing certain can be said. */
function disputedPids(run: Run, view: View): ReadonlySet<number | null> {
  const isDisputed = (process: SimProcess) => process.disputed || process.unclear || view.ignores(process);
  return new Set(run.processes.filter(isDisputed).map(({ pid }) => pid));
}

/** Processes about whose end nothing certain can be said. */
function unclearPids(run: Run, view: View): ReadonlySet<number | null> {
  return new Set(run.processes.filter((process) => process.unclear || view.ignores(process)).map(({ pid }) => pid));
}

/** The same of what was found. `run` tells which processes are open to dispute. */
export function foundOf(blame: BlameResult, roots: Iterable<TreeNode>, run: Run, view: View): Truth {
  // On standard error nothing may name the first process.
  const root = run.processes[0]?.pid;
  const named = (pid: number | null) => pid ?? root ?? 0;
  const disputed = disputedPids(run, view);
  const unclear = unclearPids(run, view);
  const loose = loosePids(run);
  const crashes = blame.crashes
    .filter(({ pid }) => !unclear.has(named(pid)))
    .map((crash) => ({
      pid: named(crash.pid),
      tid: view.tidOf === null ? null : named(crash.tid),
      signal: crash.signal,
      how: crash.how,
      status: crash.exitStatus,
      fault: lineOf(crash.fault.place),
      lastOpened: openedOf(crash.lastOpened),
      culprit: crash.culprit === null ? null : { path: crash.culprit.path, line: lineOf(crash.culprit.place) },
      ancestors: view.showsAll ? knownAncestors(crash, loose).map(named) : null,
    }));
  const unclearKills = unclearKillPids(run);
  const killed = blame.killed
    .filter(({ pid }) => !unclear.has(named(pid)))
    .map(({ pid, signal, lastOpened }) => ({
      pid: named(pid),
      signal,
      lastOpened: unclearKills.has(named(pid)) ? ('any' as const) : openedOf(lastOpened),
    }));
  return {
    crashes: crashes.sort(byPidAndLine),
    killed: killed.sort(byPid),
    survived: blame.survived
      .filter(({ pid }) => !disputed.has(named(pid)))
      .map(({ pid, signal, place, count }) => `${named(pid)} ${signal} ${lineOf(place)} ${count}`)
      .sort(),
    processes: blame.processes,
    tree: view.showsAll ? treeFound(roots, run) : null,
  };
}

/** Whether somebody is told of the process's death in a signal. */
function isReported(run: Run, view: View, process: SimProcess): boolean {
  if (view.deaths === 'none') return false;
  return run.happenings.some(
    (what) => what.kind === 'signal' && what.siginfo.child?.process === process && (view.lines[what.index] ?? 0) > 0,
  );
}

/** SIGKILL is no thread's: of several, nobody knows whose last open counts. */
function unclearKillPids(run: Run): ReadonlySet<number | null> {
  return new Set(run.processes.filter(({ fate }) => fate.kind === 'killed' && fate.at === null).map(({ pid }) => pid));
}

/** Whether a culprit was opened two programs before the one that died: how long it is remembered is open to dispute. */
export function hasOldCulprit(run: Run, view: View): boolean {
  return run.processes.some((process) => {
    const { fate, execs } = process;
    if (fate.kind !== 'crash') return false;
    const [own = [], since = [], before = []] = scopesOf(process, view, fate.fault, fate.thread);
    const previous = execs.filter((index) => index < fate.fault).at(-2) ?? -1;
    const inputs = before.filter(({ isInput }) => isInput);
    if ([...own, ...since].some(({ isInput }) => isInput) || inputs.length === 0) return false;
    return inputs.every(({ returned }) => returned < previous);
  });
}

/** By the faulting thread since the last exec, by the process since then, by the process before. */
function scopesOf(process: SimProcess, view: View, fault: number, thread: SimThread | null): SimOpen[][] {
  const opens = process.opens.filter(({ enter, returned }) => (view.showsReturns ? returned : enter) < fault);
  const exec = view.showsAll ? (process.execs.filter((index) => index < fault).at(-1) ?? -1) : -1;
  const since = opens.filter(({ returned }) => returned > exec);
  return [
    view.showsThreads ? since.filter((open) => open.thread === thread) : [],
    since,
    opens.filter(({ returned }) => returned < exec),
  ];
}

function latest(scopes: readonly SimOpen[][], view: View, counts: (open: SimOpen) => boolean): Opened | null {
  const order = (open: SimOpen) => (view.orders === 'enter' ? open.enter : open.returned);
  for (const scope of scopes) {
    const found = scope
      .filter(counts)
      .sort((a, b) => order(a) - order(b))
      .at(-1);
    if (found === undefined) continue;
    const path = view.showsPaths
      ? (found.call.kernelPath ?? found.path)
      : view.showsAll
        ? found.path
        : shownPath(found);
    return { path, line: view.lineOfOpen(found) };
  }
  return null;
}

/** As far as opens alone tell: as printed, or from a directory that the process itself was seen to open. */
function shownPath({ call: { request }, path, thread, enter }: SimOpen): string {
  if (request.name !== 'open') return path;
  if (request.directory === null || request.path.startsWith('/')) return request.path;
  const { opens } = thread.process;
  const base = opens.findLast(({ fd, returned }) => fd === request.directory && returned < enter);
  const above = base === undefined ? '' : shownPath(base);
  return above.startsWith('/') ? `${above}/${request.path}` : request.path;
}

function openedOf(opened: OpenedFile | null): Opened | null {
  return opened === null ? null : { path: opened.path, line: lineOf(opened.place) };
}

/** Nearest first, up to one whose creation does not show. */
function ancestorsOf(process: SimProcess, loose: ReadonlySet<number | null>): (number | null)[] {
  const ancestors: (number | null)[] = [];
  for (let child = process; child.parent !== null && !loose.has(child.pid); child = child.parent) {
    ancestors.push(child.parent.pid);
  }
  return ancestors;
}

/** The same of what was found: what it knows beyond that is not asked for. */
function knownAncestors(crash: Crash, loose: ReadonlySet<number | null>): (number | null)[] {
  // The parent of the first process is nobody's business.
  const ancestors = crash.ancestors.map(({ pid }) => pid).filter((pid) => pid !== 1);
  const end = [crash.pid, ...ancestors].findIndex((pid) => loose.has(pid));
  return end < 0 ? ancestors : ancestors.slice(0, end);
}

/** Processes whose creation call never returned: whose they are is a matter of luck. */
function loosePids(run: Run): ReadonlySet<number | null> {
  return new Set(run.processes.filter(({ parent, confirmed }) => parent !== null && !confirmed).map(({ pid }) => pid));
}

function treeOf(run: Run): string[] {
  const loose = loosePids(run);
  const isRoot = ({ parent, pid }: SimProcess) => parent === null || loose.has(pid);
  const draw = (process: SimProcess): string => {
    const children = run.processes.filter((child) => child.parent === process && !isRoot(child));
    return `${process.pid}(${children.map(draw).sort().join(' ')})`;
  };
  return run.processes.filter(isRoot).map(draw).sort();
}

function treeFound(roots: Iterable<TreeNode>, run: Run): string[] {
  const loose = loosePids(run);
  const found: string[] = [];
  const draw = (node: TreeNode): string => {
    const children = [...node.children];
    const kept = children.filter(({ pid }) => !loose.has(pid));
    found.push(...children.filter(({ pid }) => loose.has(pid)).map(draw));
    return `${node.pid ?? run.processes[0]?.pid}(${kept.map(draw).sort().join(' ')})`;
  };
  for (const root of roots) found.push(draw(root));
  return found.sort();
}

function byPid(a: { pid: number | null }, b: { pid: number | null }): number {
  return (a.pid ?? 0) - (b.pid ?? 0);
}

function byPidAndLine(a: CrashTruth, b: CrashTruth): number {
  return byPid(a, b) || a.fault - b.fault;
}
