import type { AddressSpace, Mapping } from './address-space.ts';
import { type Clause, sizeText } from './clause.ts';
import type { FaultReason, MappingReport } from './fault-reason.ts';
import { limitClause } from './limits.ts';
import type { MappedFiles } from './mapped-files.ts';
import { EXECUTE, PAGE, protectionText, READ, WRITE } from './memory-calls.ts';
import type { Place } from './process.ts';
import { isTopOfSpace, type Stack, type Stacks } from './stacks.ts';

/** An access that the machine refused. */
export interface MemoryFault {
  readonly address: bigint;
  /** 'SEGV_MAPERR'; null where the log does not tell. */
  readonly code: string | null;
  readonly signal: string;
  /** Address of the instruction, where the log tells. */
  readonly pc: bigint | null;
  /** Id of the faulting thread, as printed. */
  readonly thread: number | null;
  /** Whether it is the one the process began with; null where that is not known. */
  readonly isMain: boolean | null;
  /** Latin1 bytes. */
  readonly program: string | null;
}

/** Where the fault happened: what the log shows of the memory of its process. */
export interface MemoryScene {
  readonly space: AddressSpace;
  readonly stacks: Stacks;
  readonly files: MappedFiles;
}

/** Addresses this near to null are reached through a null pointer: systems map nothing there. */
const NULL_ZONE = 0x10000n;
const TOP = 1n << 64n;
/** Larger stretches without access are address space that was reserved, not guards. */
const LARGEST_GUARD = 1n << 20n;
/** A fault this near behind a mapping ran over its end. */
const OVERRUN = 0x10000n;
/** How far the program's image may reach below its heap: systems put up to a gigabyte of chance between. */
const LARGEST_IMAGE = 1n << 32n;
/** Arguments and environment lie above the first address seen on the main stack, frames below. */
const STACK_SLACK = 1n << 18n;

/** Says what the fault address was. Null where the log shows too little to say anything. */
export function explainMemoryFault(fault: MemoryFault, scene: MemoryScene): FaultReason | null {
  const mapping = scene.space.at(fault.address);
  return mapping === null ? explainHole(fault, scene) : explainMapped(fault, mapping, scene);
}

function explainMapped(fault: MemoryFault, mapping: Mapping, scene: MemoryScene): FaultReason | null {
  const isBus = fault.signal === 'SIGBUS' && fault.code !== 'BUS_ADRALN';
  if (isBus && mapping.origin.kind === 'file') return pastEnd(fault, mapping, scene);
  if (mapping.protection === 0) return inaccessible(fault, mapping, scene);
  // The system knows of no mapping there: something the log does not show has changed it.
  if (fault.code === 'SEGV_MAPERR' || mapping.protection === null) return null;
  return forbidden(fault, mapping);
}

// ---- mapped, and not for this access

function forbidden({ pc, address }: MemoryFault, mapping: Mapping): FaultReason | null {
  const protection = mapping.protection ?? 0;
  const what = nameOf(mapping);
  const canWrite = (protection & WRITE) !== 0;
  const canExecute = (protection & EXECUTE) !== 0;
  const jumps = pc === null ? null : pc === address;
  if (canWrite && canExecute) return null;
  // What may be written may be read: only an instruction cannot be fetched there.
  if (canWrite || (jumps === true && !canExecute)) {
    return reason('not-executable', mapping, [{ text: `jump into ${what}, not executable`, place: null }]);
  }
  const canRead = (protection & READ) !== 0;
  const access = !canRead
    ? 'read of or write to'
    : canExecute || jumps === false
      ? 'write to'
      : 'write to or jump into';
  const kind = canRead ? 'read-only' : 'execute-only';
  return reason(kind, mapping, [{ text: `${access} ${kind} memory: ${what}`, place: null }]);
}

/** The reason, with the calls that mapped and protected the memory behind it. */
function reason(kind: FaultReason['kind'], mapping: Mapping, clauses: readonly Clause[]): FaultReason {
  const { protection, protectedAt, origin } = mapping;
  const [first, ...others] = clauses;
  const placed = first === undefined ? [] : [{ ...first, place: first.place ?? origin.place }];
  const set = protection === null || protectedAt === null ? [] : [protectionClause(protection, protectedAt)];
  return { kind, clauses: [...placed, ...others, ...set], mapping: reportOf(mapping) };
}

function protectionClause(protection: number, place: Place): Clause {
  return { text: `its protection was set to ${protectionText(protection)}`, place };
}

// ---- mapped without any access: guards

function inaccessible(fault: MemoryFault, guard: Mapping, scene: MemoryScene): FaultReason {
  const size = guard.end - guard.start;
  const above = accessible(scene.space.at(guard.end));
  const below = accessible(scene.space.below(guard.start), guard.start);
  const stack = above === null ? null : scene.stacks.within(above.start, usableEnd(above, scene.space));
  if (above !== null && stack !== null) return stackGuard(fault, guard, above, stack, scene);
  const toAbove = guard.end - fault.address;
  const fromBelow = fault.address - guard.start;
  if (size <= LARGEST_GUARD && above !== null && isNearer(guard, above, toAbove, below, fromBelow)) {
    return beside(guard, above, `guard below ${describe(above)}`, `the fault is ${sizeText(toAbove)} below it`);
  }
  if (below !== null && (size <= LARGEST_GUARD || fromBelow < OVERRUN)) {
    return beside(guard, below, `guard behind ${describe(below)}`, pastText(fromBelow));
  }
  const text = `memory mapped without any access, ${sizeText(size)}`;
  return reason('inaccessible', guard, [{ text, place: null }]);
}

