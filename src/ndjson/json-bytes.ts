const BLOCK_BYTES = 131_072;
/** What stands between two strings of a line, numbers and all, is shorter than this. */
const BETWEEN_STRINGS_BYTES = 1024;
/** JSON writes a byte with at most six characters: \u001f. */
const LONGEST_ESCAPE = 6;
/** UTF-8 has at most three bytes for each of a string's units. */
const UTF8_BYTES = 3;
/** Shorter strings are taken character by character: for them a call into the buffer takes longer. */
const SHORT_STRING = 32;
/** Longer ones, which hardly any log has, go the usual way: `LONGEST_ESCAPE` of this fits into a block. */
const LONG_STRING = 16_384;
const BILLION = 1_000_000_000;

const ZERO = 48;
const QUOTE = 34;
const BACKSLASH = 92;
const DELETE = 127;
/** From here on UTF-8 has three bytes, and some of these characters are halves of pairs. Bytes of a log never come so far. */
const THREE_BYTES = 0xe0;

/** Bytes that JSON does not take as they are. */
const IS_ESCAPED = new Uint8Array(256).fill(1, 0, 32);
IS_ESCAPED[QUOTE] = 1;
IS_ESCAPED[BACKSLASH] = 1;

/** ASCII text that is written again and again. */
export class Piece {
  readonly length: number;
  /** Four bytes each, which are copied in the time of one; the last is filled up with zeros. */
  readonly words: Uint32Array;

  constructor(text: string) {
    this.length = text.length;
    const bytes = Buffer.alloc(Math.ceil(text.length / 4) * 4);
    bytes.write(text, 'latin1');
    this.words = Uint32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readUInt32LE(at * 4));
  }
}

const NULL = new Piece('null');

/**
 * JSON as bytes of UTF-8, gathered in blocks. Strings are escaped as `JSON.stringify` escapes them; it takes twice the
 * time, and the text it gives has to be made bytes.
 */
export class JsonBytes {
  readonly #onBlock: (bytes: Buffer) => void;
  readonly #bytes = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** A string's own bytes. */
  readonly #plain = Buffer.allocUnsafeSlow(LONG_STRING * UTF8_BYTES);

  /** `onBlock` takes bytes that are its own only until it returns. */
  constructor(onBlock: (bytes: Buffer) => void) {
    this.#onBlock = onBlock;
  }

  piece({ words, length }: Piece): void {
    const view = this.#view;
    const from = this.#length;
    for (let at = 0; at < words.length; at++) view.setUint32(from + at * 4, words[at] ?? 0, true);
    this.#length = from + length;
  }

  /** Null where it is null or no number that JSON has. */
  number(value: number | null): void {
    if (value === null) this.piece(NULL);
    else if (value >= 0 && value < BILLION && Math.floor(value) === value) this.#digits(value, digitsOf(value));
    else if (value >= BILLION && Number.isSafeInteger(value)) this.#largeInteger(value);
    else this.#ascii(JSON.stringify(value));
  }

  string(value: string | null): void {
    if (value === null) {
      this.piece(NULL);
      return;
    }
    if (value.length > LONG_STRING) {
      this.json(JSON.stringify(value));
      return;
    }
    this.#makeRoom(value.length * LONGEST_ESCAPE);
    if (value.length > SHORT_STRING || !this.#shortString(value)) this.#anyString(value);
  }

  /** Text that is JSON already. */
  json(text: string): void {
    if (text.length > LONG_STRING) {
      this.flush();
      this.#onBlock(Buffer.from(text, 'utf8'));
      return;
    }
    this.#makeRoom(text.length * UTF8_BYTES);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** Bytes that are JSON already. */
  bytes(bytes: Buffer): void {
    this.#makeRoom(bytes.length);
    if (bytes.length > BLOCK_BYTES - BETWEEN_STRINGS_BYTES) this.#onBlock(bytes);
    else this.#length += bytes.copy(this.#bytes, this.#length);
  }

  /** Gives what is left. */
  flush(): void {
    this.#onBlock(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }

  /** Makes room for a string that may take so many bytes, and for what follows it. */
  #makeRoom(stringBytes: number): void {
    if (this.#length + stringBytes + BETWEEN_STRINGS_BYTES > BLOCK_BYTES) this.flush();
  }

  /** `value` is less than a billion, so that whole numbers of 32 bits do. */
  #digits(value: number, width: number): void {
    const bytes = this.#bytes;
    let rest = value;
    for (let at = this.#length + width - 1; at >= this.#length; at--) {
      const tens = (rest / 10) | 0;
      bytes[at] = ZERO + rest - tens * 10;
      rest = tens;
    }
    this.#length += width;
  }

  #largeInteger(value: number): void {
    const billions = Math.floor(value / BILLION);
    this.#digits(billions, digitsOf(billions));
    this.#digits(value - billions * BILLION, 9);
  }

  #ascii(text: string): void {
    for (let at = 0; at < text.length; at++) this.#bytes[this.#length++] = text.charCodeAt(at);
  }

  /** False where the string is not plain ASCII; nothing is written then. */
  #shortString(value: string): boolean {
    const bytes = this.#bytes;
    let to = this.#length;
    bytes[to++] = QUOTE;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code > DELETE || IS_ESCAPED[code] === 1) return false;
      bytes[to++] = code;
    }
    bytes[to++] = QUOTE;
    this.#length = to;
    return true;
  }

  #anyString(value: string): void {
    const plain = this.#plain;
    const end = plain.write(value, 'utf8');
    const bytes = this.#bytes;
    let to = this.#length;
    bytes[to++] = QUOTE;
    for (let at = 0; at < end; at++) {
      const byte = plain[at] ?? 0;
      if (byte >= THREE_BYTES) {
        this.json(JSON.stringify(value));
        return;
      }
      if (IS_ESCAPED[byte] === 0) {
        bytes[to++] = byte;
      } else if (byte === QUOTE || byte === BACKSLASH) {
        bytes[to++] = BACKSLASH;
        bytes[to++] = byte;
      } else {
        to += bytes.write(escapeOf(byte), to, 'latin1');
      }
    }
    bytes[to++] = QUOTE;
    this.#length = to;
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let power = 10; value >= power; power *= 10) digits++;
  return digits;
}

function escapeOf(byte: number): string {
  return JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
}
