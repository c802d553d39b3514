import { argumentsOf, stringArgument } from '../model/accessors.ts';
import type { SyscallEvent } from '../model/event.ts';
import { detach } from '../scan/detach.ts';
import type { Exec, Place } from './process.ts';
import { argvOf } from './process-calls.ts';

/** An exec whose arguments are read when somebody asks: most processes end before. */
export class PrintedExec implements Exec {
  readonly place: Place;
  readonly #dialect: SyscallEvent['dialect'];
  readonly #name: string;
  readonly #pathIndex: number;
  /** Null once they were read. */
  #args: string | null;
  #program: string | null = null;
  #argv: readonly string[] | null = null;

  /** `begun`: the event that shows the arguments. `pathIndex`: which of them is the program's path. */
  constructor(begun: Pick<SyscallEvent, 'dialect' | 'name' | 'args'>, pathIndex: number, place: Place) {
    this.place = place;
    this.#dialect = begun.dialect;
    this.#name = begun.name;
    this.#pathIndex = pathIndex;
    this.#args = detach(begun.args);
  }

  get program(): string | null {
    this.#read();
    return this.#program;
  }

  get argv(): readonly string[] | null {
    this.#read();
    return this.#argv;
  }

  #read(): void {
    const args = this.#args;
    if (args === null) return;
    this.#args = null;
    const pieces = argumentsOf({ dialect: this.#dialect, name: this.#name, args });
    const program = stringArgument(pieces[this.#pathIndex], this.#dialect);
    this.#program = program === null ? null : detach(program);
    this.#argv = argvOf(pieces[this.#pathIndex + 1], this.#dialect);
  }
}
