import type { SyscallEvent } from '../model/event.ts';
import { ACTS, type Act, type Direction, ON_DESCRIPTORS } from '../model/file-acts.ts';
import { systemFile } from './input-files.ts';
import { type NamedFile, pathOf } from './open-records.ts';
import type { Place } from './process.ts';

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

/** How many bytes the records of several ledgers may take together, about. */
export interface Room {
  readonly limitBytes: number;
  takenBytes: number;
}

/** What a record takes beside its path, about. */
const RECORD_BYTES = 450;
const FAILURE_BYTES = 120;
/** Stand in most records: few files are read and written, most lookups of what is not there fail alone. */
const NO_TRAFFIC: Readonly<Traffic> = { calls: 0, bytes: 0 };
const NO_NAMES: readonly string[] = [];
const NO_FAILURES: readonly Failure[] = [];

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
  /** Of the times it was unlinked, those while who did it had it open. */
  unlinkedOpen = 0;
  read: Readonly<Traffic> = NO_TRAFFIC;
  written: Readonly<Traffic> = NO_TRAFFIC;
  /** Whether a read found nothing more to read. */
  readToEnd = false;
  /** Whether a process that used it had it open when it ended, or at the end of the log, as far as closes are shown. */
  openAtEnd = false;
  /** Whether an open or a listing shows that it is a directory. */
  isDirectory = false;
  /** The latest names that renames gave it, latin1 bytes. */
  newNames = NO_NAMES;
  /** The latest names it had before. */
  oldNames = NO_NAMES;
  failures = NO_FAILURES;
  /** Processes that did something with it, in a record over all. */
  processes = 0;
  first: Place;
  last: Place;
  #bytes = 0;
  #room: Room;

  /** Takes of the room what it needs, also later. */
  constructor({ printed, kernelPath, base }: NamedFile, place: Place, room: Room) {
    // A record of an open holds more, the whole process.
    this.file = { printed: kernelPath ?? printed, kernelPath, base };
    this.first = at(place);
    this.last = this.first;
    this.#room = room;
    // The path, and the key it stands under.
    this.#take(RECORD_BYTES + 2 * this.file.printed.length);
  }

  /** Whether its name is one of libraries, catalogues, or files of the kernel. */
  get isSystemFile(): boolean {
    return systemFile(this.path) !== null;
  }

  /** Absolute where the log allows it, by now; latin1 bytes. */
  get path(): string {
    return pathOf(this.file);
  }

  /** Whether no call did anything with it: all failed. */
  get isMissing(): boolean {
    return ACTS.every((act) => this[act] === 0) && this.read.calls + this.written.calls + this.oldNames.length === 0;
  }

  get failedCalls(): number {
    return this.failures.reduce((sum, { count }) => sum + count, 0);
  }

  /** Calls on it, those that failed too. */
  get calls(): number {
    return ACTS.reduce((sum, act) => sum + this[act], this.failedCalls + this.read.calls + this.written.calls);
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
    else this.#addTraffic(direction, 1, bytes ?? 0);
  }

  /** What was done on descriptors turns out to be of no file for certain. */
  forgetDescriptors(): void {
    for (const act of ACTS) if (ON_DESCRIPTORS.has(act)) this[act] = 0;
    this.read = NO_TRAFFIC;
    this.written = NO_TRAFFIC;
    this.readToEnd = false;
    this.failures = this.failures.filter(({ act }) => !ON_DESCRIPTORS.has(act));
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
    const isFull = names.length === MAX_NAMES;
    this[which] = [...(isFull ? names.slice(1) : names), path];
    this.#take(path.length - (isFull ? (names[0]?.length ?? 0) : 0));
  }

  /** A record of its own that says the same. */
  copy(room: Room): FileUse {
    const copy = new FileUse(this.file, this.first, room);
    copy.join(this);
    return copy;
  }

  /** Gives back what it took of its room. */
  leave(): void {
    this.#room.takenBytes -= this.#bytes;
  }

  /** Takes of another room from now on. */
  enter(room: Room): void {
    this.#room = room;
    room.takenBytes += this.#bytes;
  }

  /** Takes in what another record counted of the same file. */
  join(other: FileUse): void {
    for (const act of ACTS) this[act] += other[act];
    this.openedToWrite += other.openedToWrite;
    this.unlinkedOpen += other.unlinkedOpen;
    for (const way of ['read', 'written'] as const) this.#addTraffic(way, other[way].calls, other[way].bytes);
    this.readToEnd ||= other.readToEnd;
    this.openAtEnd ||= other.openAtEnd;
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
      // Not pushed: that makes room for sixteen more.
      this.failures = [...this.failures, { act, errno, count, place: at(place) }];
      this.#take(FAILURE_BYTES);
    }
  }

  #addTraffic(direction: Direction, calls: number, bytes: number): void {
    if (calls === 0) return;
    const before = this[direction];
    this[direction] = { calls: before.calls + calls, bytes: before.bytes + bytes };
  }

  #take(bytes: number): void {
    this.#bytes += bytes;
    this.#room.takenBytes += bytes;
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

/** For sorting by line. */
export function inLineOrder(a: Place, b: Place): number {
  if (isBefore(a, b)) return -1;
  return isBefore(b, a) ? 1 : 0;
}

/** By line in one input, by the clock across inputs; where neither tells, by the order of the inputs. */
function isBefore(a: Place, b: Place): boolean {
  if (a.input === b.input) return a.line < b.line;
  if (a.atNs !== null && b.atNs !== null && a.atNs !== b.atNs) return a.atNs < b.atNs;
  return a.input < b.input;
}
