const BLOCK_BITS = 16;
const BLOCK = 1 << BLOCK_BITS;
const IN_BLOCK = BLOCK - 1;

type Numbers = Uint16Array | Uint32Array | Float64Array;

/** Numbers by index, set in any order. It grows block by block, so that growing never copies what is there. */
export class Column {
  readonly #createBlock: (length: number) => Numbers;
  readonly #blocks: Numbers[] = [];
  readonly #unset: number;

  /** `unset`: what a new block is full of. */
  constructor(createBlock: (length: number) => Numbers, unset: number) {
    this.#createBlock = createBlock;
    this.#unset = unset;
  }

  get(index: number): number {
    return this.#blocks[index >>> BLOCK_BITS]?.[index & IN_BLOCK] ?? this.#unset;
  }

  set(index: number, value: number): void {
    const at = index >>> BLOCK_BITS;
    while (this.#blocks.length <= at) this.#blocks.push(this.#createBlock(BLOCK));
    const block = this.#blocks[at];
    if (block !== undefined) block[index & IN_BLOCK] = value;
  }
}

/** Numbers of 16 bits; 0 where none was set. */
export const shorts = (): Column => new Column((length) => new Uint16Array(length), 0);
/** Numbers of 32 bits; 0 where none was set. */
export const words = (): Column => new Column((length) => new Uint32Array(length), 0);
/** Any numbers; NaN where none was set. */
export const doubles = (): Column => new Column((length) => new Float64Array(length).fill(Number.NaN), Number.NaN);
