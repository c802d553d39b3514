/** What may be odd about a log. Every code has one row in `diagnostics`; a parser reports by code only. */
export const DIAGNOSTIC_CODES = [
  'unparsed-line',
  'line-too-long',
  'truncated-call',
  'orphan-resumed',
  'input-cut',
  'summary-only',
  'output-mixed-in',
  'children-not-followed',
  'calls-lost',
  'processes-mixed',
] as const;

export type DiagnosticCode = (typeof DIAGNOSTIC_CODES)[number];

export interface DiagnosticText {
  readonly severity: 'note' | 'warning';
  /** One sentence, subject first; `%n` stands for the number of places. */
  readonly sentence: string;
  /** The sentence where there is one place. */
  readonly singular: string;
  /** What the person can do about it next time; null where nothing. */
  readonly remedy: string | null;
}

export const diagnostics: Readonly<Record<DiagnosticCode, DiagnosticText>> = {
  'unparsed-line': {
    severity: 'warning',
    sentence: '%n lines were not understood',
    singular: '1 line was not understood',
    remedy: null,
  },
  'line-too-long': {
    severity: 'warning',
    sentence: '%n lines were longer than 1 MiB and read without their middle',
    singular: '1 line was longer than 1 MiB and read without its middle',
    remedy: null,
  },
  'truncated-call': {
    severity: 'note',
    sentence: '%n calls were cut off before their result',
    singular: '1 call was cut off before its result',
    remedy: null,
  },
  'orphan-resumed': {
    severity: 'note',
    sentence: '%n calls began before the log does',
    singular: '1 call began before the log does',
    remedy: null,
  },
  'input-cut': {
    severity: 'warning',
    sentence: 'the compressed input ends too early; what could be read was used',
    singular: 'the compressed input ends too early; what could be read was used',
    remedy: null,
  },
  'summary-only': {
    severity: 'warning',
    sentence: 'the log is a table of counts; it holds no calls',
    singular: 'the log is a table of counts; it holds no calls',
    remedy: 'record without -c (or with strace -C)',
  },
  'output-mixed-in': {
    severity: 'note',
    sentence: "the program's own output stands between the trace's lines",
    singular: "the program's own output stands between the trace's lines",
    remedy: 'record with -o FILE to keep it out',
  },
  'children-not-followed': {
    severity: 'warning',
    sentence: '%n child processes were created but not traced',
    singular: '1 child process was created but not traced',
    remedy: 'record with -f (ktrace, ktruss: -i) to follow children',
  },
  'calls-lost': {
    severity: 'note',
    sentence: 'the tracer lost calls in %n places',
    singular: 'the tracer lost calls in 1 place',
    remedy: null,
  },
  'processes-mixed': {
    severity: 'warning',
    sentence: 'the log follows children but has no column that tells them apart',
    singular: 'the log follows children but has no column that tells them apart',
    remedy: 'record without -L',
  },
};

/** One odd place in a log. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** Index into the trace's inputs. */
  readonly input: number;
  /** Line in that input, from 1; null where it concerns the input as a whole. */
  readonly line: number | null;
}

/** Lines named for each code; the others are counted. */
const LINES_NAMED = 5;

export interface DiagnosticCount {
  readonly code: DiagnosticCode;
  count: number;
  /** The first places, without those that concern an input as a whole. */
  readonly places: { readonly input: number; readonly line: number }[];
}

/** Counts diagnostics by code, so that each is told once, with its first places. */
export class DiagnosticCounter {
  readonly #counts = new Map<DiagnosticCode, DiagnosticCount>();

  add({ code, input, line }: Diagnostic): void {
    let entry = this.#counts.get(code);
    if (entry === undefined) {
      entry = { code, count: 0, places: [] };
      this.#counts.set(code, entry);
    }
    entry.count++;
    if (line !== null && entry.places.length < LINES_NAMED) entry.places.push({ input, line });
  }

  /** In the order of their first appearance. */
  all(): readonly DiagnosticCount[] {
    return [...this.#counts.values()];
  }

  get(code: DiagnosticCode): DiagnosticCount | undefined {
    return this.#counts.get(code);
  }
}
