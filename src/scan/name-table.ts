/** Longest name that is remembered: no call of any system is longer. */
const MAX_NAME_BYTES = 64;
/** Most names that are remembered. A system has a few hundred calls; only hostile input has more names. */
const MAX_NAMES = 1024;
const SLOTS = 1024;

interface Entry {
  readonly name: Uint8Array;
  readonly wanted: boolean;
  /** The entry before it in the same slot. */
  readonly next: Entry | null;
}

/**
 * Answers a yes-or-no question about names that stand in a buffer, without making strings of them: each name is
 * decoded and asked about when it is first seen, then known by its bytes. Names are compared whole, so the answer
 * is never another name's.
 */
export class NameTable {
  readonly #wants: (name: string) => boolean;
  readonly #slots: (Entry | null)[] = new Array<Entry | null>(SLOTS).fill(null);
  #size = 0;

  /** `wants` must give the same answer for the same name at all times. Names are latin1 text. */
  constructor(wants: (name: string) => boolean) {
    this.#wants = wants;
  }

  /** What `wants` says about the name in the bytes [start, end). */
  wants(buffer: Buffer, start: number, end: number): boolean {
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (buffer[at] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    for (let entry = this.#slots[slot] ?? null; entry !== null; entry = entry.next) {
      if (equals(entry.name, buffer, start, end)) return entry.wanted;
    }
    return this.#ask(buffer, start, end, slot);
  }

  #ask(buffer: Buffer, start: number, end: number, slot: number): boolean {
    const wanted = this.#wants(buffer.toString('latin1', start, end));
    if (end - start <= MAX_NAME_BYTES && this.#size < MAX_NAMES) {
      this.#slots[slot] = {
        name: Uint8Array.from(buffer.subarray(start, end)),
        wanted,
        next: this.#slots[slot] ?? null,
      };
      this.#size++;
    }
    return wanted;
  }
}

function equals(name: Uint8Array, buffer: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at++) {
    if (name[at] !== buffer[start + at]) return false;
  }
  return true;
}
