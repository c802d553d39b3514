import type { Dialect } from './dialect.ts';

/** What may be odd about a log. Every code has one row in `diagnostics`; who finds one reports it by code only. */
export const DIAGNOSTIC_CODES = [
  'unparsed-line',
  'line-too-long',
  'truncated-call',
  'orphan-resumed',
  'input-cut',
  'summary-only',
  'output-mixed-in',
  'pasted',
  'wrapped',
  'coloured',
  'set-untimed',
  'children-not-followed',
  'children-unseen',
  'calls-lost',
  'processes-mixed',
  'parents-unknown',
  'ends-unseen',
] as const;

export type DiagnosticCode = (typeof DIAGNOSTIC_CODES)[number];

/** What the person can do next time, in the options of the tracer at hand: one sentence for all tracers, or one for each. */
export type Remedy = string | Readonly<Record<Dialect, string>>;

export interface DiagnosticText {
  readonly severity: 'note' | 'warning';
  /** One sentence, subject first; `%n` stands for the number of places. */
  readonly sentence: string;
  /** The sentence where there is one place. */
  readonly singular: string;
  /** Null where nothing can be done. */
  readonly remedy: Remedy | null;
}

/** How to send a log as it was recorded. */
const ATTACH = 'attach the log as a file instead of pasting its text';
/** How to record what -t and its relatives leave out. */
const WITHOUT_T = 'record process calls too, from the start of the program: without -t';
const WITHOUT_T_TO_THE_END = 'record until the program ends, without -t';

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
    sentence: 'the log does not show how %n calls began',
    singular: 'the log does not show how 1 call began',
    remedy: null,
  },
  'input-cut': {
    severity: 'warning',
    sentence: 'the compressed input ends too early; what could be read was used',
    singular: 'the compressed input ends too early; what could be read was used',
    remedy: 'compress and send the log again',
  },
  'summary-only': {
    severity: 'warning',
    sentence: 'the log is a table of counts; it holds no calls',
    singular: 'the log is a table of counts; it holds no calls',
    remedy: {
      strace: 'record without -c, or with -C to have both',
      'truss-illumos': 'record without -c',
      'truss-freebsd': 'record without -c',
      'truss-aix': 'record without -c',
      dtruss: 'record without the end of the log cut away: dtruss -c prints the calls too',
      kdump: 'print the calls with kdump',
    },
  },
  'output-mixed-in': {
    severity: 'note',
    sentence: "the program's own output stands between the trace's lines",
    singular: "the program's own output stands between the trace's lines",
    remedy: {
      strace: "add -o FILE, so that the program's own output stays out of the trace",
      'truss-illumos': "add -o FILE, so that the program's own output stays out of the trace",
      'truss-freebsd': "add -o FILE, so that the program's own output stays out of the trace",
      'truss-aix': "add -o FILE, so that the program's own output stays out of the trace",
      dtruss:
        "trace sh -c 'PROGRAM >OUTPUT 2>&1' with 2>FILE behind dtruss, so that the program's own output stays out",
      kdump: 'print the trace when the program has ended: kdump >FILE',
    },
  },
  pasted: {
    severity: 'note',
    sentence: 'the lines carry the marks of a mail or a web page, which were taken off',
    singular: 'the lines carry the marks of a mail or a web page, which were taken off',
    remedy: ATTACH,
  },
  wrapped: {
    severity: 'note',
    sentence: '%n lines were wrapped at a margin and put together again',
    singular: '1 line was wrapped at a margin and put together again',
    remedy: ATTACH,
  },
  coloured: {
    severity: 'note',
    sentence: 'the lines carry the colours of a terminal, which were taken off',
    singular: 'the lines carry the colours of a terminal, which were taken off',
    remedy: {
      strace: 'add -o FILE and send the file, not what the terminal shows',
      'truss-illumos': 'add -o FILE and send the file, not what the terminal shows',
      'truss-freebsd': 'add -o FILE and send the file, not what the terminal shows',
      'truss-aix': 'add -o FILE and send the file, not what the terminal shows',
      dtruss: 'put 2>FILE behind dtruss and send the file, not what the terminal shows',
      kdump: 'print with kdump >FILE and send the file, not what the terminal shows',
    },
  },
  'set-untimed': {
    severity: 'warning',
    sentence:
      'the files of the set have no clock in common: they were read one after another, in the order of their pids',
    singular:
      'the files of the set have no clock in common: they were read one after another, in the order of their pids',
    remedy: 'add -ttt beside -ff, or record all processes into one file with -f -o FILE',
  },
  'children-not-followed': {
    severity: 'warning',
    sentence: '%n child processes were created but not traced',
    singular: '1 child process was created but not traced',
    remedy: {
      strace: 'add -f to follow children',
      'truss-illumos': 'add -f to follow children',
      'truss-freebsd': 'add -f to follow children',
      'truss-aix': 'add -f to follow children',
      dtruss: 'add -f to follow children',
      kdump: 'record with ktrace -i to follow children',
    },
  },
  'children-unseen': {
    severity: 'note',
    sentence: 'the log shows nothing of %n child processes, although it follows children',
    singular: 'the log shows nothing of 1 child process, although it follows children',
    remedy: null,
  },
  'parents-unknown': {
    severity: 'note',
    sentence: 'the log shows no call that makes a process: who is whose child is unknown',
    singular: 'the log shows no call that makes a process: who is whose child is unknown',
    remedy: {
      strace: 'record process calls too, from the start of the program: add process to -e trace=, leave out -z and -Z',
      'truss-illumos': WITHOUT_T,
      'truss-freebsd': WITHOUT_T,
      'truss-aix': WITHOUT_T,
      dtruss: WITHOUT_T,
      kdump: 'record calls too, from the start of the program: ktrace -i without -t',
    },
  },
  'ends-unseen': {
    severity: 'note',
    sentence: 'the log does not show how any process ended',
    singular: 'the log does not show how any process ended',
    remedy: {
      strace: 'record until the program ends, without -qq',
      'truss-illumos': WITHOUT_T_TO_THE_END,
      'truss-freebsd': 'record until the program ends',
      'truss-aix': WITHOUT_T_TO_THE_END,
      dtruss: 'dtruss prints no deaths: run the program from a shell that reports them',
      kdump: 'record until the program ends, calls and signals too: ktrace -i without -t',
    },
  },
  'calls-lost': {
    severity: 'note',
    sentence: 'the tracer lost calls in %n places',
    singular: 'the tracer lost calls in 1 place',
    remedy: 'trace less at a time: fewer calls, or one process',
  },
  'processes-mixed': {
    severity: 'warning',
    sentence: 'the log follows children but has no column that tells them apart',
    singular: 'the log follows children but has no column that tells them apart',
    remedy: 'record without -L',
  },
};

/** What to do next time, with that tracer; null where nothing. */
export function remedyOf(code: DiagnosticCode, dialect: Dialect): string | null {
  const { remedy } = diagnostics[code];
  return remedy === null || typeof remedy === 'string' ? remedy : remedy[dialect];
}

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
