import { isSuccess, resultWord } from './outcomes.ts';
import type { ActAt, FileDifference, FileFate, ProcessPair } from './result.ts';
import type { RunProcess, Vocabulary } from './run.ts';
import { actAt, unlikeActs } from './unlike-acts.ts';

export interface FileDifferences {
  /** Only one side looked for it, or only one found it. */
  readonly files: readonly FileDifference[];
  /** Both did, and still it failed in another way. */
  readonly failedOpens: readonly FileDifference[];
}

/** The files that paired processes did not fare alike with; one that several did not in the same way is told once. */
export function fileDifferences(pairs: readonly ProcessPair[], vocabulary: Vocabulary): FileDifferences {
  const found = new Map<string, FileDifference>();
  for (const pair of pairs) {
    for (const difference of differencesOf(pair, vocabulary)) {
      const key = keyOf(difference);
      const known = found.get(key);
      found.set(key, known === undefined ? difference : { ...known, processes: known.processes + 1 });
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

function* differencesOf(pair: ProcessPair, vocabulary: Vocabulary): Generator<FileDifference, undefined> {
  const { counts } = pair;
  if (counts.changed + counts.onlyA + counts.onlyB === 0) return;
  const objects = objectsInDoubt(pair, vocabulary);
  const [fatesA, fatesB] = [fatesOf(pair.a, objects, vocabulary), fatesOf(pair.b, objects, vocabulary)];
  for (const object of objects) {
    const [a, b] = [fatesA.get(object) ?? null, fatesB.get(object) ?? null];
    if (a?.found === b?.found && a?.failure === b?.failure) continue;
    yield { object, a, b, processes: 1 };
  }
}

/** Files of the acts that are not alike, in the order of A and then of B. */
function objectsInDoubt(pair: ProcessPair, vocabulary: Vocabulary): Set<string> {
  const objects = new Set<string>();
  for (const { at } of unlikeActs(pair)) {
    const { kind, object } = actAt(at, vocabulary);
    if (kind === 'file') objects.add(object);
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
      const { kind, object, outcome } = vocabulary.act(acts.id(index));
      if (kind !== 'file' || !objects.has(object)) continue;
      fates.set(object, fateAfter(fates.get(object), outcome, { process, thread, index }));
    }
  }
  return fates;
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
