import type { Role } from '../model/syscalls.ts';

/** What calls do that processes are followed by. */
export const TREE_ROLES: ReadonlySet<Role> = new Set([
  'exec',
  'spawn',
  'wait',
  'exit',
  'exit-thread',
  'getpid',
  'getppid',
  'gettid',
  'kill',
]);
