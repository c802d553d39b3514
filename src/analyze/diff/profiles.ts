import { Digest, likeness, type Sketch, sketchOf } from './likeness.ts';
import type { Run, RunProcess } from './run.ts';

/** What a process is recognised by. */
export interface Profile {
  /** The program and its arguments; null where a log does not show both. */
  readonly command: string | null;
  readonly sketch: Sketch;
  /** Stands for what it and all below it ran and did: equal digests are equal trees. */
  readonly tree: number;
}

/** The profiles of all processes of some runs. */
export class Profiles {
  readonly #profiles = new Map<RunProcess, Profile>();

  constructor(...runs: readonly Run[]) {
    for (const { roots } of runs) {
      for (const process of childrenFirst(roots)) this.#profiles.set(process, this.#profileOf(process));
    }
  }

  of(process: RunProcess): Profile {
    return this.#profiles.get(process) ?? this.#profileOf(process);
  }

  /** How alike what the two did is, 0 to 1. */
  likeness(a: RunProcess, b: RunProcess): number {
    return likeness(this.of(a).sketch, this.of(b).sketch);
  }

  #profileOf(process: RunProcess): Profile {
    const { symbol, argv, children, threads } = process;
    // Children are a trait: forks of one shell that do nothing but run programs are told apart by them.
    const sketch = sketchOf(
      threads,
      children.map((child) => digestOf([child.symbol])),
    );
    const tree = new Digest();
    tree.add(digestOf([symbol, ...(argv ?? [])]));
    tree.addWide(sketch.digest);
    for (const child of children) tree.addWide(this.of(child).tree);
    const command = symbol === '' || argv === null ? null : [symbol, ...argv].join('\0');
    return { command, sketch, tree: tree.value };
  }
}

/** 32 bits that stand for some words. */
function digestOf(words: readonly string[]): number {
  const digest = new Digest();
  for (const word of words) digest.addText(word);
  return Math.floor(digest.value / 2 ** 21);
}

/** All processes of the trees, each behind its children. A chain of forks may be longer than a stack is deep. */
function childrenFirst(roots: readonly RunProcess[]): RunProcess[] {
  const order = [...roots];
  for (const process of order) for (const child of process.children) order.push(child);
  return order.reverse();
}
