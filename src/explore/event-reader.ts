import type { LoadedFormat } from '../../parsers/tracer-format.ts';
import { Clock } from '../model/clock.ts';
import type { TraceEvent } from '../model/event.ts';
import type { Log, NdjsonFile, ReadingPlan } from '../read/reading-plan.ts';
import { withoutPasteMarks } from '../scan/paste-marks.ts';
import type { ListedKind } from './event-kinds.ts';
import type { EventPlace } from './event-places.ts';
import type { KeptText, LineRange, OnLine } from './kept-text.ts';

/** An event that is to be read again. */
export interface WantedEvent extends EventPlace {
  readonly kind: ListedKind;
  /** Lines from its first to its last. */
  readonly span: number;
}

/** A parser that begins in the middle of a log is shown so many lines of its beginning: they may tell the columns. */
const FRONT_LINES = 100;
/** Lines before an event that may say how it is to be read: columns on a line of their own, a broken line's end. */
const LINES_BEFORE = 8;
/** An event whose lines are further apart than this is read from those about its first and its last. */
const NEAR_LINES = 512;
const LINES_ABOUT = 32;
/** Ranges with fewer lines than this between them are read as one. */
const GAP_LINES = 16;

/** Reads events again. */
export interface EventReader {
  /** The events, in their order; null for one that cannot be read again. */
  events(wanted: readonly WantedEvent[]): Promise<(TraceEvent | null)[]>;
  /** Gives lines of an input, whose numbers are in order, as far as they are there; and some between them. */
  lines(input: number, numbers: readonly number[], onLine: OnLine): Promise<void>;
}

/** What reads events again that came by this plan, whose inputs' texts are in the order of its files. */
export function eventReader(plan: ReadingPlan, texts: readonly KeptText[]): EventReader {
  switch (plan.kind) {
    case 'ndjson':
      return new NdjsonReader(plan.files, texts);
    case 'sequence':
      return new LogReader(plan.format, plan.logs, texts);
    case 'set':
      return new LogReader(plan.format, plan.files, texts);
    default:
      return plan satisfies never;
  }
}

/** Parses the lines of events again, and few others. */
class LogReader implements EventReader {
  readonly #format: LoadedFormat;
  readonly #logs: readonly Log[];
  readonly #texts: readonly KeptText[];

  constructor(format: LoadedFormat, logs: readonly Log[], texts: readonly KeptText[]) {
    this.#format = format;
    this.#logs = logs;
    this.#texts = texts;
  }

  async events(wanted: readonly WantedEvent[]): Promise<(TraceEvent | null)[]> {
    const found = new Map<WantedEvent, TraceEvent>();
    for (const [input, own] of byInput(wanted, ({ input }) => input)) {
      await this.#read(input, own, FRONT_LINES, found);
      // What the beginning tells of an id that is used again may be wrong by then.
      const missing = own.filter((one) => !found.has(one));
      if (missing.length > 0) await this.#read(input, missing, 0, found);
    }
    return wanted.map((one) => found.get(one) ?? null);
  }

  async lines(input: number, numbers: readonly number[], onLine: OnLine): Promise<void> {
    await this.#texts[input]?.lines(joined(numbers.map((line) => ({ from: line, to: line }))), onLine);
  }

  async #read(
    input: number,
    wanted: readonly WantedEvent[],
    front: number,
    found: Map<WantedEvent, TraceEvent>,
  ): Promise<void> {
    const log = this.#logs[input];
    const text = this.#texts[input];
    if (log === undefined || text === undefined) return;
    const byLine = new Map<number, WantedEvent[]>();
    for (const one of wanted) byLine.set(one.line, [...(byLine.get(one.line) ?? []), one]);
    const event = (event: TraceEvent): void => {
      const one = byLine.get(event.line)?.find(({ kind }) => kind === event.kind);
      // Lines that are left out may tear a call: the one that ends where it did the first time is whole.
      if (one !== undefined && (!found.has(one) || event.endLine - event.line === one.span)) found.set(one, event);
    };
    const context = { input, defaultPid: log.pid, clock: new Clock(), needs: null };
    const parser = this.#format.createParser({ event, diagnostic() {} }, context);
    await text.lines(rangesOf(wanted, front), (line, number) =>
      parser.push(withoutPasteMarks(line, log.marks), number),
    );
    parser.end();
  }
}

/** Reads events of our own format again. */
class NdjsonReader implements EventReader {
  readonly #files: readonly NdjsonFile[];
  readonly #texts: readonly KeptText[];

  constructor(files: readonly NdjsonFile[], texts: readonly KeptText[]) {
    this.#files = files;
    this.#texts = texts;
  }

  async events(wanted: readonly WantedEvent[]): Promise<(TraceEvent | null)[]> {
    const { eventOf } = await import('../ndjson/read.ts');
    const found = new Map<WantedEvent, TraceEvent>();
    for (const own of byInput(wanted, ({ input }) => this.#fileOf(input)).values()) {
      const byLine = new Map(own.map((one) => [one.textLine, one]));
      const numbers = [...byLine.keys()].sort((a, b) => a - b);
      await this.lines(own[0]?.input ?? 0, numbers, (text, number) => {
        const one = byLine.get(number);
        const event = one === undefined ? null : eventOf(text);
        if (one !== undefined && event !== null) found.set(one, { ...event, input: one.input });
      });
    }
    return wanted.map((one) => found.get(one) ?? null);
  }

  async lines(input: number, numbers: readonly number[], onLine: OnLine): Promise<void> {
    const text = this.#texts[this.#fileOf(input)];
    await text?.lines(joined(numbers.map((line) => ({ from: line, to: line }))), onLine);
  }

  #fileOf(input: number): number {
    return this.#files.findLastIndex(({ firstInput }) => firstInput <= input);
  }
}

function byInput(wanted: readonly WantedEvent[], inputOf: (one: WantedEvent) => number): Map<number, WantedEvent[]> {
  const groups = new Map<number, WantedEvent[]>();
  for (const one of wanted) {
    const input = inputOf(one);
    const group = groups.get(input);
    if (group === undefined) groups.set(input, [one]);
    else group.push(one);
  }
  return groups;
}

/** What is to be read for the events: in order, and apart. */
function rangesOf(wanted: readonly WantedEvent[], front: number): LineRange[] {
  const ranges: LineRange[] = front === 0 ? [] : [{ from: 1, to: front }];
  for (const { line, span } of wanted) {
    const from = Math.max(line - LINES_BEFORE, 1);
    const end = line + span;
    if (span <= NEAR_LINES) ranges.push({ from, to: end });
    else ranges.push({ from, to: line + LINES_ABOUT }, { from: end - LINES_ABOUT, to: end });
  }
  return joined(ranges.sort((a, b) => a.from - b.from));
}

/** The ranges, which are in order, with those that lie close together made one. */
function joined(ranges: readonly LineRange[]): LineRange[] {
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of ranges) {
    const last = found.at(-1);
    if (last !== undefined && from - last.to <= GAP_LINES) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}
