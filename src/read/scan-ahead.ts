import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { SLOTS } from '../../parsers/sieve/memory.ts';
import type { Sieve } from '../../parsers/sieve.ts';
import type { ChunkRoom } from './open-input.ts';
import { ScanSlots } from './scan-slots.ts';
import type { ScanStart } from './scan-worker.ts';

/** The rows of a slot are enough for so much text if its lines have 32 bytes, or 64 where calls are counted. */
const PIECE_BYTES = 524_288;
/** Slots go back so many at a time: waking the other thread takes longer than anything it does meanwhile. */
const SLOTS_AT_ONCE = SLOTS / 2;
/** Then the event loop comes round once more. */
const PATIENCE_MS = 20;
/** It needs next to nothing; what it may take it takes. In MB. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 };
const WORKER = new URL('./scan-worker.js', import.meta.url);

/** Whether a second thread is of use: not on one processor, and not where the sources run unbuilt, which Node 20 cannot load. */
export const CAN_SCAN_AHEAD = availableParallelism() > 1 && import.meta.url.endsWith('.js');

/**
 * A second thread that reads a file and scans its lines, some pieces ahead of the sieve that takes them. It ends where it
 * cannot go on, whatever the reason (the last line has no end, a line is longer than a piece, the file cannot be read):
 * who has taken its pieces reads on from there.
 */
export class ScanAhead {
  readonly #worker: Worker;
  readonly #slots: ScanSlots;
  readonly #sieve: Sieve;
  readonly #room: ChunkRoom;
  #isReady = false;
  /** Nothing more will come. */
  #isOver = false;
  /** How many slots were taken. */
  #taken = 0;
  /** Slots whose lines are over, and which the other thread does not have yet. */
  #spare: number[] = [];

  /** Null where the system has no thread to give, or forbids it. `room`: gives places for text in the sieve's memory. */
  static start(path: string, sieve: Sieve, room: ChunkRoom): ScanAhead | null {
    try {
      return new ScanAhead(path, sieve, room);
    } catch {
      return null;
    }
  }

  private constructor(path: string, sieve: Sieve, room: ChunkRoom) {
    this.#sieve = sieve;
    this.#room = room;
    this.#slots = new ScanSlots(sieve.scanJob.memory);
    const workerData: ScanStart = { job: sieve.scanJob, path, pieceBytes: PIECE_BYTES };
    this.#worker = new Worker(WORKER, { workerData, resourceLimits: LIMITS });
    this.#worker.once('message', () => {
      this.#isReady = true;
    });
    const end = (): void => {
      this.#isOver = true;
    };
    this.#worker.on('error', end);
    this.#worker.on('exit', end);
  }

  /** Whether it has started. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Has lines scanned from this byte of the file on, at which one begins. */
  scanFrom(offset: number): void {
    this.#worker.postMessage(offset);
    this.#give(Array.from({ length: SLOTS }, (_, slot) => slot));
  }

  /**
   * Has the sieve take the next lines in, and gives their bytes; null where it ends. Those of the piece before are over.
   * `linesBefore`: lines of the input before them.
   */
  async next(linesBefore: number): Promise<Buffer | null> {
    if (this.#spare.length === SLOTS_AT_ONCE) {
      this.#give(this.#spare);
      this.#spare = [];
      await setImmediate();
    }
    const slot = this.#taken % SLOTS;
    while (!this.#slots.isFilled(slot, PATIENCE_MS)) {
      if (this.#isOver) return null;
      await setImmediate();
    }
    const piece = this.#slots.piece(slot);
    if (piece.rows === 0) return null;
    this.#taken++;
    this.#spare.push(slot);
    return this.#sieve.takeScanned(piece, linesBefore);
  }

  /** Once it is done, the other thread no longer writes into the sieve's memory. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #give(slots: readonly number[]): void {
    this.#slots.give(slots.map((slot) => ({ slot, start: this.#room(PIECE_BYTES).byteOffset })));
  }
}
