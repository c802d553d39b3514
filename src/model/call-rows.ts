import { Names } from '../scan/names.ts';
import * as Row from './call-row.ts';
import type { Dialect } from './dialect.ts';
import type { Errno, Outcome, SyscallEvent } from './event.ts';

/** Where rows lie in a memory. */
export interface RowPlaces {
  readonly memory: WebAssembly.Memory;
  /** Where the first row is, and how many there may be. */
  readonly at: number;
  readonly slots: number;
  /** Where there is room, so many bytes, for what is made of them. */
  readonly roomAt: number;
  readonly roomBytes: number;
}

const OUTCOMES: readonly Outcome[] = ['returned', 'failed', 'unfinished', 'restarted'];
/** Those of the same name are one. */
const NAMES = new Names(() => null);
const ERRNOS = new Names((name): Errno => ({ name, number: null }));

/**
 * Calls of one input told many at once, by numbers: where their parts stand in the log's bytes (call-row.ts). They come in
 * the order of the lines they ended on, and have no thread id, detail or duration, and no error's number. To make an object
 * and strings of each takes longer than all the rest of reading it.
 */
export class CallRows {
  readonly dialect: Dialect;
  readonly input: number;
  readonly places: RowPlaces;
  /** How many there are now. */
  count = 0;
  readonly #numbers: Uint32Array;
  readonly #floats: Float64Array;
  /** The log's bytes, latin1. */
  readonly #text: Buffer;

  constructor(dialect: Dialect, input: number, places: RowPlaces) {
    const { memory, at, slots } = places;
    this.dialect = dialect;
    this.input = input;
    this.places = places;
    this.#numbers = new Uint32Array(memory.buffer, at, slots * Row.ROW_NUMBERS);
    this.#floats = new Float64Array(memory.buffer, at, (slots * Row.ROW_NUMBERS) / 2);
    this.#text = Buffer.from(memory.buffer);
  }

  /** The event of one of them. */
  event(row: number): SyscallEvent {
    const start = this.#number(row, Row.STAMP);
    const rest = this.#number(row, Row.REST);
    const isWhole = rest === 0;
    const end = Math.max(this.#number(row, Row.RESULT_END), this.#number(row, Row.ERRNO_END));
    // One text a line, of which the parts are slices.
    const first = this.#text.toString('latin1', start, isWhole ? end : this.#number(row, Row.ARGS_END));
    const last = isWhole ? first : this.#text.toString('latin1', rest, end);
    const lastStart = isWhole ? start : rest;
    const args = first.slice(this.#number(row, Row.ARGS) - start, this.#number(row, Row.ARGS_END) - start);
    const hasStamp = this.#number(row, Row.STAMP_END) > start;
    const errno = this.#number(row, Row.ERRNO) - lastStart;
    const errnoEnd = this.#number(row, Row.ERRNO_END) - lastStart;
    return {
      kind: 'syscall',
      dialect: this.dialect,
      input: this.input,
      line: this.#number(row, Row.LINE),
      endLine: this.#number(row, Row.END_LINE),
      pid: this.#number(row, Row.PID),
      tid: null,
      time: hasStamp ? first.slice(0, this.#number(row, Row.STAMP_END) - start) : null,
      atNs: hasStamp ? (this.#floats[(row * Row.ROW_NUMBERS + Row.AT_NS) / 2] ?? null) : null,
      name: NAMES.at(first, this.#number(row, Row.NAME) - start, this.#number(row, Row.NAME_END) - start).name,
      args: isWhole ? args : args + last.slice(0, this.#number(row, Row.REST_END) - rest),
      result: last.slice(this.#number(row, Row.RESULT) - lastStart, this.#number(row, Row.RESULT_END) - lastStart),
      detail: null,
      errno: errno === errnoEnd ? null : ERRNOS.at(last, errno, errnoEnd).about,
      durationNs: null,
      outcome: OUTCOMES[this.#number(row, Row.OUTCOME)] ?? 'returned',
    };
  }

  #number(row: number, index: number): number {
    return this.#numbers[row * Row.ROW_NUMBERS + index] ?? 0;
  }
}
