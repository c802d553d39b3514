import { syscallOf } from '../src/model/syscalls.ts';

/** Where the paths stand that the kernel looks up in calls which no analysis of processes and files knows. */
const ROWS: readonly (readonly [names: string, indexes: readonly number[]])[] = [
  [
    'access eaccess acct chflags lchflags chmod lchmod chown lchown stat lstat nstat nlstat statfs statvfs statvfs1 ' +
      'readlink rmdir mkdir mkfifo mknod unlink undelete pathconf lpathconf truncate utimes lutimes utimensat unveil ' +
      'revoke swapon swapoff unmount getfh lgetfh quotactl shm_open shm_open2 shm_unlink realpath ktrace uselib ' +
      'posix_chown posix_lchown extattr_get_file extattr_get_link extattr_list_file extattr_list_link getxattr stat64 ' +
      'lstat64 newstat newlstat utime',
    [0],
  ],
  [
    'fstatat newfstatat faccessat fchmodat fchownat mkdirat mkfifoat mknodat readlinkat unlinkat utimensat futimesat ' +
      'funlinkat chflagsat realpathat getfhat mount bind connect statx',
    [1],
  ],
  ['rename link posix_rename', [0, 1]],
  ['renameat linkat renameat2', [1, 3]],
  // What a symbolic link says is not looked up.
  ['symlink', [1]],
  ['symlinkat', [2]],
];

const INDEXES = new Map<string, readonly number[]>();
for (const [names, indexes] of ROWS) for (const name of names.split(' ')) INDEXES.set(name, indexes);

const NONE: readonly number[] = [];
const FIRST: readonly number[] = [0];
const SECOND: readonly number[] = [1];

/** Prefixes of the same call for another ABI or an older system. */
const VARIANT = /^(?:linux_|freebsd\d+_|compat_\d+_|compat\d*\.|__)/;
/** What NetBSD adds where a structure changed: __stat50. */
const VERSION = /\d\d$/;

/** Indexes of the arguments that are paths, in the order the kernel looks them up; none for an unknown call. */
export function pathArguments(name: string): readonly number[] {
  const call = syscallOf(name, 'bsd');
  if (call !== null) {
    switch (call.role) {
      case 'open':
      case 'exec':
      case 'chdir':
      case 'getcwd':
        return call.path === 1 ? SECOND : call.path === 0 ? FIRST : NONE;
    }
  }
  const known = INDEXES.get(name);
  if (known !== undefined) return known;
  const plain = name.replace(VARIANT, '').replace(VARIANT, '');
  return INDEXES.get(plain) ?? INDEXES.get(plain.replace(VERSION, '')) ?? NONE;
}

/**
 * The arguments with paths in the place of addresses. `paths` are the quoted names of the records that followed the
 * call, in order: more than there are arguments where the kernel tried another directory first (emulation of Linux)
 * or looked up an interpreter.
 */
export function withPaths(name: string, args: string, paths: readonly string[]): string {
  const indexes = pathArguments(name);
  const [first, second] = paths;
  const last = paths.at(-1);
  if (first === undefined || last === undefined || args === '') return args;
  if (indexes.length === 1) return replaced(args, indexes[0] ?? 0, isExec(name) ? program(first, second) : last);
  const [from, to] = indexes;
  if (from === undefined || to === undefined) return args;
  const begun = replaced(args, from, first);
  return paths.length > 1 ? replaced(begun, to, last, first) : begun;
}

function isExec(name: string): boolean {
  return syscallOf(name, 'bsd')?.role === 'exec';
}

// "/compat/linux/usr/bin/cc" and then "/usr/bin/cc": the first is not there.
function program(first: string, second: string | undefined): string {
  return second !== undefined && second.length < first.length && first.endsWith(second.slice(1)) ? second : first;
}

/** The arguments with another text for the one at `index`. `before` is a quoted one among those before it. */
function replaced(args: string, index: number, text: string, before = ''): string {
  let start = 0;
  for (let passed = 0; passed < index; passed++) {
    const comma = args.indexOf(',', before !== '' && args.startsWith(before, start) ? start + before.length : start);
    if (comma < 0) return args;
    start = comma + 1;
  }
  const comma = args.indexOf(',', start);
  return args.slice(0, start) + text + (comma < 0 ? '' : args.slice(comma));
}
