import type { LineSpan } from '../model/trace.ts';
import type { Place, Process } from './process.ts';

/** A chain of forks without an exec is followed so far. */
const MAX_PARENTS = 64;

/**
 * The lines that show how a process came to be what it is, oldest first: its own since its last exec; where it never
 * called exec, those of its parent up to its birth stand before, and so on. The first lines of a span end the one
 * before. `until`: the last line to look at. Lines of a set's files cannot be compared: there a span is a whole file.
 */
export function lifeOf(process: Process, until: number, isSet: boolean): LineSpan[] {
  const spans: LineSpan[] = [];
  let to = until;
  for (let one: Process | null = process; one !== null && spans.length < MAX_PARENTS; one = one.parent) {
    const { input, line } = beginningOf(one, to);
    if (input !== process.start.input && !isSet) break;
    const tasks = new Set(one.columns);
    spans.unshift(isSet ? { input, from: 1, to: Number.MAX_SAFE_INTEGER, tasks } : { input, from: line, to, tasks });
    if (one.execed) break;
    to = one.start.line;
  }
  return spans;
}

/** Lines after a process's end that may tell of it still: which threads die with it, what its parent's call returns. */
const LINES_AFTER_END = 10_000;

/**
 * The lines of a process and of those it came from, oldest first, up to its end: what it inherited is among them, and a
 * child may be seen before the call that made it returns. Of a set they are whole files.
 */
export function lineageOf(process: Process, isSet: boolean): LineSpan[] {
  const { input } = process.start;
  const end = process.end?.place.line ?? Number.MAX_SAFE_INTEGER;
  const to = end + LINES_AFTER_END;
  const spans: LineSpan[] = [];
  for (let one: Process | null = process; one !== null && spans.length < MAX_PARENTS; one = one.parent) {
    if (one.start.input !== input && !isSet) break;
    const tasks = new Set([one.pid, ...one.columns, ...one.threads]);
    spans.unshift(
      isSet ? { input, from: 1, to: Number.MAX_SAFE_INTEGER, tasks } : { input, from: one.start.line, to, tasks },
    );
  }
  return spans;
}

function beginningOf({ execed, exec, start }: Process, to: number): Place {
  return execed && exec !== null && exec.place.line <= to ? exec.place : start;
}
