import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ForkloreError } from '../model/errors.ts';
import { fileInput, type Input, type StandardInput, standardInput, unreadable } from './open-input.ts';

/** What the command line's inputs stand for. */
export interface InputList {
  readonly inputs: readonly NumberedInput[];
  /**
   * Whether the names are those of one `strace -ff` set, in ascending order of pid. Whether the files are one is decided
   * by what is in them.
   */
  readonly namedAsSet: boolean;
}

/** An input, and the pid that `strace -ff` put at the end of its name: null where it is not named as one of a set. */
export interface NumberedInput {
  readonly input: Input;
  readonly pid: number | null;
}

interface SetMember {
  readonly path: string;
  readonly base: string;
  readonly pid: number;
}

/** BASE.PID, perhaps compressed later. */
const MEMBER_NAME = /^(.+)\.(\d{1,10})(?:\.(?:gz|zst|xz))?$/s;

/**
 * The inputs that the arguments name: files, '-' or nothing for standard input, and for a set of `strace -ff` files also
 * their directory or the BASE of their names. `stdin` is asked for only where it is read: making it takes a while. Throws
 * 'no-input' and 'unreadable-input'.
 */
export async function listInputs(
  names: readonly string[],
  stdin: () => StandardInput,
  signal: AbortSignal | null,
): Promise<InputList> {
  if (names.length === 0 || (names.length === 1 && names[0] === '-')) {
    const given = stdin();
    if (given.isTTY) throw new ForkloreError('no-input', 'no input: name a trace, or pipe one in');
    return { inputs: [{ input: standardInput(given, signal), pid: null }], namedAsSet: false };
  }
  const [only] = names;
  if (only !== undefined && names.length === 1) {
    const members = await membersBehind(only);
    return members === null ? listFiles(names, stdin, signal) : listSet(members, signal);
  }
  const members = names.map(asMember);
  if (members.every((member) => member !== null) && isOneSet(members)) return listSet(members, signal);
  return listFiles(names, stdin, signal);
}

async function listFiles(
  names: readonly string[],
  stdin: () => StandardInput,
  signal: AbortSignal | null,
): Promise<InputList> {
  if (names.filter((name) => name === '-').length > 1) {
    throw new ForkloreError('unreadable-input', 'standard input can be read only once');
  }
  const inputs: NumberedInput[] = [];
  for (const name of names) {
    if (names.length > 1 && name !== '-' && (await membersBehind(name)) !== null) {
      throw new ForkloreError('unreadable-input', `${name}: a set of strace -ff files must be the only input`);
    }
    const input = name === '-' ? standardInput(stdin(), signal) : await fileInput(name, signal);
    inputs.push({ input, pid: null });
  }
  return { inputs, namedAsSet: false };
}

async function listSet(members: readonly SetMember[], signal: AbortSignal | null): Promise<InputList> {
  const inputs: NumberedInput[] = [];
  for (const { path, pid } of members.toSorted((a, b) => a.pid - b.pid)) {
    inputs.push({ input: await fileInput(path, signal), pid });
  }
  return { inputs, namedAsSet: true };
}

/** The set whose directory or BASE the name is; null where it is neither. */
async function membersBehind(name: string): Promise<readonly SetMember[] | null> {
  const stats = await stat(name).catch(() => null);
  if (stats?.isDirectory()) return membersIn(name);
  if (stats !== null) return null;
  const folder = dirname(name);
  const entries = await readdir(folder).catch((): string[] => []);
  const beside = entries.map((entry) => asMember(join(folder, entry)));
  const members = beside.filter((member) => member !== null && basename(member.base) === basename(name));
  return members.length === 0
    ? null
    : distinct(
        name,
        members.filter((member) => member !== null),
      );
}

async function membersIn(folder: string): Promise<readonly SetMember[]> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const members = entries.map((entry) => asMember(join(folder, entry))).filter((member) => member !== null);
  const bases = [...new Set(members.map((member) => basename(member.base)))].sort();
  if (bases.length === 0) {
    throw new ForkloreError('unreadable-input', `${folder}: no strace -ff files (NAME.PID) in this directory`);
  }
  if (bases.length > 1) {
    const named = bases.length > 5 ? `${bases.slice(0, 5).join(', ')} and ${bases.length - 5} more` : bases.join(', ');
    throw new ForkloreError('unreadable-input', `${folder}: several sets of strace -ff files, choose one of ${named}`);
  }
  return distinct(folder, members);
}

function distinct(name: string, members: readonly SetMember[]): readonly SetMember[] {
  const byPid = new Map<number, SetMember>();
  for (const member of members) {
    const twin = byPid.get(member.pid);
    if (twin !== undefined) {
      const sentence = `${name}: two files of one process, ${basename(twin.path)} and ${basename(member.path)}`;
      throw new ForkloreError('unreadable-input', sentence);
    }
    byPid.set(member.pid, member);
  }
  return members;
}

function isOneSet(members: readonly SetMember[]): boolean {
  const bases = new Set(members.map((member) => member.base));
  const pids = new Set(members.map((member) => member.pid));
  return bases.size === 1 && pids.size === members.length;
}

function asMember(path: string): SetMember | null {
  const match = MEMBER_NAME.exec(basename(path));
  const [, base, digits] = match ?? [];
  if (base === undefined || digits === undefined) return null;
  return { path, base: join(dirname(path), base), pid: Number(digits) };
}
