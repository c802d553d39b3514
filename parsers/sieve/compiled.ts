import { SIEVE_MODULE } from './module.ts';

/** What is compiled from sieve/assembly, on one memory. */
export interface CompiledSieve {
  /**
   * Fills rows of `stride` bytes, `most` of them, with what the lines of [from, limit) say, the last with its line feed. Gives
   * how many; `scannedTo` is where the line behind them begins.
   */
  scan(isStrace: boolean, from: number, limit: number, rows: number, most: number, stride: number): number;
  scannedTo(): number;
  /** Goes on in the rows to the next line that is to be read: a verdict. */
  sift(): number;
  /** The record of the oldest line that is still kept, or 0. */
  oldestKept(): number;
}

/** Compiled once, so that a second sieve begins with what was optimised for the first. */
let compiled: WebAssembly.Module | null = null;

/** The module, for another thread. */
export function sieveModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(SIEVE_MODULE, 'base64'));
  return compiled;
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): CompiledSieve {
  const { scan, scannedTo, sift, oldestKept } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  if (
    typeof scan !== 'function' ||
    typeof scannedTo !== 'function' ||
    typeof sift !== 'function' ||
    typeof oldestKept !== 'function'
  ) {
    throw new Error('the compiled sieve is not whole');
  }
  return {
    scan: (isStrace, from, limit, rows, most, stride) => scan(isStrace, from, limit, rows, most, stride),
    scannedTo: () => scannedTo(),
    sift: () => sift(),
    oldestKept: () => oldestKept(),
  };
}
