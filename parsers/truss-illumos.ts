/**
 * truss of illumos and Solaris (and of UnixWare, which prints nearly the same). Reference: truss(1).
 *
 *   20811:⇥open("/etc/passwd", O_RDONLY)⇥⇥⇥= 3
 *   1234:⇥ 0.0037⇥forkx()⇥⇥(returning as child ...)⇥= 1230
 *   20811/4:⇥⇥    Incurred fault #6, FLTBOUNDS  %pc = 0xFE887CF8
 *   20811/4:⇥⇥      siginfo: SIGSEGV SEGV_MAPERR addr=0x00000054
 *   20811/4:⇥⇥    Received signal #11, SIGSEGV [default]
 *
 * A call is printed when it completes, whole, on one line; there are no halves to join. A death by signal has no
 * line: it is the signal that is delivered with [default]. People send logs with blanks for tabs, so any run of
 * blanks and tabs is taken where truss prints tabs.
 */

import type { DiagnosticCode } from '../src/model/diagnostic.ts';
import type { Dialect } from '../src/model/dialect.ts';
import type { EventBase, FaultEvent, SignalEvent, StartVia } from '../src/model/event.ts';
import {
  CLOSE_PAREN,
  codeAt,
  isDigit,
  MINUS,
  OPEN_PAREN,
  skipSpaces,
  startsWithAny,
  TAB,
  trimmedEnd,
} from '../src/scan/cursor.ts';
import { LATER, NEVER, type Need, NOW } from './sieve/need.ts';
import { Sieve } from './sieve.ts';
import type { EventSink, LineParser, LoadedFormat, Needs, ParseContext } from './tracer-format.ts';
import { type CallText, isWaiting, readCall, readCutCall, rejoined, skipCallName } from './truss-illumos-call.ts';
import { isDelivery, readFault, readSignal, wordEnd } from './truss-illumos-delivery.ts';
import { LineFront } from './truss-illumos-front.ts';
import { gluedCallStart, gluedName, gluedPrefixStart } from './truss-illumos-glue.ts';

const DIALECT: Dialect = 'truss-illumos';

/** Places in a line that are tried as the start of the trace's own text behind program output. */
const MAX_GLUE_TRIES = 8;
/** Pids remembered as seen. Most leave at their end; those killed unseen must not pile up for ever. */
const MAX_KNOWN_PIDS = 65_536;

const BASE = 'Base time stamp:';
const SIGINFO = 'siginfo: ';
/** What the rows of an exec's arguments are indented by where they are wrapped. */
const ARGV_INDENT = 2;

/** Bodies that are understood and carry nothing. */
const NOTES = ['Stopped by signal #', 'Continued with signal #', SIGINFO, 'argv:', 'envp:', 'psargs:'];
/** Truss let the process go; it lives on unseen. */
const RELEASES = ['cannot trace across exec()', 'lost control of process', 'process otherwise traced'];
/** Lines of truss itself and of its summary, which never have a prefix. */
const BANNERS = ['truss: ', '(Warning: no matching active LWPs'];
const TABLE_HEADS = ['syscall    ', 'signals ---', 'faults ---', 'Library:   '];

/**
 * Whether this log has a pid before each line (-f, several -p) or on none. The first line that is understood decides:
 * afterwards, a line without one in a log that has them is program output, whatever it says.
 */
type Layout = 'unknown' | 'pids' | 'bare';

/** What a line that explains nothing by itself may belong to. */
type After = 'nothing' | 'event' | 'argv' | 'table';

class TrussParser implements LineParser {
  readonly selfContained = true;
  /** Null where every line is wanted. */
  readonly sieve: Sieve | null;
  readonly #sink: EventSink;
  readonly #context: ParseContext;

  // The line being read.
  readonly #front: LineFront;
  #line = 0;
  #endLine = 0;

  // The log so far.
  #layout: Layout = 'unknown';
  #after: After = 'nothing';
  #hasTable = false;
  /** Pids of which a line was understood, and of which LWPs since the last exec; null: a line without the number. */
  readonly #known = new Map<number | null, Set<number | null>>();
  /** A signal or fault: the next line may be its siginfo. */
  #held: SignalEvent | FaultEvent | null = null;
  /** A call without a result: the next line may be the rest of it. */
  #cut: string | null = null;
  #cutLine = 0;
  /** Events passed over when the sieve was told last. */
  #passed = 0;

