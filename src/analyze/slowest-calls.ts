import type { SyscallEvent } from '../model/event.ts';
import { detach } from '../scan/detach.ts';
import type { Place, Process } from './process.ts';

/** Longest arguments that are kept of a call, in bytes. */
const MAX_ARGS = 200;

/** One call that took long, as reported. Texts are latin1 bytes. */
export interface SlowCall {
  readonly name: string;
  /** As printed: 'openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3'; long arguments end in `...`. */
  readonly text: string;
  readonly durationNs: number;
  readonly place: Place;
  readonly pid: number | null;
  /** The thread, where the log tells threads apart. */
  readonly tid: number | null;
  /** The program that made the call, at that time. */
  readonly program: string | null;
}

/** A call that is kept; what its process is called may show later. */
interface Kept extends Omit<SlowCall, 'pid'> {
  readonly process: Process | null;
}

/** Keeps the calls that took longest; of calls that took the same, the first. */
export class SlowestCalls {
  readonly #most: number;
  readonly #kept: Kept[] = [];
  #floorNs: number;

  constructor(most: number) {
    this.#most = most;
    this.#floorNs = most === 0 ? Number.POSITIVE_INFINITY : 0;
  }

  /** Only a call that took longer can be kept. */
  get floorNs(): number {
    return this.#floorNs;
  }

  add(event: SyscallEvent, durationNs: number, tid: number | null, process: Process | null): void {
    if (durationNs <= this.#floorNs) return;
    const faster = this.#kept.findIndex((call) => call.durationNs < durationNs);
    const { name, input, line, atNs } = event;
    this.#kept.splice(faster < 0 ? this.#kept.length : faster, 0, {
      name: detach(name),
      text: detach(textOf(event)),
      durationNs,
      place: { input, line, atNs },
      tid,
      program: process?.exec?.program ?? null,
      process,
    });
    if (this.#kept.length > this.#most) this.#kept.pop();
    if (this.#kept.length === this.#most) this.#floorNs = this.#kept.at(-1)?.durationNs ?? this.#floorNs;
  }

  /** Longest first, of the processes that are reported. */
  report(isReported: (process: Process | null) => boolean): SlowCall[] {
    return this.#kept
      .filter(({ process }) => isReported(process))
      .map(({ process, ...call }) => ({ ...call, pid: process?.pid ?? null }));
  }
}

function textOf({ name, args, result, errno }: SyscallEvent): string {
  const isLong = args.length > MAX_ARGS;
  const shown = isLong ? `${args.slice(0, characterStart(args, MAX_ARGS))}...` : args;
  return [`${name}(${shown}) =`, result, errno?.name ?? null].filter((part) => part !== null).join(' ');
}

/** The index, or the one before it where a UTF-8 character begins: its later bytes are 10xxxxxx. */
function characterStart(bytes: string, index: number): number {
  let at = index;
  while (at > index - 3 && (bytes.charCodeAt(at) & 0xc0) === 0x80) at--;
  return at;
}
