import type { Role } from '../model/syscalls.ts';

/** Calls that change what is known of processes each time. */
export const TREE_CHANGES: ReadonlySet<Role> = new Set(['exec', 'spawn', 'exit', 'exit-thread', 'getppid', 'kill']);

/** All calls that processes are followed by: waits, and such as tell an id, say nothing new mostly. */
export const TREE_ROLES: ReadonlySet<Role> = new Set([...TREE_CHANGES, 'wait', 'getpid', 'gettid']);
