import { afterAll, describe, expect, test } from 'vitest';
import type { Crash } from '../../src/analyze/blame-result.ts';
import type { TreeNode } from '../../src/analyze/tree.ts';
import { missing, type Recording, type Story, Studio, type Target, tell } from './recording.ts';

// Programs that die in known ways are recorded with the strace of this machine, and the answers compared with what the
// programs told of themselves. LIVE_SHIFT=n gives each recording other options.

const MISSING = missing();
const SHIFT = Number(process.env.LIVE_SHIFT ?? 0);

const WAYS: readonly { readonly options: readonly string[]; readonly target: Target }[] = [
  { options: ['-f'], target: 'file' },
  { options: ['-f'], target: 'stderr' },
  { options: ['-f', '-qq'], target: 'stderr' },
  { options: ['-ff', '-ttt'], target: 'set' },
];

/** Options that change how a log looks, not what it says. */
const LOOKS: readonly (readonly string[])[] = [
  [],
  ['-y'],
  ['-tt', '-T'],
  ['-x'],
  ['-yy', '-v'],
  ['-xx', '-s', '8'],
  ['-i', '-r'],
  ['-X', 'verbose', '-a', '1'],
  ['-t', '-s', '0'],
  ['-e', 'trace=file,process,desc'],
  ['-y', '-e', 'trace=open,openat,chdir,fchdir,clone,clone3,fork,vfork,execve,dup,close,exit_group'],
  ['-n', '-Y'],
];

interface Expected {
  readonly signal: string;
  readonly how: Crash['how'];
  readonly exitStatus: number | null;
}

const SEGV: Expected = { signal: 'SIGSEGV', how: 'killed', exitStatus: null };

interface Scenario {
  readonly name: string;
  readonly command: (path: (name: string) => string) => readonly string[];
  /** Of every task that told it dies. */
  readonly expected: Expected | null;
  /** Whether there is one task only, from first to last. */
  readonly isAlone: boolean;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a pipeline of a shell with a crashing child',
    command: (path) => ['sh', '-c', `true | ${path('deaths')} segv ${path('a.c')} | wc -l; cat ${path('b.c')}`],
    expected: SEGV,
    isAlone: false,
  },
  scenario('a thread that crashes while others open files', 'threads', SEGV, false),
  scenario('a vfork child that opens and dies', 'vfork', SEGV, false),
  scenario('a posix_spawn child', 'spawn', SEGV, false),
  scenario('a handler that looks around and raises the signal again', 'reraise', SEGV, true),
  scenario('a handler that exits 4', 'handled', { signal: 'SIGSEGV', how: 'handled', exitStatus: 4 }, true),
  scenario('a handler that jumps back to work', 'longjmp', null, true),
  scenario('abort()', 'abort', { ...SEGV, signal: 'SIGABRT' }, true),
  scenario('a child killed by its parent', 'kill', null, false),
  scenario('a program that a thread executed', 'thread-exec', SEGV, false),
  {
    name: 'names of every kind, from every directory',
    command: (path) => [path('places'), path('work')],
    expected: SEGV,
    isAlone: false,
  },
];

function scenario(name: string, mode: string, expected: Expected | null, isAlone: boolean): Scenario {
  return { name, command: (path) => [path('deaths'), mode, path('a.c'), path('b.c')], expected, isAlone };
}

const RUNS = SCENARIOS.flatMap((told, row) =>
  WAYS.map((way, column) => {
    const look = LOOKS[(row * WAYS.length + column + SHIFT) % LOOKS.length] ?? [];
    const options = [...way.options, ...look];
    return { ...told, target: way.target, options, title: `${told.name}: ${options.join(' ')} to ${way.target}` };
  }),
);

if (MISSING !== null) console.warn(`the live tests are skipped: ${MISSING}`);

describe.skipIf(MISSING !== null)('recorded by the strace of this machine', () => {
  const studio = MISSING === null ? new Studio() : null;
  afterAll(() => studio?.remove());

  test.each(RUNS)('$title', async ({ command, expected, isAlone, options, target }) => {
    if (studio === null) return;
    const words = command((name) => studio.path(name));
    const recording = studio.record(options, target, words);
    expect(recording.truths).not.toEqual([]);
    // Nothing but a `[pid N]` names a task on standard error, and there is none while it is alone.
    const unnamed = isAlone && target === 'stderr' ? (recording.truths[0]?.pid ?? null) : null;
    const story = await tell(recording.input, false);
    expect(answers(story, unnamed)).toEqual(truths(recording, expected));
    expectTree(story, recording, unnamed);
    // The stamps of -r may be read from any line.
    if (!options.includes('-r')) expect((await tell(recording.input, true)).blame).toEqual(story.blame);
  });
});

/** A process of the tree and the one above it. */
interface Placed {
  readonly node: TreeNode;
  readonly parent: TreeNode | null;
}

/** What the programs told, in the words of `answers`. */
function truths(recording: Recording, expected: Expected | null) {
  const withRole = (role: string) => recording.truths.filter((truth) => truth.role === role);
  return {
    crashes: withRole('dies').map(({ pid, tid, path }) => ({
      pid,
      tid,
      ...expected,
      lastOpened: path,
      culprit: path,
    })),
    killed: withRole('killed').map(({ pid, path }) => ({ pid, signal: 'SIGKILL', lastOpened: path })),
    survived: withRole('goes-on').map(({ pid }) => ({ pid, signal: 'SIGSEGV', count: 1 })),
  };
}

/** What blame answers; `unnamed` is the pid to put where it knows none. */
function answers({ blame }: Story, unnamed: number | null) {
  return {
    crashes: blame.crashes.map(({ pid, tid, signal, how, exitStatus, lastOpened, culprit }) => ({
      pid: pid ?? unnamed,
      tid: tid ?? unnamed,
      signal,
      how,
      exitStatus,
      lastOpened: lastOpened?.path,
      culprit: culprit?.path,
    })),
    killed: blame.killed.map(({ pid, signal, lastOpened }) => ({ pid, signal, lastOpened: lastOpened?.path })),
    survived: blame.survived.map(({ pid, signal, count }) => ({ pid: pid ?? unnamed, signal, count })),
  };
}

function expectTree({ tree }: Story, { truths }: Recording, unnamed: number | null): void {
  expect([...tree.roots]).toHaveLength(1);
  const nodes = new Map<number | null, Placed>();
  const stack: Placed[] = Array.from(tree.roots, (node) => ({ node, parent: null }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node } = next;
    const pid = node.pid ?? unnamed;
    expect(nodes.has(pid), `pid ${pid} is in the tree twice`).toBe(false);
    nodes.set(pid, next);
    for (const child of node.children) stack.push({ node: child, parent: node });
  }
  for (const { pid, parentPid, tid, role } of truths) {
    const found = nodes.get(pid);
    expect(found?.node.crashed, `crash of ${pid}`).toBe(role === 'dies');
    if (tid !== pid) expect(found?.node.threads, `threads of ${pid}`).toContain(tid);
    // The root's parent is strace itself, and the root's own id may show nowhere.
    const parent = found?.parent?.pid;
    if (typeof parent === 'number') expect(parent, `parent of ${pid}`).toBe(parentPid);
  }
}
