import { argumentsOf, stringArgument } from '../model/accessors.ts';
import { dialectTraits } from '../model/dialect.ts';
import type { SyscallEvent, TraceEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';
import { detach } from '../scan/detach.ts';
import { placeOf } from './clause.ts';
import type { Place } from './process.ts';
import { type CommandWord, wordsOf } from './process-calls.ts';

/** What is needed to run a program again, as far as the log shows it. */
export interface Rerun {
  /** Path as given to exec, latin1 bytes. */
  readonly program: string;
  /** All words, the program's name for itself first. */
  readonly words: readonly CommandWord[];
  /** Whether the tracer left words out. */
  readonly wordsLeftOut: boolean;
  /** Null where the log does not show it. */
  readonly environment: readonly CommandWord[] | null;
  readonly environmentLeftOut: boolean;
  /** The exec. */
  readonly place: Place;
}

/** Keeps the latest exec of a process. */
export class RerunFold {
  #latest: Rerun | null = null;
  #begun: SyscallEvent | null = null;

  add(event: TraceEvent): void {
    if (event.kind !== 'syscall') return;
    const call = syscallOf(event.name, dialectTraits[event.dialect].platform);
    if (call?.role !== 'exec') return;
    // A thread's exec ends under another id, without its arguments.
    if (event.outcome === 'unfinished' && event.args !== '') this.#begun = event;
    if (event.outcome !== 'returned') return;
    const whole = event.args === '' && this.#begun !== null ? this.#begun : event;
    this.#begun = null;
    const pieces = argumentsOf(whole);
    const path = call.path ?? 0;
    const program = stringArgument(pieces[path], event.dialect);
    const words = wordsOf(pieces[path + 1], whole.dialect);
    const environment = wordsOf(pieces[path + 2], whole.dialect);
    if (program === null || words === null || pieces[path]?.endsWith('...') === true) {
      this.#latest = null;
      return;
    }
    this.#latest = {
      program: detach(program),
      words: words.list,
      wordsLeftOut: words.leftOut,
      environment: environment?.list ?? null,
      environmentLeftOut: environment?.leftOut ?? false,
      place: placeOf(whole),
    };
  }

  /** Null where the log does not show the words. */
  finish(): Rerun | null {
    return this.#latest;
  }
}
