import { join } from './directory.ts';
import { FileUse, type Room } from './file-use.ts';
import { type NamedFile, pathOf } from './open-records.ts';
import type { Place } from './process.ts';

/**
 * What was done with files, a record a path, in bounded room. Where there is none, a path that calls only failed on
 * makes way for another; where there is no such path either, the ledger takes no further one.
 */
export class FileLedger {
  readonly #keys: FileKeys;
  readonly #room: Room;
  readonly #letGo: (use: FileUse) => void;
  readonly #found = new Map<string, FileUse>();
  readonly #missing = new Map<string, FileUse>();
  /** Kept from one time to the next: a walk from the start would step over all that is gone already. */
  #oldest: Iterator<[string, FileUse]> | null = null;

  /** `letGo` is given what makes way. */
  constructor(keys: FileKeys, room: Room, letGo: (use: FileUse) => void) {
    this.#keys = keys;
    this.#room = room;
    this.#letGo = letGo;
  }

  get size(): number {
    return this.#found.size + this.#missing.size;
  }

  /** The record of a file, a new one where it has none; null where there is no room. `succeeds`: a call did something. */
  of(file: NamedFile, place: Place, succeeds: boolean): FileUse | null {
    const key = this.#keys.of(file);
    const use = this.#known(key, succeeds);
    if (use !== undefined) return use;
    return this.#makeRoom() ? this.#put(key, new FileUse(file, place, this.#room), succeeds) : null;
  }

  /** The record of a file, where it has one. */
  find(file: NamedFile): FileUse | null {
    const key = this.#keys.of(file);
    return this.#found.get(key) ?? this.#missing.get(key) ?? null;
  }

  /** Counts what a record of another ledger says: its own of that file, or null where there was no room for it. */
  join(other: FileUse): FileUse | null {
    return this.#takeIn(other, false);
  }

  /** As `join`, of a record that left its ledger. */
  adopt(other: FileUse): FileUse | null {
    return this.#takeIn(other, true);
  }

  /** All records; those whose name became one only when directories became known are joined. */
  all(): FileUse[] {
    return this.#keys.unite(this.#each());
  }

  /** Gives all records away, and their room. */
  empty(take: (use: FileUse) => void): void {
    for (const use of this.#each()) use.leave();
    for (const use of this.#each()) take(use);
    this.#found.clear();
    this.#missing.clear();
  }

  *#each(): Generator<FileUse> {
    yield* this.#found.values();
    yield* this.#missing.values();
  }

  #takeIn(other: FileUse, isFree: boolean): FileUse | null {
    const key = this.#keys.of(other.file);
    const succeeds = !other.isMissing;
    const use = this.#known(key, succeeds);
    if (use !== undefined) {
      use.join(other);
      return use;
    }
    if (!this.#makeRoom()) {
      this.#letGo(other);
      return null;
    }
    if (!isFree) return this.#put(key, other.copy(this.#room), succeeds);
    other.enter(this.#room);
    return this.#put(key, other, succeeds);
  }

  #known(key: string, succeeds: boolean): FileUse | undefined {
    const found = this.#found.get(key);
    if (found !== undefined) return found;
    const missing = this.#missing.get(key);
    if (missing !== undefined && succeeds) {
      this.#missing.delete(key);
      this.#found.set(key, missing);
    }
    return missing;
  }

  #put(key: string, use: FileUse, succeeds: boolean): FileUse {
    (succeeds ? this.#found : this.#missing).set(key, use);
    return use;
  }

  #makeRoom(): boolean {
    while (this.#room.takenBytes >= this.#room.limitBytes) {
      this.#oldest ??= this.#missing.entries();
      let next = this.#oldest.next();
      if (next.done) {
        this.#oldest = this.#missing.entries();
        next = this.#oldest.next();
      }
      if (next.done) return false;
      const [key, oldest] = next.value;
      this.#missing.delete(key);
      oldest.leave();
      this.#letGo(oldest);
    }
    return true;
  }
}

/** What stands for one file in every ledger of a trace. */
export class FileKeys {
  readonly #numbers = new WeakMap<object, number>();
  #count = 0;

  /** The path; as long as the directory it starts from is not known, where that one began and the way from there. */
  of(file: NamedFile): string {
    const path = pathOf(file);
    if (path.startsWith('/')) return plain(path);
    const { beginning, below } = file.base.way;
    let number = this.#numbers.get(beginning);
    if (number === undefined) {
      number = ++this.#count;
      this.#numbers.set(beginning, number);
    }
    // No path holds a NUL.
    return `${number}\0${plain(join(below, path))}`;
  }

  /** One record for each file. */
  unite(uses: Iterable<FileUse>): FileUse[] {
    const byKey = new Map<string, FileUse>();
    for (const use of uses) {
      const key = this.of(use.file);
      const same = byKey.get(key);
      if (same === undefined) byKey.set(key, use);
      else same.join(use);
    }
    return [...byKey.values()];
  }
}

/** Without what never changes where a path leads. */
function plain(path: string): string {
  let short = path;
  while (short.includes('/./')) short = short.replaceAll('/./', '/');
  while (short.includes('//')) short = short.replaceAll('//', '/');
  return short.length > 1 && short.endsWith('/') ? short.slice(0, -1) : short;
}
