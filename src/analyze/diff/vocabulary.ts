import { NumberPairs } from './number-pairs.ts';
import type { Act, Vocabulary } from './run.ts';
import { Texts } from './texts.ts';

/** All of an act but its object: there are few of them. */
type Deed = Omit<Act, 'object'>;

/** Numbers acts, and calls whatever came of them, in the order they are first asked for. */
export class ActVocabulary implements Vocabulary {
  readonly #texts: Texts;
  readonly #deeds = new Map<string, number>();
  readonly #deedsById: Deed[] = [];
  /** A deed and the text of an object. */
  readonly #acts = new NumberPairs();
  /** The text of an operation and that of an object. */
  readonly #calls = new NumberPairs();

  /** `texts`: where objects are kept. */
  constructor(texts: Texts = new Texts()) {
    this.#texts = texts;
  }

  get size(): number {
    return this.#acts.size;
  }

  id(act: Act): number {
    return this.idOf(this.deed(act), this.#texts.id(act.object));
  }

  /** The number of what was done, whatever it was done to. */
  deed({ kind, operation, outcome }: Deed): number {
    const key = `${kind}\0${operation}\0${outcome}`;
    let deed = this.#deeds.get(key);
    if (deed === undefined) {
      deed = this.#deedsById.length;
      this.#deeds.set(key, deed);
      this.#deedsById.push({ kind, operation, outcome });
    }
    return deed;
  }

  /** The number of what was done to an object, which is a text of this vocabulary's. */
  idOf(deed: number, object: number): number {
    return this.#acts.id(deed, object);
  }

  act(id: number): Act {
    const deed = this.#deedsById[this.#acts.first(id)];
    if (deed === undefined || id >= this.size) throw new RangeError(`no act has the number ${id}`);
    return { ...deed, object: this.#texts.text(this.#acts.second(id)) };
  }

  call(id: number): number {
    const deed = this.#deedsById[this.#acts.first(id)];
    if (deed === undefined || id >= this.size) throw new RangeError(`no act has the number ${id}`);
    return this.#calls.id(this.#texts.id(deed.operation), this.#acts.second(id));
  }
}
