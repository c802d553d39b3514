import type { Crash, FailedParent, Sender } from '../analyze/blame-result.ts';
import type { Clause } from '../analyze/clause.ts';
import type { NamedFiles } from '../analyze/command-line.ts';
import type { FaultKind, FaultReason, MappingReport } from '../analyze/fault-reason.ts';
import type { Limit } from '../analyze/limits.ts';
import type { CommandWord } from '../analyze/process-calls.ts';
import type { Rerun } from '../analyze/rerun.ts';
import type { Work } from '../analyze/work.ts';
import type { TraceSummary } from '../model/trace.ts';
import { toUtf8 } from '../scan/unescape.ts';
import {
  type LineJson,
  lineJson,
  type MaybeLineJson,
  maybeLineJson,
  type PathJson,
  pathJson,
  textOrNull,
} from './json-parts.ts';

/** One statement, with the line it rests on. */
export interface ClauseJson extends MaybeLineJson {
  readonly text: string;
}

/** The mapping that the statements are about. */
export interface MappingJson extends LineJson, Omit<MappingReport, 'path' | 'place'> {
  readonly path: string | null;
}

/** Why the signal came, as far as the log proves it. */
export interface ReasonJson {
  readonly kind: FaultKind;
  readonly clauses: readonly ClauseJson[];
  readonly mapping: MappingJson | null;
}

/** A file on the way to the culprit. */
export interface StepJson extends PathJson, LineJson {}

/** What the process was doing. */
export interface WorkJson {
  readonly use: {
    readonly callsSince: number;
    readonly readBytes: number | null;
    readonly toEnd: boolean | null;
    readonly mapped: LineJson | null;
    readonly closed: LineJson | null;
  } | null;
  readonly chain: readonly StepJson[];
  readonly chainLeftOut: number;
  readonly inFlight: ({ readonly name: string; readonly args: string } & LineJson) | null;
  readonly looks: readonly (StepJson & { readonly errno: string | null })[];
  readonly lookCount: number;
  readonly mainInput: string | null;
  readonly output: string | null;
  readonly responseFiles: readonly string[];
}

/** A word of a command line. */
export interface WordJson {
  readonly text: string;
  readonly cut: boolean;
}

/** What runs the program again. */
export interface RerunJson extends LineJson {
  readonly directory: string | null;
  readonly program: string;
  readonly words: readonly WordJson[];
  readonly wordsLeftOut: boolean;
  readonly environment: readonly WordJson[] | null;
  readonly environmentLeftOut: boolean;
}

/** A process that sent a signal. */
export interface SenderJson extends MaybeLineJson {
  readonly pid: number;
  readonly program: string | null;
}

/** A parent that failed after its child. */
export interface FailedParentJson extends LineJson {
  readonly pid: number | null;
  readonly program: string | null;
  readonly status: number | null;
}

/** A resource limit; null: unlimited. */
export interface LimitJson extends LineJson {
  readonly resource: string;
  readonly value: string | null;
  readonly set: boolean;
}

/** What explains a crash. The first three are null where its lines could not be looked at again. */
export interface ExplanationJson {
  readonly reason: ReasonJson | null;
  readonly work: WorkJson | null;
  readonly rerun: RerunJson | null;
  /** The first line that could be looked at, where earlier ones were let go. */
  readonly knownSince: LineJson | null;
  readonly failure: readonly FailedParentJson[];
  readonly limits: readonly LimitJson[];
}

/** The parts of a crash that explain it. */
export function explanationJson(crash: Crash, trace: TraceSummary): ExplanationJson {
  const { explanation } = crash;
  const { reason = null, rerun = null, knownSince = null } = explanation ?? {};
  return {
    reason: reason === null ? null : reasonJson(reason, trace),
    work: explanation === null ? null : workJson(explanation.work, explanation.named, trace),
    rerun: rerun === null ? null : rerunJson(rerun, crash.startedIn, trace),
    knownSince: knownSince === null ? null : lineJson(knownSince, trace),
    failure: crash.travelled.map((parent) => failedParentJson(parent, trace)),
    limits: crash.limits.map((limit) => limitJson(limit, trace)),
  };
}

/** Who sent a signal. */
export function senderJson(sender: Sender | null, trace: TraceSummary): SenderJson | null {
  if (sender === null) return null;
  return { pid: sender.pid, program: textOrNull(sender.program), ...maybeLineJson(sender.place, trace) };
}

/** A resource limit. */
export function limitJson({ resource, value, isSet, place }: Limit, trace: TraceSummary): LimitJson {
  return { resource, value: value === null ? null : String(value), set: isSet, ...lineJson(place, trace) };
}

function reasonJson({ kind, clauses, mapping }: FaultReason, trace: TraceSummary): ReasonJson {
  return {
    kind,
    clauses: clauses.map((clause) => clauseJson(clause, trace)),
    mapping: mapping === null ? null : mappingJson(mapping, trace),
  };
}

function clauseJson({ text, place }: Clause, trace: TraceSummary): ClauseJson {
  return { text: toUtf8(text), ...maybeLineJson(place, trace) };
}

function mappingJson({ start, end, protection, kind, path, place }: MappingReport, trace: TraceSummary): MappingJson {
  return { start, end, protection, kind, path: textOrNull(path), ...lineJson(place, trace) };
}

function workJson(
  { use, chain, chainLeftOut, inFlight, looks, lookCount }: Work,
  named: NamedFiles | null,
  trace: TraceSummary,
): WorkJson {
  return {
    use:
      use === null
        ? null
        : {
            ...use,
            mapped: use.mapped === null ? null : lineJson(use.mapped, trace),
            closed: use.closed === null ? null : lineJson(use.closed, trace),
          },
    chain: chain.map(({ path, place }) => ({ ...pathJson(path), ...lineJson(place, trace) })),
    chainLeftOut,
    inFlight:
      inFlight === null
        ? null
        : { name: inFlight.name, args: toUtf8(inFlight.args), ...lineJson(inFlight.place, trace) },
    looks: looks.map(({ path, errno, place }) => ({ ...pathJson(path), errno, ...lineJson(place, trace) })),
    lookCount,
    mainInput: textOrNull(named?.mainInput ?? null),
    output: textOrNull(named?.output ?? null),
    responseFiles: (named?.responseFiles ?? []).map(toUtf8),
  };
}

function rerunJson(rerun: Rerun, directory: string | null, trace: TraceSummary): RerunJson {
  return {
    directory: textOrNull(directory),
    program: toUtf8(rerun.program),
    words: rerun.words.map(wordJson),
    wordsLeftOut: rerun.wordsLeftOut,
    environment: rerun.environment?.map(wordJson) ?? null,
    environmentLeftOut: rerun.environmentLeftOut,
    ...lineJson(rerun.place, trace),
  };
}

function wordJson({ text, cut }: CommandWord): WordJson {
  return { text: toUtf8(text), cut };
}

function failedParentJson({ pid, program, status, place }: FailedParent, trace: TraceSummary): FailedParentJson {
  return { pid, program: textOrNull(program), status, ...lineJson(place, trace) };
}
