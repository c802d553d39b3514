import { argumentsOf, stringArgument } from '../model/accessors.ts';
import type { TraceEvent } from '../model/event.ts';
import type { EventIndex } from './event-index.ts';
import type { Filter } from './exploration.ts';
import { fits } from './query.ts';

/** What the filters of a list ask of its events, cheapest first. */
export class Conditions {
  readonly #index: EventIndex;
  /** Decided by the index alone, but where it had no room. */
  readonly #known: readonly Filter[];
  readonly #ofText: readonly Filter[];
  readonly #ofEvent: readonly Filter[];

  constructor(filters: readonly Filter[], index: EventIndex) {
    this.#index = index;
    this.#known = filters.filter(({ kind }) => kind === 'call' || kind === 'error' || kind === 'time');
    this.#ofText = filters.filter(({ kind }) => kind === 'text');
    this.#ofEvent = filters.filter(({ kind }) => kind === 'path');
  }

  get needsText(): boolean {
    return this.#ofText.length > 0;
  }

  get needsEvent(): boolean {
    return this.#ofEvent.length > 0;
  }

  /** Whether what the index knows of the event passes. */
  passesKnown(slot: number): boolean {
    return this.#known.every((filter) => this.#isKnown(slot, filter) !== filter.excludes);
  }

  /** Whether the event's lines pass. */
  passesText(lines: readonly string[]): boolean {
    return this.#ofText.every(
      (filter) => filter.kind === 'text' && lines.some((line) => fits(line, filter.query)) !== filter.excludes,
    );
  }

  passesEvent(event: TraceEvent): boolean {
    return this.#ofEvent.every((filter) => filter.kind === 'path' && namesPath(event, filter.text) !== filter.excludes);
  }

  #isKnown(slot: number, filter: Filter): boolean {
    switch (filter.kind) {
      case 'call': {
        const signature = this.#index.signature(slot);
        return signature !== null && filter.names.includes(signature.title);
      }
      case 'error': {
        const signature = this.#index.signature(slot);
        return signature?.failed === true && (filter.errno === null || signature.errno === filter.errno);
      }
      case 'time': {
        const atNs = this.#index.atNs(slot);
        if (atNs === null) return false;
        return (filter.fromNs === null || atNs >= filter.fromNs) && (filter.toNs === null || atNs < filter.toNs);
      }
      default:
        return true;
    }
  }
}

/** Whether the text is part of a string the call was given, or of what its arguments and its result are decorated with. */
function namesPath(event: TraceEvent, typed: string): boolean {
  if (event.kind !== 'syscall') return false;
  const text = Buffer.from(typed, 'utf8').toString('latin1');
  if (event.result?.includes(text) === true) return true;
  return argumentsOf(event).some(
    (piece) => piece.includes(text) || stringArgument(piece, event.dialect)?.includes(text) === true,
  );
}