  constructor(sink: EventSink, context: ParseContext) {
    this.#sink = sink;
    this.#context = context;
    this.#front = new LineFront(context.clock);
    const { needs } = context;
    this.sieve = needs === null ? null : new Sieve('truss-illumos', (name) => needOf(name, needs));
  }

  get skippedEvents(): number {
    return this.sieve?.passedEvents ?? 0;
  }

  mayMatter(): boolean {
    return true;
  }

  push(text: string, line: number): void {
    if (this.skippedEvents !== this.#passed) this.#after = 'event';
    this.#line = line;
    this.#endLine = line;
    this.#pushLine(text);
    this.#tellSieve();
  }

  #tellSieve(): void {
    const { sieve } = this;
    if (sieve === null) return;
    sieve.everything = this.#held !== null || this.#cut !== null || this.#after === 'argv';
    sieve.clockStarted = this.#context.clock.started;
    sieve.watch(this.#context.needs?.watched ?? NOBODY);
    this.#passed = sieve.passedEvents;
  }

  #pushLine(text: string): void {
    const end = trimmedEnd(text, text.length);
    if (this.#held !== null && this.#takeSiginfo(text, end, this.#held)) return;
    if (this.#cut !== null && this.#completeCut(text, end, this.#cut)) return;
    if (end > 0) this.#readLine(text, end);
  }

  end(): void {
    if (this.#held !== null) this.#sink.event(this.#held);
    this.#held = null;
    if (this.#cut !== null) {
      this.#emitCutCall(this.#cut);
      this.#diagnose('truncated-call', this.#cutLine);
    }
    this.#cut = null;
    if (this.#hasTable && this.#layout === 'unknown') this.#diagnose('summary-only', null);
  }

  #readLine(text: string, end: number): void {
    const body = this.#front.read(text, 0);
    if (this.#readBody(text, body, end) || this.#readGlued(text, end)) return;
    if (this.#continues()) {
      this.#note(text, body, end);
    } else {
      this.#unparsed(text, this.#line);
      this.#after = 'nothing';
    }
  }

  /** Reads what stands behind the prefix. False where it is nothing of truss's. */
  #readBody(text: string, body: number, end: number): boolean {
    if (!this.#front.prefixed && this.#readUnprefixed(text, end)) return true;
    if (this.#front.pid === null && this.#layout === 'pids') return false;
    if (this.#after === 'argv' && this.#front.indent === ARGV_INDENT) {
      this.#note(text, body, end);
      return true;
    }
    const nameEnd = skipCallName(text, body);
    if (nameEnd === body || codeAt(text, nameEnd) !== OPEN_PAREN) return this.#readOther(text, body, end);
    this.#readCallLine(text, body, nameEnd, end);
    return true;
  }

  /** Lines that have no prefix in any log: the banner, truss's own messages, the tables of -c. */
  #readUnprefixed(text: string, end: number): boolean {
    if (this.#after === 'table') {
      if (isTableRow(text, end)) {
        this.#note(text, 0, end);
        return true;
      }
      this.#after = 'nothing';
    }
    if (text.startsWith(BASE)) {
      this.#readBase(text, end);
      return true;
    }
    if (startsWithAny(text, 0, TABLE_HEADS)) {
      this.#after = 'table';
      this.#hasTable = true;
    } else if (!startsWithAny(text, 0, BANNERS)) {
      return false;
    }
    this.#note(text, 0, end);
    return true;
  }

  // Base time stamp:  1277716460.8580  [ Mon Jun 28 09:14:20 GMT 2010 ]
  //                   ^^^^^^^^^^^^^^^
  #readBase(text: string, end: number): void {
    const from = skipSpaces(text, BASE.length);
    const blank = text.indexOf(' ', from);
    this.#front.readBase(text.slice(from, blank < 0 ? end : blank));
    this.#note(text, 0, end);
  }

  #readCallLine(text: string, body: number, open: number, end: number): void {
    const call = readCall(text, body, end);
    if (!this.#front.prefixed && gluedName(call === null ? text.slice(body, open) : call.name) !== null) {
      if (this.#readGluedCall(text, end)) return;
    }
    if (call === null) {
      if (isWaiting(text, end)) {
        this.#note(text, body, end);
        this.#after = 'event';
        return;
      }
      this.#cut = text.slice(0, end);
      this.#cutLine = this.#line;
      return;
    }
    // forkx()⇥⇥(returning as child ...)⇥= 1230
    //        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    if (codeAt(text, open + 1) === CLOSE_PAREN) {
      const remark = skipSpaces(text, open + 2);
      if (text.startsWith('(returning as child', remark)) {
        this.#emitProcessStart(call);
        return;
      }
      if (text.startsWith('(returning as new lwp', remark)) {
        this.#emitStart(this.#front.pid, 'thread');
        return;
      }
    }
    this.#emitCall(call);
  }

  #readOther(text: string, body: number, end: number): boolean {
    if (isDelivery(text, body)) return this.#readDelivery(text, body, end);
    if (text.startsWith('*** ', body)) return this.#readNotice(text, body, end);
    if (!startsWithAny(text, body, NOTES) && !isFunction(text, body)) return false;
    this.#note(text, body, end);
    this.#after = text.startsWith('argv:', body) || text.startsWith('envp:', body) ? 'argv' : 'event';
    return true;
  }

  /** Holds a signal or fault until the next line has shown whether it is its siginfo. */
  #readDelivery(text: string, body: number, end: number): boolean {
    const signal = readSignal(text, body, end);
    const fault = signal === null ? readFault(text, body, end) : null;
    if (signal === null && fault === null) return false;
    this.#remember();
    if (signal !== null) {
      if (signal.disposition === 'default') this.#forget(this.#front.pid);
      this.#held = { kind: 'signal', ...this.#base(), ...signal, siginfo: null };
    } else if (fault !== null) {
      this.#held = { kind: 'fault', ...this.#base(), ...fault, siginfo: null };
    }
    return true;
  }

