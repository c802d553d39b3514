import type { MappingOrigin } from './address-space.ts';
import type { Clause } from './clause.ts';
import type { Place } from './process.ts';

/**
 * What a fault turned out to be.
 *
 * Of memory: `null-pointer`; `stack-exhausted`; `below-stack`: below the main stack, its exhaustion not proved;
 * `guard`: a guard page beside something; `inaccessible`: mapped without any access; `read-only`, `execute-only`,
 * `not-executable`: mapped, not for this access; `image`: so, in the program's own image; `past-end-of-file`,
 * `no-page`: a mapped file has nothing there; `unmapped`: it was mapped once; `past-mapping`: right behind a mapping;
 * `never-mapped`; `no-address`: the kernel gave none.
 *
 * Of the rest: `instruction`: the machine refused it; `seccomp`; `abort`: the process gave up, with or without words;
 * `raised`: it sent the signal to itself; `sent`: another process did.
 */
export const FAULT_KINDS = [
  'null-pointer',
  'stack-exhausted',
  'below-stack',
  'guard',
  'inaccessible',
  'read-only',
  'execute-only',
  'not-executable',
  'image',
  'past-end-of-file',
  'no-page',
  'unmapped',
  'past-mapping',
  'never-mapped',
  'no-address',
  'instruction',
  'seccomp',
  'abort',
  'raised',
  'sent',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** A mapping as reported. */
export interface MappingReport {
  /** Addresses in hexadecimal, with 0x; `end` is the first address behind it. */
  readonly start: string;
  readonly end: string;
  /** 'rw-'; null where it is not known. */
  readonly protection: string | null;
  readonly kind: MappingOrigin['kind'];
  /** Latin1 bytes; null where it is no file, or the log does not show which. */
  readonly path: string | null;
  /** The call that mapped it. */
  readonly place: Place;
}

/** Why a process got its fatal signal, as far as the log proves it. */
export interface FaultReason {
  readonly kind: FaultKind;
  /** At least one; each with the line it rests on, the most important first. */
  readonly clauses: readonly Clause[];
  /** The mapping at the fault address, or the one beside it that the clauses are about; null where there is none. */
  readonly mapping: MappingReport | null;
}
