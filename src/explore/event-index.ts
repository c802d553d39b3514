import type { TraceEvent } from '../model/event.ts';
import { doubles, shorts, words } from './column.ts';
import { LISTED_KINDS, type ListedKind, rankOf } from './event-kinds.ts';
import type { EventPlace, EventPlaces } from './event-places.ts';
import { type Signature, Signatures } from './signatures.ts';

// A slot's head: 24 bits of the task, 4 of the kind's rank, whether it is the last line of an event before it, and
// whether its event has no pid.
const TASK_MASK = 0xff_ffff;
const RANK_SHIFT = 24;
const RANK_MASK = 0xf;
const TAIL = 1 << 28;
const WITHOUT_PID = 1 << 29;

/** An event's last line is so many behind its first, or more: then how many stands elsewhere. */
const FAR = 0xffff;
const FIRST_LINE: readonly number[] = [0];
/** Of an event on more lines than this, only the first and the last are shown. */
const MAX_LINES_SHOWN = 64;

/**
 * What is known of every listed event without reading it again: whose it is, its signature, when it was and on which
 * lines it stands. It takes 8 bytes a line, and 8 more where the log has times.
 */
export class EventIndex {
  readonly signatures = new Signatures();
  readonly #places: EventPlaces;
  readonly #heads = words();
  readonly #signatureIds = shorts();
  readonly #times = doubles();
  /** From an event's first line to its last; of a last line, back to the first. */
  readonly #spans = shorts();
  readonly #farSpans = new Map<number, number>();
  /** Slots that were filled after later ones, in the order in which that happened. */
  readonly #late = words();
  #lateSlots = 0;
  #slots = 0;

  constructor(places: EventPlaces) {
    this.#places = places;
  }

  /** Slots so far; some hold nothing. */
  get slots(): number {
    return this.#slots;
  }

  /** Slots so far that were filled after later ones. */
  get lateSlots(): number {
    return this.#lateSlots;
  }

  lateSlot(index: number): number {
    return this.#late.get(index);
  }

  /** Notes the event, if it is one that is listed. `task`: its number; 0: of nobody. */
  add(event: TraceEvent, textLine: number, task: number): void {
    const rank = rankOf(event);
    if (rank === 0) return;
    const slot = this.#places.slotOf(event, textLine);
    const standing = this.rank(slot);
    // One of the two events of a line stands for it.
    if (standing !== 0 && standing <= rank) return;
    this.#heads.set(slot, task | (rank << RANK_SHIFT) | (event.pid === null ? WITHOUT_PID : 0));
    this.#signatureIds.set(slot, this.signatures.idOf(event));
    if (event.atNs !== null) this.#times.set(slot, event.atNs);
    const lines = event.endLine - event.line;
    this.#setSpan(slot, lines);
    if (lines > 0 && this.#places.unit === 'line') this.#setTail(slot + lines, lines);
    if (slot < this.#slots) this.#late.set(this.#lateSlots++, slot);
    this.#slots = Math.max(this.#slots, slot + 1);
  }

  /** 0 where no event begins. */
  rank(slot: number): number {
    return rankIn(this.#heads.get(slot));
  }

  kind(slot: number): ListedKind | null {
    return LISTED_KINDS[this.rank(slot) - 1] ?? null;
  }

  task(slot: number): number {
    return this.#heads.get(slot) & TASK_MASK;
  }

  hasPid(slot: number): boolean {
    return (this.#heads.get(slot) & WITHOUT_PID) === 0;
  }

  /** Null where there was no room to note it. */
  signature(slot: number): Signature | null {
    return this.signatures.at(this.#signatureIds.get(slot));
  }

  atNs(slot: number): number | null {
    const atNs = this.#times.get(slot);
    return Number.isNaN(atNs) ? null : atNs;
  }

  place(slot: number): EventPlace {
    return this.#places.placeOf(slot);
  }

  /** Lines from the event's first to its last. */
  span(slot: number): number {
    const lines = this.#spans.get(slot);
    return lines === FAR ? (this.#farSpans.get(slot) ?? FAR) : lines;
  }

  /** Which lines from the event's first on show it: those between are other events', unless they are all its own. */
  textLines(slot: number): readonly number[] {
    const span = this.span(slot);
    if (span === 0 || this.#places.unit === 'record') return FIRST_LINE;
    const lines = Array.from({ length: Math.min(span, MAX_LINES_SHOWN) + 1 }, (_, behind) => behind);
    const isWhole = span <= MAX_LINES_SHOWN && (this.#places.unit === 'event' || this.#isAlone(slot, span));
    return isWhole ? lines : [0, span];
  }

  /** Puts the slots of [from, to) that events begin on into the list, where their task is one that is wanted. */
  collect(from: number, to: number, isWanted: (task: number) => boolean, slots: number[]): void {
    for (let slot = from; slot < to; slot++) {
      const head = this.#heads.get(slot);
      if (rankIn(head) !== 0 && isWanted(head & TASK_MASK)) slots.push(slot);
    }
  }

  /** The slot of the event that the line is of, else of the first one after it. */
  slotFrom(input: number, line: number): number {
    const slot = this.#places.slotFrom(input, line, this.#slots);
    return this.#isTail(slot) ? slot - this.span(slot) : slot;
  }

  /** Whether nothing else begins or ends between an event's first line and its last. */
  #isAlone(slot: number, span: number): boolean {
    for (let behind = 1; behind < span; behind++) if (this.#heads.get(slot + behind) !== 0) return false;
    return true;
  }

  #isTail(slot: number): boolean {
    return (this.#heads.get(slot) & TAIL) !== 0;
  }

  #setTail(slot: number, lines: number): void {
    if (this.rank(slot) !== 0) return;
    this.#heads.set(slot, TAIL);
    this.#setSpan(slot, lines);
  }

  #setSpan(slot: number, lines: number): void {
    this.#spans.set(slot, Math.min(lines, FAR));
    if (lines >= FAR) this.#farSpans.set(slot, lines);
  }
}

function rankIn(head: number): number {
  return (head >>> RANK_SHIFT) & RANK_MASK;
}