  /** Gives the held event, with this line's siginfo where it has one. True where the line was used up. */
  #takeSiginfo(text: string, end: number, held: SignalEvent | FaultEvent): boolean {
    this.#held = null;
    const body = this.#front.read(text, 0);
    if (!text.startsWith(SIGINFO, body) || this.#front.pid !== held.pid || this.#front.tid !== held.tid) {
      this.#sink.event(held);
      return false;
    }
    // One line in thousands: the copy costs nothing.
    this.#sink.event({ ...held, endLine: this.#line, siginfo: text.slice(body + SIGINFO.length, end) });
    return true;
  }

  // 1234:⇥⇥*** cannot trace across exec() of /usr/bin/su ***
  //            ^^^^^^^^^^^^^^^^^^^^^^^^^^
  #readNotice(text: string, body: number, end: number): boolean {
    if (!this.#front.prefixed && this.#front.indent === 0) return false;
    const notice = body + '*** '.length;
    if (text.startsWith('process killed', notice)) {
      this.#emitMark('killed');
    } else if (startsWithAny(text, notice, RELEASES)) {
      this.#emitMark('detach');
    } else {
      this.#note(text, body, end);
      this.#after = 'event';
    }
    return true;
  }

  /** A line behind program output: the last prefix, or in a log without prefixes the first call, that reads well. */
  #readGlued(text: string, end: number): boolean {
    let at = gluedPrefixStart(text, end);
    for (let tries = 0; at > 0 && tries < MAX_GLUE_TRIES; tries++) {
      const body = this.#front.read(text, at);
      // Blanks stand behind many a number and colon; a tab is the trace's own.
      const certain = codeAt(text, text.indexOf(':', at) + 1) === TAB || this.#known.has(this.#front.pid);
      if (certain && this.#front.prefixed && isWhole(text, body, end) && this.#readBody(text, body, end)) {
        this.#diagnose('output-mixed-in', this.#line);
        return true;
      }
      at = gluedPrefixStart(text, at);
    }
    this.#front.read(text, 0);
    return !this.#front.prefixed && this.#layout !== 'pids' && this.#readGluedCall(text, end);
  }

  #readGluedCall(text: string, end: number): boolean {
    const start = gluedCallStart(text);
    const call = start < 0 ? null : readCall(text, start, end);
    if (call === null) return false;
    this.#diagnose('output-mixed-in', this.#line);
    this.#emitCall(call);
    return true;
  }

  /** Ends the call that the line before left open. True where this line was the rest of it. */
  #completeCut(text: string, end: number, head: string): boolean {
    this.#cut = null;
    const body = this.#front.read(text, 0);
    if (end > 0 && !this.#front.prefixed && codeAt(text, skipCallName(text, body)) !== OPEN_PAREN) {
      const whole = rejoined(head, text.slice(0, end));
      const call = readCall(whole, this.#front.read(whole, 0), whole.length);
      if (call !== null) {
        this.#line = this.#cutLine;
        this.#emitCall(call);
        return true;
      }
    } else if (this.#front.prefixed && text.startsWith('*** ', body)) {
      // The exec that truss cannot follow is printed without a result.
      this.#emitCutCall(head);
      return false;
    }
    this.#front.read(head, 0);
    this.#unparsed(head, this.#cutLine);
    this.#after = 'nothing';
    return false;
  }

  #emitCutCall(head: string): void {
    const line = this.#line;
    this.#line = this.#cutLine;
    this.#endLine = this.#cutLine;
    const from = this.#front.read(head, 0);
    this.#emitCall(readCutCall(head, from, skipCallName(head, from)));
    this.#line = line;
    this.#endLine = line;
  }

  #emitCall(call: CallText): void {
    this.#remember();
    if (call.name === '_exit' || call.name === 'exit' || call.name.startsWith('exec')) this.#forget(this.#front.pid);
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

  /** A child prints its parent's pid as the result of the call that made it; in a zone of its own, 0. */
  #emitProcessStart(call: CallText): void {
    const parent = Number(call.result);
    const parentPid = Number.isSafeInteger(parent) && parent > 0 ? parent : null;
    this.#emitStart(parentPid, call.name.startsWith('vfork') ? 'vfork' : 'fork');
  }

  #emitStart(parentPid: number | null, via: StartVia): void {
    this.#remember();
    this.#sink.event({ kind: 'process-start', ...this.#base(), parentPid, via });
  }

  #emitMark(kind: 'killed' | 'detach'): void {
    this.#remember();
    this.#forget(this.#front.pid);
    const base = this.#base();
    this.#sink.event(kind === 'killed' ? { kind, ...base, signal: null, coreDumped: null } : { kind, ...base });
  }

  #note(text: string, from: number, end: number): void {
    this.#sink.event({
      kind: 'note',
      ...this.#base(),
      text: text.slice(from, end),
    });
  }

  #unparsed(text: string, line: number): void {
    this.#sink.event({ kind: 'unparsed', ...this.#base(), line, endLine: line, text });
    this.#diagnose('unparsed-line', line);
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
    if (this.#layout === 'unknown') this.#layout = this.#front.pid === null ? 'bare' : 'pids';
    if (this.#known.size >= MAX_KNOWN_PIDS) this.#known.clear();
    const { pid, tid } = this.#front;
    const threads = this.#known.get(pid);
    if (threads === undefined) this.#known.set(pid, new Set([tid]));
    else threads.add(tid);
    this.sieve?.setKnown(pid, tid, true);
    this.#after = 'event';
  }

  /** The next line of the process, and of each of its threads, is to be read. */
  #forget(pid: number | null): void {
    for (const tid of this.#known.get(pid) ?? []) this.sieve?.setKnown(pid, tid, false);
    this.#known.delete(pid);
  }

  /** Whether a line that says nothing by itself can be a dump, a field or an argument of the event before it. */
  #continues(): boolean {
    if (this.#front.prefixed) return this.#front.indent !== 0 && this.#known.has(this.#front.pid);
    return this.#after === 'argv' || (this.#after === 'event' && this.#front.indent > 0);
  }
}

