import { printable } from './printable.ts';

/** What a process is called by. Latin1 bytes; null where it is not known. */
export interface NamedProcess {
  readonly program: string | null;
  readonly pid: number | null;
}

/** 'rustc (pid 6377)'. */
export function programAndPid({ program, pid }: NamedProcess): string {
  const name = program === null ? null : printable(baseName(program));
  if (name === null) return pid === null ? 'a process' : `pid ${pid}`;
  return pid === null ? name : `${name} (pid ${pid})`;
}

/** The last name of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}
