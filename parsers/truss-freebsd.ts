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
import type { DiagnosticCode } from '../src/model/diagnostic.ts';
import type { Dialect } from '../src/model/dialect.ts';
import type { EventBase } from '../src/model/event.ts';
import { CLOSE_PAREN, OPEN_PAREN } from '../src/scan/cursor.ts';
import { NameTable } from '../src/scan/name-table.ts';
import type { EventSink, LineParser, ParseContext, TracerFormat } from './tracer-format.ts';
import { BrokenCall, MESSAGES } from './truss-freebsd-broken.ts';
import {
  type CallText,
  closeBeforeResult,
  endsInString,
  readCall,
  readCutCall,
  skipCallName,
  startsWithAny,
  trimmedEnd,
} from './truss-freebsd-call.ts';
import { Deaths, type End } from './truss-freebsd-deaths.ts';
import { LineFront, lineEnd, MAX_STAMPS, skipLead } from './truss-freebsd-front.ts';
import { gluedCallStart, gluedPrefixStart, isGluedName } from './truss-freebsd-glue.ts';
import { gluedMarkStart, isMark, type Mark, readMark } from './truss-freebsd-marks.ts';
import { recognizesTruss } from './truss-freebsd-recognize.ts';
import { PlainCall } from './truss-freebsd-skip.ts';

const DIALECT: Dialect = 'truss-freebsd';

/** Places in a line that are tried as the start of the trace's own text behind program output. */
const MAX_GLUE_TRIES = 8;
/** Pids remembered as seen. Most leave at their end; those of a log without ends must not pile up for ever. */
const MAX_KNOWN_PIDS = 65_536;

/** In front of each call in FreeBSD 2 and 3. */
const OLD_CALL = 'syscall ';
const TABLE_HEAD = 'syscall    ';
/** What ends a process, printed without a result. The exit status is in hexadecimal: no program's own `exit(1)`. */
const EXITS: ReadonlySet<string> = new Set(['exit', '_exit', 'sys_exit', 'linux_exit', 'linux_exit_group']);

/**
 * Whether this log has a process or thread in front of each line (-f, -H). Once it has, a line without one is program
 * output, whatever it says.
 */
type Layout = 'unknown' | 'prefixed' | 'bare';

class TrussParser implements LineParser {
  readonly selfContained = true;
  skippedEvents = 0;
  readonly #sink: EventSink;
  readonly #context: ParseContext;
  readonly #wanted: NameTable;
  readonly #plain = new PlainCall();

  // The line being read.
  readonly #front: LineFront;
  /** Reads lines that are only looked at. */
  readonly #probe = new LineFront(new Clock());
  #line = 0;
  #endLine = 0;

  // The log so far.
  #layout: Layout = 'unknown';
  /** Pids alive of which a line was understood; null: the process without one. */
  readonly #known = new Set<number | null>();
  /** Of the last line that was understood. */
  #lastPid: number | null = null;
  /** Of a prefix that another line broke off; its own line comes without one. */
  #orphanPid: number | null = null;
  #broken: BrokenCall | null = null;
  #inTable = false;
  #hasTable = false;
  #hasCalls = false;
  readonly #deaths = new Deaths();

  constructor(sink: EventSink, context: ParseContext) {
    this.#sink = sink;
    this.#context = context;
    this.#front = new LineFront(context.clock);
    const needs = context.needs;
    this.#wanted = new NameTable((name) => needs === null || needs.call(name) || isGluedName(name));
  }

