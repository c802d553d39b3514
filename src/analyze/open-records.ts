import { type Dialect, dialectTraits } from '../model/dialect.ts';
import type { Access } from '../model/open-flags.ts';
import { type Directory, join } from './directory.ts';
import type { Place, Task } from './process.ts';

/** A file as a call names it. */
export interface NamedFile {
  /** Decoded to latin1 bytes. */
  readonly printed: string;
  /** The kernel's own name, where the log shows it. */
  readonly kernelPath: string | null;
  readonly base: Directory;
}

/** One open that succeeded. */
export interface OpenRecord extends NamedFile {
  readonly place: Place;
  /** Whether the log may show only the beginning of the name. */
  readonly cut: boolean;
  readonly call: string;
  readonly task: Task;
  /** As printed. */
  readonly tid: number | null;
  readonly fd: number | null;
  readonly access: Access;
  readonly directory: boolean;
  readonly truncates: boolean;
  /** Number of execs the process had done before. */
  readonly generation: number;
  /** When it returned: a later one has a larger number, whatever input it is in. */
  readonly order: number;
  /** Whether its process had opened no input of this name before. */
  readonly isNew: boolean;
  /** Descriptors of its process that are open on it: dup makes more. */
  descriptors: number;
}

/** An open of a file that the log does not name, or a place where the tracer lost calls among which one may have been. */
export interface UnseenOpen {
  readonly place: Place;
  /** As of an `OpenRecord`. */
  readonly order: number;
}

/** Absolute path of a file where the log allows it, else as printed; latin1 bytes. */
export function pathOf(file: NamedFile): string {
  if (file.kernelPath !== null) return file.kernelPath;
  if (file.printed.startsWith('/')) return file.printed;
  const base = file.base.path;
  return base === null ? file.printed : join(base, file.printed);
}

export interface FailedOpen extends NamedFile {
  readonly place: Place;
  readonly errno: string | null;
}

/** The thread's id as the log prints it: in a column of its own, or in that of the pid. */
export function printedThread(event: {
  readonly dialect: Dialect;
  readonly pid: number | null;
  readonly tid: number | null;
}): number | null {
  return dialectTraits[event.dialect].pidColumn === 'task' ? event.pid : event.tid;
}

/** Latest opens kept for each thread, and for each process; more are looked at by nobody. */
const RECENT = 16;

const NO_RECORDS: readonly OpenRecord[] = [];

/** What one thread opened, latest last. Inputs are kept apart, so that a flood of libraries does not wash them out. */
export class RecentOpens {
  all = NO_RECORDS;
  inputs = NO_RECORDS;
  lastFailed: FailedOpen | null = null;
  /** The latest whose path the log does not show. */
  unnamed: UnseenOpen | null = null;

  /** Whether nothing was opened, and nothing tried. */
  get isEmpty(): boolean {
    return this.all.length === 0 && this.lastFailed === null && this.unnamed === null;
  }

  add(record: OpenRecord, isInput: boolean): void {
    this.all = withLatest(this.all, record);
    if (isInput) this.inputs = withLatest(this.inputs, record);
  }

  /** Takes in what others opened. */
  join(others: RecentOpens): void {
    this.all = [...this.all, ...others.all].slice(-RECENT).sort(inOrder);
    this.inputs = [...this.inputs, ...others.inputs].slice(-RECENT).sort(inOrder);
    this.lastFailed ??= others.lastFailed;
    this.unnamed = later(this.unnamed, others.unnamed);
  }

  /** As it is now, each list sorted by when its calls were entered. */
  inOrder(): RecentOpens {
    const copy = this.copy();
    copy.all = [...this.all].sort(inOrder);
    copy.inputs = [...this.inputs].sort(inOrder);
    return copy;
  }

  /** As it is now. */
  copy(): RecentOpens {
    const copy = new RecentOpens();
    copy.all = this.all;
    copy.inputs = this.inputs;
    copy.lastFailed = this.lastFailed;
    copy.unnamed = this.unnamed;
    return copy;
  }
}

/** Another list, of which nobody else has a hold: lists are short, and most processes open little. */
function withLatest(list: readonly OpenRecord[], record: OpenRecord): readonly OpenRecord[] {
  return [...(list.length < RECENT ? list : list.slice(1)), record];
}

/** By the line a call was entered on; across inputs, by the order they were read in. */
export function inOrder(a: UnseenOpen, b: UnseenOpen): number {
  return a.place.input === b.place.input ? a.place.line - b.place.line : a.order - b.order;
}

/** The later of two, of which either may be missing. */
export function later(a: UnseenOpen | null, b: UnseenOpen | null): UnseenOpen | null {
  if (a === null || b === null) return a ?? b;
  return inOrder(a, b) > 0 ? a : b;
}
