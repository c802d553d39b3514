import { open } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type { TraceEvent } from '../model/event.ts';
import type { TraceHeader } from '../model/trace.ts';
import type { Actors } from './actors.ts';
import { AscendingNumbers } from './ascending-numbers.ts';
import { Conditions } from './conditions.ts';
import type { EventIndex } from './event-index.ts';
import type { EventReader, WantedEvent } from './event-reader.ts';
import type { EventList, EventRow, EventScope } from './exploration.ts';
import { fits, type Query } from './query.ts';

/** What all lists of a trace look at. */
export interface ExploredTrace {
  readonly header: TraceHeader;
  readonly index: EventIndex;
  readonly actors: Actors;
  readonly reader: EventReader;
  /** Whether all events are in the index. */
  readonly isRead: boolean;
  /** How often events turned out to be of another process than was thought. */
  readonly regrouped: number;
  /** To be called when a list has grown. */
  changed(): void;
}

/** Slots looked at between two turns of the event loop: some milliseconds. */
const SLOTS_A_TURN = 131_072;
/** Events read again between two turns. */
const EVENTS_A_TURN = 512;

/** Events of a scope, by their slots in the index. */
export class ScopedList implements EventList {
  readonly #trace: ExploredTrace;
  readonly #scope: EventScope;
  readonly #conditions: Conditions;
  readonly #slots = new AscendingNumbers();
  /** Slots of the index that were looked at. */
  #looked = 0;
  #lateLooked = 0;
  #regrouped: number;
  #growing = false;
  #closed = false;

  constructor(scope: EventScope, trace: ExploredTrace) {
    this.#trace = trace;
    this.#scope = scope;
    this.#conditions = new Conditions(scope.filters, trace.index);
    this.#regrouped = trace.regrouped;
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

  async rows(from: number, to: number): Promise<readonly EventRow[]> {
    const slots: number[] = [];
    for (let index = Math.max(from, 0); index < Math.min(to, this.length); index++) slots.push(this.#slots.at(index));
    const events = await this.#read(slots);
    return slots.map((slot, index) => this.#row(slot, events[index] ?? null));
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
      for (let step = 0; step < EVENTS_A_TURN; step++) {
        const next = this.#slots.at(start + step * direction);
        if (next < 0) break;
        batch.push(next);
      }
      const lines = await this.#linesOf(batch);
      const found = batch.find((_, index) => lines[index]?.some((line) => fits(line, query)));
      if (found !== undefined) return this.#slots.indexFrom(found);
      slot = this.#slots.at(this.#slots.indexFrom(batch.at(-1) ?? slot) + direction);
      await turn();
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
    const [lines = []] = await this.#linesOf([slot]);
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
    this.#closed = true;
  }

  // ---- growing

  get #isBehind(): boolean {
    const { index, regrouped } = this.#trace;
    return this.#looked < index.slots || this.#lateLooked < index.lateSlots || this.#regrouped !== regrouped;
  }

  async #catchUp(): Promise<void> {
    while (this.#isBehind && !this.#closed) {
      if (this.#regrouped !== this.#trace.regrouped) this.#startOver();
      const slots = this.#nextSlots();
      for (let from = 0; from < slots.length && !this.#closed; from += EVENTS_A_TURN) {
        this.#slots.add(await this.#passing(slots.slice(from, from + EVENTS_A_TURN)));
      }
      this.#trace.changed();
      await turn();
    }
  }

  #startOver(): void {
    this.#regrouped = this.#trace.regrouped;
    this.#slots.clear();
    this.#looked = 0;
    this.#lateLooked = 0;
  }

  /** The next slots of the index that pass as far as it knows, in order, and not in the list yet. */
  #nextSlots(): number[] {
    const { index } = this.#trace;
    const isOfScope = this.#membership();
    const passes = (slot: number): boolean =>
      index.rank(slot) !== 0 && isOfScope(index.task(slot)) && this.#conditions.passesKnown(slot);
    const late = new Set<number>();
    for (const end = index.lateSlots; this.#lateLooked < end; this.#lateLooked++) {
      const slot = index.lateSlot(this.#lateLooked);
      if (slot < this.#looked && passes(slot) && !this.#slots.has(slot)) late.add(slot);
    }
    const slots = [...late].sort((a, b) => a - b);
    for (const end = Math.min(index.slots, this.#looked + SLOTS_A_TURN); this.#looked < end; this.#looked++) {
      if (passes(this.#looked)) slots.push(this.#looked);
    }
    return slots;
  }

  /** Whether a task of this number is of the scope, remembered as long as nothing can change. */
  #membership(): (task: number) => boolean {
    const { process } = this.#scope;
    if (process === null) return () => true;
    const { actors } = this.#trace;
    const wanted = actors.process(process);
    const known = new Map<number, boolean>();
    return (task) => {
      let isOne = known.get(task);
      if (isOne === undefined) {
        isOne = wanted !== null && actors.processOf(task) === wanted;
        known.set(task, isOne);
      }
      return isOne;
    };
  }

  async #passing(slots: readonly number[]): Promise<number[]> {
    let passing = [...slots];
    if (this.#conditions.needsText) {
      const lines = await this.#linesOf(passing);
      passing = passing.filter((_, index) => this.#conditions.passesText(lines[index] ?? []));
    }
    if (this.#conditions.needsEvent) {
      const events = await this.#read(passing);
      passing = passing.filter((_, index) => {
        const event = events[index] ?? null;
        return event !== null && this.#conditions.passesEvent(event);
      });
    }
    return passing;
  }

  // ---- reading again

  #read(slots: readonly number[]): Promise<(TraceEvent | null)[]> {
    return this.#trace.reader.events(slots.map((slot) => this.#wanted(slot)));
  }

  #wanted(slot: number): WantedEvent {
    const { index } = this.#trace;
    return { ...index.place(slot), kind: index.kind(slot) ?? 'unparsed', span: index.span(slot) };
  }

  #row(slot: number, read: TraceEvent | null): EventRow {
    const { index, actors, header } = this.#trace;
    const task = index.task(slot);
    const process = actors.processOf(task);
    const { input, line } = index.place(slot);
    const atNs = index.atNs(slot);
    const { dialect } = header;
    const base = { dialect, input, line, endLine: line + index.span(slot), pid: null, tid: null, time: null };
    // Its clock may not have begun where the log's did.
    const event: TraceEvent = read === null ? { ...base, kind: 'unparsed', atNs, text: '' } : { ...read, atNs };
    return { event, process: process === null ? null : actors.keyOf(process), thread: actors.threadOf(task) };
  }

  /** The lines that each of the events stands on. */
  async #linesOf(slots: readonly number[]): Promise<string[][]> {
    const { index, reader } = this.#trace;
    const numbers = new Map<number, number[]>();
    const own = slots.map((slot) => {
      const { input, textLine } = index.place(slot);
      const lines = index.textLines(slot).map((behind) => textLine + behind);
      const known = numbers.get(input);
      if (known === undefined) numbers.set(input, [...lines]);
      else known.push(...lines);
      return { input, lines };
    });
    const texts = new Map<number, ReadonlyMap<number, string>>();
    for (const [input, lines] of numbers) texts.set(input, await reader.lines(input, lines));
    return own.map(({ input, lines }) => lines.flatMap((line) => texts.get(input)?.get(line) ?? []));
  }
}
