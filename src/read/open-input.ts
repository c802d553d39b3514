import { type FileHandle, open, stat } from 'node:fs/promises';
import { ForkloreError } from '../model/errors.ts';
import { ChunkReader } from './chunk-reader.ts';
import { type Compression, compressionOf } from './compression.ts';

const CHUNK_BYTES = 1_048_576;
const SMALL_CHUNK_BYTES = 65_536;

/** What is read when no file is named: `process.stdin`, or anything like it. */
export interface StandardInput extends AsyncIterable<Buffer> {
  readonly isTTY?: boolean | undefined;
  destroy(): unknown;
}

/** Gives the memory that a chunk is to be read into, which stays as it is until the chunk after the next is asked for. */
export type ChunkRoom = (bytes: number) => Buffer;

/** One place that log text comes from. */
export interface Input {
  /** As given; '-' is standard input. */
  readonly name: string;
  /** Size on disk; null for a pipe. */
  readonly sizeBytes: number | null;
  /**
   * Starts reading: a file from its beginning each time; a pipe has only one reading, which all calls share. `room`: where
   * chunks of a file are to lie; null: anywhere.
   */
  open(room?: ChunkRoom | null): Reading;
  /** Starts reading a file that is not compressed at this byte; null for a pipe. */
  openAt: ((offset: number) => Reading) | null;
}

/** One pass through an input, decompressed where it is compressed. */
export interface Reading {
  readonly chunks: ChunkReader;
  /** Bytes taken from the input so far, before decompression. */
  readonly bytesRead: number;
  /** Whether the input is compressed. Known from the first chunk on. */
  readonly compressed: boolean;
  /** Whether the compressed input is damaged or ends too early. Known at the end of the chunks. */
  readonly cut: boolean;
}

/** An input's name for people. */
export function labelOf(name: string): string {
  return name === '-' ? 'standard input' : name;
}

/** Standard input as an input. */
export function standardInput(stdin: StandardInput, signal: AbortSignal | null): Input {
  let reading: Reading | null = null;
  const name = '-';
  return {
    name,
    sizeBytes: null,
    openAt: null,
    open() {
      reading ??= read(name, stdin, signal, () => stdin.destroy());
      return reading;
    },
  };
}

/** A file, named pipe or device as an input. Throws 'unreadable-input' where it is not there. */
export async function fileInput(path: string, signal: AbortSignal | null): Promise<Input> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  let shared: Reading | null = null;
  return {
    name: path,
    sizeBytes: stats.isFile() ? stats.size : null,
    openAt: stats.isFile() ? (offset) => plain(path, fileChunks(path, stats.size, offset, null), signal) : null,
    open(room = null) {
      if (stats.isFile()) return read(path, fileChunks(path, stats.size, 0, room), signal, () => {});
      shared ??= read(path, fileChunks(path, stats.size, null, null), signal, () => {});
      return shared;
    },
  };
}

/** The error that says why a file cannot be read. */
export function unreadable(path: string, error: unknown): ForkloreError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'is a directory',
  };
  const reason = typeof code === 'string' ? (reasons[code] ?? `cannot be read (${code})`) : 'cannot be read';
  return new ForkloreError('unreadable-input', `${labelOf(path)}: ${reason}`, { cause: error });
}

function read(name: string, source: AsyncIterable<Buffer>, signal: AbortSignal | null, release: () => void): Reading {
  const state = { bytesRead: 0, compressed: false, cut: false };
  const chunks = new ChunkReader(content(name, counted(name, source, state), state), signal, release);
  return {
    chunks,
    get bytesRead() {
      return state.bytesRead;
    },
    get compressed() {
      return state.compressed;
    },
    get cut() {
      return state.cut;
    },
  };
}

/** What stands in the middle of a file is not asked whether it looks compressed. */
function plain(name: string, source: AsyncGenerator<Buffer>, signal: AbortSignal | null): Reading {
  const state = { bytesRead: 0 };
  const chunks = new ChunkReader(counted(name, source, state), signal, () => {});
  return {
    chunks,
    get bytesRead() {
      return state.bytesRead;
    },
    compressed: false,
    cut: false,
  };
}

async function* counted(
  name: string,
  source: AsyncIterable<Buffer>,
  state: { bytesRead: number },
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source) {
      state.bytesRead += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ForkloreError ? error : unreadable(name, error);
  }
}

/** Content decides about compression, never the name. */
async function* content(
  name: string,
  source: AsyncGenerator<Buffer>,
  state: { compressed: boolean; cut: boolean },
): AsyncGenerator<Buffer> {
  try {
    const head = await readMagic(source);
    const compression = compressionOf(head);
    if (compression === null || compression === 'undecided') {
      if (head.length > 0) yield head;
      yield* source;
    } else {
      state.compressed = true;
      yield* decompressed(name, compression, startingWith(head, source), state);
    }
  } finally {
    // Also when the reader gives up in the middle: the file is closed here.
    await source.return(undefined);
  }
}

/** The first bytes, enough to tell how they are compressed; fewer only when there are no more. */
async function readMagic(source: AsyncGenerator<Buffer>): Promise<Buffer> {
  const first = await source.next();
  let head = first.done ? Buffer.alloc(0) : first.value;
  let ended = first.done ?? false;
  while (!ended && compressionOf(head) === 'undecided') {
    const kept = Buffer.from(head);
    const next = await source.next();
    ended = next.done ?? false;
    head = next.done ? kept : Buffer.concat([kept, next.value]);
  }
  return head;
}

async function* decompressed(
  name: string,
  compression: Compression,
  source: AsyncIterable<Buffer>,
  state: { cut: boolean },
): AsyncGenerator<Buffer> {
  const { decompress } = await import('./decompress.ts');
  let decoded = false;
  try {
    for await (const chunk of decompress(compression, source)) {
      decoded = true;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof ForkloreError) throw error;
    if (!decoded) {
      const sentence = `${labelOf(name)}: nothing of the ${compression} data could be decompressed`;
      throw new ForkloreError('unreadable-input', sentence, { cause: error });
    }
    state.cut = true;
  }
}

async function* startingWith(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

/** The next chunk is read while this one is scanned. `offset`: null where there is none to choose. */
async function* fileChunks(
  path: string,
  sizeBytes: number,
  offset: number | null,
  room: ChunkRoom | null,
): AsyncGenerator<Buffer> {
  const file = await open(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  let ahead: Promise<Buffer> | null = null;
  try {
    const chunkBytes = Math.min(Math.max(sizeBytes, SMALL_CHUNK_BYTES), CHUNK_BYTES);
    const next = room ?? twoInTurn();
    let position = offset;
    ahead = readInto(file, next(chunkBytes), position);
    for (;;) {
      const chunk: Buffer = await ahead;
      if (chunk.length === 0) break;
      if (position !== null) position += chunk.length;
      ahead = readInto(file, next(chunkBytes), position);
      // Reported when it is awaited; until then it must not count as unhandled.
      ahead.catch(() => {});
      yield chunk;
    }
  } finally {
    await ahead?.catch(() => {});
    await file.close();
  }
}

function twoInTurn(): ChunkRoom {
  let spare: Buffer | null = null;
  let latest: Buffer | null = null;
  return (bytes) => {
    const buffer = spare ?? Buffer.allocUnsafe(bytes);
    [spare, latest] = [latest, buffer];
    return buffer;
  };
}

async function readInto(file: FileHandle, buffer: Buffer, position: number | null): Promise<Buffer> {
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}
