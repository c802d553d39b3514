import type { Act, Vocabulary } from './run.ts';

/** Numbers acts, and calls whatever came of them, in the order they are first asked for. */
export class ActVocabulary implements Vocabulary {
  readonly #acts: Act[] = [];
  readonly #calls: number[] = [];
  readonly #ids = new Map<string, number>();
  readonly #callIds = new Map<string, number>();

  get size(): number {
    return this.#acts.length;
  }

  id(act: Act): number {
    const call = `${act.operation}\0${act.object}`;
    const key = `${act.kind}\0${call}\0${act.outcome}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#acts.length;
      this.#ids.set(key, id);
      this.#acts.push(act);
      this.#calls.push(this.#callId(call));
    }
    return id;
  }

  act(id: number): Act {
    const act = this.#acts[id];
    if (act === undefined) throw new RangeError(`no act has the number ${id}`);
    return act;
  }

  call(id: number): number {
    const call = this.#calls[id];
    if (call === undefined) throw new RangeError(`no act has the number ${id}`);
    return call;
  }

  #callId(call: string): number {
    let id = this.#callIds.get(call);
    if (id === undefined) {
      id = this.#callIds.size;
      this.#callIds.set(call, id);
    }
    return id;
  }
}
