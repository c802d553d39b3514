import type { KeptLine, Sieve } from '../../parsers/sieve.ts';
import type { LineParser, LoadedFormat } from '../../parsers/tracer-format.ts';
import type { Clock } from '../model/clock.ts';
import type { TraceEvent } from '../model/event.ts';
import type { Keeping, KeptLines } from '../model/kept-lines.ts';

const NOBODY = (): void => {};

/** What a log's sieve found to keep, by task. */
export class SievedLines implements KeptLines {
  readonly #sieve: Sieve;
  readonly #keeping: Keeping;
  /** Reads lines that have a task column. */
  readonly #parser: LineParser;
  /** Reads those that have none: it meets no other task that they could be of. */
  readonly #columnless: LineParser;
  /** Reads lines that stay: the others must meet each half of a call once. */
  readonly #peeking: LineParser;
  #onEvent: (event: TraceEvent) => void = NOBODY;

  /** `clock`: the log's own, which has seen its first stamp. */
  constructor(sieve: Sieve, keeping: Keeping, format: LoadedFormat, input: number, clock: Clock) {
    this.#sieve = sieve;
    this.#keeping = keeping;
    const sink = { event: (event: TraceEvent) => this.#onEvent(event), diagnostic() {} };
    const context = { input, defaultPid: null, clock, needs: null };
    this.#parser = format.createParser(sink, context);
    this.#columnless = format.createParser(sink, context);
    this.#peeking = format.createParser(sink, context);
  }

  /** Called before so many bytes are loaded: what they will overwrite is taken now or never. */
  makeRoom(bytes: number): void {
    this.#leaveBefore(this.#sieve.keptFrom(bytes));
  }

  /** The next input begins: what is left is taken now or never. */
  end(): void {
    this.#leaveBefore(Number.POSITIVE_INFINITY);
  }

  has(task: number | null): boolean {
    return this.#sieve.hasKept(task);
  }

  read(tasks: Iterable<number | null>, onEvent: (event: TraceEvent) => void): void {
    const lines: KeptLine[][] = [];
    for (const task of tasks) {
      const chain = this.#sieve.takeKept(task);
      if (chain !== null) lines.push(this.#sieve.linesOf(chain));
    }
    if (lines.length > 0)
      this.#push(lines.length === 1 ? lines.flat() : lines.flat().sort((a, b) => a.line - b.line), onEvent);
  }

  drop(tasks: Iterable<number | null>): void {
    for (const task of tasks) this.#sieve.dropKept(task);
  }

  latest(task: number | null): TraceEvent | null {
    const chain = this.#sieve.kept(task);
    if (chain === null || this.#sieve.hasHead(task)) return null;
    let latest: TraceEvent | null = null;
    this.#onEvent = (event) => {
      latest = event;
    };
    // Two lines where it is the second half of a call.
    for (const { text, line } of this.#sieve.linesOf(chain, 2)) this.#peeking.push(text, line);
    this.#onEvent = NOBODY;
    return latest;
  }

  #leaveBefore(position: number): void {
    for (;;) {
      const task = this.#sieve.keptBefore(position);
      if (task === undefined) return;
      this.#keeping.leaving(task);
      // Nobody wanted them.
      this.#sieve.dropKept(task);
    }
  }

  #push(lines: readonly KeptLine[], onEvent: (event: TraceEvent) => void): void {
    this.#onEvent = onEvent;
    for (const { task, text, line } of lines) (task === null ? this.#columnless : this.#parser).push(text, line);
    this.#onEvent = NOBODY;
  }
}
