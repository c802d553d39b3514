/** The directory a process was in when the log first shows it: unknown until something tells. */
interface Beginning {
  path: string | null;
  /** The parent's directory, once the parent is known. */
  inherited: Directory | null;
}

/** Longer than any path the kernel takes. */
const MAX_PATH = 8192;

/** A directory that relative paths start from: absolute, or below one that is not known yet. */
export class Directory {
  readonly #absolute: string | null;
  readonly #beginning: Beginning;
  readonly #below: string;

  private constructor(absolute: string | null, beginning: Beginning, below: string) {
    this.#absolute = absolute;
    this.#beginning = beginning;
    this.#below = below;
  }

  static unknown(): Directory {
    return new Directory(null, { path: null, inherited: null }, '');
  }

  static at(absolute: string): Directory {
    return new Directory(absolute, { path: null, inherited: null }, '');
  }

  /** The directory of this name, seen from here. */
  enter(path: string): Directory {
    if (path.startsWith('/')) return Directory.at(path);
    const here = this.path;
    if (here !== null) return here.length > MAX_PATH ? Directory.unknown() : Directory.at(join(here, path));
    if (this.#below.length > MAX_PATH) return Directory.unknown();
    return new Directory(null, this.#beginning, this.#below === '' ? path : join(this.#below, path));
  }

  /** Absolute path as latin1 bytes, or null while it is not known. */
  get path(): string | null {
    const { absolute, below } = this.way;
    return absolute === null ? null : join(absolute, below);
  }

  /**
   * Where it goes back to, as far as anything tells by now, and the way down from there. Without an absolute path,
   * directories that have both in common are one.
   */
  get way(): { readonly absolute: string | null; readonly beginning: object; readonly below: string } {
    let below = '';
    let directory: Directory = this;
    for (;;) {
      const beginning = directory.#beginning;
      if (directory.#absolute !== null) return { absolute: directory.#absolute, beginning, below };
      below = below === '' ? directory.#below : directory.#below === '' ? below : join(directory.#below, below);
      const { path, inherited } = beginning;
      if (path !== null || inherited === null || below.length > MAX_PATH) return { absolute: path, beginning, below };
      directory = inherited;
    }
  }

  /** The same directory, seen from the beginning it goes back to. */
  #flat(): Directory {
    const { inherited } = this.#beginning;
    if (inherited === null) return this;
    const below = this.#below === '' ? inherited.#below : join(inherited.#below, this.#below);
    return new Directory(null, inherited.#beginning, below);
  }

  /** This is where the process is now, for the kernel says so. */
  learn(path: string): void {
    if (this.#absolute === null && this.#below === '') this.#beginning.path ??= path;
  }

  /** The unknown beginning is where the parent was. */
  inherit(parent: Directory): void {
    if (this.#absolute !== null || parent.#beginning === this.#beginning) return;
    const beginning = this.#beginning;
    if (beginning.path !== null || beginning.inherited !== null) return;
    // What is known is taken over, so that a long line of forks is not walked each time.
    const path = parent.path;
    if (path !== null) beginning.path = path;
    else beginning.inherited = parent.#flat();
  }
}

/** Joins without resolving `..`: what it leads to depends on symbolic links the trace does not show. */
export function join(base: string, relative: string): string {
  let rest = relative;
  while (rest.startsWith('./')) rest = rest.slice(2).replace(/^\/+/, '');
  if (rest === '.' || rest === '') return base;
  return base.endsWith('/') ? base + rest : `${base}/${rest}`;
}
