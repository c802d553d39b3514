import { isSuccess, resultWord } from './outcomes.ts';
import type { ActAt, FileDifference, FileFate, Parting, ProcessPair } from './result.ts';
import type { Act, RunProcess, Vocabulary } from './run.ts';
import { actAt, unlikeActs } from './unlike-acts.ts';

/** What is done to two names at once says of neither what became of it. */
const ON_TWO_NAMES: ReadonlySet<string> = new Set(['rename', 'link']);

export interface FileDifferences {
  /** Only one side looked for it, or only one found it. */
  readonly files: readonly FileDifference[];
  /** Both did, and still it failed in another way. */
  readonly failedOpens: readonly FileDifference[];
}

/** The files that paired processes did not fare alike with; one that several did not in the same way is told once. */
export function fileDifferences(
  pairs: readonly ProcessPair[],
  partings: readonly Parting[],
  vocabulary: Vocabulary,
): FileDifferences {
  const partingOf = new Map(partings.map((parting) => [parting.pair, parting]));
  const found = new Map<string, FileDifference>();
  for (const pair of pairs) {
    for (const difference of differencesOf(pair, partingOf.get(pair) ?? null, vocabulary)) {
      const key = keyOf(difference);
      const known = found.get(key);
      found.set(key, known === undefined ? difference : together(known, difference));
    }
  }
  const [files, failedOpens]: [FileDifference[], FileDifference[]] = [[], []];
  for (const difference of found.values()) {
    const { a, b } = difference;
    const isOneSided = a === null || b === null || a.found !== b.found;
    (isOneSided ? files : failedOpens).push(difference);
  }
  return { files, failedOpens };
}

function together(known: FileDifference, another: FileDifference): FileDifference {
  const afterParting = known.afterParting && another.afterParting;
  return { ...known, processes: known.processes + another.processes, afterParting };
}

function* differencesOf(
  pair: ProcessPair,
  parting: Parting | null,
  vocabulary: Vocabulary,
): Generator<FileDifference, undefined> {
  const { counts } = pair;
  if (counts.changed + counts.onlyA + counts.onlyB === 0) return;
  const objects = objectsInDoubt(pair, vocabulary);
  const [tracesA, tracesB] = [tracesOf(pair.a, objects, vocabulary), tracesOf(pair.b, objects, vocabulary)];
  for (const object of objects) {
    const [a, b] = [tracesA.get(object) ?? null, tracesB.get(object) ?? null];
    if (isFound(a) === isFound(b) && a?.failure === b?.failure) continue;
    const [fateA, fateB] = [fateOf(a, b), fateOf(b, a)];
    const isAfter = parting !== null && isBehind(a, b, parting.firstApart.a) && isBehind(b, a, parting.firstApart.b);
    yield { object, a: fateA, b: fateB, processes: 1, afterParting: isAfter };
  }
}

/** What one process did with a file. */
interface Trace {
  readonly first: ActAt;
  /** The first that came off, and the first that did not. */
  readonly found: ActAt | null;
  readonly failed: ActAt | null;
  /** What the latter came to. */
  readonly failure: string | null;
}

function isFound(trace: Trace | null): boolean {
  return trace !== null && trace.found !== null;
}

function fateOf(trace: Trace | null, other: Trace | null): FileFate | null {
  if (trace === null) return null;
  return { found: isFound(trace), failure: trace.failure, at: telling(trace, other) ?? trace.first };
}

/** The act that makes the difference to the other process; null where all that was done the other did too. */
function telling(trace: Trace, other: Trace | null): ActAt | null {
  if (other === null) return trace.first;
  if (isFound(trace) && !isFound(other)) return trace.found;
  return trace.failure === other.failure ? null : trace.failed;
}

/** Whether what makes the difference was done behind the first act that was done apart. */
function isBehind(trace: Trace | null, other: Trace | null, apart: ActAt | null): boolean {
  const at = trace === null ? null : telling(trace, other);
  return at === null || (apart !== null && at.thread === apart.thread && at.index > apart.index);
}

/** Files of the acts that are not alike, in the order of A and then of B. */
function objectsInDoubt(pair: ProcessPair, vocabulary: Vocabulary): Set<string> {
  const objects = new Set<string>();
  for (const { at } of unlikeActs(pair)) {
    const act = actAt(at, vocabulary);
    if (isOnFile(act)) objects.add(act.object);
  }
  return objects;
}

function tracesOf(
  process: RunProcess,
  objects: ReadonlySet<string>,
  vocabulary: Vocabulary,
): ReadonlyMap<string, Trace> {
  const traces = new Map<string, Trace>();
  for (const [thread, { acts }] of process.threads.entries()) {
    for (let index = 0; index < acts.length; index++) {
      const act = vocabulary.act(acts.id(index));
      if (!isOnFile(act) || !objects.has(act.object)) continue;
      const at = { process, thread, index };
      const before = traces.get(act.object) ?? { first: at, found: null, failed: null, failure: null };
      traces.set(act.object, traceAfter(before, act.outcome, at));
    }
  }
  return traces;
}

function traceAfter(before: Trace, outcome: string, at: ActAt): Trace {
  if (isSuccess(outcome)) return { ...before, found: before.found ?? at };
  if (before.failed !== null) return before;
  return { ...before, failed: at, failure: resultWord(outcome) };
}

function isOnFile({ kind, operation }: Act): boolean {
  return kind === 'file' && !ON_TWO_NAMES.has(operation);
}

function keyOf({ object, a, b }: FileDifference): string {
  return [object, fateKey(a), fateKey(b)].join('\0');
}

function fateKey(fate: FileFate | null): string {
  return fate === null ? '' : `${fate.found} ${fate.failure}`;
}
