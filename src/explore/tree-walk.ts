import type { Blame } from '../analyze/blame.ts';
import type { Process } from '../analyze/process.ts';
import type { Actors } from './actors.ts';
import { fateOf } from './process-row.ts';
import { TreeRows } from './tree-rows.ts';

/** Processes between two looks at the clock. */
const STRIDE = 256;

/** Processes of one parent that are yet to be walked to. */
interface Siblings {
  readonly rest: Iterator<Process>;
  /** Row of the parent; -1 for roots. */
  readonly parent: number;
}

/**
 * A walk through the process tree, a little at a time. The tree may grow meanwhile: what comes behind the walk is met
 * the next time.
 */
export class TreeWalk {
  readonly rows = new TreeRows();
  readonly #blame: Blame;
  readonly #actors: Actors;
  readonly #isOver: boolean;
  /** From the roots down to where the walk is. */
  readonly #path: Siblings[];

  /** `isOver`: no more is read. */
  constructor(blame: Blame, actors: Actors, isOver: boolean) {
    this.#blame = blame;
    this.#actors = actors;
    this.#isOver = isOver;
    this.#path = [{ rest: blame.tree.roots.values(), parent: -1 }];
  }

  /** Walks for so long, or to the end; gives whether that was reached. */
  walk(ms: number): boolean {
    const until = performance.now() + ms;
    while (performance.now() < until) {
      for (let steps = 0; steps < STRIDE; steps++) if (!this.#step()) return true;
    }
    return false;
  }

  #step(): boolean {
    const siblings = this.#path.at(-1);
    if (siblings === undefined) return false;
    const { value: process, done } = siblings.rest.next();
    if (done === true) this.#path.pop();
    else if (process.mergedInto === null) this.#enter(process, siblings.parent);
    return true;
  }

  #enter(process: Process, parent: number): void {
    const row = this.rows.add(this.#actors.keyOf(process), parent, fateOf(process, this.#blame, this.#isOver));
    if (row >= 0 && process.children !== null) this.#path.push({ rest: process.children.values(), parent: row });
  }
}
