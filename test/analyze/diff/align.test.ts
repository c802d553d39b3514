import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Aligner, type Alignment, type Bound } from '../../../src/analyze/diff/align.ts';
import { longestIncreasing } from '../../../src/analyze/diff/longest-increasing.ts';
import { shortestEdit } from '../../../src/analyze/diff/shortest-edit.ts';
import { NONE } from '../../../src/analyze/diff/stretch.ts';
import { Work } from '../../../src/analyze/diff/work.ts';

/** Aligns two lists, and counts the steps. */
function align(a: Int32Array, b: Int32Array, whole?: Bound, stretch?: Bound): Alignment & { readonly steps: number } {
  const aligner = new Aligner(whole, stretch);
  return { ...aligner.align(a, b), steps: aligner.steps };
}

/** Few different tokens, so that most are there more than once. */
const repetitive = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 }).map((list) => Int32Array.from(list));
const tokens = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 80 });

/** Length of a longest common subsequence, by the table everybody knows. */
function commonLength(a: Int32Array, b: Int32Array): number {
  let row = new Int32Array(b.length + 1);
  for (const token of a) {
    const next = new Int32Array(b.length + 1);
    for (const [index, other] of b.entries()) {
      const longer = Math.max(row[index + 1] ?? 0, next[index] ?? 0);
      next[index + 1] = token === other ? (row[index] ?? 0) + 1 : longer;
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Pairs of an alignment; throws where they are not alike or not in order. */
function pairsOf(a: Int32Array, b: Int32Array, partner: Int32Array): [number, number][] {
  const pairs = [...partner.entries()].filter(([, found]) => found !== NONE);
  let last = -1;
  for (const [inA, inB] of pairs) {
    expect(b[inB]).toBe(a[inA]);
    expect(inB).toBeGreaterThan(last);
    last = inB;
  }
  return pairs;
}

/** Tokens of both lists without a counterpart. */
function lone(a: Int32Array, b: Int32Array, { partner }: Alignment): { a: number[]; b: number[] } {
  const pairs = pairsOf(a, b, partner);
  const inB = new Set(pairs.map(([, found]) => found));
  return {
    a: [...a].filter((_, index) => partner[index] === NONE),
    b: [...b].filter((_, index) => !inB.has(index)),
  };
}

/** A reproducible row of numbers below `below`. */
function* numbers(seed: number, below: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield (state >>> 8) % below;
  }
}

/** Two lists that repeat the same few tokens in other orders: nothing in them is unique, no phrase either. */
function numbered(length: number): number[] {
  return Array.from({ length }, (_, index) => 1 + (index % 7));
}
function squares(length: number): number[] {
  return Array.from({ length }, (_, index) => 1 + ((index * index) % 7));
}

describe('a longest increasing subsequence', () => {
  test('is increasing, and as long as any', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 30 }), (list) => {
        const values = Int32Array.from(list);
        const chosen = [...longestIncreasing(values)].map((index) => values[index] ?? NONE);
        expect(chosen).toEqual([...new Set(chosen)].sort((one, other) => one - other));
        expect(chosen.length).toBe(commonLength(values, Int32Array.from(list).sort()));
      }),
    );
  });
});

