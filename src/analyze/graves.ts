/** Dead processes that late lines may still name: a vfork parent's return, a sibling thread's last call. */
export const MAX_TOMBSTONES = 1024;

/**
 * The latest dead by id; older ones are forgotten. Who is to be forgotten next stands in a ring: a `Map` that loses its
 * oldest entries would look past all of the lost ones for the next.
 */
export class Graves<Id, Dead> {
  readonly #dead = new Map<Id, Dead>();
  #ring: { readonly id: Id; readonly dead: Dead }[] = [];
  #next = 0;

  get(id: Id): Dead | undefined {
    return this.#dead.get(id);
  }

  has(id: Id): boolean {
    return this.#dead.has(id);
  }

  bury(id: Id, dead: Dead): void {
    const oldest = this.#ring[this.#next];
    // The id may be another's by now.
    if (oldest !== undefined && this.#dead.get(oldest.id) === oldest.dead) this.#dead.delete(oldest.id);
    this.#ring[this.#next] = { id, dead };
    this.#next = (this.#next + 1) % MAX_TOMBSTONES;
    this.#dead.set(id, dead);
  }

  delete(id: Id): void {
    this.#dead.delete(id);
  }

  clear(): void {
    this.#dead.clear();
    this.#ring = [];
    this.#next = 0;
  }
}
