import fc from 'fast-check';

// What the processes of a simulated run do. A plan is plain data, so that a failing one shrinks to the few steps that
// matter; `world.ts` carries it out.

/** Kinds of file a process opens. `input` is the only one that can be what it was working on. */
export type FileKind = 'input' | 'library' | 'locale' | 'proc' | 'device' | 'directory' | 'output' | 'missing';

/** How a process meets a fault. The first five end it, the last two do not. */
export type FaultStyle = 'default' | 'refault' | 'raise' | 'abort' | 'exit' | 'return' | 'jump';

export type SpawnVia = 'fork' | 'vfork' | 'clone' | 'posix_spawn';

export type Step =
  | {
      readonly do: 'open';
      readonly what: FileKind;
      /** From the root, the working directory, or the latest directory descriptor. */
      readonly from: 'root' | 'cwd' | 'descriptor';
      readonly closes: boolean;
    }
  | { readonly do: 'chdir'; readonly how: 'absolute' | 'relative' | 'descriptor' }
  | { readonly do: 'calls'; readonly count: number }
  | {
      readonly do: 'spawn';
      readonly via: SpawnVia;
      readonly child: readonly Step[];
      readonly waits: 'wait4' | 'waitid' | 'never';
    }
  | { readonly do: 'thread'; readonly steps: readonly Step[]; readonly joins: boolean }
  | { readonly do: 'exec'; readonly misses: number; readonly libraries: number }
  | { readonly do: 'fault'; readonly signal: string; readonly style: FaultStyle; readonly handlerOpens: number }
  | { readonly do: 'abort' }
  /** Sent to the latest child, or to the process itself where it has none. */
  | { readonly do: 'kill'; readonly signal: string }
  | { readonly do: 'exit-group'; readonly status: number }
  | { readonly do: 'exit-thread' }
  | { readonly do: 'pause' };

export interface Plan {
  readonly steps: readonly Step[];
  /** At each step of the run, which of the tasks that can act does; 0 is the one that acted last. */
  readonly schedule: readonly number[];
  /** Whether ids of the dead are given out again at once. */
  readonly reusesIds: boolean;
}

/** What a plan may contain, so that one feature after another can be looked at. */
export interface Features {
  readonly threads: boolean;
  readonly execs: boolean;
  readonly spawns: boolean;
  readonly survivals: boolean;
  /** Directories that are opened, and opens that start from them. */
  readonly descriptors: boolean;
  /** Kills and waits for nothing: who is alive by then depends on the schedule. */
  readonly races: boolean;
}

export const ALL_FEATURES: Features = {
  threads: true,
  execs: true,
  spawns: true,
  survivals: true,
  descriptors: true,
  races: true,
};

const FILES: readonly FileKind[] = ['input', 'library', 'locale', 'proc', 'device', 'directory', 'output', 'missing'];

/** Steps of one task in a row, and how deep forks and threads go. */
const STEPS = 7;
const DEPTH = 2;

function steps(features: Features, depth: number): fc.Arbitrary<readonly Step[]> {
  const files = features.descriptors ? FILES : FILES.filter((file) => file !== 'directory');
  const open: fc.Arbitrary<Step> = fc.record({
    do: fc.constant('open'),
    what: fc.oneof({ weight: 3, arbitrary: fc.constant('input') }, fc.constantFrom(...files)),
    from: fc.constantFrom('root', 'cwd', features.descriptors ? 'descriptor' : 'cwd'),
    closes: fc.boolean(),
  });
  const fault: fc.Arbitrary<Step> = fc.record({
    do: fc.constant('fault'),
    signal: fc.constantFrom('SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL'),
    style: fc.constantFrom<FaultStyle[]>(
      'default',
      'refault',
      'raise',
      'abort',
      'exit',
      ...(features.survivals ? (['return', 'jump'] satisfies FaultStyle[]) : []),
    ),
    handlerOpens: fc.nat(2),
  });
  const kill: fc.Arbitrary<Step> = fc.record({
    do: fc.constant('kill'),
    signal: fc.constantFrom('SIGKILL', 'SIGTERM', 'SIGQUIT'),
  });
  const others: fc.Arbitrary<Step>[] = [
    fc.record({ do: fc.constant('chdir'), how: fc.constantFrom('absolute', 'relative', 'descriptor') }),
    fc.record({ do: fc.constant('calls'), count: fc.integer({ min: 1, max: 3 }) }),
    ...(features.races ? [kill] : []),
    fc.record({ do: fc.constant('exit-group'), status: fc.constantFrom(0, 1, 101) }),
    fc.constant<Step>({ do: 'abort' }),
    ...(features.races ? [fc.constant<Step>({ do: 'pause' })] : []),
  ];
  const exec: fc.Arbitrary<Step> = fc.record({ do: fc.constant('exec'), misses: fc.nat(2), libraries: fc.nat(2) });
  const leaves: fc.WeightedArbitrary<Step>[] = [
    { weight: 12, arbitrary: open },
    { weight: 4, arbitrary: fault },
    ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
  ];
  if (features.execs) leaves.push({ weight: 3, arbitrary: exec });
  if (features.threads) leaves.push({ weight: 1, arbitrary: fc.constant({ do: 'exit-thread' }) });
  if (depth === 0) return fc.array(fc.oneof(...leaves), { maxLength: STEPS, size: 'max' });

  const inner = steps(features, depth - 1);
  const nested: fc.WeightedArbitrary<Step>[] = [];
  if (features.spawns) {
    const spawn: fc.Arbitrary<Step> = fc.record({
      do: fc.constant('spawn'),
      via: fc.constantFrom('fork', 'vfork', 'clone', 'posix_spawn'),
      child: inner,
      waits: fc.constantFrom('wait4', 'waitid', 'never'),
    });
    nested.push({ weight: 9, arbitrary: spawn });
  }
  if (features.threads) {
    const thread: fc.Arbitrary<Step> = fc.record({ do: fc.constant('thread'), steps: inner, joins: fc.boolean() });
    nested.push({ weight: 6, arbitrary: thread });
  }
  return fc.array(fc.oneof(...leaves, ...nested), { maxLength: STEPS, size: 'max' });
}

/** Any run made of these features. */
export function plans(features: Features): fc.Arbitrary<Plan> {
  return fc.record({
    steps: steps(features, DEPTH),
    schedule: fc.array(fc.nat(5), { maxLength: 300, size: 'max' }),
    reusesIds: fc.boolean(),
  });
}
