import type { TraceEvent } from '../model/event.ts';
import type { TraceHeader } from '../model/trace.ts';
import type { Actors } from './actors.ts';
import type { EventIndex } from './event-index.ts';
import type { EventReader, WantedEvent } from './event-reader.ts';
import type { EventRow } from './exploration.ts';

/** Makes rows of what stands on slots of the index. */
export class EventRows {
  readonly #header: TraceHeader;
  readonly #index: EventIndex;
  readonly #actors: Actors;
  readonly #reader: EventReader;

  constructor(header: TraceHeader, index: EventIndex, actors: Actors, reader: EventReader) {
    this.#header = header;
    this.#index = index;
    this.#actors = actors;
    this.#reader = reader;
  }

  /** One for each slot. */
  async rows(slots: readonly number[]): Promise<EventRow[]> {
    const events = await this.events(slots);
    return slots.map((slot, at) => this.#row(slot, events[at] ?? null));
  }

  /** One for each slot; null for an event that cannot be read again. */
  events(slots: readonly number[]): Promise<(TraceEvent | null)[]> {
    return this.#reader.events(slots.map((slot) => this.#wanted(slot)));
  }

  /** Gives the lines that the slots' events stand on, each with the index of its slot; of one event in order. */
  async eachLine(slots: readonly number[], take: (at: number, text: string) => void): Promise<void> {
    const byInput = new Map<number, { line: number; at: number }[]>();
    for (const [at, slot] of slots.entries()) {
      const { input, textLine } = this.#index.place(slot);
      let lines = byInput.get(input);
      if (lines === undefined) {
        lines = [];
        byInput.set(input, lines);
      }
      for (const behind of this.#index.textLines(slot)) lines.push({ line: textLine + behind, at });
    }
    for (const [input, lines] of byInput) {
      lines.sort((a, b) => a.line - b.line);
      const numbers = lines.map(({ line }) => line);
      let next = 0;
      await this.#reader.lines(input, numbers, (text, number) => {
        for (let one = lines[next]; one !== undefined && one.line <= number; one = lines[++next]) {
          if (one.line === number) take(one.at, text);
        }
      });
    }
  }

  #wanted(slot: number): WantedEvent {
    const index = this.#index;
    return { ...index.place(slot), kind: index.kind(slot) ?? 'unparsed', span: index.span(slot) };
  }

  #row(slot: number, read: TraceEvent | null): EventRow {
    const index = this.#index;
    const task = index.task(slot);
    const process = this.#actors.processOf(task);
    const event = read ?? this.#unreadable(slot);
    // A second reading begins in the middle: it knows neither when the clock began nor who is alive.
    const pid = index.hasPid(slot) ? this.#actors.columnOf(task, event.pid) : null;
    const thread = this.#actors.threadOf(task);
    return {
      event: { ...event, pid, atNs: index.atNs(slot) },
      process: process === null ? null : this.#actors.keyOf(process),
      thread,
    };
  }

  #unreadable(slot: number): TraceEvent {
    const { input, line } = this.#index.place(slot);
    const { dialect } = this.#header;
    const endLine = line + this.#index.span(slot);
    return { dialect, input, line, endLine, pid: null, tid: null, time: null, atNs: null, kind: 'unparsed', text: '' };
  }
}
