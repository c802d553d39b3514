import type { Directory } from '../directory.ts';

/** Finds out where a run's first process began, from what any of its processes is told of its own directory. */
export class WorkingDirectory {
  #first: Directory | null = null;
  #learned: string | null = null;

  /** A process begins in the directory; whether it is the first. */
  begin(directory: Directory): boolean {
    const isFirst = this.#first === null;
    this.#first ??= directory;
    return isFirst;
  }

  /** A process whose directory was known as far as `from` turned out to be in the other: they are the same. */
  learn({ absolute, beginning, below }: Directory['way'], to: Directory): void {
    if (this.#learned !== null || this.#first === null || to.path === null) return;
    if (absolute !== null || beginning !== this.origin) return;
    if (below === '') this.#learned = to.path;
    else if (to.path.endsWith(`/${below}`)) this.#learned = to.path.slice(0, -below.length - 1);
  }

  /** What directories that go back to the first one have in common (`Directory.way`); null before the first process. */
  get origin(): object | null {
    return this.#first === null ? null : this.#first.way.beginning;
  }

  /** Latin1 bytes; null where nothing tells. */
  get path(): string | null {
    return this.#first?.path ?? this.#learned;
  }
}
