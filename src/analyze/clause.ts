import type { Place } from './process.ts';

/** One plain statement of an explanation, with the line it rests on. */
export interface Clause {
  /** Latin1 bytes; no line number inside. */
  readonly text: string;
  /** Null where it rests on no line but that of the fault. */
  readonly place: Place | null;
}

/** The place of an event, or of anything else that has one. */
export function placeOf({ input, line, atNs }: Place): Place {
  return { input, line, atNs };
}

const KIB = 1024n;
const MIB = KIB * KIB;

/** A number of bytes for a person, always exact: '320 bytes', '1028 KiB', '8 MiB'. */
export function sizeText(bytes: bigint): string {
  if (bytes > 0n && bytes % MIB === 0n) return `${bytes / MIB} MiB`;
  if (bytes > 0n && bytes % KIB === 0n) return `${bytes / KIB} KiB`;
  return bytes === 1n ? '1 byte' : `${bytes} bytes`;
}
