import type { DescriptorArgument } from '../model/accessors.ts';
import type { Platform } from '../model/dialect.ts';
import type { SyscallEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';
import { placeOf } from './clause.ts';
import { type MemoryCall, memoryCallOf, PAGE } from './memory-calls.ts';
import type { Place } from './process.ts';

/** The call that mapped something: pieces of one mapping share it. */
export interface MappingOrigin {
  readonly kind: 'file' | 'anonymous' | 'heap';
  /** Latin1 bytes; null where it is no file, or the log does not show which. */
  readonly path: string | null;
  /** Whether it was asked for as a stack. */
  readonly isStack: boolean;
  readonly place: Place;
}

/** A stretch of addresses that are mapped alike, from `start` to before `end`. */
export interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
  /** Bits of `memory-calls.ts`; null where they are not known. */
  readonly protection: number | null;
  readonly origin: MappingOrigin;
  /** Offset of `start` in the file. */
  readonly fileOffset: bigint;
  /** The call that last changed the protection; null where none did. */
  readonly protectedAt: Place | null;
}

/** What was mapped once and is no more. */
export interface Removal {
  readonly mapping: Mapping;
  readonly place: Place;
}

/** Linux allows a process 65,530; what is mapped beyond that is counted only. */
const MAX_MAPPINGS = 65_536;
/** Latest removals that are remembered. */
const MAX_REMOVALS = 4096;

/** Follows the mappings of one process from its calls, in the order of the log. */
export class AddressSpace {
  readonly #platform: Platform;
  readonly #pathOf: (descriptor: DescriptorArgument) => string | null;
  /** By address; they never overlap. */
  #mappings: Mapping[] = [];
  #removals: Removal[] = [];
  #unseen = 0;
  #forgotten = 0;
  #heapStart: bigint | null = null;
  #heapEnd: bigint | null = null;
  #heap: MappingOrigin | null = null;
  #exec: Place | null = null;

  /** `pathOf`: the file behind a descriptor, latin1 bytes, or null. */
  constructor(platform: Platform, pathOf: (descriptor: DescriptorArgument) => string | null) {
    this.#platform = platform;
    this.#pathOf = pathOf;
  }

  /** All that is mapped, by address. */
  get mappings(): readonly Mapping[] {
    return this.#mappings;
  }

  /** The exec that made the space; null where the log begins later. */
  get exec(): Place | null {
    return this.#exec;
  }

  /** Where the heap begins, right behind the program's own image; null where no call tells. */
  get heapStart(): bigint | null {
    return this.#heapStart;
  }

  /** Whether every call that mapped something since the exec is known with its addresses, and there were such calls. */
  get isComplete(): boolean {
    return this.#exec !== null && this.#unseen === 0 && this.#forgotten === 0 && this.#mappings.length > 0;
  }

  add(event: SyscallEvent): void {
    if (event.outcome === 'returned' && syscallOf(event.name, this.#platform)?.role === 'exec') this.#clear(event);
    const call = memoryCallOf(event, this.#platform);
    if (call !== null) this.#apply(call, placeOf(event));
  }

  /** What is mapped at the address, or null. */
  at(address: bigint): Mapping | null {
    const found = this.#mappings[this.#firstEndingAfter(address)];
    return found !== undefined && found.start <= address ? found : null;
  }

  /** The nearest mapping that ends at or before the address. */
  below(address: bigint): Mapping | null {
    return this.#mappings[this.#firstEndingAfter(address) - 1] ?? null;
  }

  /** The nearest mapping that begins after the address. */
  above(address: bigint): Mapping | null {
    const index = this.#firstEndingAfter(address);
    const found = this.#mappings[index];
    return (found !== undefined && found.start <= address ? this.#mappings[index + 1] : found) ?? null;
  }

  /** What was at the address last before it was unmapped; null where nothing was, as far as is remembered. */
  removalAt(address: bigint): Removal | null {
    const holds = ({ mapping }: Removal) => mapping.start <= address && address < mapping.end;
    return this.#removals.findLast(holds) ?? null;
  }

  #clear(event: SyscallEvent): void {
    this.#mappings = [];
    this.#removals = [];
    this.#unseen = 0;
    this.#forgotten = 0;
    this.#heapStart = null;
    this.#heapEnd = null;
    this.#heap = null;
    this.#exec = placeOf(event);
  }

  #apply(call: MemoryCall, place: Place): void {
    switch (call.kind) {
      case 'map':
        this.#map(call, place);
        break;
      case 'unmap':
        this.#remove(pageOf(call.start), pageAfter(call.start + call.length), place);
        break;
      case 'protect':
        this.#protect(pageOf(call.start), pageAfter(call.start + call.length), call.protection, place);
        break;
      case 'remap':
        this.#remap(call, place);
        break;
      case 'break':
        this.#break(pageAfter(call.end), place);
        break;
      case 'unseen':
        this.#unseen++;
        break;
      default:
        call satisfies never;
    }
  }

  #map(call: MemoryCall & { readonly kind: 'map' }, place: Place): void {
    const { file, protection, isStack, fileOffset } = call;
    const path = file === null ? null : (file.path ?? this.#pathOf(file));
    const origin: MappingOrigin = { kind: file === null ? 'anonymous' : 'file', path, isStack, place };
    const start = pageOf(call.start);
    const end = pageAfter(call.start + call.length);
    this.#replace(start, end, [{ start, end, protection, origin, fileOffset, protectedAt: null }]);
  }

  #protect(start: bigint, end: bigint, protection: number | null, place: Place): void {
    const parts = this.#replace(start, end, []);
    this.#replace(
      start,
      end,
      parts.map((part) => ({ ...part, protection, protectedAt: place })),
    );
  }

