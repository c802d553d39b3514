import { argumentsOf } from '../model/accessors.ts';
import type { Platform } from '../model/dialect.ts';
import type { SyscallEvent } from '../model/event.ts';
import { signalName } from '../model/signals.ts';
import type { Sender } from './blame-result.ts';
import { placeOf } from './clause.ts';
import type { Place, Process } from './process.ts';

interface Sent {
  readonly from: Process;
  readonly signal: string;
  readonly place: Place;
}

/** Targets remembered; the oldest are let go. */
const MAX_TARGETS = 1024;

/** Follows who sent which signal to whom. */
export class SentSignals {
  readonly #platform: Platform;
  /** The latest signal each process or thread was sent, by its id. */
  readonly #byTarget = new Map<number, Sent>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  // kill(1543, SIGTERM) = 0
  // tgkill(1543, 1550, SIGABRT) = 0
  add(event: SyscallEvent, from: Process): void {
    if (event.outcome === 'failed') return;
    const pieces = argumentsOf(event);
    const [target = '', ...rest] = pieces;
    const signal = rest.map((piece) => this.#signalOf(piece)).find((name) => name !== null) ?? null;
    const id = Number(/^(?:0x[0-9a-f]+|\d+)/i.exec(target)?.[0] ?? Number.NaN);
    if (signal === null || !(id > 0)) return;
    this.#byTarget.delete(id);
    this.#byTarget.set(id, { from, signal, place: placeOf(event) });
    if (this.#byTarget.size <= MAX_TARGETS) return;
    for (const oldest of this.#byTarget.keys()) {
      this.#byTarget.delete(oldest);
      return;
    }
  }

  /** Who sent this process the signal last. `told`: the sender's pid where the signal itself names it. */
  sender({ pid }: Process, signal: string | null, told: number | null): Sender | null {
    const sent = pid === null ? undefined : this.#byTarget.get(pid);
    const isIt = sent !== undefined && sent.signal === signal && (told === null || sent.from.pid === told);
    if (!isIt) return told === null ? null : { pid: told, program: null, place: null };
    const { from, place } = sent;
    return from.pid === null ? null : { pid: from.pid, program: from.exec?.program ?? null, place };
  }

  #signalOf(piece: string): string | null {
    const name = /\bSIG[A-Z]+\d*/.exec(piece)?.[0];
    if (name !== undefined) return name;
    const number = /^(?:0x[0-9a-f]+|\d+)$/i.test(piece) ? Number(piece) : 0;
    // tgkill(21540, 21541, 6): the thread's id is larger than any signal.
    return number > 0 && number < 65 ? signalName(number, this.#platform) : null;
  }
}
