import { SLOT_STATES, SLOTS } from '../../parsers/sieve/memory.ts';
import type { ScannedPiece } from '../../parsers/sieve.ts';

// Of a slot, in 32-bit numbers: whose it is, where its text is to lie, how much of that came, and in how many rows.
const SLOT_NUMBERS = 4;
const START = 1;
const BYTES = 2;
const ROWS = 3;

// Whose a slot is.
const SCANNERS = 1;
const SIFTERS = 2;

/**
 * Slots of rows, which two threads hand each other in turn through the memory they share. Messages would do, but for each the
 * event loop would have to come round: twice the time that is saved by scanning ahead.
 */
export class ScanSlots {
  readonly #numbers: Int32Array;

  constructor(memory: WebAssembly.Memory) {
    this.#numbers = new Int32Array(memory.buffer, SLOT_STATES, SLOTS * SLOT_NUMBERS);
  }

  /** Has these slots filled next, with text at these indexes into the memory. */
  give(slots: readonly { readonly slot: number; readonly start: number }[]): void {
    for (const { slot, start } of slots) {
      this.#numbers[slot * SLOT_NUMBERS + START] = start;
      Atomics.store(this.#numbers, slot * SLOT_NUMBERS, SCANNERS);
    }
    for (const { slot } of slots) Atomics.notify(this.#numbers, slot * SLOT_NUMBERS);
  }

  /** Whether the slot was filled; waits for that so many milliseconds. */
  isFilled(slot: number, patienceMs: number): boolean {
    const at = slot * SLOT_NUMBERS;
    if (Atomics.load(this.#numbers, at) === SCANNERS) Atomics.wait(this.#numbers, at, SCANNERS, patienceMs);
    return Atomics.load(this.#numbers, at) === SIFTERS;
  }

  /** What a slot was filled with. */
  piece(slot: number): ScannedPiece {
    const at = slot * SLOT_NUMBERS;
    const [start = 0, bytes = 0, rows = 0] = this.#numbers.subarray(at + START, at + ROWS + 1);
    return { slot, start, bytes, rows };
  }

  // ---- the scanning thread

  /** Waits until the slot is to be filled, and gives where its text is to lie. */
  waitForRoom(slot: number): number {
    const at = slot * SLOT_NUMBERS;
    for (let owner = Atomics.load(this.#numbers, at); owner !== SCANNERS; owner = Atomics.load(this.#numbers, at)) {
      Atomics.wait(this.#numbers, at, owner);
    }
    return this.#numbers[at + START] ?? 0;
  }

  /** The slot was filled. */
  handOver(slot: number, bytes: number, rows: number): void {
    const at = slot * SLOT_NUMBERS;
    this.#numbers[at + BYTES] = bytes;
    this.#numbers[at + ROWS] = rows;
    Atomics.store(this.#numbers, at, SIFTERS);
    Atomics.notify(this.#numbers, at);
  }
}
