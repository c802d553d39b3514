import { argumentsOf, type DescriptorArgument, descriptorArgument, stringArgument } from '../model/accessors.ts';
import type { Platform } from '../model/dialect.ts';
import type { SyscallEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';
import { detach } from '../scan/detach.ts';
import { placeOf } from './clause.ts';
import { numberOf } from './memory-calls.ts';
import { FileState, OpenFiles } from './open-files.ts';
import { pathOf } from './open-records.ts';
import { createProcess, type Place, type Task } from './process.ts';

/** What the log shows of a file's length, and where. */
export interface FileLength {
  readonly bytes: bigint;
  /** `truncated`: a call set it; `emptied`: an open did; `seen`: a call asked for it. */
  readonly how: 'truncated' | 'emptied' | 'seen';
  readonly place: Place;
}

/** Files whose length is remembered. */
const MAX_FILES = 4096;

/** Which files the descriptors of one process are, and how long those files are. */
export class MappedFiles {
  readonly #platform: Platform;
  readonly #files: OpenFiles;
  readonly #state = new FileState();
  readonly #lengths = new Map<string, FileLength>();
  #task: Task | null = null;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#files = new OpenFiles(platform, () => false);
  }

  add(event: SyscallEvent): void {
    const opened = this.#files.add(event, this.#state, this.#taskOf(event));
    if (opened?.truncates === true) this.#keep(pathOf(opened), { bytes: 0n, how: 'emptied', place: opened.place });
    if (event.outcome !== 'returned') return;
    const role = syscallOf(event.name, this.#platform)?.role;
    if (role === 'exec') this.#files.exec(this.#state);
    else if (role === 'truncate' || role === 'truncate-open') this.#truncate(event);
    else if (role === 'stat-open' || role === 'stat') this.#look(event, role);
  }

  /** Absolute path where the log allows it, latin1 bytes; null where the log shows no open of the descriptor. */
  pathOf({ fd, path }: DescriptorArgument): string | null {
    if (path !== null) return path;
    const record = fd === null ? undefined : this.#state.table.get(fd)?.record;
    return record === undefined || record === null ? null : pathOf(record);
  }

  /** What was last seen of the length of the file. */
  lengthOf(path: string): FileLength | null {
    return this.#lengths.get(path) ?? null;
  }

  // ftruncate(3, 4096) = 0; truncate("data.bin", 0) = 0
  #truncate(event: SyscallEvent): void {
    const [file, length] = argumentsOf(event);
    const name = stringArgument(file, event.dialect);
    const path = name === null ? this.pathOf(descriptorArgument(file)) : this.#state.cwd.at.enter(name).path;
    const bytes = numberOf(length);
    // Where the directory is not known a name is compared as it was printed, as that of an open is.
    const key = path ?? name;
    if (key !== null && bytes !== null) this.#keep(detach(key), { bytes, how: 'truncated', place: placeOf(event) });
  }

  // fstat(3, {st_mode=S_IFREG|0644, st_size=8192, ...}) = 0
  // newfstatat(3, "", {st_mode=S_IFREG|0644, st_size=8192, ...}, AT_EMPTY_PATH) = 0
  #look(event: SyscallEvent, role: 'stat' | 'stat-open'): void {
    const pieces = argumentsOf(event);
    if (role === 'stat' && pieces[1] !== '""') return;
    const size = /\b(?:st_)?size=(\d+)/.exec(event.args)?.[1];
    const path = this.pathOf(descriptorArgument(pieces[0]));
    if (size !== undefined && path !== null) {
      this.#keep(path, { bytes: BigInt(size), how: 'seen', place: placeOf(event) });
    }
  }

  #keep(path: string, length: FileLength): void {
    this.#lengths.delete(path);
    this.#lengths.set(path, length);
    if (this.#lengths.size > MAX_FILES)
      for (const oldest of this.#lengths.keys()) return void this.#lengths.delete(oldest);
  }

  /** The descriptors are the process's: whose thread opened one is of no matter here. */
  #taskOf(event: SyscallEvent): Task {
    this.#task ??= { id: event.pid, process: createProcess(event.pid, event, null), line: event.line };
    return this.#task;
  }
}
