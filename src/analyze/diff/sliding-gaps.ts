import { piecesOf } from './pieces.ts';
import type { ActList } from './run.ts';
import { NONE } from './stretch.ts';
import { Work } from './work.ts';

// A: read write read write     Two acts are left over, and it may be the first two or the last two. With the gap behind
// B: read write×2 ...          the first write, B's two writes are told by what A did: it is the read that is missing.

/** Acts in a gap that is moved: one that parts repeats is short. */
const LONGEST_GAP = 64;
/** Steps for each act: what a gap would have to be moved farther for stays where it is. */
const STEPS_PER_ACT = 16;

/** One of two aligned threads. */
interface Own {
  readonly ids: Int32Array;
  readonly acts: ActList;
  /** Whether the act and that of the other thread are partners and alike. */
  isPaired(own: number, other: number): boolean;
  /** Gives an act the partner of another. */
  handOver(from: number, to: number, partner: number): void;
}

/** Acts without partners: from `from` up to but without `to`; in the other thread they would be in front of `at`. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/**
 * Moves gaps, of which many may be in several places of equally good alignments, to where they part what the other
 * thread did as often in a row. Changes `partner`, by index into A.
 */
export function slideGaps(
  a: { readonly ids: Int32Array; readonly acts: ActList },
  b: { readonly ids: Int32Array; readonly acts: ActList },
  alignment: Parameters<typeof piecesOf>[0],
): void {
  const { partner } = alignment;
  const isPaired = (inA: number, inB: number) => partner[inA] === inB && a.ids[inA] === b.ids[inB];
  const ownA: Own = {
    ...a,
    isPaired,
    handOver: (from, to, inB) => {
      partner[from] = NONE;
      partner[to] = inB;
    },
  };
  const ownB: Own = {
    ...b,
    isPaired: (inB, inA) => isPaired(inA, inB),
    handOver: (_, to, inA) => {
      partner[inA] = to;
    },
  };
  const work = new Work(STEPS_PER_ACT * (a.ids.length + b.ids.length));
  for (const { kind, aFrom, aTo, bFrom, bTo } of [...piecesOf(alignment, b.ids.length)]) {
    if (kind !== 'lone') continue;
    if (bFrom === bTo) slide(ownA, b.acts, { from: aFrom, to: aTo, at: bFrom }, work);
    else if (aFrom === aTo) slide(ownB, a.acts, { from: bFrom, to: bTo, at: aFrom }, work);
  }
}

function slide(own: Own, other: ActList, start: Gap, work: Work): void {
  const length = start.to - start.from;
  if (length < 2 || length > LONGEST_GAP) return;
  for (const step of [-1, 1]) {
    for (let offset = 0; !work.isOver; offset += step) {
      work.steps += length;
      const gap = { from: start.from + offset, to: start.to + offset, at: start.at + offset };
      const isBefore = offset > 0 || own.isPaired(gap.from - 1, gap.at - 1);
      const isBehind = offset < 0 || own.isPaired(gap.to, gap.at);
      if (
        (isBefore && isRepeated(own, gap.from - 1, gap, other, gap.at - 1)) ||
        (isBehind && isRepeated(own, gap.to, gap, other, gap.at))
      ) {
        move(own, start, offset);
        return;
      }
      const [enters, leaves] = step < 0 ? [gap.from - 1, gap.to - 1] : [gap.to, gap.from];
      const partner = step < 0 ? gap.at - 1 : gap.at;
      if (!own.isPaired(enters, partner) || own.ids[enters] !== own.ids[leaves]) break;
    }
  }
}

/** Whether an act beside the gap and its like in the gap are together as often as the other thread did it in a row. */
function isRepeated({ ids, acts }: Own, beside: number, { from, to }: Gap, other: ActList, partner: number): boolean {
  const count = other.count(partner);
  let again = 0;
  for (let index = from; index < to; index++) if (ids[index] === ids[beside]) again += acts.count(index);
  return again > 0 && acts.count(beside) + again === count;
}

/** Up to the next gap on either side all acts are paired in a row. */
function move(own: Own, { from, to, at }: Gap, offset: number): void {
  for (let moved = 0; moved > offset; moved--) own.handOver(from + moved - 1, to + moved - 1, at + moved - 1);
  for (let moved = 0; moved < offset; moved++) own.handOver(to + moved, from + moved, at + moved);
}