const NOBODY: ReadonlySet<number | null> = new Set();

function needOf(name: string, needs: Needs): Need {
  if (gluedName(name) !== null) return NOW;
  if (!needs.call(name)) return NEVER;
  return needs.keeping?.canWait(name) === true ? LATER : NOW;
}

/** Whether the text that begins at `body` is so surely truss's that what stands before it must be program output. */
function isWhole(text: string, body: number, end: number): boolean {
  return isDelivery(text, body) || readCall(text, body, end) !== null;
}

// -> libc:malloc(0x40)      <- libc:malloc() = 0x8068540
// ^^^^^^^^^^^^^^^           ^^^^^^^^^^^^^^^
/** Whether a function's entry or return (-u) stands at `body`. */
function isFunction(text: string, body: number): boolean {
  if (!text.startsWith('-> ', body) && !text.startsWith('<- ', body)) return false;
  const name = body + '-> '.length;
  return text.indexOf('(', name) > name && text.indexOf('(', name) <= wordEnd(text, name, text.length);
}

/** Whether this can be a line of -c: `open    .002    12    3`, `sys totals:    .010    70    3`, dashes. */
function isTableRow(text: string, end: number): boolean {
  const last = codeAt(text, end - 1);
  return (isDigit(last) || last === MINUS || text.startsWith('syscall ')) && !text.includes('(');
}

export const trussIllumos: LoadedFormat = {
  createParser: (sink, context) => new TrussParser(sink, context),
};
