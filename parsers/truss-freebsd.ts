/**
 * truss of FreeBSD, and of DragonFly and MidnightBSD, which print the same. Reference: truss(1).
 *
 *   1200: fork()⇥⇥⇥⇥⇥ = 1201 (0x4b1)
 *   1201: <new process>
 *   1201: openat(AT_FDCWD,"conf/app.ini",O_RDONLY,00) = 3 (0x3)
 *   1201: SIGNAL 11 (SIGSEGV) code=SEGV_MAPERR trapno=12 addr=0x0
 *   1201: process killed, signal = 11 (core dumped)
 *
 * A call is printed when it returns, on one line, in the order of completion: a child's first line may stand before or
 * behind the fork that made it. A signal's line says nothing about what becomes of it; the death has a line of its own,
 * but not before FreeBSD 10.3.
 */
import { Clock } from '../src/model/clock.ts';
import { CLOSE_PAREN, OPEN_PAREN, trimmedEnd } from '../src/scan/cursor.ts';
import { NameTable } from '../src/scan/name-table.ts';
import type { EventSink, LineParser, LoadedFormat, ParseContext } from './tracer-format.ts';
import { BrokenCall } from './truss-freebsd-broken.ts';
import {
  type CallText,
  closeBeforeResult,
  endsInString,
  gapBeforeResult,
  readCall,
  readCutCall,
  skipCallName,
} from './truss-freebsd-call.ts';
import { Deaths, type End } from './truss-freebsd-deaths.ts';
import { Events } from './truss-freebsd-events.ts';
import { LineFront, MAX_STAMPS, skipLead } from './truss-freebsd-front.ts';
import { gluedCallStart, gluedPrefixStart, isGluedName } from './truss-freebsd-glue.ts';
import { gluedMarkStart, isMark, type Mark, readMark } from './truss-freebsd-marks.ts';
import { isMessage, LinePiece, LinePieces, MessageEnds, pieceEnd, warningStart } from './truss-freebsd-pieces.ts';
import { PlainCall } from './truss-freebsd-skip.ts';
import { Steps } from './truss-freebsd-steps.ts';
import { Tasks } from './truss-freebsd-tasks.ts';

/** Places in a line that are tried as the start of the trace's own text behind program output. */
const MAX_GLUE_TRIES = 8;

/** In front of each call in FreeBSD 2 and 3. */
const OLD_CALL = 'syscall ';
const EXEC = 'execve';
const TABLE_HEAD = 'syscall    ';
/** What ends a process, printed without a result. The exit status is in hexadecimal: no program's own `exit(1)`. */
const EXITS: ReadonlySet<string> = new Set(['exit', '_exit', 'sys_exit', 'linux_exit', 'linux_exit_group']);

class TrussParser implements LineParser {
  readonly sieve = null;
  readonly selfContained = true;
  skippedEvents = 0;
  readonly #context: ParseContext;
  readonly #wanted: NameTable;
  readonly #plain = new PlainCall();

  // The line being read.
  readonly #front: LineFront;
  readonly #events: Events;
  /** Reads lines that are only looked at. */
  readonly #probe = new LineFront(new Clock());

  // The log so far.
  readonly #tasks = new Tasks();
  #broken: BrokenCall | null = null;
  readonly #pieces = new LinePieces();
  readonly #messageEnds = new MessageEnds();
  #inTable = false;
  #hasTable = false;
  #hasCalls = false;
  readonly #deaths = new Deaths();
  readonly #steps = new Steps();

  constructor(sink: EventSink, context: ParseContext) {
    this.#context = context;
    this.#front = new LineFront(context.clock);
    this.#events = new Events(sink, context, this.#front);
    const needs = context.needs;
    this.#wanted = new NameTable((name) => needs === null || needs.call(name) || isGluedName(name) || name === EXEC);
  }

