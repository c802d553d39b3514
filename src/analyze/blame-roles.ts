import type { Role } from '../model/syscalls.ts';
import { TREE_ROLES } from './tree-roles.ts';

// What calls must do to matter to `Blame`.

/** What is done with files alone: it can wait until somebody asks what a process had opened. */
export const CAN_WAIT: ReadonlySet<Role> = new Set([
  'open',
  'close',
  'close-range',
  'dup',
  'fcntl',
  'chdir',
  'fchdir',
  'getcwd',
  'limit',
]);

/** Where lines of its own show each task's end, the calls that end it can wait as well: that line says it again. */
export const ENDINGS: ReadonlySet<Role> = new Set(['exit', 'exit-thread']);

/** What processes, open files and faults are followed by. */
export const FOLLOWED: ReadonlySet<Role> = new Set([...CAN_WAIT, ...TREE_ROLES]);
