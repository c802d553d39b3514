import type { StartVia, TraceEvent } from '../model/event.ts';
import type { Keeping } from '../model/kept-lines.ts';
import type { TraceHeader } from '../model/trace.ts';
import { Blame } from './blame.ts';
import type { BlameResult } from './blame-result.ts';
import type { Verdict } from './crash.ts';
import { type Exec, type Place, type Process, programOf, type Seen } from './process.ts';

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
  readonly end: {
    /** `inferred`: killed, but no line shows the death, only what leads to one; `place` is that of the evidence. */
    readonly how: 'exited' | 'killed' | 'handled' | 'inferred' | 'unknown';
    readonly status: number | null;
    readonly signal: string | null;
    readonly coreDumped: boolean | null;
    readonly place: Place | null;
  };
  /** Whether it crashed, by a signal or in its own handler. */
  readonly crashed: boolean;
  /** Whether lines of its own are in the log. */
  readonly traced: boolean;
  /** Made anew each time they are asked for: a tree of a million processes is walked, not held a second time. */
  readonly children: readonly TreeNode[];
}

export interface TreeResult {
  readonly roots: readonly TreeNode[];
  readonly blame: BlameResult;
}

/** Builds the follow-fork process tree. One `add` an event, then `finish`. */
export class Tree {
  readonly #blame: Blame;

  constructor(header: TraceHeader) {
    this.#blame = new Blame(header, true);
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
    return { roots: Array.from(this.#blame.tree.roots, (process) => this.#node(process)), blame };
  }

  #node(process: Process): TreeNode {
    const childNodes = (): TreeNode[] => (process.children ?? []).map((child) => this.#node(child));
    const verdict = this.#blame.verdicts.get(process) ?? null;
    return {
      pid: process.pid,
      program: programOf(process),
      argv: process.exec?.argv ?? null,
      execs: process.execs ?? [],
      threads: [...(process.threads ?? [])],
      start: { place: process.start, how: process.how ?? 'unknown' },
      end: howEnded(process, verdict),
      crashed: verdict?.kind === 'crash',
      // Where processes are not told apart, its lines are among its parent's, if there are any.
      traced: process.traced || process.parent?.mixed === true,
      get children() {
        return childNodes();
      },
    };
  }
}

/** How a process ended: what its lines show, and what was judged of its faults. */
export function howEnded(process: Process, verdict: Verdict | null): TreeNode['end'] {
  const { end } = process;
  const crashed = verdict?.kind === 'crash';
  const killed = crashed || verdict?.kind === 'killed' ? 'killed' : 'unknown';
  const how = crashed && verdict.how !== 'killed' ? verdict.how : (end?.how ?? killed);
  const evidence = how === 'inferred' ? process.pendingSignal?.place : undefined;
  return {
    how,
    status: end?.status ?? null,
    signal: crashed || verdict?.kind === 'killed' ? verdict.signal : (end?.signal ?? null),
    coreDumped: end?.coreDumped ?? null,
    place: end?.place ?? evidence ?? null,
  };
}
