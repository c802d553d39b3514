import type { Needs } from '../../parsers/tracer-format.ts';
import type { Seen } from '../analyze/process.ts';
import { Recording, recordingNeeds } from '../analyze/recording.ts';
import type { Counting } from '../model/counting.ts';
import { type Diagnostic, type DiagnosticCount, DiagnosticCounter } from '../model/diagnostic.ts';
import { dialectTraits, type Platform } from '../model/dialect.ts';
import { ForkloreError } from '../model/errors.ts';
import type { TraceEvent } from '../model/event.ts';
import type { Keeping } from '../model/kept-lines.ts';
import type { TraceCounts, TraceHeader, TraceSummary } from '../model/trace.ts';
import type { TraceSink } from '../read/read-trace.ts';
import { lookAtHeap } from './heap.ts';

/** A fold over events: `Blame`, `Tree`, `Files`, `Summary`. */
interface Fold<Result> {
  readonly watched: ReadonlySet<number | null>;
  /** Null where it needs events as they come. */
  readonly keeping: Keeping | null;
  /** Takes calls as numbers, where it can. */
  readonly counting?: Counting;
  /** For progress, where it is told. */
  readonly seen?: Seen;
  add(event: TraceEvent): void;
  finish(): Result;
}

/** What a trace is folded into. */
export interface Folded<Result> {
  /** Whether events of the call with this printed name are needed; null: every event of the log is. */
  readonly needs: ((name: string, platform: Platform) => boolean) | null;
  begin(header: TraceHeader): Fold<Result>;
  /** Children that were created and never traced. */
  untraced(result: Result): number;
}

/** The first chunk alone may make garbage for longer than the heap is to go unwatched. */
const EVENTS_BETWEEN_LOOKS = 256;
const NOTHING_WATCHED: ReadonlySet<number | null> = new Set();

/** Hands events to the fold, which begins when the header is known, and counts what is odd about the log. */
export class Folding<Result> implements TraceSink, Needs {
  readonly #analysis: Folded<Result>;
  readonly #diagnostics = new DiagnosticCounter();
  #events = 0;
  #begun: { readonly header: TraceHeader; readonly fold: Fold<Result>; readonly recording: Recording } | null = null;

  constructor(analysis: Folded<Result>) {
    this.#analysis = analysis;
  }

  start(header: TraceHeader): void {
    this.#begun = { header, fold: this.#analysis.begin(header), recording: new Recording(header) };
  }

  event(event: TraceEvent): void {
    if (++this.#events % EVENTS_BETWEEN_LOOKS === 0) lookAtHeap();
    this.#begun?.fold.add(event);
    this.#begun?.recording.add(event);
  }

  diagnostic(diagnostic: Diagnostic): void {
    this.#diagnostics.add(diagnostic);
  }

  call(name: string): boolean {
    if (this.#begun === null) return true;
    const { platform } = dialectTraits[this.#begun.header.dialect];
    const { needs } = this.#analysis;
    return needs === null || needs(name, platform) || recordingNeeds(name, platform);
  }

  get watched(): ReadonlySet<number | null> {
    return this.#begun?.fold.watched ?? NOTHING_WATCHED;
  }

  get seen(): Seen | null {
    return this.#begun?.fold.seen ?? null;
  }

  get counting(): Counting | null {
    return this.#begun?.fold.counting ?? null;
  }

  get keeping(): Keeping | null {
    return this.#begun?.fold.keeping ?? null;
  }

  /** The answer, when all is read. */
  finish(counts: TraceCounts): { readonly result: Result; readonly trace: TraceSummary } {
    if (this.#begun === null) throw new ForkloreError('no-input', 'no input was read');
    const { header, fold, recording } = this.#begun;
    const result = fold.finish();
    const untraced = this.#analysis.untraced(result);
    const diagnostics: DiagnosticCount[] = [...this.#diagnostics.all()];
    if (untraced > 0) {
      const code = recording.follows ? 'children-unseen' : 'children-not-followed';
      diagnostics.push({ code, count: untraced, places: [] });
    }
    for (const code of recording.finish()) diagnostics.push({ code, count: 1, places: [] });
    return { result, trace: { ...header, ...counts, diagnostics } };
  }
}
