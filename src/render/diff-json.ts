import type {
  ActAt,
  ActCounts,
  DiffNote,
  FileDifference,
  FileFate,
  Hunk,
  HunkKind,
  LoneTree,
  MatchReason,
  Parting,
  ProcessMatch,
  ProcessPair,
  Side,
  ThreadPair,
} from '../analyze/diff/result.ts';
import type { ActKind, HiddenCalls, Level, RunEnd, RunProcess } from '../analyze/diff/run.ts';
import { toUtf8 } from '../scan/unescape.ts';
import { actsOf, type Comparison, toldAct } from './comparison.ts';
import {
  DOCUMENT_VERSION,
  each,
  type LineJson,
  lineJson,
  type MaybeLineJson,
  maybeLineJson,
  type TraceJson,
  textOrNull,
  traceJson,
} from './json-parts.ts';

/** Names the document of `diff`. */
export const DIFF_FORMAT = 'forklore/diff';

/** A process of one of the runs. */
export interface DiffProcessJson extends LineJson {
  readonly pid: number | null;
  readonly program: string | null;
  /** Symbolic. */
  readonly argv: readonly string[] | null;
  readonly end: MaybeLineJson & Omit<RunEnd, 'place' | 'fault' | 'thread'>;
}

/** What was done, with which line tells it. */
export interface ActJson extends LineJson {
  readonly kind: ActKind;
  readonly operation: string;
  readonly object: string;
  readonly outcome: string;
  readonly count: number;
  /** The line as it stands in the log. */
  readonly text: string | null;
}

/** Where two processes that end differently went different ways. */
export interface PartingJson {
  /** Index into the pairs. */
  readonly pair: number | null;
  readonly lastAlike: { readonly a: ActJson; readonly b: ActJson } | null;
  /** The last file both had found. */
  readonly lastFile: { readonly a: ActJson; readonly b: ActJson } | null;
  readonly firstApart: { readonly a: ActJson | null; readonly b: ActJson | null };
  readonly sameCall: boolean;
  readonly actsAfter: { readonly a: number; readonly b: number };
  readonly nextFile: { readonly a: ActJson | null; readonly b: ActJson | null };
  /** Index of the pair whose parting may be the cause. */
  readonly cause: number | null;
}

/** A process that one run alone has, and what is below it. */
export interface LoneTreeJson {
  readonly root: DiffProcessJson;
  /** Index of the pair of its parent. */
  readonly below: number | null;
  readonly processes: number;
  readonly acts: number;
  readonly crashed: number;
}

/** What became of the looking for a file. */
export interface FileFateJson {
  readonly found: boolean;
  readonly failure: string | null;
  readonly at: ActJson | null;
}

/** A file that two processes did not fare alike with. */
export interface FileDifferenceJson {
  readonly object: string;
  readonly a: FileFateJson | null;
  readonly b: FileFateJson | null;
  readonly processes: number;
  /** Whether every process that differs so had parted from its like before. */
  readonly afterParting: boolean;
}

/** A signal that only one of two processes got. */
export interface SignalDifferenceJson {
  readonly side: Side;
  readonly pid: number | null;
  readonly at: ActJson | null;
}

/** A stretch of two aligned threads. Of acts alike only their number is there. */
export interface HunkJson {
  readonly kind: HunkKind;
  readonly a: readonly ActJson[];
  readonly b: readonly ActJson[];
  /** Acts of either run; of an `unordered` stretch `a` and `b` hold those without their like. */
  readonly acts: { readonly a: number; readonly b: number };
}

/** Two threads that were compared. */
export interface ThreadPairJson {
  readonly a: number | null;
  readonly b: number | null;
  readonly hunks: readonly HunkJson[];
}

/** Two processes that were compared. */
export interface ProcessPairJson {
  readonly a: DiffProcessJson;
  readonly b: DiffProcessJson;
  readonly reason: MatchReason;
  readonly elsewhere: boolean;
  readonly reordered: boolean;
  readonly endsAlike: boolean;
  readonly counts: ActCounts;
  readonly threads: readonly ThreadPairJson[];
}

