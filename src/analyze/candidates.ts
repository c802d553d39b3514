import type { Directory } from './directory.ts';
import { notAnInput } from './input-files.ts';
import type { FileState } from './open-files.ts';
import { type FailedOpen, inOrder, later, type OpenRecord, pathOf, type UnseenOpen } from './open-records.ts';
import type { Exec, Place } from './process.ts';

export type Confidence = 'high' | 'medium' | 'low';

export interface Candidate {
  readonly path: string;
  readonly place: Place;
  readonly confidence: Confidence;
  readonly reasons: readonly string[];
}

/** What had been opened at a fault point, by whom. */
export interface Scene {
  /** By the faulting thread since the last exec, by all threads since then, and before it: latest last. */
  readonly scopes: readonly (readonly OpenRecord[])[];
  readonly inputs: readonly (readonly OpenRecord[])[];
  /** Null where the log shows no closes. */
  readonly stillOpen: ReadonlySet<OpenRecord> | null;
  readonly failed: FailedOpen | null;
  /** The latest open without a path, by scope. */
  readonly unnamed: readonly (UnseenOpen | null)[];
  /** Where the tracer had last lost calls that may have been opens. */
  readonly lost: UnseenOpen | null;
  /** Whether the log shows several processes as one. */
  readonly mixed: boolean;
  readonly threads: boolean;
  /** Whether the log tells which of the threads it was. */
  readonly threadKnown: boolean;
  /** Opens of the trace up to then. */
  readonly order: number;
  readonly exec: Exec | null;
  readonly cwd: Directory;
}

const SCOPES = ['the faulting thread', 'another thread of the process', 'the process, before its last exec'] as const;

/** The last open of the nearest scope that has one. */
export function lastOf(scene: Scene): OpenRecord | undefined {
  return scene.scopes.find((scope) => scope.length > 0)?.at(-1);
}

/** The latest open after the last one of the scene that has a name, or null. */
export function unnamedAfter(scene: Scene): UnseenOpen | null {
  const scope = scene.scopes.findIndex((records) => records.length > 0);
  return unnamedSince(scene, scope < 0 ? null : (scene.scopes[scope]?.at(-1) ?? null), scope);
}

/** The latest open without a name after the record, in its scope (-1: any) or one that is nearer. */
function unnamedSince(scene: Scene, record: OpenRecord | null, scope: number): UnseenOpen | null {
  const nearer = scope < 0 ? scene.unnamed : scene.unnamed.slice(0, scope + 1);
  const latest = nearer.reduce(later, null);
  return latest !== null && (record === null || inOrder(latest, record) > 0) ? latest : null;
}

/**
 * All opens that may be what the process was working on, best first. `certain`: the death itself is in the log;
 * without it no answer is highly confident.
 */
export function rank(scene: Scene, certain: boolean): Candidate[] {
  const candidates: Candidate[] = [];
  const seen = new Set<string>();
  const last = lastOf(scene);
  for (const [index, inputs] of scene.inputs.entries()) {
    for (const record of [...inputs].sort(inOrder).reverse()) {
      const path = pathOf(record);
      if (seen.has(path)) continue;
      seen.add(path);
      candidates.push({
        path,
        place: record.place,
        ...confide(record, index, record === last, candidates.length, scene, certain),
      });
    }
  }
  return candidates;
}

function confide(
  record: OpenRecord,
  scope: number,
  isLast: boolean,
  better: number,
  scene: Scene,
  certain: boolean,
): { readonly confidence: Confidence; readonly reasons: string[] } {
  const who = (scene.threads && scene.threadKnown) || scope === 2 ? SCOPES[scope] : 'the process';
  const last = unnamedSince(scene, record, scope) === null ? 'last file' : 'last file with a name';
  const reasons = [isLast ? `${last} opened by ${who}` : `opened by ${who}`];
  if (!isLast && better === 0) {
    const last = lastOf(scene);
    const why = last === undefined ? null : notAnInput(last);
    if (last !== undefined && why !== null) reasons.push(`not ${pathOf(last)}: ${why}`);
  }
  reasons.push(
    record.access === 'read' ? 'an input: read-only' : record.access === 'both' ? 'read and written' : 'an input',
  );
  if (record.truncates) reasons.push('emptied when it was opened');
  if (scene.stillOpen?.has(record) === true) reasons.push('still open at the fault');
  const doubts = better === 0 ? doubtsOf(record, scope, scene) : [];
  let level = 0;
  if (better === 0 && scope < 2 && !record.truncates)
    level = isLast && ((scope === 0 && scene.threadKnown) || !scene.threads) ? 2 : 1;
  if (!certain) level = Math.min(level, 1);
  if (doubts.length > 0) level = Math.max(level - 1, 0);
  return { confidence: LEVELS[level] ?? 'low', reasons: [...reasons, ...doubts] };
}

const LEVELS: readonly Confidence[] = ['low', 'medium', 'high'];

/** What the log does not show may be the better answer: in words. */
function doubtsOf(record: OpenRecord, scope: number, scene: Scene): string[] {
  const doubts: string[] = [];
  if (record.cut) doubts.push('the log may show only the beginning of its name');
  const unnamed = unnamedSince(scene, record, scope);
  if (unnamed !== null) doubts.push(`a later open, at line ${unnamed.place.line}, shows no path`);
  const { lost } = scene;
  if (lost !== null && inOrder(lost, record) > 0)
    doubts.push(`the tracer lost calls after it, line ${lost.place.line}`);
  if (scene.mixed) doubts.push('the log does not tell its processes apart');
  return doubts;
}

/** A scene of a thread, with what its process had opened by then: which process it was, was not known. */
export function together(scene: Scene, files: FileState): Scene {
  const process = files.together.inOrder();
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

/** Whether the file was open in the scene; null where the log shows no closes. */
export function isStillOpen(record: OpenRecord, scene: Scene): boolean | null {
  return scene.stillOpen?.has(record) ?? null;
}