  mayMatter(buffer: Buffer, start: number, end: number): boolean {
    const { needs, clock } = this.#context;
    if (needs === null || this.#broken !== null || this.#inTable) return true;
    const call = this.#plain;
    if (!call.read(buffer, start, end) || this.#wanted.wants(buffer, call.nameStart, call.nameEnd)) return true;
    if (call.prefixed !== (this.#layout === 'prefixed') || !this.#known.has(call.pid)) return true;
    if (needs.watched.has(call.pid) || this.#deaths.mayBeDying(call.pid)) return true;
    // The first stamp starts the clock.
    if (call.stamps === MAX_STAMPS && !clock.started) return true;
    this.#lastPid = call.pid;
    this.#hasCalls = true;
    this.skippedEvents++;
    return false;
  }

  push(text: string, line: number): void {
    this.#setLine(line);
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
          this.#setLine(line);
          break;
      }
    }
    this.#readLine(text, true);
  }

  end(): void {
    const broken = this.#broken;
    this.#broken = null;
    if (broken !== null) this.#giveUp(broken, null);
    if (this.#hasTable && !this.#hasCalls) this.#diagnose('summary-only', null);
  }

  #setLine(line: number): void {
    this.#line = line;
    this.#endLine = line;
  }

  /** `holds`: a call that is not whole waits for the lines that follow. */
  #readLine(text: string, holds: boolean): void {
    const start = skipLead(text);
    const end = lineEnd(text);
    if (end <= start) {
      // Nothing but a mail's quote marks.
      if (text.trim() !== '') this.#note(text);
      return;
    }
    if (this.#readBody(text, start, end, holds) || this.#readGlued(text, start, end, holds)) return;
    this.#front.read(text, start);
    this.#unparsed(text);
  }

  /** Reads the line that begins at `start`. False where it is nothing of truss's. */
  #readBody(text: string, start: number, end: number, holds: boolean): boolean {
    const body = this.#front.read(text, start);
    if (body >= end) return false;
    const { prefixed } = this.#front;
    if (!prefixed && this.#readUnprefixed(text, body, end)) return true;
    const mark = isMark(text, body) ? readMark(text, body, end) : null;
    if (mark !== null) return this.#readMarkLine(text.slice(body, end), mark);
    if (!prefixed && this.#layout === 'prefixed') return false;
    const name = text.startsWith(OLD_CALL, body) ? body + OLD_CALL.length : body;
    const open = skipCallName(text, name);
    if (open === name || text.charCodeAt(open) !== OPEN_PAREN) return false;
    return this.#readCallLine(text, name, open, end, holds);
  }

  /** Lines that have no prefix in any log: messages of truss, the table of -c. */
  #readUnprefixed(text: string, body: number, end: number): boolean {
    if (text.startsWith(TABLE_HEAD, body)) {
      this.#inTable = true;
      this.#hasTable = true;
    } else if (this.#inTable) {
      this.#inTable = !text.includes('(');
    }
    if (!this.#inTable && !startsWithAny(text, body, MESSAGES)) return false;
    this.#note(text.slice(body, end));
    return true;
  }

  #readCallLine(text: string, name: number, open: number, end: number, holds: boolean): boolean {
    const { prefixed } = this.#front;
    if (prefixed && this.#hasLineWithin(text, open, end)) return false;
    const call = readCall(text, name, end);
    if (!prefixed && isGluedName(text.slice(name, open)) && this.#readGluedCall(text, end)) return true;
    if (call !== null && (!holds || !endsInString(text, open, closeBeforeResult(text, open, end)))) {
      this.#emitCall(call);
      return true;
    }
    // exit(0x1)⇥⇥⇥⇥⇥
    // ^^^^^^^^^
    if (text.charCodeAt(end - 1) === CLOSE_PAREN && EXITS.has(text.slice(name, open)) && isHexArgument(text, open)) {
      this.#deaths.haveLines = true;
      this.#emitCall(readCutCall(text, name, open, end));
    } else if (holds) {
      const inString = endsInString(text, open, call === null ? end : closeBeforeResult(text, open, end));
      this.#broken = new BrokenCall(text, this.#line, inString, prefixed);
    } else {
      return this.#readPiece(text, name, open, end, false, false);
    }
    return true;
  }

  /** Whether a line of another process stands among the arguments: `8974: getsockname( 8956: close(11)⇥ = 0 (0x0)`. */
  #hasLineWithin(text: string, open: number, end: number): boolean {
    if (text.indexOf(': ', open) < 0) return false;
    let at = gluedPrefixStart(text, end);
    for (let tries = 0; at > open && tries < MAX_GLUE_TRIES; tries++) {
      if (this.#isLineOfKnown(text, at, end)) return !endsInString(text, open, at);
      at = gluedPrefixStart(text, at);
    }
    return false;
  }

  #isLineOfKnown(text: string, at: number, end: number): boolean {
    const body = this.#probe.read(text, at);
    if (!this.#probe.prefixed || !this.#known.has(this.#probe.pid)) return false;
    return readMark(text, body, end) !== null || readCall(text, body, end) !== null;
  }

  /** A line behind program output, or behind a piece of another line. */
  #readGlued(text: string, start: number, end: number, holds: boolean): boolean {
    let at = gluedPrefixStart(text, end);
    for (let tries = 0; at > start && tries < MAX_GLUE_TRIES; tries++) {
      if (this.#isLineOfKnown(text, at, end)) {
        const body = this.#front.read(text, start);
        //  8974:  8956: close(11)⇥⇥⇥⇥ = 0 (0x0)
        //  ^^^^^
        if (this.#front.prefixed && body >= at) this.#orphanPid = this.#front.pid;
        this.#diagnose('output-mixed-in', this.#line);
        return this.#readBody(text, at, end, holds);
      }
      at = gluedPrefixStart(text, at);
    }
    this.#front.read(text, start);
    if (this.#front.prefixed || this.#layout === 'prefixed') return false;
    const markStart = gluedMarkStart(text, end);
    if (markStart <= start) return this.#readGluedCall(text, end);
    this.#diagnose('output-mixed-in', this.#line);
    return this.#readBody(text, markStart, end, holds);
  }

  #readGluedCall(text: string, end: number): boolean {
    const start = gluedCallStart(text);
    const call = start < 0 ? null : readCall(text, start, end);
    if (call === null) return false;
    this.#diagnose('output-mixed-in', this.#line);
    this.#emitCall(call);
    return true;
  }

  // ---- calls that are not whole

  #emitJoined(broken: BrokenCall): void {
    const text = broken.joined;
    const body = this.#front.read(text, 0);
    const name = text.startsWith(OLD_CALL, body) ? body + OLD_CALL.length : body;
    const call = readCall(text, name, text.length);
    this.#line = broken.firstLine;
    if (call !== null) this.#emitCall(call);
  }

  /** The lines of a call that stays broken, each for itself. `next` is the line behind them; null: the log is over. */
  #giveUp(broken: BrokenCall, next: string | null): void {
    for (const [index, text] of broken.lines.entries()) {
      this.#setLine(broken.firstLine + index);
      if (index > 0) {
        this.#readLine(text, false);
        continue;
      }
      const body = this.#front.read(text, skipLead(text));
      const ends = next !== null && this.#isEnd(next, this.#front.pid);
      const name = text.startsWith(OLD_CALL, body) ? body + OLD_CALL.length : body;
      const atEnd = next === null && broken.lines.length === 1;
      if (!this.#readPiece(text, name, skipCallName(text, name), lineEnd(text), atEnd, ends)) this.#unparsed(text);
    }
  }

  /** Whether the line says that this process is over. */
  #isEnd(text: string, pid: number | null): boolean {
    const body = this.#probe.read(text, skipLead(text));
    const mark = this.#probe.pid === pid ? readMark(text, body, lineEnd(text)) : null;
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
      if (!ends) this.#diagnose('truncated-call', this.#line);
    } else if (atEnd) {
      this.#diagnose('truncated-call', this.#line);
    }
    this.#emitCall(call);
    return true;
  }

  // ---- marks

  #readMarkLine(text: string, mark: Mark): boolean {
    const front = this.#front;
    if (!front.prefixed && this.#layout === 'prefixed' && !this.#takeProcess(mark)) return false;
    switch (mark.kind) {
      case 'new-process':
        this.#deaths.haveLines = true;
        this.#deaths.survived(front.pid);
        this.#remember();
        this.#sink.event({ kind: 'process-start', ...this.#base(), parentPid: null, via: null });
        break;
      case 'thread':
        this.#deaths.haveLines = true;
        this.#remember();
        this.#note(text);
        break;
      case 'core':
        this.#deaths.showsRawStatus = true;
        this.#remember();
        this.#note(text);
        break;
      case 'signal':
        if (!mark.named) this.#deaths.showsRawStatus = true;
        if (mark.siginfo !== null) this.#deaths.haveLines = true;
        this.#remember();
        this.#deaths.signalled(front.pid, mark.signal);
        this.#sink.event({
          kind: 'signal',
          ...this.#base(),
          signal: mark.signal,
          disposition: null,
          siginfo: mark.siginfo,
        });
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
   * Finds the process of a mark without a prefix in a log with prefixes: one whose prefix another line broke off, or in
   * logs of the procfs time, where no mark has one, the process of the line before. False for program output.
   */
  #takeProcess(mark: Mark): boolean {
    if (this.#orphanPid !== null) {
      this.#front.pid = this.#orphanPid;
      this.#orphanPid = null;
      return true;
    }
    const isOld = mark.kind === 'core' || mark.kind === 'exit' || (mark.kind === 'signal' && !mark.named);
    if (!isOld || this.#deaths.haveLines) return false;
    this.#front.pid = this.#known.has(this.#lastPid) ? this.#lastPid : this.#onlyKnown();
    return true;
  }

  #onlyKnown(): number | null {
    if (this.#known.size !== 1) return null;
    for (const pid of this.#known) return pid;
    return null;
  }

  #emitEnd(end: End): void {
    this.#remember();
    this.#known.delete(this.#front.pid);
    this.#deaths.survived(this.#front.pid);
    const base = this.#base();
    if (end.kind === 'exit') this.#sink.event({ kind: 'exit', ...base, status: end.status });
    else this.#sink.event({ kind: 'killed', ...base, signal: end.signal, coreDumped: end.coreDumped });
  }

  // ---- events

  #emitCall(call: CallText): void {
    this.#remember();
    this.#hasCalls = true;
    this.#inTable = false;
    this.#deaths.survived(this.#front.pid);
    if (call.outcome === 'restarted' || call.detail !== null) this.#deaths.haveLines = true;
    this.#sink.event({
      kind: 'syscall',
      dialect: DIALECT,
      input: this.#context.input,
      line: this.#line,
      endLine: this.#endLine,
      pid: this.#front.pid,
      tid: this.#front.tid,
      time: this.#front.time,
      atNs: this.#front.atNs,
      name: call.name,
      args: call.args,
      result: call.result,
      detail: call.detail,
      errno: call.errno,
      durationNs: this.#front.durationNs,
      outcome: call.outcome,
    });
  }

  #note(text: string): void {
    this.#sink.event({ kind: 'note', ...this.#base(), text });
  }

  #unparsed(text: string): void {
    this.#sink.event({ kind: 'unparsed', ...this.#base(), text });
    this.#diagnose('unparsed-line', this.#line);
  }

  /** Fields of every event. Calls write theirs out: they are nearly all lines of a log. */
  #base(): EventBase {
    return {
      dialect: DIALECT,
      input: this.#context.input,
      line: this.#line,
      endLine: this.#endLine,
      pid: this.#front.pid,
      tid: this.#front.tid,
      time: this.#front.time,
      atNs: this.#front.atNs,
    };
  }

  #diagnose(code: DiagnosticCode, line: number | null): void {
    this.#sink.diagnostic({ code, input: this.#context.input, line });
  }

  /** Notes that a line of this process was understood. */
  #remember(): void {
    if (this.#front.prefixed) {
      // What was read without a prefix so far was no trace.
      if (this.#layout === 'bare') this.#known.clear();
      this.#layout = 'prefixed';
    } else if (this.#layout === 'unknown') {
      this.#layout = 'bare';
    }
    if (this.#known.size >= MAX_KNOWN_PIDS) this.#known.clear();
    this.#known.add(this.#front.pid);
    this.#lastPid = this.#front.pid;
  }
}

function isHexArgument(text: string, open: number): boolean {
  return text.startsWith('0x', open + 1);
}

export const trussFreebsd: TracerFormat = {
  dialect: DIALECT,
  title: 'truss (FreeBSD)',
  reference: 'https://man.freebsd.org/truss(1)',
  recognizes: recognizesTruss,
  createParser: (sink, context) => new TrussParser(sink, context),
};
