import { ROW_NUMBERS } from '../model/call-row.ts';
import type { CallRows } from '../model/call-rows.ts';
import { CALL_LINES_MODULE } from './call-lines/module.ts';

// The room that the compiled part shares, as in call-lines/assembly/room.ts.
const PIECES = 64;
const PIECE_BYTES = 128;
const TEXT_OF_PIECE = 16;
const LINES = 2048;
const ROW_BYTES = ROW_NUMBERS * 4;

/** Behind the first, which names dialect and input. */
const COMMON_PIECES: readonly string[] = [
  ',"endLine":',
  ',"pid":',
  ',"tid":null,"time":"',
  '","atNs":',
  ',"tid":null,"time":null,"atNs":null',
  ',"name":"',
  '","args":"',
  '","result":"',
  '","detail":null,"errno":null,"durationNs":null,"outcome":"returned"}\n',
  '","detail":null,"errno":null,"durationNs":null,"outcome":"unfinished"}\n',
  '","detail":null,"errno":{"name":"',
  '","number":null},"durationNs":null,"outcome":"failed"}\n',
  '","number":null},"durationNs":null,"outcome":"restarted"}\n',
];

/** What is compiled from call-lines/assembly. */
type WriteCalls = (first: number, end: number, room: number, roomBytes: number) => number;

/** Writes the lines of calls that are told by numbers, where those lie. */
export class CallLines {
  readonly rows: CallRows;
  readonly #writeCalls: WriteCalls;
  readonly #bytes: Buffer;

  constructor(rows: CallRows) {
    const { dialect, input, places } = rows;
    this.rows = rows;
    this.#writeCalls = instantiate(places.memory);
    this.#bytes = Buffer.from(places.memory.buffer);
    const pieces = [`{"kind":"syscall","dialect":"${dialect}","input":${input},"line":`, ...COMMON_PIECES];
    for (const [index, text] of pieces.entries()) {
      const at = places.roomAt + PIECES + index * PIECE_BYTES;
      this.#bytes.writeUInt32LE(text.length, at);
      this.#bytes.write(text, at + TEXT_OF_PIECE, 'latin1');
    }
  }

  /**
   * Writes lines from the row on and gives them to `onLines`, which has them only until it returns. Gives the row behind
   * them: the same one where its line is not written here.
   */
  write(row: number, onLines: (bytes: Buffer) => void): number {
    const { count, places } = this.rows;
    const { at, roomAt, roomBytes } = places;
    const end = this.#writeCalls(at + row * ROW_BYTES, at + count * ROW_BYTES, roomAt, roomBytes);
    const next = (this.#bytes.readUInt32LE(roomAt) - at) / ROW_BYTES;
    if (next > row) onLines(this.#bytes.subarray(roomAt + LINES, end));
    return next;
  }
}

/** Compiled once, so that a second one begins with what was optimised for the first. */
let module: WebAssembly.Module | null = null;

function instantiate(memory: WebAssembly.Memory): WriteCalls {
  module ??= new WebAssembly.Module(Buffer.from(CALL_LINES_MODULE, 'base64'));
  const { writeCalls } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  if (typeof writeCalls !== 'function') throw new Error('the compiled writer is not whole');
  return (first, end, room, roomBytes) => writeCalls(first, end, room, roomBytes);
}
