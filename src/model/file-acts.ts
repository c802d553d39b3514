import type { Role } from './syscalls.ts';

/**
 * What is done to a file, by its name or on a descriptor of it, in the order it is told in. `created`: as a directory,
 * a node or a link; `altered`: its mode, owner or times.
 */
export const ACTS = [
  'opened',
  'closed',
  'lookedAt',
  'executed',
  'mapped',
  'listed',
  'created',
  'truncated',
  'altered',
  'renamed',
  'linked',
  'unlinked',
] as const;

export type Act = (typeof ACTS)[number];

/** The calls that show each act: of an act that a log shows no call of, nothing can be said. */
export const ACT_ROLES: Readonly<Record<Act, readonly Role[]>> = {
  opened: ['open'],
  closed: ['close', 'close-range'],
  lookedAt: ['stat'],
  executed: ['exec', 'spawn'],
  mapped: ['map'],
  listed: ['list'],
  created: ['create', 'link'],
  truncated: ['truncate', 'truncate-open', 'open'],
  altered: ['attributes'],
  renamed: ['rename'],
  linked: ['link'],
  unlinked: ['unlink'],
};

export type Direction = 'read' | 'written';

/** What is done on descriptors alone. */
export const ON_DESCRIPTORS: ReadonlySet<Act | Direction> = new Set(['mapped', 'listed', 'read', 'written'] as const);

/** Calls that move bytes of files. */
export const TRAFFIC_ROLES: Readonly<Record<Direction, readonly Role[]>> = {
  read: ['read', 'copy'],
  written: ['write', 'copy'],
};

/** Where bytes went that are no file's: the standard streams from before the log, pipes and the like, who knows. */
export const CHANNELS = ['standard', 'none', 'unknown'] as const;
export type Channel = (typeof CHANNELS)[number];
