import { argumentsOf, stringArgument } from '../model/accessors.ts';
import type { Dialect } from '../model/dialect.ts';
import type { TraceEvent } from '../model/event.ts';
import type { EventIndex } from './event-index.ts';
import type { Filter } from './exploration.ts';
import { fits } from './query.ts';

/** Asked of each line of an event, and fulfilled by any of them. */
interface LineTest {
  readonly excludes: boolean;
  fits(line: string): boolean;
}

/** More than these are not asked of lines: the answers are bits of one number. */
const MAX_LINE_TESTS = 31;

/** What the filters of a list ask of its events, in three steps: what the index knows, their lines, the events. */
export class Conditions {
  readonly #index: EventIndex;
  readonly #known: readonly Filter[];
  readonly #lineTests: readonly LineTest[];
  readonly #paths: readonly Extract<Filter, { kind: 'path' }>[];

  constructor(filters: readonly Filter[], index: EventIndex, dialect: Dialect) {
    this.#index = index;
    this.#known = filters.filter(({ kind }) => kind === 'call' || kind === 'error' || kind === 'time');
    this.#lineTests = lineTests(filters, dialect).slice(0, MAX_LINE_TESTS);
    this.#paths = filters.filter((filter) => filter.kind === 'path');
  }

  get needsLines(): boolean {
    return this.#lineTests.length > 0;
  }

  get needsEvent(): boolean {
    return this.#paths.length > 0;
  }

  /** Whether what the index knows of the event passes. */
  passesKnown(slot: number): boolean {
    return this.#known.every((filter) => this.#isKnown(slot, filter) !== filter.excludes);
  }

  /** Which tests the line fits: a bit for each. */
  testsFit(line: string): number {
    let bits = 0;
    for (const [at, test] of this.#lineTests.entries()) if (test.fits(line)) bits |= 1 << at;
    return bits;
  }

  /** Whether an event passes, or may pass, whose lines together fit these tests. */
  passesLines(bits: number): boolean {
    return this.#lineTests.every(({ excludes }, at) => ((bits >>> at) & 1) === (excludes ? 0 : 1));
  }

  passesEvent(event: TraceEvent): boolean {
    return this.#paths.every(({ text, excludes }) => namesPath(event, text) !== excludes);
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

function lineTests(filters: readonly Filter[], dialect: Dialect): LineTest[] {
  const tests: LineTest[] = [];
  for (const filter of filters) {
    const { kind, excludes } = filter;
    if (kind === 'text') tests.push({ excludes, fits: (line) => fits(line, filter.query) });
    // A call that names a path shows it on its first line or its last; kdump has paths on lines between.
    if (kind === 'path' && !excludes && dialect !== 'kdump') tests.push({ excludes, fits: pathTest(filter.text) });
  }
  return tests;
}

/** Whether a line may show the path: as it is typed, or escaped. */
function pathTest(typed: string): (line: string) => boolean {
  const text = bytesOf(typed);
  // What can be printed is escaped only where everything is, in hexadecimal.
  const escaped = /^[ !#-[\]-~]*$/.test(text) ? '\\x' : '\\';
  return (line) => line.includes(text) || line.includes(escaped);
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
