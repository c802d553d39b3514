import type { Alignment } from './align.ts';
import { NONE, type Stretch } from './stretch.ts';

/** A piece of an alignment: tokens that stand side by side, tokens without a counterpart, or a heap. */
export interface Piece extends Stretch {
  readonly kind: 'paired' | 'lone' | 'heap';
}

/** The pieces of the alignment of two lists, from the first tokens to the last. */
export function* piecesOf({ partner, heaps }: Alignment, lengthB: number): Generator<Piece, undefined> {
  const lengthA = partner.length;
  let [inA, inB, heap] = [0, 0, 0];
  while (inA < lengthA || inB < lengthB) {
    const next = heaps[heap];
    let stopA = inA;
    while (stopA < lengthA && partner[stopA] === NONE && stopA !== next?.aFrom) stopA++;
    const isHeap = next !== undefined && stopA === next.aFrom;
    const stopB = isHeap ? next.bFrom : stopA === lengthA ? lengthB : (partner[stopA] ?? lengthB);
    if (inA < stopA || inB < stopB) yield { kind: 'lone', aFrom: inA, aTo: stopA, bFrom: inB, bTo: stopB };
    if (isHeap) {
      yield { kind: 'heap', ...next };
      [inA, inB] = [next.aTo, next.bTo];
      heap++;
    } else {
      const length = pairedFrom(partner, stopA, stopB);
      [inA, inB] = [stopA + length, stopB + length];
      if (length > 0) yield { kind: 'paired', aFrom: stopA, aTo: inA, bFrom: stopB, bTo: inB };
    }
  }
}

/** How many tokens from there on follow one another side by side. */
function pairedFrom(partner: Int32Array, inA: number, inB: number): number {
  let length = 0;
  while (partner[inA + length] === inB + length) length++;
  return length;
}
