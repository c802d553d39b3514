/** How an input may be compressed. */
export type Compression = 'gzip' | 'zstd' | 'xz';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const XZ_MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
/** Ends any of the 16 magic numbers of a zstd frame to be skipped; the first byte is 0x50 to 0x5f. */
const ZSTD_SKIPPABLE_TAIL = Buffer.from([0x2a, 0x4d, 0x18]);

/** How the bytes are compressed: null when they are not, 'undecided' when there are too few to tell. */
export function compressionOf(head: Buffer): Compression | null | 'undecided' {
  if (begins(head, GZIP_MAGIC)) return 'gzip';
  if (begins(head, ZSTD_MAGIC)) return 'zstd';
  if (begins(head, XZ_MAGIC)) return 'xz';
  if (head.length > 1 && ((head[0] ?? 0) & 0xf0) === 0x50 && begins(head.subarray(1), ZSTD_SKIPPABLE_TAIL)) {
    return head.length > ZSTD_SKIPPABLE_TAIL.length ? 'zstd' : 'undecided';
  }
  const undecided = [GZIP_MAGIC, ZSTD_MAGIC, XZ_MAGIC].some((magic) => begins(magic, head));
  return undecided ? 'undecided' : null;
}

function begins(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length >= prefix.length && bytes.subarray(0, prefix.length).equals(prefix);
}
