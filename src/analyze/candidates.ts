import type { Directory } from './directory.ts';
import { notAnInput } from './input-files.ts';
import { type FailedOpen, inOrder, type OpenRecord, pathOf } from './open-files.ts';
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
  readonly threads: boolean;
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
  const who = scene.threads ? SCOPES[scope] : scope === 2 ? SCOPES[2] : 'the process';
  const reasons = [isLast ? `last file opened by ${who}` : `opened by ${who}`];
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
  let confidence: Confidence = 'low';
  if (better === 0 && scope < 2 && !record.truncates)
    confidence = isLast && (scope === 0 || !scene.threads) ? 'high' : 'medium';
  return { confidence: confidence === 'high' && !certain ? 'medium' : confidence, reasons };
}