  #remap(call: MemoryCall & { readonly kind: 'remap' }, place: Place): void {
    const from = pageOf(call.from);
    const start = pageOf(call.start);
    const end = pageAfter(call.start + call.length);
    const shift = start - from;
    const source = this.at(from);
    const parts = call.keepsOld ? [] : this.#replace(from, pageAfter(call.from + call.oldLength), []);
    const moved: Mapping[] = [];
    for (const part of parts) {
      const keptTo = max(part.start, min(part.end, end - shift));
      if (keptTo > part.start) moved.push(shifted(piece(part, part.start, keptTo), shift));
      const goneFrom = shift === 0n ? keptTo : part.start;
      if (goneFrom < part.end) this.#recall(piece(part, goneFrom, part.end), place);
    }
    const grownFrom = moved.at(-1)?.end ?? start;
    if (grownFrom < end) {
      const base = moved.at(-1) ?? (source === null ? null : shifted(source, shift));
      moved.push(base === null ? unknownMapping(grownFrom, end, place) : piece(base, grownFrom, end));
    }
    this.#replace(start, end, moved);
  }

  #break(end: bigint, place: Place): void {
    const before = this.#heapEnd;
    this.#heapEnd = end;
    this.#heapStart ??= end;
    if (before === null || end === before) return;
    if (end < before) {
      this.#remove(end, before, place);
      return;
    }
    this.#heap ??= { kind: 'heap', path: null, isStack: false, place };
    const grown = { start: before, end, protection: 3, origin: this.#heap, fileOffset: 0n, protectedAt: null };
    this.#replace(before, end, [grown]);
  }

  #remove(start: bigint, end: bigint, place: Place): void {
    for (const mapping of this.#replace(start, end, [])) this.#recall(mapping, place);
  }

  #recall(mapping: Mapping, place: Place): void {
    this.#removals.push({ mapping, place });
    if (this.#removals.length > 2 * MAX_REMOVALS) this.#removals = this.#removals.slice(-MAX_REMOVALS);
  }

  /** Puts pieces in place of all that is mapped from start to end, and gives what was there. */
  #replace(start: bigint, end: bigint, pieces: readonly Mapping[]): Mapping[] {
    if (start >= end) return [];
    const first = this.#firstEndingAfter(start);
    let next = first;
    const cut: Mapping[] = [];
    const around: [Mapping[], Mapping[]] = [[], []];
    for (let found = this.#mappings[next]; found !== undefined && found.start < end; found = this.#mappings[++next]) {
      if (found.start < start) around[0].push(piece(found, found.start, start));
      if (found.end > end) around[1].push(piece(found, end, found.end));
      cut.push(piece(found, max(found.start, start), min(found.end, end)));
    }
    const kept = this.#mappings.length - cut.length < MAX_MAPPINGS ? pieces : [];
    this.#forgotten += pieces.length - kept.length;
    // The neighbours too: the new may continue them.
    const from = Math.max(first - 1, 0);
    const left = this.#mappings.slice(from, first);
    const right = this.#mappings.slice(next, next + 1);
    const all = joined([...left, ...around[0], ...kept, ...around[1], ...right]);
    this.#mappings.splice(from, next + right.length - from, ...all);
    return cut;
  }

  #firstEndingAfter(address: bigint): number {
    let low = 0;
    let high = this.#mappings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#mappings[middle];
      if (found !== undefined && found.end <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What a remap moved from where the log shows no mapping. */
function unknownMapping(start: bigint, end: bigint, place: Place): Mapping {
  const origin: MappingOrigin = { kind: 'anonymous', path: null, isStack: false, place };
  return { start, end, protection: null, origin, fileOffset: 0n, protectedAt: null };
}

function shifted(mapping: Mapping, by: bigint): Mapping {
  return { ...mapping, start: mapping.start + by, end: mapping.end + by };
}

/** The mapping as it is, or would go on, from start to end. */
function piece(mapping: Mapping, start: bigint, end: bigint): Mapping {
  return { ...mapping, start, end, fileOffset: mapping.fileOffset + (start - mapping.start) };
}

/** Neighbours that are mapped alike as one: a heap that grew a thousand times is one mapping. */
function joined(pieces: readonly Mapping[]): Mapping[] {
  const result: Mapping[] = [];
  for (const next of pieces) {
    const last = result.at(-1);
    if (last !== undefined && continues(last, next)) {
      result[result.length - 1] = { ...last, end: next.end, protectedAt: next.protectedAt ?? last.protectedAt };
    } else {
      result.push(next);
    }
  }
  return result;
}

function continues(last: Mapping, next: Mapping): boolean {
  if (last.end !== next.start || last.origin !== next.origin || last.protection !== next.protection) return false;
  return last.origin.kind !== 'file' || last.fileOffset + (next.start - last.start) === next.fileOffset;
}

function pageOf(address: bigint): bigint {
  return address - (address % PAGE);
}

function pageAfter(address: bigint): bigint {
  return pageOf(address + PAGE - 1n);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
