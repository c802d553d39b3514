import { endsAlike } from './ends.ts';
import { argumentLikeness } from './likeness.ts';
import { groupsInBoth, type Pair, pairByScore, pairInOrder } from './pairing.ts';
import { Profiles } from './profiles.ts';
import type { MatchReason, ProcessMatch } from './result.ts';
import type { Run, RunProcess } from './run.ts';

/** From here two of one program, or two that did something, are taken for one another. */
const ALIKE = 0.5;

/**
 * Which process of B each process of A is, from the roots down: children are looked for among the children of their
 * parent's match, those that ran the same and did the same first. Those left over are then looked for in the whole
 * tree, as one run may start by way of a shell what the other starts directly. In the order of A.
 */
export function matchProcesses(a: Run, b: Run): ProcessMatch[] {
  return new Matcher(a, b).run();
}

type Processes = readonly RunProcess[];

class Matcher {
  readonly #a: Run;
  readonly #b: Run;
  readonly #profiles: Profiles;
  /** By process of A. */
  readonly #matches = new Map<RunProcess, Omit<ProcessMatch, 'elsewhere'>>();
  readonly #matchedB = new Set<RunProcess>();
  /** Matches whose children were not looked at yet. */
  readonly #open: Pair<RunProcess>[] = [];

  constructor(a: Run, b: Run) {
    this.#a = a;
    this.#b = b;
    this.#profiles = new Profiles(a, b);
  }

  run(): ProcessMatch[] {
    this.#matchSiblings(this.#a.roots, this.#b.roots);
    this.#descend();
    this.#matchElsewhere();
    this.#descend();
    this.#matchOnlyRoots();
    this.#descend();
    return this.#a.processes.flatMap((process) => {
      const match = this.#matches.get(process);
      return match === undefined ? [] : [{ ...match, elsewhere: !this.#haveSameParent(match) }];
    });
  }

  #descend(): void {
    for (let match = this.#open.pop(); match !== undefined; match = this.#open.pop()) {
      this.#matchSiblings(match.a.children, match.b.children);
    }
  }

  #matchSiblings(a: Processes, b: Processes): void {
    this.#matchTwins(a, b);
    this.#matchCommands(a, b);
    this.#matchPrograms(a, b);
    this.#matchActs(a, b);
    this.#matchNameless(a, b);
  }

  #matchTwins(a: Processes, b: Processes): void {
    const trees = this.#groups(a, b, (process) => String(this.#profiles.of(process).tree));
    for (const group of trees) {
      this.#take(pairByScore(group.a, group.b, endScore, 0), 'twin');
      this.#take(pairInOrder(this.#leftOfA(group.a), this.#leftOfB(group.b)), 'twin');
    }
  }

  #matchCommands(a: Processes, b: Processes): void {
    const commands = this.#groups(a, b, (process) => this.#profiles.of(process).command);
    for (const group of commands) {
      this.#take(pairByScore(group.a, group.b, this.#score, 0), 'command');
      this.#take(pairInOrder(this.#leftOfA(group.a), this.#leftOfB(group.b)), 'command');
    }
  }

  #matchPrograms(a: Processes, b: Processes): void {
    for (const group of this.#groups(a, b, symbolOf)) {
      this.#take(pairByScore(group.a, group.b, this.#score, 0), 'program');
      this.#take(pairInOrder(this.#leftOfA(group.a), this.#leftOfB(group.b)), 'program');
    }
  }

  #matchActs(a: Processes, b: Processes): void {
    const [actedA, actedB] = [this.#leftOfA(a).filter(hasActed), this.#leftOfB(b).filter(hasActed)];
    this.#take(
      pairByScore(actedA, actedB, (one, other) => this.#profiles.likeness(one, other), ALIKE),
      'acts',
    );
  }

  /** A process whose program one log does not show may be any that is left. */
  #matchNameless(a: Processes, b: Processes): void {
    const score = (one: RunProcess, other: RunProcess) =>
      one.symbol === '' || other.symbol === '' ? this.#profiles.likeness(one, other) : -1;
    this.#take(pairByScore(this.#leftOfA(a), this.#leftOfB(b), score, 0), 'place');
  }

  /** Two logs that are compared are of one program, whatever it is called, unless it was found deeper in one of them. */
  #matchOnlyRoots(): void {
    const [a, b] = [this.#leftOfA(this.#a.roots), this.#leftOfB(this.#b.roots)];
    if (a.length === 1 && b.length === 1) this.#take(pairInOrder(a, b), 'place');
  }

  #matchElsewhere(): void {
    const a = this.#leftOfA(this.#a.processes).filter(hasActed);
    const b = this.#leftOfB(this.#b.processes).filter(hasActed);
    this.#matchTwins(a, b);
    this.#matchCommands(a, b);
    for (const group of this.#groups(a, b, symbolOf)) {
      this.#take(pairByScore(group.a, group.b, this.#scoreIfAlike, 0), 'program');
    }
  }

  /** How alike what two did, what they were called with and how they ended is. */
  readonly #score = (a: RunProcess, b: RunProcess): number => {
    const acts = this.#profiles.likeness(a, b);
    return acts + (argumentLikeness(a, b) ?? acts) + endScore(a, b);
  };

  /** The same for two that did alike things or were called alike; of others it is below all scores. */
  readonly #scoreIfAlike = (a: RunProcess, b: RunProcess): number => {
    const isAlike = this.#profiles.likeness(a, b) >= ALIKE || (argumentLikeness(a, b) ?? 0) >= ALIKE;
    return isAlike ? this.#score(a, b) : -1;
  };

  #groups(a: Processes, b: Processes, keyOf: (process: RunProcess) => string | null): Pair<RunProcess[]>[] {
    return groupsInBoth(this.#leftOfA(a), this.#leftOfB(b), keyOf);
  }

  #leftOfA(processes: Processes): RunProcess[] {
    return processes.filter((process) => !this.#matches.has(process));
  }

  #leftOfB(processes: Processes): RunProcess[] {
    return processes.filter((process) => !this.#matchedB.has(process));
  }

  #take(pairs: readonly Pair<RunProcess>[], reason: MatchReason): void {
    for (const { a, b } of pairs) {
      this.#matches.set(a, { a, b, reason });
      this.#matchedB.add(b);
      this.#open.push({ a, b });
    }
  }

  #haveSameParent({ a, b }: Pair<RunProcess>): boolean {
    if (a.parent === null || b.parent === null) return a.parent === b.parent;
    return this.#matches.get(a.parent)?.b === b.parent;
  }
}

/** Of two that are as good, the one that ended alike is the better match. */
function endScore(a: RunProcess, b: RunProcess): number {
  return endsAlike(a.end, b.end) ? 0.1 : 0;
}

function symbolOf({ symbol }: RunProcess): string | null {
  return symbol === '' ? null : symbol;
}

function hasActed({ threads }: RunProcess): boolean {
  return threads.some(({ acts }) => acts.length > 0);
}
