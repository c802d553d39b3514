import { open } from 'node:fs/promises';
import type { TraceHeader } from '../model/trace.ts';
import type { Actors } from './actors.ts';
import { AscendingNumbers } from './ascending-numbers.ts';
import { Conditions } from './conditions.ts';
import type { EventIndex } from './event-index.ts';
import type { EventRows } from './event-rows.ts';
import type { EventList, EventRow, EventScope } from './exploration.ts';
import type { Precedence } from './precedence.ts';
import { fits, type Query } from './query.ts';

/** What all lists of a trace look at. */
export interface ExploredTrace {
  readonly header: TraceHeader;
  readonly index: EventIndex;
  readonly actors: Actors;
  readonly rows: EventRows;
  readonly precedence: Precedence;
  /** Whether all events are in the index. */
  readonly isRead: boolean;
  /** How often events turned out to be of another process than was thought. */
  readonly regrouped: number;
  /** To be called when a list has grown. */
  changed(): void;
}

/** Slots looked at between two turns of the event loop: some milliseconds. */
const SLOTS_A_TURN = 32_768;
/** Events read again between two turns. */
const EVENTS_A_TURN = 512;
/** Events whose lines are looked at between two turns. */
const LINES_A_TURN = 4096;

/** Events of a scope, by their slots in the index. */
export class ScopedList implements EventList {
  readonly #trace: ExploredTrace;
  readonly #scope: EventScope;
  readonly #conditions: Conditions;
  readonly #isShared: boolean;
  readonly #slots = new AscendingNumbers();
  /** Slots of the index that were looked at. */
  #looked = 0;
  #lateLooked = 0;
  #regrouped = 0;
  #growing = false;
  #closed = false;

