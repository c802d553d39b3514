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
  const [fatesA, fatesB] = [fatesOf(pair.a, objects, vocabulary), fatesOf(pair.b, objects, vocabulary)];
  for (const object of objects) {
    const [a, b] = [fatesA.get(object) ?? null, fatesB.get(object) ?? null];
    if (a?.found === b?.found && a?.failure === b?.failure) continue;
    const afterParting = parting !== null && isAfter(a, parting.firstApart.a) && isAfter(b, parting.firstApart.b);
    yield { object, a, b, processes: 1, afterParting };
  }
}

/** Whether what became of a file was settled behind the first act that was done apart; nobody having looked is no matter. */
function isAfter(fate: FileFate | null, apart: ActAt | null): boolean {
  return fate === null || (apart !== null && fate.at.thread === apart.thread && fate.at.index > apart.index);
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

function fatesOf(
  process: RunProcess,
  objects: ReadonlySet<string>,
  vocabulary: Vocabulary,
): ReadonlyMap<string, FileFate> {
  const fates = new Map<string, FileFate>();
  for (const [thread, { acts }] of process.threads.entries()) {
    for (let index = 0; index < acts.length; index++) {
      const act = vocabulary.act(acts.id(index));
      if (!isOnFile(act) || !objects.has(act.object)) continue;
      fates.set(act.object, fateAfter(fates.get(act.object), act.outcome, { process, thread, index }));
    }
  }
  return fates;
}

function isOnFile({ kind, operation }: Act): boolean {
  return kind === 'file' && !ON_TWO_NAMES.has(operation);
}

function fateAfter(before: FileFate | undefined, outcome: string, at: ActAt): FileFate {
  const isFound = isSuccess(outcome);
  if (before === undefined) return { found: isFound, failure: isFound ? null : resultWord(outcome), at };
  if (isFound) return { ...before, found: true };
  return before.failure === null ? { ...before, failure: resultWord(outcome), at } : before;
}

function keyOf({ object, a, b }: FileDifference): string {
  return [object, fateKey(a), fateKey(b)].join('\0');
}

function fateKey(fate: FileFate | null): string {
  return fate === null ? '' : `${fate.found} ${fate.failure}`;
}
