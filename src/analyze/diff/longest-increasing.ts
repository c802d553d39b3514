/**
 * Indices, ascending, of a longest strictly increasing subsequence of the values. By patience sorting: every value goes
 * onto the leftmost pile whose top is not smaller, and remembers the top of the pile before.
 */
export function longestIncreasing(values: Int32Array): Int32Array {
  const tops = new Int32Array(values.length);
  const before = new Int32Array(values.length);
  let piles = 0;
  for (let index = 0; index < values.length; index++) {
    const pile = leftmostPile(values, tops, piles, values[index] ?? 0);
    before[index] = pile === 0 ? -1 : (tops[pile - 1] ?? -1);
    tops[pile] = index;
    if (pile === piles) piles++;
  }
  const chain = new Int32Array(piles);
  let index = piles === 0 ? -1 : (tops[piles - 1] ?? -1);
  for (let place = piles - 1; place >= 0; place--) {
    chain[place] = index;
    index = before[index] ?? -1;
  }
  return chain;
}

function leftmostPile(values: Int32Array, tops: Int32Array, piles: number, value: number): number {
  let low = 0;
  let high = piles;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[tops[middle] ?? 0] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
