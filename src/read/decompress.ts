import type { Transform } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import * as zlib from 'node:zlib';
import type { Compression } from './compression.ts';

/**
 * What a compressed piece may grow to is decided by its size: 2 KiB of zstd can become 64 MB, and all of it is held
 * before the next piece is touched.
 */
const PIECE_BYTES = 2048;
const OUTPUT_BYTES = 262_144;

/**
 * The content of a compressed input; members, frames and streams that follow each other are one content. Gives all that
 * can be decoded before it throws because the input is damaged or ends too early.
 */
export async function* decompress(compression: Compression, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  switch (compression) {
    case 'gzip':
      yield* transformed(zlib.createGunzip({ chunkSize: OUTPUT_BYTES }), source);
      break;
    case 'zstd':
      yield* unzstd(source);
      break;
    case 'xz':
      yield* unxz(source);
      break;
    default:
      compression satisfies never;
  }
}

/** Copies, because decoders keep their input for longer than a chunk is valid. */
async function* pieces(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      yield Buffer.from(chunk.subarray(at, at + PIECE_BYTES));
    }
  }
}

/**
 * Written piece by piece with a listener instead of a pipeline: a stream that fails throws away what it has decoded and
 * not yet delivered, which is the end of the log that the reader wants most.
 */
async function* transformed(decoder: Transform, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let output: Buffer[] = [];
  let failure: Error | null = null;
  let ended = false;
  let settle = (): void => {};
  const fail = (error: Error | null | undefined): void => {
    failure ??= error ?? null;
    settle();
  };
  decoder.on('data', (chunk: Buffer) => output.push(chunk));
  decoder.on('error', fail);
  decoder.on('end', () => {
    ended = true;
    settle();
  });
  const step = async (start: () => void): Promise<Buffer[]> => {
    output = [];
    await new Promise<void>((resolve) => {
      settle = resolve;
      start();
    });
    return output;
  };
  try {
    for await (const piece of pieces(source)) {
      yield* await step(() => decoder.write(piece, fail));
      if (failure !== null) throw failure;
      // What follows the last member is no part of the content, as for gzip itself.
      if (ended) return;
    }
    yield* await step(() => decoder.end());
    if (failure !== null) throw failure;
  } finally {
    decoder.destroy();
  }
}

/** zlib knows zstd from Node 22.15 on; the types are those of Node 20. */
function nativeZstd(): Transform | null {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return typeof create === 'function' ? create({ chunkSize: OUTPUT_BYTES }) : null;
}

async function* unzstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const native = nativeZstd();
  if (native !== null) {
    yield* transformed(native, source);
    return;
  }
  const { Decompress } = await import('fzstd');
  let output: Buffer[] = [];
  const decoder = new Decompress((chunk) => {
    if (chunk.length > 0) output.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  });
  const step = function* (piece: Buffer, last: boolean): Generator<Buffer> {
    output = [];
    try {
      decoder.push(piece, last);
    } finally {
      yield* output;
    }
  };
  for await (const piece of pieces(source)) yield* step(piece, false);
  yield* step(Buffer.alloc(0), true);
}

async function* unxz(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // The package is CommonJS, and its named exports cannot be seen from outside.
  const { default: xz } = await import('xz-decompress');
  const input = pieces(source);
  // Kept apart: an error of the source must reach the caller as it is.
  let sourceError: unknown = null;
  const compressed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await input.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        sourceError = error;
        controller.error(error);
      }
    },
  });
  try {
    for await (const chunk of new xz.XzReadableStream(compressed)) {
      if (chunk.length > 0) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    }
  } catch (error) {
    throw sourceError ?? error;
  }
}
