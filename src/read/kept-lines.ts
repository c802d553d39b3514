import type { Sieve } from '../../parsers/sieve.ts';
import type { LineParser, TracerFormat } from '../../parsers/tracer-format.ts';
import type { Clock } from '../model/clock.ts';
import type { TraceEvent } from '../model/event.ts';
import type { DetachedLines, Keeping, KeptLines } from '../model/kept-lines.ts';

/** Lines that are about to be lost are taken some time before, many at once. */
const MARGIN_BYTES = 1_048_576;

const NOBODY = (): void => {};

/** Where lines stand in the sieve's text, for each: its number, position, length, and 1 where it has a task column. */
type Lines = number[];
const FIELDS = 4;

/** What a log's sieve found to keep, by task. */
export class SievedLines implements KeptLines {
  readonly #sieve: Sieve;
  readonly #keeping: Keeping;
  readonly #byTask = new Map<number | null, Lines>();
  /** Reads lines that have a task column. */
  readonly #parser: LineParser;
  /** Reads those that have none: it meets no other task that they could be of. */
  readonly #columnless: LineParser;
  #onEvent: (event: TraceEvent) => void = NOBODY;
  /** No line kept begins before this position. */
  #oldest = 0;

  /** `clock`: the log's own, which has seen its first stamp. */
  constructor(sieve: Sieve, keeping: Keeping, format: TracerFormat, input: number, clock: Clock) {
    this.#sieve = sieve;
    this.#keeping = keeping;
    const sink = { event: (event: TraceEvent) => this.#onEvent(event), diagnostic() {} };
    const context = { input, defaultPid: null, clock, needs: null };
    this.#parser = format.createParser(sink, context);
    this.#columnless = format.createParser(sink, context);
  }

  /** Keeps the line that the sieve found. */
  add(): void {
    const { task, line, position, length } = this.#sieve;
    const lines = this.#byTask.get(task);
    const hasColumn = task === null ? 0 : 1;
    if (lines === undefined) this.#byTask.set(task, [line, position, length, hasColumn]);
    else lines.push(line, position, length, hasColumn);
  }

  /** Called before so many bytes are loaded: what they will overwrite is taken now or never. */
  makeRoom(bytes: number): void {
    if (this.#sieve.keptFrom(bytes) <= this.#oldest) return;
    const from = this.#sieve.keptFrom(bytes) + MARGIN_BYTES;
    let oldest = Number.MAX_SAFE_INTEGER;
    for (const [task, lines] of this.#byTask) {
      const first = lines[1] ?? 0;
      if (first >= from) oldest = Math.min(oldest, first);
      else this.#leave(task);
    }
    this.#oldest = Math.min(oldest, from);
  }

  /** The next input begins: what is left is taken now or never. */
  end(): void {
    for (const task of this.#byTask.keys()) this.#leave(task);
  }

  has(task: number | null): boolean {
    return this.#byTask.has(task);
  }

  detach(tasks: Iterable<number | null>): DetachedLines | null {
    let found: Lines | null = null;
    for (const task of tasks) {
      const lines = this.#byTask.get(task);
      if (lines === undefined) continue;
      this.#byTask.delete(task);
      found = found === null ? lines : merged(found, lines);
    }
    if (found === null) return null;
    const lines = found;
    return { read: (onEvent) => this.#read(lines, onEvent) };
  }

  #leave(task: number | null): void {
    this.#keeping.leaving(task);
    this.#byTask.delete(task);
  }

  #read(lines: Lines, onEvent: (event: TraceEvent) => void): void {
    this.#onEvent = onEvent;
    const keptFrom = this.#sieve.keptFrom(0);
    for (let at = 0; at < lines.length; at += FIELDS) {
      const position = lines[at + 1] ?? 0;
      if (position < keptFrom) continue;
      const parser = lines[at + 3] === 0 ? this.#columnless : this.#parser;
      parser.push(this.#sieve.textAt(position, lines[at + 2] ?? 0), lines[at] ?? 0);
    }
    this.#onEvent = NOBODY;
  }
}

/** Both, in the order of the log. */
function merged(some: Lines, others: Lines): Lines {
  const all: Lines = [];
  let other = 0;
  for (let at = 0; at < some.length; at += FIELDS) {
    for (; other < others.length && (others[other] ?? 0) < (some[at] ?? 0); other += FIELDS) {
      all.push(...others.slice(other, other + FIELDS));
    }
    all.push(...some.slice(at, at + FIELDS));
  }
  return [...all, ...others.slice(other)];
}
