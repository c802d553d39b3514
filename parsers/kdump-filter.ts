import type { Clock } from '../src/model/clock.ts';
import { NameTable } from '../src/scan/name-table.ts';
import { changesProcess } from './kdump-births.ts';
import type { NameWriting } from './kdump-names.ts';
import type { OpenCalls } from './kdump-open-calls.ts';
import { PlainRecord } from './kdump-skip.ts';
import type { Needs } from './tracer-format.ts';

/** Passes over records that nobody needs, on their bytes. */
export class KdumpFilter {
  /** Events that the lines passed over would have given. */
  skippedEvents = 0;
  readonly #needs: Needs;
  readonly #wanted: NameTable;
  readonly #clock: Clock;
  readonly #calls: OpenCalls;
  readonly #names: NameWriting;
  readonly #plain = new PlainRecord();

  constructor(needs: Needs, clock: Clock, calls: OpenCalls, names: NameWriting) {
    this.#clock = clock;
    this.#needs = needs;
    this.#wanted = new NameTable((name) => needs.call(name) || changesProcess(name));
    this.#calls = calls;
    this.#names = names;
  }

  /**
   * Whether the line of this number is passed over; it then has had all its effect but its event. `inRecord`: whether
   * it can belong to the line before it.
   */
  passesOver(buffer: Buffer, start: number, end: number, line: number, inRecord: boolean): boolean {
    const plain = this.#plain;
    const kind = plain.read(buffer, start, end);
    const { pid, tid } = plain;
    if (kind === 'other') return false;
    if (kind === 'dump') {
      if (inRecord) this.skippedEvents++;
      return inRecord;
    }
    if (!this.#calls.knows(pid) || this.#needs.watched.has(pid)) return false;
    // The first stamp is what all times count from.
    if (plain.hasStamp && !this.#clock.started) return false;
    switch (kind) {
      case 'note':
      case 'name':
        if (kind === 'name' && (this.#calls.lookingUp(pid, tid)?.args ?? null) !== null) return false;
        this.skippedEvents++;
        return true;
      case 'call': {
        if (this.#wanted.wants(buffer, plain.nameStart, plain.nameEnd)) return false;
        if (plain.emptyParentheses !== null) this.#names.learn(plain.emptyParentheses ? 'vis' : 'raw');
        const name = buffer.toString('latin1', plain.nameStart, plain.nameEnd);
        this.#calls.enter({ pid, tid, name, args: null, line, time: null, atNs: null, paths: [], words: null });
        return true;
      }
      case 'return':
        if (this.#wanted.wants(buffer, plain.nameStart, plain.nameEnd)) return false;
        if (!this.#calls.takeUnneeded(pid, tid, buffer.toString('latin1', plain.nameStart, plain.nameEnd))) {
          return false;
        }
        this.skippedEvents++;
        return true;
      default:
        return kind satisfies never;
    }
  }
}