describe('a shortest edit', () => {
  test('leaves as much in common as there is', () => {
    fc.assert(
      fc.property(repetitive, repetitive, (a, b) => {
        const partner = new Int32Array(a.length).fill(NONE);
        expect(shortestEdit(a, b, partner, new Work(Number.POSITIVE_INFINITY))).toBe(true);
        expect(pairsOf(a, b, partner).length).toBe(commonLength(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  test('is given up where it costs more than is allowed', () => {
    const [a, b] = [Int32Array.from(numbered(500)), Int32Array.from(squares(500))];
    const work = new Work(1000);
    expect(shortestEdit(a, b, new Int32Array(a.length).fill(NONE), work)).toBe(false);
    expect(work.steps).toBeLessThan(3000);
  });
});

describe('an alignment', () => {
  test('of a list with itself is whole', () => {
    fc.assert(
      fc.property(tokens, (list) => {
        const a = Int32Array.from(list);
        expect(lone(a, a, align(a, a))).toEqual({ a: [], b: [] });
      }),
    );
  });

  test('finds planted insertions and deletions, and nothing else', () => {
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), inserts: fc.boolean() });
    fc.assert(
      fc.property(tokens, fc.array(edit, { maxLength: 10 }), (list, edits) => {
        const changed = [...list];
        const planted: Record<'a' | 'b', number[]> = { a: [], b: [] };
        for (const [index, { at, inserts }] of edits.entries()) {
          const place = Math.floor(at * changed.length);
          if (inserts) {
            planted.b.push(100 + index);
            changed.splice(place, 0, 100 + index);
          } else {
            for (const gone of changed.splice(place, 1)) {
              if (gone < 100) planted.a.push(gone);
              else planted.b.splice(planted.b.indexOf(gone), 1);
            }
          }
        }
        const [a, b] = [Int32Array.from(list), Int32Array.from(changed)];
        const found = lone(a, b, align(a, b));
        expect(found.a.toSorted()).toEqual(planted.a.toSorted());
        expect(found.b.toSorted()).toEqual(planted.b.toSorted());
      }),
      { numRuns: 1000 },
    );
  });

  test('takes a block that moved for gone from one place and come to another', () => {
    const list = Array.from({ length: 100 }, (_, index) => index);
    const block = list.slice(20, 30);
    const a = Int32Array.from(list);
    const b = Int32Array.from([...list.slice(0, 20), ...list.slice(30, 70), ...block, ...list.slice(70)]);
    expect(lone(a, b, align(a, b))).toEqual({ a: block, b: block });
  });

  test('of what has nothing in common has no heap', () => {
    const a = Int32Array.from({ length: 100_000 }, (_, index) => index % 100);
    const b = a.map((token) => token + 100);
    const { heaps, steps } = align(a, b);
    expect(heaps).toEqual([]);
    expect(steps).toBeLessThan(10 * (a.length + b.length));
  });

  test('leaves a stretch that costs too much as a heap, and aligns what is around it', () => {
    const random = numbers(1, 8);
    const known = Array.from({ length: 10 }, () => random.next().value);
    const a = Int32Array.from([100, ...numbered(3000), 101, 102, ...known, 103]);
    const b = Int32Array.from([100, ...squares(3000), 101, 104, 102, ...known, 103]);
    const { heaps, partner, steps } = align(a, b, { base: 1e9, perToken: 0 }, { base: 10_000, perToken: 1 });
    // Both begin with the same two.
    expect(heaps).toEqual([{ aFrom: 3, aTo: 3001, bFrom: 3, bTo: 3001 }]);
    expect([partner[0], partner[3001], partner[3002], partner[3013]]).toEqual([0, 3001, 3003, 3014]);
    expect(steps).toBeLessThan(100_000);
    pairsOf(a, b, partner);
  });

  test('makes a heap of all that is left when the whole costs too much', () => {
    const { heaps, steps } = align(Int32Array.from(numbered(5000)), Int32Array.from(squares(5000)), {
      base: 0,
      perToken: 4,
    });
    expect(heaps.length).toBe(1);
    expect(steps).toBeLessThan(10 * 10_000);
  });
});

/** What is counted is steps, which are the same on every machine. */
describe('two lists of a million tokens', () => {
  const MILLION = 1_000_000;

  test.each([
    ['fifty thousand kinds', 50_000, 10],
    ['three kinds', 3, 100],
  ])('of %s are aligned in few looks at each', (_, kinds, oneIn) => {
    const random = numbers(3, 2 ** 24);
    const a = Int32Array.from({ length: MILLION }, () => random.next().value % kinds);
    const b = a.map((token) => (random.next().value % oneIn === 0 ? random.next().value % kinds : token));
    const { partner, heaps, steps } = align(a, b);
    expect(steps).toBeLessThan(8 * 2 * MILLION);
    expect(heaps).toEqual([]);
    expect(partner.filter((found) => found !== NONE).length).toBeGreaterThan(MILLION * (1 - 1 / oneIn) - 1000);
  });
});
