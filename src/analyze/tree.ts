import type { StartVia, TraceEvent } from '../model/event.ts';
import type { Keeping } from '../model/kept-lines.ts';
import type { TraceHeader } from '../model/trace.ts';
import { Blame } from './blame.ts';
import type { BlameResult } from './blame-result.ts';
import type { HowEnded } from './crash.ts';
import type { Exec, Place, Seen } from './process.ts';
import { TreeRows } from './tree-rows.ts';

/** One process of the tree, as reported. Texts are latin1 bytes. */
export interface TreeNode {
  readonly pid: number | null;
  /** Of the latest exec, else inherited from the parent. */
  readonly program: string | null;
  readonly argv: readonly string[] | null;
  readonly execs: readonly Exec[];
  /** Ids of further threads, in order of appearance. */
  readonly threads: readonly number[];
  readonly start: { readonly place: Place; readonly how: StartVia | 'exec' | 'unknown' };
  readonly end: HowEnded;
  /** Whether it crashed, by a signal or in its own handler. */
  readonly crashed: boolean;
  /** Whether lines of its own are in the log. */
  readonly traced: boolean;
  /** Made anew each time they are asked for: a tree of a million processes is walked, not held a second time. */
  readonly children: Iterable<TreeNode>;
}

export interface TreeResult {
  /** Made anew as well. */
  readonly roots: Iterable<TreeNode>;
  readonly blame: BlameResult;
}

/** Builds the follow-fork process tree. One `add` an event, then `finish`. */
export class Tree {
  readonly #rows: TreeRows;
  readonly #blame: Blame;

  constructor(header: TraceHeader) {
    this.#rows = new TreeRows(header.dialect);
    this.#blame = new Blame(header, false, null, this.#rows);
  }

  get seen(): Seen {
    return this.#blame.seen;
  }

  get watched(): ReadonlySet<number | null> {
    return this.#blame.watched;
  }

  get keeping(): Keeping {
    return this.#blame;
  }

  add(event: TraceEvent): void {
    this.#blame.add(event);
  }

  finish(): TreeResult {
    const blame = this.#blame.finish();
    const rows = this.#rows;
    return {
      get roots() {
        return rows.roots();
      },
      blame,
    };
  }
}
