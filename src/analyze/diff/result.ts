import type { RunProcess } from './run.ts';

/** Which of the two runs. */
export type Side = 'a' | 'b';

/** One act of a run: where it is among the acts of one of its process's threads. */
export interface ActAt {
  readonly process: RunProcess;
  /** Index into `process.threads`. */
  readonly thread: number;
  /** Index into the thread's acts. */
  readonly index: number;
}

/**
 * What a stretch of two aligned threads is.
 *
 * `same`: alike, act by act. `changed`: one by one the same call with another outcome, or another count where counts
 * matter. `only-a`, `only-b`: acts without a counterpart. `moved-a`, `moved-b`: acts that the other run did too, in
 * another place of the order or on another thread of the process. `implied-a`, `implied-b`: acts without a counterpart
 * that are no difference: they repeat what both did, and something else parts them from it; or they are the exec with
 * which the other recording began. `unordered`: too unlike to be aligned at a bounded
 * cost; all acts of both were compared as two heaps, and `loneA` and `loneB` have no counterpart in the other.
 */
export type HunkKind =
  | 'same'
  | 'changed'
  | 'only-a'
  | 'only-b'
  | 'moved-a'
  | 'moved-b'
  | 'implied-a'
  | 'implied-b'
  | 'unordered';

/**
 * A stretch of the acts of two aligned threads, from `aFrom` up to but without `aTo`, and from `bFrom` to `bTo`. Of
 * `same` and `changed` both are equally long; a stretch of one side only is empty on the other, at the place where the
 * acts would have been. The hunks of a pair follow one another without a gap on either side.
 */
export interface Hunk {
  readonly kind: HunkKind;
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
  /** Indices of acts; empty but in an `unordered` stretch. */
  readonly loneA: readonly number[];
  readonly loneB: readonly number[];
}

/** Two threads that were compared, by their indices in their processes; null on one side: only the other has it. */
export interface ThreadPair {
  readonly a: number | null;
  readonly b: number | null;
  readonly hunks: readonly Hunk[];
}

/** Acts of compared threads or processes, repeats counted once. */
export interface ActCounts {
  readonly same: number;
  readonly changed: number;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Done by both, in another order or by another thread. */
  readonly moved: number;
}

/** Why two processes are taken for one another, the strongest reason first. */
export type MatchReason =
  /** The same program and arguments, doing the same. */
  | 'twin'
  /** The same program and arguments. */
  | 'command'
  /** The same program. */
  | 'program'
  /** What they did. */
  | 'acts'
  /** Nothing but their place: the only roots, or what is left where a log shows no programs. */
  | 'place';

/** A process of A and the one of B that it is taken for. */
export interface ProcessMatch {
  readonly a: RunProcess;
  readonly b: RunProcess;
  readonly reason: MatchReason;
  /** Whether their parents are not a match: one stands deeper in its tree than the other, or in another branch. */
  readonly elsewhere: boolean;
}

/** Two processes that were compared. */
export interface ProcessPair extends ProcessMatch {
  /** Whether it started in another order among its siblings. */
  readonly reordered: boolean;
  readonly threads: readonly ThreadPair[];
  readonly counts: ActCounts;
  /** Whether both ended in the same way, as far as both logs tell. */
  readonly endsAlike: boolean;
}

/** Where two processes that end differently went different ways. */
export interface Parting {
  readonly pair: ProcessPair;
  /** Last act both did alike; null where they have none in common. */
  readonly lastAlike: { readonly a: ActAt; readonly b: ActAt } | null;
  /** Last file both had found alike, up to there; null where none. */
  readonly lastFile: { readonly a: ActAt; readonly b: ActAt } | null;
  /** The first that each did then; null where it did nothing more. */
  readonly firstApart: { readonly a: ActAt | null; readonly b: ActAt | null };
  /** Whether the first that each did then is the same call, with another outcome. */
  readonly sameCall: boolean;
  /** Acts of the thread after the last that was alike, each repeat counted. */
  readonly actsAfter: { readonly a: number; readonly b: number };
  /** Next file each looked for or opened after the last act alike; null where none. */
  readonly nextFile: { readonly a: ActAt | null; readonly b: ActAt | null };
  /** A child that ended differently too: its parting may be the cause of this one. Null where none did. */
  readonly cause: ProcessPair | null;
}

/** A process that one run alone has, with those below it that the other has not either. */
export interface LoneTree {
  readonly root: RunProcess;
  /** Its parent and what that was taken for; null where it has no parent. */
  readonly below: ProcessMatch | null;
  /** Processes, the root included; and their acts, each repeat counted once. */
  readonly processes: number;
  readonly acts: number;
  /** How many of the processes crashed. */
  readonly crashed: number;
}

/** What became of the looking for a file. */
export interface FileFate {
  /** Whether any act on it came off. */
  readonly found: boolean;
  /** Outcome of the first that failed, an errno's name; null where none did. */
  readonly failure: string | null;
  /** The act that makes the difference to the other side; the first on the file where none does. */
  readonly at: ActAt;
}

/** A file that two paired processes did not fare alike with. */
export interface FileDifference {
  /** Symbolic path: `Act.object`. */
  readonly object: string;
  /** Null: that run's process never looked for it. */
  readonly a: FileFate | null;
  readonly b: FileFate | null;
  /** Pairs in which it differs in this way; the fates are of the first. */
  readonly processes: number;
  /** Whether all those processes end differently and had parted before: then it is a consequence, not a cause. */
  readonly afterParting: boolean;
}

/** An act of a pair that has no like in the other process. */
export interface UnlikeAct {
  readonly side: Side;
  readonly at: ActAt;
}

/** Something the reader of the comparison must know to read it right. */
export type DiffNote =
  /** Stretches compared as heaps, and how many acts are in them. */
  | { readonly kind: 'unordered'; readonly pair: ProcessPair; readonly stretches: number; readonly acts: number }
  /** Threads whose acts were compared without regard to which thread did them: the two runs shared the work out differently. */
  | {
      readonly kind: 'threads-pooled';
      readonly pair: ProcessPair;
      readonly threadsA: number;
      readonly threadsB: number;
    }
  /** Processes whose end this side's log does not show, while the other's does: the ends were not compared. */
  | { readonly kind: 'ends-unseen'; readonly side: Side; readonly processes: number };

/** What two runs did differently. */
export interface DiffResult {
  /** No difference at the level compared. At level `files` another order alone is none. */
  readonly alike: boolean;
  /** Share of acts that have their like in the other run, 0 to 1: 1 where there are none at all. */
  readonly similarity: number;
  readonly counts: ActCounts;
  /** Crashes first, then causes before their consequences. */
  readonly partings: readonly Parting[];
  /** All pairs, in the order of A. */
  readonly pairs: readonly ProcessPair[];
  readonly onlyA: readonly LoneTree[];
  readonly onlyB: readonly LoneTree[];
  /** Files only one side looked for, or only one side found. In the order of their first act. */
  readonly files: readonly FileDifference[];
  /** Files both looked for, of which an open failed on one side only though it found it otherwise, or failed with another error. */
  readonly failedOpens: readonly FileDifference[];
  /** Signals that only one of two paired processes got. */
  readonly signals: readonly UnlikeAct[];
  readonly notes: readonly DiffNote[];
}