  /** `isShared`: others look at it when one has closed it. */
  constructor(scope: EventScope, trace: ExploredTrace, isShared: boolean) {
    this.#isShared = isShared;
    this.#trace = trace;
    this.#scope = scope;
    this.#conditions = new Conditions(scope.filters, trace.index, trace.header.dialect);
    this.#startOver();
    this.grow();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get length(): number {
    return this.#slots.length;
  }

  get complete(): boolean {
    return this.#trace.isRead && !this.#growing && !this.#isBehind;
  }

  /** Looks at what is new in the index, a little at a time. */
  grow(): void {
    if (this.#growing || this.#closed || !this.#isBehind) return;
    this.#growing = true;
    this.#catchUp()
      // What cannot be read again is not in the list.
      .catch(() => {})
      .finally(() => {
        this.#growing = false;
        this.#trace.changed();
      });
  }

  rows(from: number, to: number): Promise<readonly EventRow[]> {
    const slots: number[] = [];
    for (let index = Math.max(from, 0); index < Math.min(to, this.length); index++) slots.push(this.#slots.at(index));
    return this.#trace.precedence.first(() => this.#trace.rows.rows(slots));
  }

  indexOfLine(input: number, line: number): number {
    const index = this.#slots.indexFrom(this.#trace.index.slotFrom(input, line));
    return index < this.length ? index : -1;
  }

  placeAt(index: number): { readonly input: number; readonly line: number } | null {
    const slot = this.#slots.at(index);
    return slot < 0 ? null : this.#trace.index.place(slot);
  }

  async search(query: Query, from: number, direction: 1 | -1, signal: AbortSignal): Promise<number | null> {
    // The list may grow meanwhile: slots stay what they are, indices do not.
    let slot = this.#slots.at(from + direction);
    while (slot >= 0 && !signal.aborted && !this.#closed) {
      const start = this.#slots.indexFrom(slot);
      const batch: number[] = [];
      for (let step = 0; step < LINES_A_TURN; step++) {
        const next = this.#slots.at(start + step * direction);
        if (next < 0) break;
        batch.push(next);
      }
      const found = await this.#firstFitting(batch, query);
      if (found !== undefined) return this.#slots.indexFrom(found);
      slot = this.#slots.at(this.#slots.indexFrom(batch.at(-1) ?? slot) + direction);
      await this.#trace.precedence.turn();
    }
    return null;
  }

  nextFailed(from: number, direction: 1 | -1): number | null {
    for (let index = from + direction; ; index += direction) {
      const slot = this.#slots.at(index);
      if (slot < 0) return null;
      if (this.#trace.index.signature(slot)?.failed === true) return index;
    }
  }

  async printed(index: number): Promise<readonly string[]> {
    const slot = this.#slots.at(index);
    if (slot < 0) return [];
    const lines: string[] = [];
    await this.#trace.precedence.first(() => this.#trace.rows.eachLine([slot], (_, text) => lines.push(text)));
    return lines;
  }

  async write(path: string, signal: AbortSignal): Promise<number> {
    const { writeHeader, writeEvent } = await import('../ndjson/write.ts');
    const file = await open(path, 'wx');
    let written = 0;
    try {
      await file.write(writeHeader(this.#trace.header));
      for (let from = 0; from < this.length && !signal.aborted; from += EVENTS_A_TURN) {
        const rows = await this.rows(from, from + EVENTS_A_TURN);
        await file.write(rows.map(({ event }) => writeEvent(event)).join(''));
        written += rows.length;
      }
    } finally {
      await file.close();
    }
    return written;
  }

  close(): void {
    if (!this.#isShared) this.end();
  }

  /** Calls of it end here, whoever else looks at it. */
  end(): void {
    this.#closed = true;
  }

  /** The first of the slots whose event has a line that the query fits. */
  async #firstFitting(slots: readonly number[], query: Query): Promise<number | undefined> {
    const fitting = new Set<number>();
    await this.#trace.rows.eachLine(slots, (at, text) => {
      if (fits(text, query)) fitting.add(at);
    });
    return slots.find((_, at) => fitting.has(at));
  }

  // ---- growing

  get #isBehind(): boolean {
    const { index } = this.#trace;
    return this.#looked < index.slots || this.#lateLooked < index.lateSlots || this.#isWrong;
  }

  /** Whether events may be of its process that were not, or no longer. */
  get #isWrong(): boolean {
    return this.#scope.process !== null && this.#regrouped !== this.#trace.regrouped;
  }

  async #catchUp(): Promise<void> {
    while (this.#isBehind && !this.#closed) {
      if (this.#isWrong) this.#startOver();
      const slots = this.#nextSlots();
      for (let from = 0; from < slots.length && !this.#closed; from += LINES_A_TURN) {
        this.#slots.add(await this.#passing(slots.slice(from, from + LINES_A_TURN)));
        this.#trace.changed();
        await this.#trace.precedence.turn();
      }
      if (slots.length === 0) await this.#trace.precedence.turn();
    }
  }

  #startOver(): void {
    this.#regrouped = this.#trace.regrouped;
    this.#slots.clear();
    this.#lateLooked = 0;
    // Nothing of a process is before its first sign.
    const { process } = this.#scope;
    const start = process === null ? null : (this.#trace.actors.process(process)?.start ?? null);
    this.#looked = start === null ? 0 : this.#trace.index.slotFrom(start.input, start.line);
  }

  /** The next slots of the index that pass as far as it knows, in order, and not in the list yet. */
  #nextSlots(): number[] {
    const { index } = this.#trace;
    const isOfScope = this.#membership();
    const late = new Set<number>();
    for (const end = index.lateSlots; this.#lateLooked < end; this.#lateLooked++) {
      const slot = index.lateSlot(this.#lateLooked);
      if (slot < this.#looked && isOfScope(index.task(slot)) && !this.#slots.has(slot)) late.add(slot);
    }
    const slots = [...late].sort((a, b) => a - b);
    const end = Math.min(index.slots, this.#looked + SLOTS_A_TURN);
    index.collect(this.#looked, end, isOfScope, slots);
    this.#looked = end;
    return slots.filter((slot) => this.#conditions.passesKnown(slot));
  }

  /** Whether a task of this number is of the scope, as known by now. */
  #membership(): (task: number) => boolean {
    const { process } = this.#scope;
    if (process === null) return () => true;
    const { actors } = this.#trace;
    const wanted = actors.process(process);
    let latest = 0;
    let isLatest = false;
    return (task) => {
      // Most events are of the task that the one before is of.
      if (task !== latest) {
        latest = task;
        isLatest = wanted !== null && actors.processOf(task) === wanted;
      }
      return isLatest;
    };
  }

  async #passing(slots: readonly number[]): Promise<readonly number[]> {
    const conditions = this.#conditions;
    const mayPass = conditions.needsLines ? await this.#fittingLines(slots) : slots;
    if (!conditions.needsEvent) return mayPass;
    const passing: number[] = [];
    for (let from = 0; from < mayPass.length && !this.#closed; from += EVENTS_A_TURN) {
      const some = mayPass.slice(from, from + EVENTS_A_TURN);
      const events = await this.#trace.rows.events(some);
      for (const [at, slot] of some.entries()) {
        const event = events[at] ?? null;
        if (event !== null && conditions.passesEvent(event)) passing.push(slot);
      }
      await this.#trace.precedence.turn();
    }
    return passing;
  }

  async #fittingLines(slots: readonly number[]): Promise<readonly number[]> {
    const fit = slots.map(() => 0);
    await this.#trace.rows.eachLine(slots, (at, text) => {
      fit[at] = (fit[at] ?? 0) | this.#conditions.testsFit(text);
    });
    return slots.filter((_, at) => this.#conditions.passesLines(fit[at] ?? 0));
  }
}
