import type { Exploration } from '../explore/exploration.ts';
import { emptyFrame, frameOf } from './frame.ts';
import { commandOf } from './keys.ts';
import { type Outside, Session, type Snapshot } from './session.ts';
import type { Theme } from './theme.ts';

const WAITING = 'waiting for the first lines of the trace…  q quits';

/** What a viewer does outside of itself. */
export interface ViewerOutside extends Outside {
  /** Gives the terminal back until the program is continued. */
  suspend(): void;
}

/** What is on the screen: nothing but a sentence until there is a trace, then a session with it. */
export class Viewer {
  readonly #theme: Theme;
  readonly #outside: ViewerOutside;
  readonly #listeners = new Set<() => void>();
  #columns: number;
  #rows: number;
  #session: Session | null = null;
  #shown: Snapshot | null = null;
  #frame: readonly string[];

  constructor(columns: number, rows: number, theme: Theme, outside: ViewerOutside) {
    this.#columns = columns;
    this.#rows = rows;
    this.#theme = theme;
    this.#outside = outside;
    this.#frame = emptyFrame(WAITING, columns, rows, theme);
  }

  /** Shows a trace from here on. */
  open(exploration: Exploration): Session {
    const session = new Session(exploration, this.#columns, this.#rows, this.#outside);
    this.#session = session;
    session.subscribe(() => this.#changed());
    this.#changed();
    return session;
  }

  /** Calls the listener when there is another frame. Gives what ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The rows of the screen, painted; the same until something changes. */
  readonly frame = (): readonly string[] => {
    const snapshot = this.#session?.snapshot() ?? null;
    if (snapshot !== null && snapshot !== this.#shown) this.#frame = frameOf(snapshot, this.#theme);
    this.#shown = snapshot;
    return this.#frame;
  };

  /** A key was pressed, by its name. */
  press(name: string): void {
    if (name === 'ctrl-z') this.#outside.suspend();
    else if (this.#session !== null) this.#session.press(name);
    else this.#pressMeanwhile(name);
  }

  /** The terminal has another size. */
  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
    if (this.#session !== null) {
      this.#session.resize(columns, rows);
    } else {
      this.#frame = emptyFrame(WAITING, columns, rows, this.#theme);
      this.#changed();
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#listeners.clear();
    this.#session?.close();
  }

  #pressMeanwhile(name: string): void {
    const command = commandOf(name);
    if (command === 'quit' || command === 'interrupt') this.#outside.left(command);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
