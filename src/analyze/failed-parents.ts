import type { FailedParent } from './blame-result.ts';
import { type Process, programOf } from './process.ts';

const MAX_PARENTS = 64;

/**
 * How a death travelled: the parents that ended badly after the child, nearest first, up to one that ended well, goes
 * on, or ended before.
 */
export function failedParents(process: Process): FailedParent[] {
  const failed: FailedParent[] = [];
  let child = process;
  while (child.parent !== null && failed.length < MAX_PARENTS) {
    const { parent } = child;
    const { end, pid } = parent;
    if (end === null || child.end === null || end.status === 0) break;
    // One that a signal ended died of its own trouble.
    if (end.how === 'killed') break;
    if (end.place.input === child.end.place.input && end.place.line < child.end.place.line) break;
    const { status, place } = end;
    failed.push({ pid, program: programOf(parent), status, place });
    child = parent;
  }
  return failed;
}
