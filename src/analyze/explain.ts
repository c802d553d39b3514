import type { TraceEvent } from '../model/event.ts';
import type { LineSpan, TraceHeader } from '../model/trace.ts';
import type { Crash } from './blame-result.ts';
import { type NamedFiles, namedFiles } from './command-line.ts';
import { FaultExplainer } from './fault-explainer.ts';
import type { FaultReason } from './fault-reason.ts';
import { Lives } from './lives.ts';
import type { Place } from './process.ts';
import { type Rerun, RerunFold } from './rerun.ts';
import { type Work, WorkFold } from './work.ts';

/** What a second look at a crashed process's lines tells. */
export interface Explanation {
  /** Null where the lines show nothing that explains the signal. */
  readonly reason: FaultReason | null;
  readonly work: Work;
  /** The files its command line names; null where the log does not show it. */
  readonly named: NamedFiles | null;
  /** Null where the log does not show a whole command. */
  readonly rerun: Rerun | null;
  /** The first line looked at, where earlier ones of the process had been let go; else null. */
  readonly knownSince: Place | null;
}

/** Explains crashes from their processes' lines: hand in the events of `spans`, in order, then `finish`. */
export class Explainers {
  /** Where the events are. */
  readonly spans: readonly LineSpan[];
  readonly #lives: Lives;
  readonly #explainers: readonly Explainer[];

  constructor(crashes: readonly Crash[], header: TraceHeader) {
    this.spans = crashes.flatMap(({ life }) => life);
    this.#lives = new Lives(header.joined && header.inputs.length > 1);
    this.#explainers = crashes.map((crash) => new Explainer(crash, header));
    for (const explainer of this.#explainers) this.#lives.follow(explainer.crash.life, explainer);
  }

  add(event: TraceEvent): void {
    this.#lives.add(event);
  }

  /** One for each crash, in their order; null where nothing of it was seen again. `firstLine`: see `SecondLook`. */
  finish(firstLine: (input: number) => number | null): (Explanation | null)[] {
    return this.#explainers.map((explainer) => explainer.finish(firstLine));
  }
}

class Explainer {
  readonly crash: Crash;
  readonly #named: NamedFiles | null;
  readonly #fault: FaultExplainer;
  readonly #work: WorkFold;
  readonly #rerun = new RerunFold();
  #seen = false;

  constructor(crash: Crash, header: TraceHeader) {
    this.crash = crash;
    this.#named = crash.argv === null ? null : namedFiles(crash.program, crash.argv);
    this.#fault = new FaultExplainer(crash, header);
    this.#work = new WorkFold(crash, this.#named?.mainInput ?? null, header);
  }

  add(event: TraceEvent): void {
    this.#seen = true;
    this.#fault.add(event);
    this.#work.add(event);
    this.#rerun.add(event);
  }

  finish(firstLine: (input: number) => number | null): Explanation | null {
    if (!this.#seen) return null;
    const [beginning] = this.crash.life;
    const first = beginning === undefined ? null : firstLine(beginning.input);
    const isLate = beginning !== undefined && first !== null && first > beginning.from;
    return {
      reason: this.#fault.finish(),
      work: this.#work.finish(),
      named: this.#named,
      rerun: this.#rerun.finish(),
      knownSince: isLate ? { input: beginning.input, line: first, atNs: null } : null,
    };
  }
}
