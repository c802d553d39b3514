import type { BlameResult, Crash, Kill, OpenedFile, SurvivedSignal } from '../analyze/blame-result.ts';
import type { Candidate, Confidence } from '../analyze/candidates.ts';
import type { Exec } from '../analyze/process.ts';
import type { TreeNode, TreeResult } from '../analyze/tree.ts';
import type { TraceSummary } from '../model/trace.ts';
import { toUtf8 } from '../scan/unescape.ts';
import {
  type ExplanationJson,
  explanationJson,
  type LimitJson,
  limitJson,
  type SenderJson,
  senderJson,
} from './explanation-json.ts';
import {
  DOCUMENT_VERSION,
  each,
  type LineJson,
  lineJson,
  type MaybeLineJson,
  maybeLineJson,
  type PathJson,
  pathJson,
  seconds,
  type TraceJson,
  textOrNull,
  traceJson,
} from './json-parts.ts';

// The documents that `blame --json` and `tree --json` print.

/** Names the document of `blame`. */
export const BLAME_FORMAT = 'forklore/blame';
/** Names the document of `tree`. */
export const TREE_FORMAT = 'forklore/tree';
/** A file that was opened. */
export interface OpenedJson extends PathJson, LineJson {
  /** As the call names it. */
  readonly printed: string;
  readonly call: string;
  readonly tid: number | null;
  readonly fd: number | null;
  /** At the fault point; null where that cannot be told. */
  readonly stillOpen: boolean | null;
}

/** An open that failed. */
export interface FailedOpenJson extends PathJson, LineJson {
  readonly errno: string | null;
}

/** A file that the process may have been working on. */
export interface CandidateJson extends PathJson, LineJson {
  readonly confidence: Confidence;
  readonly reasons: readonly string[];
}

/** The first line that shows the fatal fault or signal. */
export interface FaultJson extends LineJson {
  /** The first signal: another than the crash's where a handler ended in abort(). */
  readonly signal: string | null;
  readonly code: string | null;
  readonly address: string | null;
  /** Seconds since the trace's first stamp. */
  readonly at: number | null;
  /** Who sent the signal; null where the machine or nobody known did. */
  readonly sender: SenderJson | null;
}

/** A crashed process. */
export interface CrashJson extends ExplanationJson {
  readonly pid: number | null;
  readonly tid: number | null;
  readonly program: string | null;
  readonly argv: readonly string[] | null;
  readonly cwd: string | null;
  readonly ancestors: readonly { readonly pid: number | null; readonly program: string | null }[];
  readonly signal: string;
  readonly how: 'killed' | 'handled' | 'inferred';
  readonly coreDumped: boolean | null;
  readonly exitStatus: number | null;
  readonly fault: FaultJson;
  readonly end: LineJson | null;
  readonly lastOpened: OpenedJson | null;
  /** A later open of a file that the log does not name. */
  readonly unnamedOpen: LineJson | null;
  readonly lastFailedOpen: FailedOpenJson | null;
  readonly culprit: CandidateJson | null;
  readonly candidates: readonly CandidateJson[];
}

/** A process that died of a signal that is no crash. */
export interface KillJson extends MaybeLineJson {
  readonly pid: number | null;
  readonly program: string | null;
  readonly signal: string | null;
  /** Who sent it. */
  readonly sender: SenderJson | null;
  /** The limit that was exceeded, for signals that tell of one. */
  readonly limit: LimitJson | null;
  readonly lastOpened: OpenedJson | null;
}

/** A crash-class signal after which the process went on working. */
export interface SurvivedJson extends LineJson {
  readonly pid: number | null;
  readonly program: string | null;
  readonly signal: string;
  readonly count: number;
}

/** What `blame --json` prints. */
export interface BlameDocument {
  readonly format: typeof BLAME_FORMAT;
  readonly version: typeof DOCUMENT_VERSION;
  readonly trace: TraceJson;
  readonly crashes: readonly CrashJson[];
  readonly killed: readonly KillJson[];
  readonly survived: readonly SurvivedJson[];
}

/** A program that a process became. */
export interface ExecJson extends LineJson {
  readonly program: string | null;
  readonly argv: readonly string[] | null;
}

/** A process with its children. */
export interface ProcessJson {
  readonly pid: number | null;
  readonly program: string | null;
  readonly argv: readonly string[] | null;
  readonly execs: readonly ExecJson[];
  readonly threads: readonly number[];
  readonly start: LineJson & { readonly how: TreeNode['start']['how'] };
  readonly end: MaybeLineJson & Omit<TreeNode['end'], 'place'>;
  readonly children: readonly ProcessJson[];
}

/** What `tree --json` prints. */
export interface TreeDocument {
  readonly format: typeof TREE_FORMAT;
  readonly version: typeof DOCUMENT_VERSION;
  readonly trace: TraceJson;
  readonly roots: readonly ProcessJson[];
}