/** Something that must be known to read the comparison right. */
export type DiffNoteJson =
  | { readonly kind: 'unordered'; readonly pair: number | null; readonly stretches: number; readonly acts: number }
  | {
      readonly kind: 'threads-pooled';
      readonly pair: number | null;
      readonly threadsA: number;
      readonly threadsB: number;
    }
  | { readonly kind: 'ends-unseen'; readonly side: Side; readonly processes: number };

/** A run, and what of it was not compared. */
export interface DiffRunJson extends TraceJson {
  readonly hidden: HiddenCalls;
  /** Operations that only the other log was recorded with. */
  readonly unseen: readonly string[];
}

/** What `diff --json` prints. */
export interface DiffDocument {
  readonly format: typeof DIFF_FORMAT;
  readonly version: typeof DOCUMENT_VERSION;
  readonly a: DiffRunJson;
  readonly b: DiffRunJson;
  readonly level: Level;
  readonly alike: boolean;
  readonly similarity: number;
  readonly counts: ActCounts;
  readonly partings: readonly PartingJson[];
  readonly onlyA: readonly LoneTreeJson[];
  readonly onlyB: readonly LoneTreeJson[];
  readonly files: readonly FileDifferenceJson[];
  readonly failedOpens: readonly FileDifferenceJson[];
  readonly signals: readonly SignalDifferenceJson[];
  readonly pairs: readonly ProcessPairJson[];
  readonly notes: readonly DiffNoteJson[];
}

/** A `DiffDocument` whose pairs are made as they are written. */
export type DiffWriting = Omit<DiffDocument, 'pairs'> & { readonly pairs: Iterable<ProcessPairWriting> };
type ProcessPairWriting = Omit<ProcessPairJson, 'threads'> & { readonly threads: Iterable<ThreadPairWriting> };
type ThreadPairWriting = Omit<ThreadPairJson, 'hunks'> & { readonly hunks: Iterable<HunkJson> };

/** The answer of `diff` as a document, for `jsonText`. */
export function diffDocument(comparison: Comparison): DiffWriting {
  return new DiffWriter(comparison).document();
}

