import { exitStatus, type StopSignal } from './exit-codes.ts';

/** Turns Ctrl-C into the end of the input: the answer so far is still given. A second one ends at once. */
export class Interruption {
  readonly #controller = new AbortController();
  #by: StopSignal | null = null;

  /** From here on signals are caught. */
  constructor() {
    process.on('SIGINT', () => this.#stop('SIGINT'));
    process.on('SIGTERM', () => this.#stop('SIGTERM'));
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Null while no signal came. */
  get by(): StopSignal | null {
    return this.#by;
  }

  #stop(by: StopSignal): void {
    if (this.#by !== null) process.exit(exitStatus({ kind: 'interrupted', by }));
    this.#by = by;
    this.#controller.abort();
  }
}
