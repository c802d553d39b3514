import type { EventBase } from '../model/event.ts';
import { words } from './column.ts';

/** Where an event begins. */
export interface EventPlace {
  readonly input: number;
  readonly line: number;
  /** The line to read it from again; in a file of our own format not that of the log. */
  readonly textLine: number;
}

/** Gives every listed event a slot in the index; slots stand in the order in which events are shown. */
export interface EventPlaces {
  /**
   * What stands on a slot: `line`: a physical line, so that the last one of an event has a slot too; `event`: an event,
   * on lines of its own alone; `record`: an event that is written as one line, however many it was printed on.
   */
  readonly unit: 'line' | 'event' | 'record';
  slotOf(event: EventBase, textLine: number): number;
  placeOf(slot: number): EventPlace;
  /** The first slot of the line or of a later one of that input, among so many. */
  slotFrom(input: number, line: number, slots: number): number;
}

/** Of logs that are read one after another: each physical line is a slot. */
export class PlacesByLine implements EventPlaces {
  readonly unit = 'line';
  /** Slots of the inputs before each. */
  readonly #before: number[] = [];
  #slots = 0;

  slotOf({ input, line, endLine }: EventBase): number {
    while (this.#before.length <= input) this.#before.push(this.#slots);
    const before = this.#before[input] ?? 0;
    this.#slots = Math.max(this.#slots, before + endLine);
    return before + line - 1;
  }

  placeOf(slot: number): EventPlace {
    const input = Math.max(
      this.#before.findLastIndex((before) => before <= slot),
      0,
    );
    const line = slot - (this.#before[input] ?? 0) + 1;
    return { input, line, textLine: line };
  }

  slotFrom(input: number, line: number): number {
    const before = this.#before[input] ?? this.#slots;
    return Math.min(before + line - 1, this.#before[input + 1] ?? Number.MAX_SAFE_INTEGER);
  }
}

/** Of what is not read in the order of its lines (a set merged by time, our own format): slots in order of arrival. */
export class PlacesByArrival implements EventPlaces {
  readonly unit: 'event' | 'record';
  readonly #inputs = words();
  readonly #lines = words();
  readonly #textLines = words();
  #slots = 0;

  constructor(unit: 'event' | 'record') {
    this.unit = unit;
  }

  slotOf({ input, line }: EventBase, textLine: number): number {
    const slot = this.#slots++;
    this.#inputs.set(slot, input);
    this.#lines.set(slot, line);
    this.#textLines.set(slot, textLine);
    return slot;
  }

  placeOf(slot: number): EventPlace {
    return { input: this.#inputs.get(slot), line: this.#lines.get(slot), textLine: this.#textLines.get(slot) };
  }

  slotFrom(input: number, line: number, slots: number): number {
    let nearest = slots;
    let nearestLine = Number.POSITIVE_INFINITY;
    for (let slot = 0; slot < slots; slot++) {
      const at = this.#lines.get(slot);
      if (at < line || at >= nearestLine || this.#inputs.get(slot) !== input) continue;
      nearest = slot;
      nearestLine = at;
    }
    return nearest;
  }
}
