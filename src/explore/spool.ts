import { rmSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary file for text that cannot be read again where it came from. Made when something is put into it. */
export class Spool {
  #file: Promise<FileHandle> | null = null;
  /** Where the file could not be removed while it is open; null where it is gone already. */
  #folder: string | null = null;
  #size = 0;
  readonly #removeAtExit = (): void => {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  };

  /** Puts the bytes at the end; gives where they begin. One call at a time. */
  async append(bytes: Buffer): Promise<number> {
    this.#file ??= this.#create();
    const file = await this.#file;
    const offset = this.#size;
    let written = 0;
    while (written < bytes.length) {
      written += (await file.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
    }
    this.#size += bytes.length;
    return offset;
  }

  /** Fills the buffer from this byte on; gives how many there were. */
  async read(into: Buffer, offset: number): Promise<number> {
    if (this.#file === null) return 0;
    const file = await this.#file;
    return (await file.read(into, 0, into.length, offset)).bytesRead;
  }

  /** Gives up what it holds. */
  async close(): Promise<void> {
    const file = await this.#file?.catch(() => null);
    this.#file = null;
    await file?.close();
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = null;
    process.removeListener('exit', this.#removeAtExit);
  }

  /** Where the system allows it, the file loses its name at once, so that it is gone whatever our end. */
  async #create(): Promise<FileHandle> {
    const folder = await mkdtemp(join(tmpdir(), 'forklore-'));
    this.#folder = folder;
    process.once('exit', this.#removeAtExit);
    const file = await open(join(folder, 'text'), 'wx+', 0o600);
    try {
      await rm(folder, { recursive: true });
      this.#folder = null;
      process.removeListener('exit', this.#removeAtExit);
    } catch {
      // It is open: then it is removed when it is closed, or when the program ends.
    }
    return file;
  }
}
