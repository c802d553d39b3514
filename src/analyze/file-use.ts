import type { SyscallEvent } from '../model/event.ts';
import type { Role } from '../model/syscalls.ts';
import { type NamedFile, pathOf } from './open-files.ts';
import type { Place } from './process.ts';

/**
 * What is done to a file, by its name or on a descriptor of it, in the order it is told in. `created`: as a directory,
 * a node or a link; `altered`: its mode, owner or times.
 */
export const ACTS = [
  'opened',
  'closed',
  'lookedAt',
  'executed',
  'mapped',
  'listed',
  'created',
  'truncated',
  'altered',
  'renamed',
  'linked',
  'unlinked',
] as const;

export type Act = (typeof ACTS)[number];

/** The calls that show each act: of an act that a log shows no call of, nothing can be said. */
export const ACT_ROLES: Readonly<Record<Act, readonly Role[]>> = {
  opened: ['open'],
  closed: ['close', 'close-range'],
  lookedAt: ['stat'],
  executed: ['exec'],
  mapped: ['map'],
  listed: ['list'],
  created: ['create', 'link'],
  truncated: ['truncate', 'truncate-open', 'open'],
  altered: ['attributes'],
  renamed: ['rename'],
  linked: ['link'],
  unlinked: ['unlink'],
};

export type Direction = 'read' | 'written';

/** Calls that move bytes of files. */
export const TRAFFIC_ROLES: Readonly<Record<Direction, readonly Role[]>> = {
  read: ['read', 'copy'],
  written: ['write', 'copy'],
};

/** Bytes that calls moved in one direction. */
export interface Traffic {
  calls: number;
  bytes: number;
}

/** Failures of one kind on one file. */
export interface Failure {
  readonly act: Act | Direction;
  /** Null where the log does not name it. */
  readonly errno: string | null;
  count: number;
  /** Where it first failed so. */
  place: Place;
}

/** Names kept of those that renames gave a file, and took from it. */
const MAX_NAMES = 4;
/** More kinds of failure than this are one kind, without a name. */
const MAX_FAILURES = 16;

/** What was done with one file: how often each act succeeded, what was moved, and what failed. */
export class FileUse {
  readonly file: NamedFile;
  opened = 0;
  /** Opens that allow writing. */
  openedToWrite = 0;
  closed = 0;
  lookedAt = 0;
  executed = 0;
  mapped = 0;
  listed = 0;
  created = 0;
  truncated = 0;
  altered = 0;
  renamed = 0;
  linked = 0;
  unlinked = 0;
  readonly read: Traffic = { calls: 0, bytes: 0 };
  readonly written: Traffic = { calls: 0, bytes: 0 };
  /** Whether a read found nothing more to read. */
  readToEnd = false;
  /** Whether an open or a listing shows that it is a directory. */
  isDirectory = false;
  /** The latest names that renames gave it, latin1 bytes. */
  readonly newNames: string[] = [];
  /** The latest names it had before. */
  readonly oldNames: string[] = [];
  readonly failures: Failure[] = [];
  /** Processes that did something with it, in a record over all. */
  processes = 0;
  first: Place;
  last: Place;

  constructor(file: NamedFile, place: Place) {
    this.file = file;
    this.first = at(place);
    this.last = this.first;
  }

  /** Absolute where the log allows it, by now; latin1 bytes. */
  get path(): string {
    return pathOf(this.file);
  }

  /** Whether no call did anything with it: all failed. */
  get isMissing(): boolean {
    return ACTS.every((act) => this[act] === 0) && this.read.calls + this.written.calls + this.oldNames.length === 0;
  }

  /** Calls on it, those that failed too. */
  get calls(): number {
    const failed = this.failures.reduce((sum, { count }) => sum + count, 0);
    return ACTS.reduce((sum, act) => sum + this[act], failed + this.read.calls + this.written.calls);
  }

  /** Whether it was changed, or opened to be. */
  get isChanged(): boolean {
    const { openedToWrite, created, truncated, altered, renamed, linked, unlinked, written, oldNames } = this;
    const changes = openedToWrite + created + truncated + altered + renamed + linked + unlinked + written.calls;
    return changes + oldNames.length > 0;
  }

  /** Counts what the call did, or that it failed. */
  add(act: Act, event: SyscallEvent): void {
    this.see(event);
    if (event.outcome === 'failed') this.#fail(act, event.errno?.name ?? null, 1, event);
    else this[act]++;
  }

  /** Counts a call that moved bytes, or failed to. `bytes`: null where the call does not tell. */
  move(direction: Direction, bytes: number | null, event: SyscallEvent): void {
    this.see(event);
    if (event.outcome === 'failed') this.#fail(direction, event.errno?.name ?? null, 1, event);
    else addTraffic(this[direction], { calls: 1, bytes: bytes ?? 0 });
  }

  /** Extends the lines it was seen on. */
  see(place: Place): void {
    if (isBefore(place, this.first)) this.first = at(place);
    if (isBefore(this.last, place)) this.last = at(place);
  }

  /** A rename gave it another name, or it the name of another. */
  name(which: 'newNames' | 'oldNames', path: string): void {
    const names = this[which];
    if (names.includes(path)) return;
    names.push(path);
    if (names.length > MAX_NAMES) names.shift();
  }

  /** A record of its own that says the same. */
  copy(): FileUse {
    const copy = new FileUse(this.file, this.first);
    copy.join(this);
    return copy;
  }

  /** Takes in what another record counted of the same file. */
  join(other: FileUse): void {
    for (const act of ACTS) this[act] += other[act];
    this.openedToWrite += other.openedToWrite;
    for (const way of ['read', 'written'] as const) addTraffic(this[way], other[way]);
    this.readToEnd ||= other.readToEnd;
    this.isDirectory ||= other.isDirectory;
    for (const path of other.newNames) this.name('newNames', path);
    for (const path of other.oldNames) this.name('oldNames', path);
    for (const { act, errno, count, place } of other.failures) this.#fail(act, errno, count, place);
    this.processes += other.processes;
    this.see(other.first);
    this.see(other.last);
  }

  #fail(act: Failure['act'], errno: string | null, count: number, place: Place): void {
    const known = this.failures.find((failure) => failure.act === act && failure.errno === errno);
    if (known !== undefined) {
      known.count += count;
      if (isBefore(place, known.place)) known.place = at(place);
    } else if (errno !== null && this.failures.length >= MAX_FAILURES) {
      this.#fail(act, null, count, place);
    } else {
      this.failures.push({ act, errno, count, place: at(place) });
    }
  }
}

/** The place of an event, without the event. */
function at({ input, line, atNs }: Place): Place {
  return { input, line, atNs };
}

/** Adds one count of bytes to another. */
export function addTraffic(to: Traffic, { calls, bytes }: Traffic): void {
  to.calls += calls;
  to.bytes += bytes;
}

/** By line in one input, by the clock across inputs; where neither tells, by the order of the inputs. */
export function isBefore(a: Place, b: Place): boolean {
  if (a.input === b.input) return a.line < b.line;
  if (a.atNs !== null && b.atNs !== null && a.atNs !== b.atNs) return a.atNs < b.atNs;
  return a.input < b.input;
}
