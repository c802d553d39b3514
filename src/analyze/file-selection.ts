import { type FileUse, inLineOrder } from './file-use.ts';
import type { FilesResult } from './files.ts';
import type { FileOrder } from './orders.ts';

/** Which files are wanted, and in which order. */
export interface FileSelection {
  /** Only paths that calls failed on. */
  readonly failed: boolean;
  /** Only files that were changed, or opened to be. */
  readonly written: boolean;
  /** Null: by their first lines. */
  readonly sort: FileOrder | null;
}

/** The result with the wanted files alone; processes that have none of them are left out. */
export function selectFiles(result: FilesResult, selection: FileSelection): FilesResult {
  const byProcess = result.byProcess.map((process) => ({ ...process, files: select(process.files, selection) }));
  return {
    ...result,
    files: select(result.files, selection),
    byProcess: byProcess.filter(({ files }) => files.length > 0),
  };
}

function select(files: readonly FileUse[], { failed, written, sort }: FileSelection): readonly FileUse[] {
  const wanted = files.filter((use) => (!failed || use.failures.length > 0) && (!written || use.isChanged));
  return sort === null ? wanted : wanted.sort(COMPARISONS[sort]);
}

const COMPARISONS: Readonly<Record<FileOrder, (a: FileUse, b: FileUse) => number>> = {
  first: (a, b) => inLineOrder(a.first, b.first),
  last: (a, b) => inLineOrder(a.last, b.last),
  path: (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  opened: (a, b) => b.opened - a.opened,
  failed: (a, b) => b.failedCalls - a.failedCalls,
  read: (a, b) => b.read.bytes - a.read.bytes || b.read.calls - a.read.calls,
  written: (a, b) => b.written.bytes - a.written.bytes || b.written.calls - a.written.calls,
};
