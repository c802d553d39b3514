import { argumentsOf, stringArgument } from '../model/accessors.ts';
import type { Dialect } from '../model/dialect.ts';
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
  /** Whether a path stands on the first or the last line of its call; kdump has it on one between. */
  readonly #showsPaths: boolean;

  constructor(filters: readonly Filter[], index: EventIndex, dialect: Dialect) {
    this.#index = index;
    this.#showsPaths = dialect !== 'kdump';
    this.#known = filters.filter(({ kind }) => kind === 'call' || kind === 'error' || kind === 'time');
    this.#ofText = filters.filter(({ kind }) => kind === 'text');
    this.#ofEvent = filters.filter(({ kind }) => kind === 'path');
  }

  /** Whether the event's lines tell something: whether it passes, or that it cannot. */
  get needsText(): boolean {
    return this.#ofText.length > 0 || this.#ofEvent.some((filter) => !filter.excludes);
  }

  get needsEvent(): boolean {
    return this.#ofEvent.length > 0;
  }

  /** Whether what the index knows of the event passes. */
  passesKnown(slot: number): boolean {
    return this.#known.every((filter) => this.#isKnown(slot, filter) !== filter.excludes);
  }

  /** Whether the event's lines pass; where they alone cannot tell, whether they may. */
  passesText(lines: readonly string[]): boolean {
    return [...this.#ofText, ...this.#ofEvent].every((filter) => {
      switch (filter.kind) {
        case 'text':
          return lines.some((line) => fits(line, filter.query)) !== filter.excludes;
        case 'path':
          return filter.excludes || !this.#showsPaths || lines.some((line) => mayNamePath(line, filter.text));
        default:
          return true;
      }
    });
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

/** Whether the line has the text, or something in it is escaped. */
function mayNamePath(line: string, typed: string): boolean {
  return line.includes('\\') || line.includes(bytesOf(typed));
}

/** What is typed as the latin1 bytes that a log has. */
function bytesOf(typed: string): string {
  return Buffer.from(typed, 'utf8').toString('latin1');
}

/** Whether the text is part of a string the call was given, or of what its arguments and its result are decorated with. */
function namesPath(event: TraceEvent, typed: string): boolean {
  if (event.kind !== 'syscall') return false;
  const text = bytesOf(typed);
  if (event.result?.includes(text) === true) return true;
  return argumentsOf(event).some(
    (piece) => piece.includes(text) || stringArgument(piece, event.dialect)?.includes(text) === true,
  );
}
