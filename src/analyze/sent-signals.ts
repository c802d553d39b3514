import { argumentsOf } from '../model/accessors.ts';
import type { Platform } from '../model/dialect.ts';
import type { SyscallEvent } from '../model/event.ts';
import { signalName } from '../model/signals.ts';
import type { Sender } from './blame-result.ts';
import { placeOf } from './clause.ts';
import { type Place, type Process, programOf } from './process.ts';

interface Sent {
  readonly from: Process;
  readonly place: Place;
}

/** Signals remembered; the oldest are let go. */
const MAX_SENT = 1024;

/** Follows who sent which signal to whom. */
export class SentSignals {
  readonly #platform: Platform;
  /** The latest of each signal that a process or thread was sent: 'SIGTERM 1543'. */
  readonly #latest = new Map<string, Sent>();

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
    const key = `${signal} ${id}`;
    this.#latest.delete(key);
    this.#latest.set(key, { from, place: placeOf(event) });
    if (this.#latest.size <= MAX_SENT) return;
    for (const oldest of this.#latest.keys()) {
      this.#latest.delete(oldest);
      return;
    }
  }

  /** Who sent this process the signal last. `told`: the sender's pid where the signal itself names it. */
  sender({ pid }: Process, signal: string | null, told: number | null): Sender | null {
    const sent = pid === null ? undefined : this.#latest.get(`${signal} ${pid}`);
    const isIt = sent !== undefined && (told === null || sent.from.pid === told);
    if (!isIt) return told === null ? null : { pid: told, program: null, place: null };
    const { from, place } = sent;
    return from.pid === null ? null : { pid: from.pid, program: programOf(from), place };
  }

  #signalOf(piece: string): string | null {
    const name = /\bSIG[A-Z]+\d*/.exec(piece)?.[0];
    if (name !== undefined) return name;
    const number = /^(?:0x[0-9a-f]+|\d+)$/i.test(piece) ? Number(piece) : 0;
    // tgkill(21540, 21541, 6): the thread's id is larger than any signal.
    return number > 0 && number < 65 ? signalName(number, this.#platform) : null;
  }
}
