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

/** So many lines of an input, from one that can be divided by it, have their slots in one chain. */
const CHAINED_LINES = 1024;
/** The last chain has all lines from its first on: a file of our own format may name any. */
const LAST_CHAIN = 0xffff;

/** Of what is not read in the order of its lines (a set merged by time, our own format): slots in order of arrival. */
export class PlacesByArrival implements EventPlaces {
  readonly unit: 'event' | 'record';
  readonly #inputs = words();
  readonly #lines = words();
  readonly #textLines = words();
  /** By input, then by `CHAINED_LINES`: the latest slot of a chain, counted from 1. */
  readonly #chains: number[][] = [];
  /** The slot before in the same chain, counted from 1; 0: it is the first. */
  readonly #earlier = words();
  #slots = 0;

  constructor(unit: 'event' | 'record') {
    this.unit = unit;
  }

  slotOf({ input, line }: EventBase, textLine: number): number {
    const slot = this.#slots++;
    this.#inputs.set(slot, input);
    this.#lines.set(slot, line);
    this.#textLines.set(slot, textLine);
    while (this.#chains.length <= input) this.#chains.push([]);
    const chains = this.#chains[input] ?? [];
    const chain = chainOf(line);
    this.#earlier.set(slot, chains[chain] ?? 0);
    chains[chain] = slot + 1;
    return slot;
  }

  placeOf(slot: number): EventPlace {
    return { input: this.#inputs.get(slot), line: this.#lines.get(slot), textLine: this.#textLines.get(slot) };
  }

  slotFrom(input: number, line: number, slots: number): number {
    const chains = this.#chains[input] ?? [];
    for (let chain = chainOf(line); chain < chains.length; chain++) {
      const nearest = this.#nearest(chains[chain] ?? 0, line);
      if (nearest >= 0) return nearest;
    }
    return slots;
  }

  /** The slot in a chain with the least line from this one on; of several the first. -1: none has such a line. */
  #nearest(latest: number, line: number): number {
    let nearest = -1;
    let nearestLine = Number.POSITIVE_INFINITY;
    for (let at = latest; at > 0; at = this.#earlier.get(at - 1)) {
      const standing = this.#lines.get(at - 1);
      if (standing < line || standing > nearestLine) continue;
      nearest = at - 1;
      nearestLine = standing;
    }
    return nearest;
  }
}

function chainOf(line: number): number {
  return Math.min(Math.floor(line / CHAINED_LINES), LAST_CHAIN);
}
