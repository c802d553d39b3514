import { argumentsOf, resultId } from '../model/accessors.ts';
import type { Platform } from '../model/dialect.ts';
import type { SyscallEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';
import type { AddressSpace } from './address-space.ts';
import { placeOf } from './clause.ts';
import { type Limit, limitOf } from './limits.ts';
import { memoryCallOf, numberOf } from './memory-calls.ts';
import type { Place } from './process.ts';

/** A stack that a call handed to a thread. */
export interface Stack {
  /** An address inside it. */
  readonly inside: bigint;
  readonly owner: number | null;
  readonly kind: 'thread' | 'signal';
}

/** An address that a call was given, above every mapping: on the main stack. */
export interface StackAddress {
  readonly address: bigint;
  readonly place: Place;
}

const MAX_STACKS = 65_536;

/** truss prints no LWP id while there is one. */
const FIRST_LWP = 1;

/** A thread that makes another maps a stack for it, takes all access from its lowest page, and creates: calls between. */
const CREATION_CALLS = 8;

/** Follows which thread runs on which stack, and what shows of the main one, which no call maps. */
export class Stacks {
  readonly #platform: Platform;
  readonly #space: AddressSpace;
  readonly #threads = new Map<number | null, Stack>();
  readonly #signals = new Map<number | null, Stack>();
  /** The latest guard, by whom it was made, and the calls since. */
  #guard: { readonly end: bigint; readonly thread: number; calls: number } | null = null;
  /** The highest address seen on the main stack. */
  main: StackAddress | null = null;
  /** The latest RLIMIT_STACK that a call set or asked for. */
  limit: Limit | null = null;

  constructor(platform: Platform, space: AddressSpace) {
    this.#platform = platform;
    this.#space = space;
  }

  /** The stacks of a thread: its own, where it is not the main one, and the one its signal handlers run on. */
  of(thread: number | null): readonly Stack[] {
    const stacks = [this.#threads.get(thread), this.#signals.get(thread)];
    return stacks.filter((stack) => stack !== undefined);
  }

  /** The stack that lies in the stretch of addresses, or null. */
  within(start: bigint, end: bigint): Stack | null {
    for (const stacks of [this.#threads, this.#signals]) {
      for (const stack of stacks.values()) if (stack.inside >= start && stack.inside < end) return stack;
    }
    return null;
  }

  /** `thread`: the id of the thread whose call it is, as printed. */
  add(event: SyscallEvent, thread: number | null): void {
    const role = syscallOf(event.name, this.#platform)?.role;
    if (role === 'exec' && event.outcome === 'returned') {
      this.#threads.clear();
      this.#signals.clear();
      this.main = null;
      return;
    }
    const limit = limitOf(event);
    if (limit?.resource === 'RLIMIT_STACK' && limit.pid === null) this.limit = limit;
    if (this.#platform === 'illumos') this.#lwp(event, thread ?? FIRST_LWP);
    if (role === 'spawn') this.#spawn(event, thread);
    else if (event.name === 'sigaltstack') this.#signalStack(event, thread);
    else if (event.args.includes('0x')) this.#see(event);
  }

  // clone(child_stack=0x7f3a5c3fffb0, flags=CLONE_VM|…) = 123
  // clone3({flags=CLONE_VM|…, stack=0x7f3a5bbff000, stack_size=0x7fff80, …} => {parent_tid=[123]}, 88) = 123
  #spawn(event: SyscallEvent, thread: number | null): void {
    const child = resultId(event);
    if (child === null) return;
    const top = numberOf(/\bchild_stack=(0x[0-9a-f]+|NULL)/.exec(event.args)?.[1]);
    const base = numberOf(/\bstack=(0x[0-9a-f]+|NULL)/.exec(event.args)?.[1]);
    const size = numberOf(/\bstack_size=(0x[0-9a-f]+)/.exec(event.args)?.[1]) ?? 0n;
    // The guard may be the lowest part of what is handed over: the top is surely stack.
    const inside = (top ?? (base === null ? 0n : base + size)) - 1n;
    const own = this.#threads.get(thread);
    if (inside > 0n) keep(this.#threads, { inside, owner: child, kind: 'thread' });
    // A copy of the process runs on a copy of the stack.
    else if (own !== undefined) keep(this.#threads, { ...own, owner: child });
  }

  // mprotect(0xFFFFFC7FEA600000, 4096, PROT_NONE) = 0
  // lwp_create(0xFFFFFC7FFFDF9A30, LWP_SUSPENDED, 0xFFFFFC7FEF3A2A40) = 2
  #lwp(event: SyscallEvent, thread: number): void {
    const call = memoryCallOf(event, this.#platform);
    if (call?.kind === 'protect' && call.protection === 0) {
      this.#guard = { end: call.start + call.length, thread, calls: 0 };
      return;
    }
    if (this.#guard === null || this.#guard.thread !== thread) return;
    const above = this.#space.at(this.#guard.end);
    const owner = event.name === 'lwp_create' ? resultId(event) : null;
    if (owner !== null && above !== null) keep(this.#threads, { inside: above.end - 1n, owner, kind: 'thread' });
    if (owner !== null || ++this.#guard.calls > CREATION_CALLS) this.#guard = null;
  }

  #signalStack(event: SyscallEvent, thread: number | null): void {
    const set = argumentsOf(event)[0] ?? '';
    const base = numberOf(/\bss_sp=(0x[0-9a-f]+)/.exec(set)?.[1]);
    const size = numberOf(/\bss_size=(\d+|0x[0-9a-f]+)/.exec(set)?.[1]);
    if (event.outcome !== 'returned' || !set.startsWith('{')) return;
    const inside = base === null || size === null ? 0n : base + size - 1n;
    if (inside <= 0n || set.includes('SS_DISABLE')) this.#signals.delete(thread);
    else keep(this.#signals, { inside, owner: thread, kind: 'signal' });
  }

  #see(event: SyscallEvent): void {
    const role = syscallOf(event.name, this.#platform)?.role;
    if (role === 'map' || role === 'unmap' || role === 'protect' || role === 'remap' || role === 'break') return;
    const top = this.#space.mappings.at(-1);
    if (top === undefined) return;
    for (const piece of argumentsOf(event)) {
      const address = piece.startsWith('0x') ? numberOf(piece) : null;
      if (address === null || address < top.end || address <= (this.main?.address ?? 0n)) continue;
      if (isTopOfSpace(address)) this.main = { address, place: placeOf(event) };
    }
  }
}

function keep(stacks: Map<number | null, Stack>, stack: Stack): void {
  stacks.delete(stack.owner);
  stacks.set(stack.owner, stack);
  if (stacks.size > MAX_STACKS) for (const oldest of stacks.keys()) return void stacks.delete(oldest);
}

/** Where the addresses of a process end: 64-bit illumos, 57 to 38 bits, 32 bits, 32 bits with a quarter for the kernel. */
const SPACE_ENDS = [0xc0000000n, 1n << 32n, 1n << 38n, 1n << 39n, 1n << 47n, 1n << 48n, 1n << 56n, 0xfffffd8000000000n];
/** Linux moves the main stack down by up to 16 GiB, at random; it needs room of its own besides. */
const STACK_ZONE = 1n << 35n;

/** Whether systems put the main stack thereabouts: right below the end of all addresses. */
export function isTopOfSpace(address: bigint): boolean {
  const end = SPACE_ENDS.find((candidate) => address < candidate);
  return end !== undefined && end - address <= STACK_ZONE;
}
