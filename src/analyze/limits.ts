import { argumentsOf } from '../model/accessors.ts';
import type { SyscallEvent } from '../model/event.ts';
import { type Clause, placeOf, sizeText } from './clause.ts';
import type { Place } from './process.ts';

/** A resource limit that a call set or asked for. */
export interface Limit {
  /** 'RLIMIT_STACK'. */
  readonly resource: string;
  /** The soft limit; null where there is none. */
  readonly value: bigint | null;
  /** Whether the call set it. */
  readonly isSet: boolean;
  /** Whose, where the call names another process (prlimit64); null for the caller. */
  readonly pid: number | null;
  readonly place: Place;
}

/** Limits in bytes; the others count seconds, processes, files. */
const IN_BYTES = /^RLIMIT_(?:AS|VMEM|DATA|STACK|FSIZE|RSS|MEMLOCK|CORE|MSGQUEUE|SBSIZE|SWAP)$/;

/** rlim_cur=8192*1024, cur = RLIM_INFINITY */
const SOFT_LIMIT = /\bcur\s*=\s*(?:(0x[0-9a-f]+|\d+)(?:\*(\d+))?|(RLIM\w*INFINITY))/;

/**
 * The limit a call showed or set, in the forms of all tracers: `setrlimit(RLIMIT_AS, {rlim_cur=…})`,
 * `prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=…})`. Null where it failed or does not show the value.
 */
export function limitOf(event: SyscallEvent): Limit | null {
  if (!event.name.includes('rlimit') || event.outcome !== 'returned') return null;
  const pieces = argumentsOf(event);
  const at = pieces.findIndex((piece) => /^(?:0x[0-9a-f]+ \/\* |\d+ \/\* |0x[0-9a-f]+<)?RLIMIT_[A-Z]+/.test(piece));
  const resource = /RLIMIT_[A-Z]+/.exec(pieces[at] ?? '')?.[0];
  if (resource === undefined) return null;
  // prlimit64(pid, resource, new, old): the old value tells nothing where there is a new one.
  const asked = event.name.includes('prlimit') ? pieces[at + 1] : undefined;
  const isSet = asked === undefined ? event.name.includes('setrlimit') : asked !== 'NULL' && !/^0(?:x0)?$/.test(asked);
  const shown = asked === undefined || isSet ? pieces[at + 1] : pieces[at + 2];
  const [, number, factor = '1', infinity] = SOFT_LIMIT.exec((shown ?? '').replace('rlim_', '')) ?? [];
  if (number === undefined && infinity === undefined) return null;
  const value = number === undefined ? null : BigInt(number) * BigInt(factor);
  const target = asked === undefined ? 0 : Number(pieces[0]);
  return { resource, value, isSet, pid: target > 0 ? target : null, place: placeOf(event) };
}

/** 'RLIMIT_CPU was set to 1 s'. */
export function limitClause(limit: Limit): Clause {
  const verb = limit.isSet ? 'was set to' : 'is';
  return { text: `${limit.resource} ${verb} ${amountText(limit)}`, place: limit.place };
}

function amountText({ resource, value }: Limit): string {
  if (value === null) return 'unlimited';
  if (IN_BYTES.test(resource)) return sizeText(value);
  return resource === 'RLIMIT_CPU' ? `${value} s` : `${value}`;
}

/** Which limit a signal tells of; null for signals that tell of none. */
export function limitBehind(signal: string): string | null {
  if (signal === 'SIGXCPU') return 'RLIMIT_CPU';
  return signal === 'SIGXFSZ' ? 'RLIMIT_FSIZE' : null;
}

/**
 * What a death by SIGXCPU or SIGXFSZ rests on: the limit set last by the process or its ancestors. Null for other
 * signals, and where none was seen.
 */
export function limitReason(signal: string | null, limits: readonly Limit[]): Clause | null {
  const resource = signal === null ? null : limitBehind(signal);
  const limit = limits.findLast((candidate) => candidate.resource === resource && candidate.isSet);
  return limit === undefined ? null : limitClause(limit);
}
