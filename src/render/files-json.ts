import type { Failure, FileUse } from '../analyze/file-use.ts';
import type { FilesResult } from '../analyze/files.ts';
import {
  ACT_ROLES,
  type Act,
  type Channel,
  type Direction,
  ON_DESCRIPTORS,
  TRAFFIC_ROLES,
} from '../model/file-acts.ts';
import type { Role } from '../model/syscalls.ts';
import type { TraceSummary } from '../model/trace.ts';
import { toUtf8 } from '../scan/unescape.ts';
import {
  DOCUMENT_VERSION,
  type LineJson,
  lineJson,
  type PathJson,
  pathJson,
  type TraceJson,
  textOrNull,
  traceJson,
} from './json-parts.ts';
import { each } from './json-text.ts';

// The document of `files`. An act that the log shows no call of at all is null: it may have been left out.

/** Names the document of `files`. */
export const FILES_FORMAT = 'forklore/files';

/** Calls that moved bytes, and the bytes they moved. */
export interface TrafficJson {
  readonly calls: number;
  readonly bytes: number;
}

/** Calls that failed alike on one path. */
export interface FailureJson extends LineJson {
  readonly act: Failure['act'];
  readonly errno: string | null;
  readonly count: number;
}

/** What was done with one file. */
export interface FileJson extends PathJson, Readonly<Record<Act, number | null>> {
  /** Opens that allow writing. */
  readonly openedToWrite: number | null;
  /** Of the times it was unlinked, those while who did it had it open. */
  readonly unlinkedOpen: number | null;
  readonly read: (TrafficJson & { readonly toEnd: boolean }) | null;
  readonly written: TrafficJson | null;
  readonly renamedTo: readonly PathJson[];
  readonly renamedFrom: readonly PathJson[];
  readonly failures: readonly FailureJson[];
  readonly first: LineJson;
  readonly last: LineJson;
}

/** What all processes did with one file. */
export interface SharedFileJson extends FileJson {
  readonly processes: number;
}

/** What one process did with files. */
export interface ProcessFilesJson extends LineJson {
  readonly pid: number | null;
  readonly program: string | null;
  readonly argv: readonly string[] | null;
  readonly files: readonly FileJson[];
}

/** What `files --json` prints. */
export interface FilesDocument {
  readonly format: typeof FILES_FORMAT;
  readonly version: typeof DOCUMENT_VERSION;
  readonly trace: TraceJson;
  readonly files: readonly SharedFileJson[];
  readonly processes: readonly ProcessFilesJson[];
  readonly elsewhere: Readonly<Record<Channel, Readonly<Record<Direction, TrafficJson>>>>;
  readonly unlisted: FilesResult['letGo'];
}

/** A `FilesDocument` whose files are made as they are written: all at once they would take more than the records. */
export type FilesWriting = Omit<FilesDocument, 'files' | 'processes'> & {
  readonly files: Iterable<SharedFileJson>;
  readonly processes: Iterable<Omit<ProcessFilesJson, 'files'> & { readonly files: Iterable<FileJson> }>;
};

/** The answer of `files` as a document, for `jsonText`. */
export function filesDocument(result: FilesResult, trace: TraceSummary): FilesWriting {
  return {
    format: FILES_FORMAT,
    version: DOCUMENT_VERSION,
    trace: traceJson(trace, result.processes),
    files: each(result.files, (use) => ({ ...fileJson(use, result, trace), processes: use.processes })),
    processes: each(result.byProcess, ({ pid, program, argv, start, files }) => ({
      pid,
      program: textOrNull(program),
      argv: argv?.map(toUtf8) ?? null,
      ...lineJson(start, trace),
      files: each(files, (use) => fileJson(use, result, trace)),
    })),
    elsewhere: result.channels,
    unlisted: result.letGo,
  };
}

function fileJson(use: FileUse, result: FilesResult, trace: TraceSummary): FileJson {
  const { readToEnd, failures, first, last } = use;
  const read = trafficOf(use, 'read', result);
  return {
    ...pathJson(use.path),
    opened: countOf(use, 'opened', result),
    openedToWrite: countOf(use, 'opened', result) === null ? null : use.openedToWrite,
    closed: countOf(use, 'closed', result),
    lookedAt: countOf(use, 'lookedAt', result),
    executed: countOf(use, 'executed', result),
    mapped: countOf(use, 'mapped', result),
    listed: countOf(use, 'listed', result),
    created: countOf(use, 'created', result),
    truncated: countOf(use, 'truncated', result),
    altered: countOf(use, 'altered', result),
    renamed: countOf(use, 'renamed', result),
    linked: countOf(use, 'linked', result),
    unlinked: countOf(use, 'unlinked', result),
    unlinkedOpen:
      countOf(use, 'closed', result) === null || countOf(use, 'unlinked', result) === null ? null : use.unlinkedOpen,
    read: read === null ? null : { ...read, toEnd: readToEnd },
    written: trafficOf(use, 'written', result),
    renamedTo: use.newNames.map(pathJson),
    renamedFrom: use.oldNames.map(pathJson),
    failures: failures.map(({ act, errno, count, place }) => ({ act, errno, count, ...lineJson(place, trace) })),
    first: lineJson(first, trace),
    last: lineJson(last, trace),
  };
}

/** How often it was done; null where the log does not tell. */
export function countOf(use: FileUse, act: Act, result: FilesResult): number | null {
  return isTold(act, ACT_ROLES[act], result) ? use[act] : null;
}

/** What was moved; null where the log does not tell. */
export function trafficOf(use: FileUse, direction: Direction, result: FilesResult): TrafficJson | null {
  return isTold(direction, TRAFFIC_ROLES[direction], result) ? { ...use[direction] } : null;
}

function isTold(act: Act | Direction, roles: readonly Role[], { shown, tellsDescriptors }: FilesResult): boolean {
  return (tellsDescriptors || !ON_DESCRIPTORS.has(act)) && roles.some((role) => shown.has(role));
}