/** Of two neighbours a guard belongs to the one it was mapped with, else to the nearer one. */
function isNearer(guard: Mapping, above: Mapping, toAbove: bigint, below: Mapping | null, fromBelow: bigint): boolean {
  if (below === null) return true;
  const isOfAbove = above.origin === guard.origin;
  return isOfAbove === (below.origin === guard.origin) ? toAbove <= fromBelow : isOfAbove;
}

function beside(guard: Mapping, neighbour: Mapping, where: string, distance: string): FaultReason {
  return {
    kind: 'guard',
    clauses: [
      { text: where, place: neighbour.origin.place },
      { text: distance, place: guard.protectedAt ?? guard.origin.place },
    ],
    mapping: reportOf(neighbour),
  };
}

function stackGuard(
  { address, thread }: MemoryFault,
  guard: Mapping,
  stackMapping: Mapping,
  stack: Stack,
  { space }: MemoryScene,
): FaultReason {
  const size = sizeText(usableEnd(stackMapping, space) - stackMapping.start);
  const distance = `the fault is ${sizeText(guard.end - address)} below it`;
  const guardSize = guard.end - guard.start;
  const inGuard = guardSize === PAGE ? 'in its guard page' : `in its guard of ${sizeText(guardSize)}`;
  const place = guard.protectedAt ?? guard.origin.place;
  const isOwn = stack.owner === thread;
  const whose = isOwn ? `${stack.kind} stack` : `the ${stack.kind} stack of ${stack.owner ?? 'another thread'}`;
  return {
    kind: isOwn ? 'stack-exhausted' : 'guard',
    clauses: [
      {
        text: isOwn ? `stack exhausted: ${size} of ${whose}` : `below ${whose}, ${size}`,
        place: stackMapping.origin.place,
      },
      { text: `${distance}, ${inGuard}`, place },
    ],
    mapping: reportOf(stackMapping),
  };
}

/** Where what can be used of the mapping's call ends: later calls may have changed a part of it. */
function usableEnd(mapping: Mapping, space: AddressSpace): bigint {
  let end = mapping.end;
  for (let next = space.at(end); next !== null && next.origin === mapping.origin; next = space.at(end)) {
    if (accessible(next) === null) break;
    end = next.end;
  }
  return end;
}

function accessible(mapping: Mapping | null, endsAt: bigint | null = null): Mapping | null {
  if (mapping === null || mapping.protection === 0) return null;
  return endsAt === null || mapping.end === endsAt ? mapping : null;
}

// ---- files that are shorter than their mapping

function pastEnd({ address }: MemoryFault, mapping: Mapping, { files }: MemoryScene): FaultReason {
  const { path } = mapping.origin;
  const offset = mapping.fileOffset + (address - mapping.start);
  const length = path === null ? null : files.lengthOf(path);
  const size = sizeText(mapping.end - mapping.start);
  const name = path ?? 'a file';
  if (length === null || offset < roundUp(length.bytes)) {
    const text = `${name} has nothing at ${offsetText(offset)}: it is shorter than its mapping, or could not be read`;
    return { kind: 'no-page', clauses: [{ text, place: mapping.origin.place }], mapping: reportOf(mapping) };
  }
  const bytes = sizeText(length.bytes);
  const told = { truncated: `truncated to ${bytes}`, emptied: 'emptied when it was opened', seen: `${bytes} long` };
  return {
    kind: 'past-end-of-file',
    clauses: [
      { text: `past the end of ${name}: offset ${offsetText(offset)}, ${size} mapped`, place: mapping.origin.place },
      { text: `the file was ${told[length.how]}`, place: length.place },
    ],
    mapping: reportOf(mapping),
  };
}

function roundUp(bytes: bigint): bigint {
  return ((bytes + PAGE - 1n) / PAGE) * PAGE;
}

// ---- nothing is mapped there

function explainHole(fault: MemoryFault, scene: MemoryScene): FaultReason | null {
  const { address, code, program } = fault;
  const { space } = scene;
  if (address < NULL_ZONE || TOP - address <= NULL_ZONE) return nullPointer(fault);
  // The system knows a mapping: one it made itself.
  if (code === 'SEGV_ACCERR') return isInImage(address, space) ? image(program, space) : null;
  if (fault.signal !== 'SIGSEGV' && code !== null) return null;
  const removal = space.removalAt(address);
  if (removal !== null) {
    const { mapping, place } = removal;
    return {
      kind: 'unmapped',
      clauses: [
        { text: `memory unmapped earlier: ${describe(mapping)}`, place },
        { text: 'it was mapped', place: mapping.origin.place },
      ],
      mapping: reportOf(mapping),
    };
  }
  return belowStack(fault, scene) ?? pastMapping(address, space) ?? nowhere(fault, space);
}

