import type { CallRows } from '../model/call-rows.ts';
import type { Errno, SyscallEvent, TraceEvent } from '../model/event.ts';
import { CallLines } from './call-lines.ts';
import { JsonBytes, Piece } from './json-bytes.ts';
import { writeEvent } from './write.ts';

/** Names of errors whose text is kept; a system has fewer. */
const MAX_ERRNOS = 256;
const USUAL_NAME = /^E[A-Z\d]{1,30}$/;

const LINE = new Piece(',"line":');
const END_LINE = new Piece(',"endLine":');
const PID = new Piece(',"pid":');
const TID = new Piece(',"tid":');
const NO_TID = new Piece(',"tid":null,"time":');
const TIME = new Piece(',"time":');
const AT = new Piece(',"atNs":');
const NAME = new Piece(',"name":');
const ARGS = new Piece(',"args":');
const RESULT = new Piece(',"result":');
const DETAIL = new Piece(',"detail":');
const NO_ERRNO = new Piece(',"errno":null');
const DURATION = new Piece(',"durationNs":');
/** How most calls end. */
const RETURNED = new Piece(',"detail":null,"errno":null,"durationNs":null,"outcome":"returned"}\n');
const OUTCOMES = {
  returned: new Piece(',"outcome":"returned"}\n'),
  failed: new Piece(',"outcome":"failed"}\n'),
  unfinished: new Piece(',"outcome":"unfinished"}\n'),
  restarted: new Piece(',"outcome":"restarted"}\n'),
} as const;

/** Writes the lines of the interchange format as bytes: the same as `writeEvent` as text, in less than half the time. */
export class EventBytes {
  readonly #json: JsonBytes;
  readonly #errnos = new Map<string, { readonly number: number | null; readonly piece: Piece }>();
  /** For the calls that came last. */
  #callLines: CallLines | null = null;
  #dialect = '';
  #input = -1;
  /** Begins the lines of the dialect's calls in that input. */
  #start = new Piece('');

  /** `onBlock` takes bytes that are its own only until it returns. */
  constructor(onBlock: (bytes: Buffer) => void) {
    this.#json = new JsonBytes(onBlock);
  }

  /** Any line, with its line feed. */
  line(text: string): void {
    this.#json.json(text);
  }

  event(event: TraceEvent): void {
    // Nine in ten are calls.
    if (event.kind === 'syscall') this.#call(event);
    else this.line(writeEvent(event));
  }

  /** As `event` for each of the calls. */
  calls(rows: CallRows): void {
    if (this.#callLines?.rows !== rows) this.#callLines = new CallLines(rows);
    for (let row = 0; row < rows.count; ) {
      const next = this.#callLines.write(row, (lines) => this.#json.bytes(lines));
      // A line of its own is longer than there is room for, or its time is beyond all times.
      if (next === row) this.event(rows.event(row));
      row = Math.max(next, row + 1);
    }
  }

  /** Hands over what is left. */
  flush(): void {
    this.#json.flush();
  }

  #call(event: SyscallEvent): void {
    const json = this.#json;
    json.piece(this.#startOf(event));
    json.piece(LINE);
    json.number(event.line);
    json.piece(END_LINE);
    json.number(event.endLine);
    json.piece(PID);
    json.number(event.pid);
    if (event.tid === null) {
      json.piece(NO_TID);
    } else {
      json.piece(TID);
      json.number(event.tid);
      json.piece(TIME);
    }
    json.string(event.time);
    json.piece(AT);
    json.number(event.atNs);
    json.piece(NAME);
    json.string(event.name);
    json.piece(ARGS);
    json.string(event.args);
    json.piece(RESULT);
    json.string(event.result);
    if (event.detail === null && event.errno === null && event.durationNs === null && event.outcome === 'returned') {
      json.piece(RETURNED);
      return;
    }
    json.piece(DETAIL);
    json.string(event.detail);
    this.#errno(event.errno);
    json.piece(DURATION);
    json.number(event.durationNs);
    json.piece(OUTCOMES[event.outcome]);
  }

  #startOf({ dialect, input }: SyscallEvent): Piece {
    if (dialect !== this.#dialect || input !== this.#input) {
      this.#dialect = dialect;
      this.#input = input;
      this.#start = new Piece(`{"kind":"syscall","dialect":"${dialect}","input":${input}`);
    }
    return this.#start;
  }

  #errno(errno: Errno | null): void {
    if (errno === null) {
      this.#json.piece(NO_ERRNO);
      return;
    }
    const { name, number } = errno;
    const known = name === null ? undefined : this.#errnos.get(name);
    if (known?.number === number) {
      this.#json.piece(known.piece);
      return;
    }
    const text = `,"errno":${JSON.stringify(errno)}`;
    if (name !== null && USUAL_NAME.test(name) && this.#errnos.size < MAX_ERRNOS) {
      this.#errnos.set(name, { number, piece: new Piece(text) });
    }
    this.#json.json(text);
  }
}
