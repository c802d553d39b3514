/** What is said of each name, a byte by the name's place. */
const VERDICTS = 2048;
const NAMES = 4096;
const NAME_BYTES = 64;
const NAME_OFFSET = 8;
/** The place of a name that has none. */
export const NO_NAME = 1024;

/** The names of calls and errors that compiled code met in its memory, as assembly/names.ts puts them there. */
export class MetNames {
  readonly #memory: Buffer;
  /** Those asked for so far, by their places. Filled at once: an array with gaps is looked up ten times as long. */
  readonly #names = new Array<string | null>(NO_NAME).fill(null);

  constructor(memory: Buffer) {
    this.#memory = memory;
  }

  /** The name at that place. */
  at(place: number): string {
    const known = this.#names[place];
    if (known != null) return known;
    const name = this.#read(place);
    this.#names[place] = name;
    return name;
  }

  /** Tells the compiled code what is to become of calls with the name at that place. */
  say(place: number, verdict: number): void {
    this.#memory[VERDICTS + place] = verdict;
  }

  #read(place: number): string {
    const entry = NAMES + place * NAME_BYTES;
    const start = entry + NAME_OFFSET;
    return this.#memory.toString('latin1', start, start + (this.#memory[entry] ?? 0));
  }
}
