import type { ActAt, ActCounts, DiffResult, Hunk, HunkKind, ProcessPair } from '../../src/analyze/diff/result.ts';
import type { Act, ActList, Level, Run, RunEnd, RunProcess, Vocabulary } from '../../src/analyze/diff/run.ts';
import type { Place } from '../../src/analyze/process.ts';
import type { TraceSummary } from '../../src/model/trace.ts';
import type { Comparison } from '../../src/render/comparison.ts';

/** An act in a few words, and the line that tells it. */
export interface Told {
  readonly operation: string;
  readonly object: string;
  readonly outcome?: string;
  readonly count?: number;
  readonly line: number;
  readonly kind?: Act['kind'];
}

const EXITED: RunEnd = {
  how: 'exited',
  status: 0,
  signal: null,
  crashed: false,
  place: null,
  fault: null,
  thread: null,
};

export function place(line: number): Place {
  return { input: 0, line, atNs: null };
}

/** Two runs made by hand, each of one process with one thread. */
export class HandMade {
  readonly #acts: Act[] = [];
  readonly #vocabulary: Vocabulary;

  constructor() {
    const acts = this.#acts;
    this.#vocabulary = {
      get size() {
        return acts.length;
      },
      id: (act) => acts.push(act) - 1,
      act: (id) => acts[id] ?? { kind: 'call', operation: '?', object: '', outcome: 'ok' },
      call: (id) => id,
    };
  }

  process(
    pid: number,
    program: string,
    told: readonly Told[],
    end: Partial<RunEnd> = {},
    calls = told.length,
  ): RunProcess {
    return {
      index: 0,
      pid,
      program,
      symbol: program,
      argv: null,
      parent: null,
      children: [],
      threads: [{ tid: pid, acts: this.#list(told, calls), calls }],
      start: place(1),
      end: { ...EXITED, ...end },
    };
  }

  run(processes: readonly RunProcess[], level: Level = 'files', hidden: Partial<Run['hidden']> = {}): Run {
    return {
      platform: 'linux',
      level,
      processes,
      roots: processes,
      vocabulary: this.#vocabulary,
      hidden: { housekeeping: 0, runtime: 0, level: 0, unseen: 0, ...hidden },
      unseen: [],
    };
  }

  #list(told: readonly Told[], calls: number): ActList {
    const ids = told.map(({ kind = 'file', operation, object, outcome = 'ok' }) =>
      this.#vocabulary.id({ kind, operation, object, outcome }),
    );
    return {
      length: told.length,
      id: (index) => ids[index] ?? 0,
      count: (index) => told[index]?.count ?? 1,
      before: (index) => index,
      after: (index) => calls - 1 - index,
      input: () => 0,
      line: (index) => told[index]?.line ?? 0,
      endLine: (index) => told[index]?.line ?? 0,
    };
  }
}

export function at(process: RunProcess, index: number): ActAt {
  return { process, thread: 0, index };
}

/** 'same 2 2', 'only-a 1 0': a stretch with the numbers of acts of either side. */
export function hunks(...stretches: readonly (readonly [kind: HunkKind, a: number, b: number])[]): Hunk[] {
  let aFrom = 0;
  let bFrom = 0;
  return stretches.map(([kind, a, b]) => {
    const hunk = { kind, aFrom, aTo: aFrom + a, bFrom, bTo: bFrom + b, loneA: [], loneB: [] };
    aFrom += a;
    bFrom += b;
    return hunk;
  });
}

export function pairOf(a: RunProcess, b: RunProcess, stretches: readonly Hunk[], endsAlike = true): ProcessPair {
  return {
    a,
    b,
    reason: 'program',
    elsewhere: false,
    reordered: false,
    threads: [{ a: 0, b: 0, hunks: stretches }],
    counts: countsOf(stretches),
    endsAlike,
  };
}

function countsOf(stretches: readonly Hunk[]): ActCounts {
  const sum = (...kinds: readonly HunkKind[]): number =>
    stretches
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((total, { aFrom, aTo, bFrom, bTo }) => total + Math.max(aTo - aFrom, bTo - bFrom), 0);
  return {
    same: sum('same'),
    changed: sum('changed'),
    onlyA: sum('only-a'),
    onlyB: sum('only-b'),
    moved: sum('moved-a', 'moved-b'),
  };
}

export function resultOf(parts: Partial<DiffResult>): DiffResult {
  return {
    alike: false,
    similarity: 0.97341,
    counts: { same: 214, changed: 0, onlyA: 0, onlyB: 0, moved: 0 },
    partings: [],
    pairs: [],
    onlyA: [],
    onlyB: [],
    files: [],
    failedOpens: [],
    signals: [],
    notes: [],
    ...parts,
  };
}

function traceOf(name: string, dialect: TraceSummary['dialect'], lines: number): TraceSummary {
  return { dialect, inputs: [name], joined: true, lines, events: lines, unparsed: 0, diagnostics: [] };
}

/** Of a linux.strace and an illumos.truss; `lines`: what stands in them, by number. */
export function comparisonOf(
  a: Run,
  b: Run,
  result: DiffResult,
  lines: Readonly<Record<'a' | 'b', ReadonlyMap<number, string>>> = { a: new Map(), b: new Map() },
): Comparison {
  return {
    a: { run: a, trace: traceOf('linux.strace', 'strace', 365), printed: ({ line }) => lines.a.get(line) ?? null },
    b: {
      run: b,
      trace: traceOf('illumos.truss', 'truss-illumos', 1402),
      printed: ({ line }) => lines.b.get(line) ?? null,
    },
    result,
  };
}