  mayMatter(buffer: Buffer, start: number, end: number): boolean {
    const { needs, clock } = this.#context;
    if (needs === null || this.#broken !== null || this.#inTable) return true;
    const call = this.#plain;
    if (!call.read(buffer, start, end) || this.#wanted.wants(buffer, call.nameStart, call.nameEnd)) return true;
    if (call.prefixed !== (this.#tasks.layout === 'prefixed') || !this.#tasks.has(call.pid)) return true;
    if (needs.watched.has(call.pid) || this.#deaths.mayBeDying(call.pid)) return true;
    if (this.#steps.mayBeOut(call.pid) || this.#pieces.has(call.pid)) return true;
    // The first stamp starts the clock.
    if (call.stamps === MAX_STAMPS && !clock.started) return true;
    this.#tasks.lastPid = call.pid;
    this.#hasCalls = true;
    this.skippedEvents++;
    return false;
  }

  push(text: string, line: number): void {
    this.#events.at(line);
    const broken = this.#broken;
    if (broken !== null) {
      switch (broken.add(text)) {
        case 'part':
          return;
        case 'end':
          this.#broken = null;
          this.#emitJoined(broken);
          return;
        case 'other':
          this.#broken = null;
          this.#giveUp(broken, text);
          this.#events.at(line);
          break;
      }
    }
    this.#readLine(text, true);
  }

  end(): void {
    const broken = this.#broken;
    this.#broken = null;
    if (broken !== null) this.#giveUp(broken, null);
    if (this.#hasTable && !this.#hasCalls) this.#events.diagnose('summary-only', null);
  }

  /** `holds`: a call that is not whole waits for the lines that follow. */
  #readLine(text: string, holds: boolean): void {
    const start = skipLead(text);
    const end = trimmedEnd(text, text.length);
    if (end <= start) {
      // Nothing but wide blanks.
      if (text.trim() !== '') this.#events.note(text);
      return;
    }
    if (this.#readTable(text, start, end) || this.#readPieced(text, start, end)) return;
    if (this.#readBody(text, start, end, holds) || this.#readGlued(text, start, end, holds)) return;
    this.#front.read(text, start);
    if (!this.#front.prefixed && this.#messageEnds.take(this.#events.line)) this.#events.note(text.slice(start, end));
    else this.#events.unparsed(text);
  }

  /** Reads the line that begins at `start`. False where it is nothing of truss's. */
  #readBody(text: string, start: number, end: number, holds: boolean): boolean {
    const body = this.#front.read(text, start);
    if (body >= end) return false;
    const { prefixed } = this.#front;
    if (!prefixed && isMessage(text, body)) {
      this.#messageEnds.add(text, body, this.#events.line);
      this.#events.note(text.slice(body, end));
      return true;
    }
    const mark = isMark(text, body) ? readMark(text, body, end) : null;
    if (mark !== null) return this.#readMarkLine(text.slice(body, end), mark);
    if (!prefixed && this.#tasks.layout === 'prefixed') return false;
    const name = text.startsWith(OLD_CALL, body) ? body + OLD_CALL.length : body;
    const open = skipCallName(text, name);
    if (open === name || text.charCodeAt(open) !== OPEN_PAREN) return false;
    return this.#readCallLine(text, name, open, end, holds);
  }

  /** The table of -c, whose rows hold no parentheses. */
  #readTable(text: string, start: number, end: number): boolean {
    if (text.startsWith(TABLE_HEAD, start)) {
      this.#inTable = true;
      this.#hasTable = true;
    } else if (this.#inTable) {
      this.#inTable = !text.includes('(');
    }
    if (!this.#inTable) return false;
    this.#front.clear();
    this.#events.note(text.slice(start, end));
    return true;
  }

  #readCallLine(text: string, name: number, open: number, end: number, holds: boolean): boolean {
    const { prefixed } = this.#front;
    const printed = text.slice(name, open);
    if (prefixed && this.#hasLineWithin(printed, text, open, end)) return false;
    const call = readCall(text, name, end);
    if (!prefixed && isGluedName(printed) && this.#readGluedCall(text, end)) return true;
    const inString = endsInString(printed, text, open, call === null ? end : closeBeforeResult(text, open, end));
    if (call !== null && !(holds && inString)) {
      this.#emitCall(call);
      return true;
    }
    // exit(0x1)⇥⇥⇥⇥⇥
    // ^^^^^^^^^
    if (text.charCodeAt(end - 1) === CLOSE_PAREN && EXITS.has(printed) && isHexArgument(text, open)) {
      this.#deaths.haveLines = true;
      this.#emitCall(readCutCall(text, name, open, end));
    } else if (prefixed && this.#breaksIntoWarning(printed, text, open, end)) {
      this.#events.note(text.slice(warningStart(text, open), end));
    } else if (holds) {
      this.#broken = new BrokenCall(text, this.#events.line, printed, inString, prefixed);
    } else {
      return this.#readPiece(text, name, open, end, false, false);
    }
    return true;
  }

  /** Whether a line of another process stands among the arguments: `8974: getsockname( 8956: close(11)⇥ = 0 (0x0)`. */
  #hasLineWithin(name: string, text: string, open: number, end: number): boolean {
    const at = this.#lineWithin(text, open, end);
    return at >= 0 && !endsInString(name, text, open, at);
  }

  /** Start of a line of a process that is known, behind `from`; -1 where there is none. */
  #lineWithin(text: string, from: number, end: number): number {
    let at = gluedPrefixStart(text, end);
    for (let tries = 0; at > from && tries < MAX_GLUE_TRIES; tries++) {
      if (this.#isLineOfKnown(text, at, end)) return at;
      at = gluedPrefixStart(text, at);
    }
    return -1;
  }

  #isLineOfKnown(text: string, at: number, end: number): boolean {
    const body = this.#probe.read(text, at);
    if (!this.#probe.prefixed || !this.#tasks.has(this.#probe.pid)) return false;
    return readMark(text, body, end) !== null || readCall(text, body, end) !== null;
  }

  /** A line behind program output, or behind a piece of another line. */
  #readGlued(text: string, start: number, end: number, holds: boolean): boolean {
    const at = this.#lineWithin(text, start, end);
    if (at >= 0) {
      this.#keepPiece(text, start, at);
      this.#events.diagnose('output-mixed-in', this.#events.line);
      return this.#readBody(text, at, end, holds);
    }
    this.#front.read(text, start);
    if (this.#front.prefixed || this.#tasks.layout === 'prefixed') return false;
    const markStart = gluedMarkStart(text, end);
    if (markStart <= start) return this.#readGluedCall(text, end);
    this.#events.diagnose('output-mixed-in', this.#events.line);
    return this.#readBody(text, markStart, end, holds);
  }

  // 8974: getsockname( 8956: close(11)⇥⇥⇥⇥ = 0 (0x0)
  // ^^^^^^^^^^^^^^^^^^
  /** What stands in front of another line is the beginning of a line of its own, or goes on with one. */
  #keepPiece(text: string, start: number, at: number): void {
    const body = Math.min(this.#front.read(text, start), at);
    const piece = text.slice(start, Math.max(body, pieceEnd(text, at)));
    if (this.#front.prefixed) this.#pieces.keep(new LinePiece(piece, this.#front.pid, this.#events.line));
    else this.#pieces.latestFirst[0]?.add(piece);
  }

  // 8956: read(7,"\\M^IPNG"...,truss: can not attach to target process: No such process
  // ^^^^^^^^^^^^^^^^^^^^^^^^^^
  /** Whether a warning of another truss broke off the call, the beginning of which is then kept. */
  #breaksIntoWarning(name: string, text: string, open: number, end: number): boolean {
    const at = warningStart(text, open);
    if (at < 0 || at >= end || endsInString(name, text, open, at)) return false;
    this.#pieces.keep(new LinePiece(text.slice(skipLead(text), at), this.#front.pid, this.#events.line));
    this.#events.diagnose('output-mixed-in', this.#events.line);
    this.#messageEnds.add(text, at, this.#events.line);
    this.#front.clear();
    return true;
  }

  /** Reads a line that, with a piece that was kept, is whole. */
  #readPieced(text: string, start: number, end: number): boolean {
    const pieces = this.#pieces.latestFirst;
    if (pieces.length === 0) return false;
    this.#probe.read(text, start);
    if (this.#probe.prefixed || !(gapBeforeResult(text, end) >= 0 || readMark(text, start, end) !== null)) return false;
    if (this.#lineWithin(text, start, end) >= 0) return false;
    for (const piece of pieces) {
      const joined = piece.joined(text.slice(0, end));
      const body = this.#front.read(joined, skipLead(joined));
      const mark = readMark(joined, body, joined.length);
      if (mark !== null) return this.#readMarkLine(joined.slice(body), mark);
      const call = readCall(joined, body, joined.length);
      if (call === null) continue;
      this.#events.line = piece.line;
      this.#emitCall(call);
      return true;
    }
    return false;
  }

  #readGluedCall(text: string, end: number): boolean {
    const start = gluedCallStart(text);
    const call = start < 0 ? null : readCall(text, start, end);
    if (call === null) return false;
    this.#events.diagnose('output-mixed-in', this.#events.line);
    this.#emitCall(call);
    return true;
  }

  // ---- calls that are not whole

  #emitJoined(broken: BrokenCall): void {
    const text = broken.joined;
    const body = this.#front.read(text, 0);
    const name = text.startsWith(OLD_CALL, body) ? body + OLD_CALL.length : body;
    const call = readCall(text, name, text.length);
    this.#events.line = broken.firstLine;
    if (call !== null) this.#emitCall(call);
  }

  /** The lines of a call that stays broken, each for itself. `next` is the line behind them; null: the log is over. */
  #giveUp(broken: BrokenCall, next: string | null): void {
    for (const [index, text] of broken.lines.entries()) {
      this.#events.at(broken.firstLine + index);
      if (index > 0) {
        this.#readLine(text, false);
        continue;
      }
      const body = this.#front.read(text, skipLead(text));
      const ends = next !== null && this.#isEnd(next, this.#front.pid);
      const name = text.startsWith(OLD_CALL, body) ? body + OLD_CALL.length : body;
      const atEnd = next === null && broken.lines.length === 1;
      if (!this.#readPiece(text, name, skipCallName(text, name), trimmedEnd(text, text.length), atEnd, ends))
        this.#events.unparsed(text);
    }
  }

  /** Whether the line says that this process is over. */
  #isEnd(text: string, pid: number | null): boolean {
    const body = this.#probe.read(text, skipLead(text));
    const mark = this.#probe.pid === pid ? readMark(text, body, trimmedEnd(text, text.length)) : null;
    return mark?.kind === 'exit' || mark?.kind === 'killed';
  }

  /**
   * What can be told of a call that is not whole. Without a result, it is a call only where the tabs before the result
   * are there, where its process is over next, or where the log is.
   */
  #readPiece(text: string, name: number, open: number, end: number, atEnd: boolean, ends: boolean): boolean {
    const whole = readCall(text, name, end);
    if (whole !== null) {
      this.#emitCall(whole);
      return true;
    }
    const call = readCutCall(text, name, open, end);
    if (call.outcome === 'unfinished') {
      const isClosed = call.args.length < end - open - 1;
      const isPadded = trimmedEnd(text, text.length) < text.length;
      if (!atEnd && !(isClosed && (isPadded || ends))) return false;
      if (!ends) this.#events.diagnose('truncated-call', this.#events.line);
    } else if (atEnd) {
      this.#events.diagnose('truncated-call', this.#events.line);
    }
    this.#emitCall(call);
    return true;
  }

  // ---- marks

  #readMarkLine(text: string, mark: Mark): boolean {
    const front = this.#front;
    if (!front.prefixed && this.#tasks.layout === 'prefixed' && !this.#takeProcess(mark)) return false;
    switch (mark.kind) {
      case 'new-process':
        this.#deaths.haveLines = true;
        this.#deaths.survived(front.pid);
        this.#remember();
        this.#events.birth();
        break;
      case 'new-thread':
        this.#deaths.haveLines = true;
        this.#remember();
        this.#events.threadBirth(mark.tid);
        break;
      case 'thread-exit':
        this.#deaths.haveLines = true;
        this.#noteOf(text);
        break;
      case 'core':
        this.#deaths.showsRawStatus = true;
        this.#noteOf(text);
        break;
      case 'signal':
        if (!mark.named) this.#deaths.showsRawStatus = true;
        if (mark.siginfo !== null) this.#deaths.haveLines = true;
        this.#remember();
        this.#deaths.signalled(front.pid, mark.signal);
        this.#events.signal(mark.signal, mark.siginfo);
        break;
      case 'killed':
        this.#deaths.haveLines = true;
        this.#emitEnd({ kind: 'killed', signal: mark.signal, coreDumped: mark.coreDumped });
        break;
      case 'exit':
        this.#emitEnd(this.#deaths.endOf(front.pid, mark.rval));
        break;
      default:
        mark satisfies never;
    }
    return true;
  }

  /**
   * Finds the process of a mark without a prefix in a log with prefixes: in logs of the procfs time, where no mark has
   * one, it is that of the line before. False for program output.
   */
  #takeProcess(mark: Mark): boolean {
    const isOld = mark.kind === 'core' || mark.kind === 'exit' || (mark.kind === 'signal' && !mark.named);
    if (!isOld || this.#deaths.haveLines) return false;
    this.#front.pid = this.#tasks.current;
    return true;
  }

  #emitEnd(end: End): void {
    this.#remember();
    this.#tasks.end(this.#front.pid);
    this.#steps.end(this.#front.pid);
    this.#deaths.survived(this.#front.pid);
    this.#events.end(end);
  }

  // ---- events

  #emitCall(call: CallText): void {
    this.#remember();
    this.#hasCalls = true;
    this.#inTable = false;
    this.#deaths.survived(this.#front.pid);
    if (call.outcome === 'restarted' || call.detail !== null) this.#deaths.haveLines = true;
    const isOut = !this.#deaths.haveLines && this.#steps.isOut(this.#front.pid, call);
    if (isOut) this.#events.note(`${call.name}(${call.args}) = ${call.result ?? ''}`);
    else this.#events.call(call);
  }

  /** Gives a note of this process, which does not make it known: lines are passed over only of those with an event. */
  #noteOf(text: string): void {
    const { pid } = this.#front;
    const isNew = !this.#tasks.has(pid);
    this.#remember();
    if (isNew) this.#tasks.end(pid);
    this.#events.note(text);
  }

  /** Notes that a line of this process was understood. */
  #remember(): void {
    // -H came after the lines for deaths.
    if (this.#front.tid !== null) this.#deaths.haveLines = true;
    // Each process has a truss of its own, whose clock begins when it does.
    if (!this.#deaths.haveLines && !this.#tasks.isFirst(this.#front.pid)) this.#front.atNs = null;
    this.#tasks.see(this.#front.pid, this.#front.prefixed);
    this.#pieces.drop(this.#front.pid);
  }
}

function isHexArgument(text: string, open: number): boolean {
  return text.startsWith('0x', open + 1);
}

export const trussFreebsd: LoadedFormat = {
  createParser: (sink, context) => new TrussParser(sink, context),
};
