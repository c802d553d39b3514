import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { TracerFormat } from '../../parsers/tracer-format.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { TraceEvent } from '../../src/model/event.ts';
import type { TraceCounts, TraceHeader } from '../../src/model/trace.ts';
import { type ReadOptions, readTrace } from '../../src/read/read-trace.ts';
import { toyFormat } from './toy-format.ts';

export const toys: readonly TracerFormat[] = [toyFormat('strace'), toyFormat('truss-illumos', 'other')];

export interface ReadResult {
  readonly header: TraceHeader | null;
  readonly events: readonly TraceEvent[];
  readonly diagnostics: readonly Diagnostic[];
  readonly counts: TraceCounts;
  /** Names of the calls, and text of what was not understood, in order. */
  readonly names: readonly string[];
}

/** Reads everything, with the toy formats. */
export async function readAll(names: readonly string[], options: Partial<ReadOptions> = {}): Promise<ReadResult> {
  let header: TraceHeader | null = null;
  const events: TraceEvent[] = [];
  const diagnostics: Diagnostic[] = [];
  const counts = await readTrace(
    names,
    { formats: toys, ...options },
    {
      start(started) {
        header = started;
      },
      event: (event) => events.push(event),
      diagnostic: (diagnostic) => diagnostics.push(diagnostic),
    },
  );
  const names_ = events.map((event) =>
    event.kind === 'syscall' ? event.name : event.kind === 'unparsed' ? event.text : event.kind,
  );
  return { header, events, diagnostics, counts, names: names_ };
}

/** Standard input that gives these bytes in chunks of that size. */
export function piped(bytes: Buffer, chunkBytes: number): PassThrough {
  const pipe = new PassThrough({ highWaterMark: 1 << 30 });
  for (let at = 0; at < bytes.length; at += chunkBytes) pipe.write(bytes.subarray(at, at + chunkBytes));
  pipe.end();
  return pipe;
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): {
  path(name: string): string;
  write(name: string, text: string | Buffer): string;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'forklore-test-'));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write(name, text) {
      writeFileSync(path(name), text);
      return path(name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