function nullPointer({ address, pc }: MemoryFault): FaultReason {
  const offset = address < NULL_ZONE ? `0x${address.toString(16)}` : `-0x${(TOP - address).toString(16)}`;
  const what = pc === address ? 'jump through a null pointer' : 'null pointer';
  const text = address === 0n ? what : `${what}: offset ${offset}`;
  return { kind: 'null-pointer', clauses: [{ text, place: null }], mapping: null };
}

/** The program's image ends where its heap begins. */
function isInImage(address: bigint, space: AddressSpace): boolean {
  const { heapStart } = space;
  if (space.exec === null || heapStart === null || address >= heapStart) return false;
  const above = space.above(address);
  return heapStart - address < LARGEST_IMAGE && (above === null || above.start >= heapStart);
}

function image(program: string | null, space: AddressSpace): FaultReason {
  const text = `the image of ${program ?? 'the program'} itself, mapped by its exec, does not allow the access`;
  return { kind: 'image', clauses: [{ text, place: space.exec }], mapping: null };
}

function belowStack(fault: MemoryFault, { space, stacks }: MemoryScene): FaultReason | null {
  const { address } = fault;
  const above = space.above(address);
  // A stack without a guard below it.
  const stack = above === null ? null : stacks.within(above.start, above.end);
  if (above !== null && stack !== null && above.start - address < OVERRUN && stack.owner === fault.thread) {
    const size = sizeText(usableEnd(above, space) - above.start);
    const clauses = [
      { text: `stack exhausted: ${size} of ${stack.kind} stack`, place: above.origin.place },
      { text: `the fault is ${sizeText(above.start - address)} below it`, place: null },
    ];
    return { kind: 'stack-exhausted', clauses, mapping: reportOf(above) };
  }
  if (above !== null || fault.isMain === false || !isTopOfSpace(address)) return null;
  return mainStack(address, stacks);
}

/** No call maps the main stack: it grows on its own, up to its limit, below the highest address of all. */
function mainStack(address: bigint, { main, limit }: Stacks): FaultReason | null {
  const allowed = limit === null || limit.value === null ? null : limit.value;
  const depth = main === null ? null : main.address - address;
  if (depth !== null && depth <= 0n) return null;
  if (main === null || depth === null) {
    if (limit === null) return null;
    const text = 'below the main stack, where nothing is mapped';
    return { kind: 'below-stack', clauses: [{ text, place: null }, limitClause(limit)], mapping: null };
  }
  const clauses = [
    { text: `the fault is ${depth / 1024n} KiB below an address on the main stack`, place: main.place },
    ...(limit === null ? [] : [limitClause(limit)]),
  ];
  const isFull = allowed !== null && depth > allowed - STACK_SLACK && depth < allowed + STACK_SLACK;
  if (!isFull) return { kind: 'below-stack', clauses, mapping: null };
  const text = `stack exhausted: ${sizeText(allowed)} of main stack`;
  return { kind: 'stack-exhausted', clauses: [{ text, place: null }, ...clauses], mapping: null };
}

function pastMapping(address: bigint, space: AddressSpace): FaultReason | null {
  const below = space.below(address);
  if (below === null || below.protection === 0 || address - below.end >= OVERRUN) return null;
  const clauses = [
    { text: `behind ${describe(below)}`, place: below.origin.place },
    { text: pastText(address - below.end), place: null },
  ];
  return { kind: 'past-mapping', clauses, mapping: reportOf(below) };
}

function nowhere({ code }: MemoryFault, space: AddressSpace): FaultReason | null {
  if (code !== 'SEGV_MAPERR' || !space.isComplete) return null;
  const text = 'no call since its exec mapped anything there';
  return { kind: 'never-mapped', clauses: [{ text, place: space.exec }], mapping: null };
}

// ---- words

function pastText(distance: bigint): string {
  return distance === 0n ? 'the fault is right at its end' : `the fault is ${sizeText(distance)} past its end`;
}

/** '132 KiB of heap', '4 KiB of /lib/libc.so.6'. */
function describe(mapping: Mapping): string {
  return `${sizeText(mapping.end - mapping.start)} of ${nameOf(mapping)}`;
}

function nameOf({ origin }: Mapping): string {
  switch (origin.kind) {
    case 'file':
      return origin.path ?? 'a file';
    case 'heap':
      return 'heap';
    case 'anonymous':
      return origin.isStack ? 'stack' : 'anonymous memory';
    default:
      return origin.kind satisfies never;
  }
}

function offsetText(offset: bigint): string {
  return `0x${offset.toString(16)}`;
}

function reportOf({ start, end, protection, origin }: Mapping): MappingReport {
  return {
    start: `0x${start.toString(16)}`,
    end: `0x${end.toString(16)}`,
    protection: protection === null ? null : protectionText(protection),
    kind: origin.kind,
    path: origin.path,
    place: origin.place,
  };
}
