import { type BlameResult, type Crash, withExplanations } from '../analyze/blame-result.ts';
import type { Explanation } from '../analyze/explain.ts';
import type { OpenTrace } from '../read/read-trace.ts';
import type { Follower } from './trace-run.ts';

/** Crashes explained in one go: each takes memory for what it follows. */
const BATCH = 64;

/** Explains crashes from a second look: of a file at its end, of a pipe soon after each. */
export class Explaining implements Follower {
  readonly #crashes: Crash[] = [];
  readonly #explanations: (Explanation | null)[] = [];

  /** In the order of the answer. */
  add(crash: Crash): void {
    this.#crashes.push(crash);
  }

  async catchUp({ header, again }: OpenTrace): Promise<void> {
    if (this.#explanations.length === this.#crashes.length) return;
    // Not before: most logs have no crash.
    const { Explainers } = await import('../analyze/explain.ts');
    const look = await again();
    while (this.#explanations.length < this.#crashes.length) {
      const done = this.#explanations.length;
      const explainers = new Explainers(this.#crashes.slice(done, done + BATCH), header);
      await look.events(explainers.spans, (event) => explainers.add(event));
      this.#explanations.push(...explainers.finish((input) => look.firstLine(input)));
    }
  }

  /** The answer with its explanations. */
  explained(result: BlameResult): BlameResult {
    return withExplanations(result, this.#explanations);
  }
}