class DiffWriter {
  readonly #comparison: Comparison;
  /** By the process of A: where its pair stands among all. */
  readonly #indices: ReadonlyMap<RunProcess, number>;

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
    this.#indices = new Map(comparison.result.pairs.map(({ a }, index) => [a, index]));
  }

  document(): DiffWriting {
    const { a, result } = this.#comparison;
    const { alike, similarity, counts, partings, onlyA, onlyB, files, failedOpens, signals, pairs, notes } = result;
    return {
      format: DIFF_FORMAT,
      version: DOCUMENT_VERSION,
      a: this.#run('a'),
      b: this.#run('b'),
      level: a.run.level,
      alike,
      similarity,
      counts,
      partings: partings.map((parting) => this.#parting(parting)),
      onlyA: onlyA.map((tree) => this.#loneTree('a', tree)),
      onlyB: onlyB.map((tree) => this.#loneTree('b', tree)),
      files: files.map((file) => this.#file(file)),
      failedOpens: failedOpens.map((file) => this.#file(file)),
      signals: signals.map(({ side, at }) => ({ side, pid: at.process.pid, at: this.#act(side, at) })),
      notes: notes.map((note) => this.#note(note)),
      pairs: each(pairs, (pair) => this.#pair(pair)),
    };
  }

  #run(side: Side): DiffRunJson {
    const { run, trace } = this.#comparison[side];
    return { ...traceJson(trace, run.processes.length), hidden: run.hidden, unseen: run.unseen };
  }

  #process(side: Side, { pid, program, argv, start, end }: RunProcess): DiffProcessJson {
    const { trace } = this.#comparison[side];
    const { how, status, signal, crashed, place } = end;
    return {
      pid,
      program: textOrNull(program),
      argv: argv?.map(toUtf8) ?? null,
      ...lineJson(start, trace),
      end: { how, status, signal, crashed, ...maybeLineJson(place, trace) },
    };
  }

  #act(side: Side, at: ActAt | null): ActJson | null {
    const told = toldAct(side, at, this.#comparison);
    if (told === null) return null;
    const { act, count, place } = told;
    const { trace } = this.#comparison[side];
    return {
      kind: act.kind,
      operation: act.operation,
      object: toUtf8(act.object),
      outcome: toUtf8(act.outcome),
      count,
      ...lineJson(place, trace),
      text: textOrNull(this.#comparison[side].printed(place)),
    };
  }

  #parting({ pair, lastAlike, lastFile, firstApart, sameCall, actsAfter, nextFile, cause }: Parting): PartingJson {
    return {
      pair: this.#indexOf(pair),
      lastAlike: this.#ofBoth(lastAlike),
      lastFile: this.#ofBoth(lastFile),
      firstApart: { a: this.#act('a', firstApart.a), b: this.#act('b', firstApart.b) },
      sameCall,
      actsAfter,
      nextFile: { a: this.#act('a', nextFile.a), b: this.#act('b', nextFile.b) },
      cause: this.#indexOf(cause),
    };
  }

  #ofBoth(acts: Parting['lastAlike']): PartingJson['lastAlike'] {
    const [a, b] = [this.#act('a', acts?.a ?? null), this.#act('b', acts?.b ?? null)];
    return a === null || b === null ? null : { a, b };
  }

  #loneTree(side: Side, { root, below, processes, acts, crashed }: LoneTree): LoneTreeJson {
    return { root: this.#process(side, root), below: this.#indexOf(below), processes, acts, crashed };
  }

  #file({ object, a, b, processes, afterParting }: FileDifference): FileDifferenceJson {
    return { object: toUtf8(object), a: this.#fate('a', a), b: this.#fate('b', b), processes, afterParting };
  }

  #fate(side: Side, fate: FileFate | null): FileFateJson | null {
    return fate === null ? null : { found: fate.found, failure: fate.failure, at: this.#act(side, fate.at) };
  }

  #note(note: DiffNote): DiffNoteJson {
    return note.kind === 'ends-unseen' ? note : { ...note, pair: this.#indexOf(note.pair) };
  }

  #pair(pair: ProcessPair): ProcessPairWriting {
    const { a, b, reason, elsewhere, reordered, endsAlike, counts, threads } = pair;
    return {
      a: this.#process('a', a),
      b: this.#process('b', b),
      reason,
      elsewhere,
      reordered,
      endsAlike,
      counts,
      threads: each(threads, (thread) => ({
        a: thread.a === null ? null : (a.threads[thread.a]?.tid ?? null),
        b: thread.b === null ? null : (b.threads[thread.b]?.tid ?? null),
        hunks: each(thread.hunks, (hunk) => this.#hunk(pair, thread, hunk)),
      })),
    };
  }

  #hunk(pair: ProcessPair, thread: ThreadPair, hunk: Hunk): HunkJson {
    const { kind, aFrom, aTo, bFrom, bTo } = hunk;
    const acts = { a: aTo - aFrom, b: bTo - bFrom };
    if (kind === 'same') return { kind, acts, a: [], b: [] };
    return { kind, acts, a: this.#acts('a', pair, thread, hunk), b: this.#acts('b', pair, thread, hunk) };
  }

  #acts(side: Side, pair: ProcessPair, { [side]: thread }: ThreadPair, hunk: Hunk): ActJson[] {
    if (thread === null) return [];
    return actsOf(side, hunk).flatMap((index) => this.#act(side, { process: pair[side], thread, index }) ?? []);
  }

  #indexOf(match: ProcessMatch | null): number | null {
    return match === null ? null : (this.#indices.get(match.a) ?? null);
  }
}