/** A `ProcessJson` whose children are made as they are written. */
interface ProcessWriting extends Omit<ProcessJson, 'children'> {
  readonly children: Iterable<ProcessWriting>;
}

/** A `TreeDocument` whose processes are made as they are written. */
export interface TreeWriting extends Omit<TreeDocument, 'roots'> {
  readonly roots: Iterable<ProcessWriting>;
}

/** The answer of `blame` as a document. */
export function blameDocument(result: BlameResult, trace: TraceSummary): BlameDocument {
  return {
    format: BLAME_FORMAT,
    version: DOCUMENT_VERSION,
    trace: traceJson(trace, result.processes),
    crashes: result.crashes.map((crash) => crashJson(crash, trace)),
    killed: result.killed.map((kill) => killJson(kill, trace)),
    survived: result.survived.map((survived) => survivedJson(survived, trace)),
  };
}

/** The answer of `tree` as a document, for `jsonText`. */
export function treeDocument(result: TreeResult, trace: TraceSummary): TreeWriting {
  return {
    format: TREE_FORMAT,
    version: DOCUMENT_VERSION,
    trace: traceJson(trace, result.blame.processes),
    roots: each(result.roots, (node) => processJson(node, trace)),
  };
}

// ---- blame

function crashJson(crash: Crash, trace: TraceSummary): CrashJson {
  const { fault, lastFailedOpen } = crash;
  return {
    pid: crash.pid,
    tid: crash.tid,
    program: textOrNull(crash.program),
    argv: crash.argv?.map(toUtf8) ?? null,
    cwd: textOrNull(crash.cwd),
    ancestors: crash.ancestors.map(({ pid, program }) => ({ pid, program: textOrNull(program) })),
    signal: crash.signal,
    how: crash.how,
    coreDumped: crash.coreDumped,
    exitStatus: crash.exitStatus,
    fault: {
      ...lineJson(fault.place, trace),
      signal: fault.signal,
      code: fault.code,
      address: fault.address,
      at: seconds(fault.place.atNs),
      sender: senderJson(fault.sender, trace),
    },
    end: crash.end === null ? null : lineJson(crash.end, trace),
    lastOpened: openedJson(crash.lastOpened, trace),
    unnamedOpen: crash.unnamedOpen === null ? null : lineJson(crash.unnamedOpen, trace),
    lastFailedOpen:
      lastFailedOpen === null
        ? null
        : {
            ...pathJson(lastFailedOpen.path),
            errno: lastFailedOpen.errno,
            ...lineJson(lastFailedOpen.place, trace),
          },
    culprit: crash.culprit === null ? null : candidateJson(crash.culprit, trace),
    candidates: crash.candidates.map((candidate) => candidateJson(candidate, trace)),
    ...explanationJson(crash, trace),
  };
}

function openedJson(opened: OpenedFile | null, trace: TraceSummary): OpenedJson | null {
  if (opened === null) return null;
  const { path, printed, call, place, tid, fd, stillOpen } = opened;
  return { ...pathJson(path), printed: toUtf8(printed), call, ...lineJson(place, trace), tid, fd, stillOpen };
}

function candidateJson({ path, place, confidence, reasons }: Candidate, trace: TraceSummary): CandidateJson {
  return { ...pathJson(path), ...lineJson(place, trace), confidence, reasons: reasons.map(toUtf8) };
}

function killJson({ pid, program, signal, place, sender, limit, lastOpened }: Kill, trace: TraceSummary): KillJson {
  return {
    pid,
    program: textOrNull(program),
    signal,
    ...maybeLineJson(place, trace),
    sender: senderJson(sender, trace),
    limit: limit === null ? null : limitJson(limit, trace),
    lastOpened: openedJson(lastOpened, trace),
  };
}

function survivedJson({ pid, program, signal, place, count }: SurvivedSignal, trace: TraceSummary): SurvivedJson {
  return { pid, program: textOrNull(program), signal, ...lineJson(place, trace), count };
}

// ---- tree

function processJson(node: TreeNode, trace: TraceSummary): ProcessWriting {
  const { how, status, signal, coreDumped, place } = node.end;
  return {
    pid: node.pid,
    program: textOrNull(node.program),
    argv: node.argv?.map(toUtf8) ?? null,
    execs: node.execs.map((exec) => execJson(exec, trace)),
    threads: node.threads,
    start: { ...lineJson(node.start.place, trace), how: node.start.how },
    end: { how, status, signal, coreDumped, ...maybeLineJson(place, trace) },
    children: each(node.children, (child) => processJson(child, trace)),
  };
}

function execJson({ program, argv, place }: Exec, trace: TraceSummary): ExecJson {
  return { program: textOrNull(program), argv: argv?.map(toUtf8) ?? null, ...lineJson(place, trace) };
}
