import { writeSync } from 'node:fs';

/** Text is handed to the system in blocks of about this many characters. */
const BLOCK_CHARACTERS = 65_536;
const FIRST_NAP_MS = 1;
const LONGEST_NAP_MS = 50;

/** Nobody reads any more: no trouble, but nothing is left to do. */
export class ClosedOutput extends Error {}

/** The output cannot be written; the message is one sentence for a person. */
export class UnwritableOutput extends Error {}

/**
 * Standard output or standard error. Writes synchronously: the reader calls its sink synchronously, so a slow consumer
 * is waited for here, and not in a queue that grows with the log.
 */
export class Output {
  readonly #fd: number;
  #block = '';

  /** 1 or 2. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Adds text; it is written when there is a block of it. Throws `ClosedOutput` and `UnwritableOutput`. */
  write(text: string): void {
    this.#block += text;
    if (this.#block.length >= BLOCK_CHARACTERS) this.flush();
  }

  /** Writes what is left. */
  flush(): void {
    const bytes = Buffer.from(this.#block, 'utf8');
    this.#block = '';
    this.#write(bytes);
  }

  /** Writes bytes behind the text that was added before. They are the caller's again when this returns. */
  writeBytes(bytes: Buffer): void {
    if (this.#block !== '') this.flush();
    this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    let written = 0;
    let napMs = FIRST_NAP_MS;
    while (written < bytes.length) {
      const count = writeSome(this.#fd, bytes, written);
      written += count;
      if (count > 0) {
        napMs = FIRST_NAP_MS;
      } else {
        nap(napMs);
        napMs = Math.min(napMs * 2, LONGEST_NAP_MS);
      }
    }
  }
}

/** Bytes written; 0 where a pipe that does not block is full. */
function writeSome(fd: number, bytes: Buffer, from: number): number {
  try {
    return writeSync(fd, bytes, from);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EAGAIN') return 0;
    if (code === 'EPIPE') throw new ClosedOutput('the output is closed', { cause: error });
    const name = fd === 1 ? 'standard output' : 'standard error';
    const reason = code === 'ENOSPC' ? 'no space left on the device' : `cannot be written (${code})`;
    throw new UnwritableOutput(`${name}: ${reason}`, { cause: error });
  }
}

function nap(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
