import type { Call, Happening } from './happening.ts';

/** A run as text. */
export interface Printed {
  readonly text: string;
  /** Line each happening begins on; 0 where nothing shows it. */
  readonly lines: readonly number[];
  /** Line that tells the path of each call, where it is one of its own. */
  readonly paths: ReadonlyMap<Call, number>;
}

/** A log as it is written. */
export class Log {
  readonly #out: string[] = [];
  readonly #lines: number[] = [];
  readonly #paths = new Map<Call, number>();

  /** Lines so far. */
  get length(): number {
    return this.#out.length;
  }

  /** The next line is the first that shows this. */
  mark({ index }: Happening): void {
    while (this.#lines.length <= index) this.#lines.push(0);
    this.#lines[index] = this.#out.length + 1;
  }

  /** The next line tells the path of this call. */
  markPath(call: Call): void {
    this.#paths.set(call, this.#out.length + 1);
  }

  write(line: string): void {
    this.#out.push(line);
  }

  /** `count`: of happenings in all. */
  printed(count: number): Printed {
    while (this.#lines.length < count) this.#lines.push(0);
    return { text: this.#out.map((line) => `${line}\n`).join(''), lines: this.#lines, paths: this.#paths };
  }
}
