/**
 * dtruss of macOS, and of Sun's DTraceToolkit on Solaris and FreeBSD: a script around dtrace. Reference: dtruss(1m).
 *
 *   ⇥PID/THRD  RELATIVE  ELAPSD    CPU SYSCALL(args) ⇥⇥ = return
 *    4966/0x54c8:       232:        0:       0 fork()⇥⇥ = 0 0
 *    4966/0x54c8:       535      28     27 open(".\0", 0x100000, 0x0)⇥⇥ = 3 0
 *   91956/0x1cca76:  open("/usr/local/bin/gui-console/..namedfork/rsrc\0", 0x0, 0x1B6)⇥⇥ = -1 Err#2
 *   dtrace: error on enabled probe ID 2170 (ID 172: syscall::open:return): invalid user access in action #5
 *
 * A line is printed when a call returns, whole; exits, signals and deaths are not printed at all. Calls wait in a
 * buffer while dtrace's messages and the program's own text are written at once: those stand too early, and may cut a
 * call's line in two. `fork() = 0 0` means that a thread was first seen, not that anybody called fork.
 */

import type { DiagnosticCode } from '../src/model/diagnostic.ts';
import type { Dialect } from '../src/model/dialect.ts';
import type { EventBase, KilledEvent, StartVia } from '../src/model/event.ts';
import { skipDigits, skipSpaces, trimmedEnd } from '../src/scan/cursor.ts';
import { NameTable } from '../src/scan/name-table.ts';
import { type CallText, isCallStart, readCall, readCutCall, skipCallName, UNQUOTED_CALL } from './dtruss-call.ts';
import { CutCall, isCutCall, joined } from './dtruss-cut.ts';
import { isWrite, readShellReport, readSignalNotice, readWrittenReport, type ShellReport } from './dtruss-deaths.ts';
import { type Header, LineFront, readHeader } from './dtruss-front.ts';
import { gluedCallStart, gluedName, gluedPrefixStart } from './dtruss-glue.ts';
import { gluedMessageStart, isMessage, OtherLines, readLoss } from './dtruss-lines.ts';
import { PlainCall } from './dtruss-skip.ts';
import { isOfProcesses, spawnedPid, Tasks, viaOf } from './dtruss-tasks.ts';
import type { EventSink, LineParser, LoadedFormat, ParseContext } from './tracer-format.ts';

const DIALECT: Dialect = 'dtruss';

/** Places in a line that are tried as the start of a call behind program output. */
const MAX_GLUE_TRIES = 8;
/** Deaths that are held until the log is over. */
const MAX_REPORTS = 1024;

/** Whether each line names its process, as a header or else a call shows. If so, one that does not is program output. */
type Layout = 'unknown' | 'pids' | 'bare';

class DtrussParser implements LineParser {
  /** The header tells the columns. */
  readonly sieve = null;
  readonly selfContained = false;
  skippedEvents = 0;
  readonly #sink: EventSink;
  readonly #context: ParseContext;
  readonly #wanted: NameTable;
  readonly #writes = new NameTable(isWrite);
  readonly #plain = new PlainCall();

  // The line being read.
  readonly #front = new LineFront();
  #line = 0;
  #endLine = 0;

  // The log so far.
  #layout: Layout = 'unknown';
  /** Whether the header or the first thread id is not of Apple's script, so the log is not of macOS. */
  #toolkit = false;
  #hasCalls = false;
  readonly #other = new OtherLines();
  readonly #tasks = new Tasks();
  readonly #cut = new CutCall();
  /** Deaths told by shells, by the dead: calls of theirs may still come out of dtrace's buffer. */
  readonly #reports = new Map<number, KilledEvent>();

  constructor(sink: EventSink, context: ParseContext) {
    this.#sink = sink;
    this.#context = context;
    const needs = context.needs;
    this.#wanted = new NameTable((name) => needs === null || needs.call(name) || isNeverPlain(name));
  }

  mayMatter(buffer: Buffer, start: number, end: number): boolean {
    const { needs } = this.#context;
    const call = this.#plain;
    if (needs === null || this.#cut.held || this.#other.pending) return true;
    if (!call.read(buffer, start, end) || this.#wanted.wants(buffer, call.nameStart, call.nameEnd)) return true;
    if (this.#layout !== (call.pid === null ? 'bare' : 'pids') || call.pid === 0) return true;
    if (!this.#tasks.isCurrent(call.pid, call.tid) || needs.watched.has(call.pid)) return true;
    if (this.#writes.wants(buffer, call.nameStart, call.nameEnd) && call.isToStandardError(buffer)) return true;
    this.skippedEvents++;
    return false;
  }

  push(text: string, line: number): void {
    this.#line = line;
    this.#endLine = line;
    const end = trimmedEnd(text, text.length);
    if (this.#cut.held && this.#completeCut(text, end)) return;
    if (end > 0) this.#readLine(text, end);
    else this.#other.blank();
  }

  end(): void {
    this.#flushCut(true);
    this.#flushReports();
    if (this.#other.hasTable && !this.#hasCalls) this.#diagnose('summary-only', null);
  }

  #readLine(text: string, end: number): void {
    const body = this.#front.read(text, 0);
    const call = this.#readCall(text, body, end);
    if (call !== null) {
      this.#takeCall(call, text, body, end);
      return;
    }
    const isOwn = this.#front.prefixed || this.#layout !== 'pids';
    if (!this.#front.prefixed && this.#readOther(text, end)) return;
    if (isOwn && isCutCall(text, body, end)) this.#hold(text, body, end);
    else if (!this.#readGlued(text, end)) this.#unparsed(text);
  }

  /** The complete call at `body`; null where there is none, or the line cannot be the trace's. */
  #readCall(text: string, body: number, end: number): CallText | null {
    const { prefixed, hexTid } = this.#front;
    if (!prefixed && this.#layout === 'pids') return null;
    const toolkit = prefixed ? !hexTid : this.#toolkit;
    return readCall(text, body, end, { toolkit, certain: prefixed });
  }

  // ---- lines that are no calls

  #readOther(text: string, end: number): boolean {
    const body = this.#front.start;
    const header = readHeader(text, end);
    if (header !== null) {
      this.#takeHeader(text, end, header);
      return true;
    }
    if (this.#other.explains(text, body, end)) {
      this.#message(text, body, end);
      return true;
    }
    return this.#readDeath(text, body, end);
  }

  /** A second header is that of a second run. */
  #takeHeader(text: string, end: number, header: Header): void {
    this.#flushReports();
    this.#tasks.clear();
    this.#other.leave();
    this.#layout = header.process === 'none' ? 'bare' : 'pids';
    this.#toolkit = header.process === 'toolkit';
    this.#front.use(header);
    this.#note(text, skipSpaces(text, header.start), end);
    if (header.start > this.#front.start) this.#diagnose('output-mixed-in', this.#line);
  }

  #readDeath(text: string, body: number, end: number): boolean {
    const report = readShellReport(text, body, end);
    if (report !== null) {
      // Of whom, if there is no number, nothing tells: it may be the program's own text.
      if (report.pid === null || !this.#report(report, report.pid)) this.#note(text, body, end);
      return true;
    }
    const signal = readSignalNotice(text, body, end);
    if (signal === null) return false;
    // It names a program: whose process that is, only a log of one tells.
    if (this.#layout !== 'bare') this.#note(text, body, end);
    else this.#sink.event({ kind: 'signal', ...this.#base(), signal, disposition: null, siginfo: null });
    return true;
  }

  /** Holds a death until the log is over. False where it is known: a traced shell's report stands here twice. */
  #report({ signal, coreDumped }: ShellReport, pid: number): boolean {
    if (this.#reports.has(pid)) return false;
    if (this.#reports.size >= MAX_REPORTS) this.#flushReports();
    this.#reports.set(pid, { kind: 'killed', ...this.#base(), pid, tid: null, signal, coreDumped });
    return true;
  }

  /** A shell writes of the child it has just waited for; any other text is a program's own. */
  #readWritten(call: CallText): void {
    const report = readWrittenReport(call);
    const child = report === null ? null : this.#tasks.waitedBy(this.#front.pid);
    if (report === null || child === null || (report.pid !== null && report.pid !== child)) return;
    this.#report(report, child);
  }

  #flushReports(): void {
    for (const report of this.#reports.values()) this.#sink.event(report);
    this.#reports.clear();
  }

  // ---- program output in front of a line

  #readGlued(text: string, end: number): boolean {
    const message = gluedMessageStart(text, this.#front.start);
    if (message > 0) {
      this.#diagnose('output-mixed-in', this.#line);
      this.#front.read(text, message);
      this.#message(text, message, end);
      return true;
    }
    if (this.#layout !== 'bare' && this.#readGluedCall(text, end, 'prefix')) return true;
    return this.#layout !== 'pids' && this.#readGluedCall(text, end, 'call');
  }

  #readGluedCall(text: string, end: number, begins: 'prefix' | 'call'): boolean {
    let at = this.#front.start;
    for (let tries = 0; tries < MAX_GLUE_TRIES; tries++) {
      at = begins === 'prefix' ? gluedPrefixStart(text, at, this.#toolkit) : gluedCallStart(text, at);
      if (at < 0) break;
      const body = this.#front.read(text, at);
      const call = this.#readCall(text, body, end);
      if (call !== null) {
        this.#diagnose('output-mixed-in', this.#line);
        this.#takeCall(call, text, body, end);
        return true;
      }
      at = begins === 'prefix' ? skipDigits(text, at) : skipCallName(text, at);
    }
    this.#front.read(text, 0);
    return false;
  }

  // ---- calls whose line is not whole

  /** Holds a call without an end until the next lines have shown whether they are the rest of it. */
  #hold(text: string, body: number, end: number): void {
    const message = gluedMessageStart(text, body);
    const part = message < 0 ? text : text.slice(0, message);
    this.#cut.add(part, this.#line);
    if (message < 0) return;
    this.#front.read(text, message);
    this.#message(text, message, end);
  }

  /** Adds a line to the call that is held. True where the line was used up. */
  #completeCut(text: string, end: number): boolean {
    if (end === 0) return false;
    const body = this.#front.read(text, 0);
    const { start, prefixed } = this.#front;
    if (isMessage(text, start) && this.#other.explains(text, start, end)) {
      this.#message(text, start, end);
      return true;
    }
    const isOwn = prefixed || isCallStart(text, body) || this.#cut.full;
    if (isOwn || readHeader(text, end) !== null || readShellReport(text, start, end) !== null) {
      this.#flushCut(false);
      return false;
    }
    if (!this.#joins(joined(this.#cut.text, text)) && !this.#joins(`${this.#cut.text} ${text}`)) {
      this.#cut.add(text, this.#line);
    }
    return true;
  }

  /** Takes the call if the text is a whole one. */
  #joins(text: string): boolean {
    const body = this.#front.read(text, 0);
    const end = trimmedEnd(text, text.length);
    const call = this.#readCall(text, body, end);
    if (call === null) return false;
    this.#line = this.#cut.take()[0]?.line ?? this.#line;
    this.#takeCall(call, text, body, end);
    return true;
  }

  /**
   * No line completes the call that is held. What follows its first line was no part of it and speaks for itself.
   * `atEnd`: the log ends there.
   */
  #flushCut(atEnd: boolean): void {
    const [head, ...rest] = this.#cut.take();
    if (head === undefined) return;
    const line = this.#line;
    this.#moveTo(head.line);
    const body = this.#front.read(head.text, 0);
    if (this.#front.prefixed || atEnd) {
      this.#takeCall(readCutCall(head.text, body), head.text, body, head.text.length);
      this.#diagnose('truncated-call', head.line);
    } else {
      this.#unparsed(head.text);
    }
    for (const piece of rest) {
      this.#moveTo(piece.line);
      this.#readLine(piece.text, trimmedEnd(piece.text, piece.text.length));
    }
    this.#moveTo(line);
  }

  #moveTo(line: number): void {
    this.#line = line;
    this.#endLine = line;
  }

  // ---- events

  /** Gives what a call's line, [body, end) of the text, tells. */
  #takeCall(read: CallText, text: string, body: number, end: number): void {
    const front = this.#front;
    const thread = front.hexTid ? front.tid : null;
    const glued = front.prefixed ? null : gluedName(read.name);
    const call = glued === null ? read : { ...read, name: glued };
    if (glued !== null) this.#diagnose('output-mixed-in', this.#line);
    this.#other.leave();
    this.#hasCalls = true;
    if (front.prefixed && this.#layout !== 'pids') {
      this.#layout = 'pids';
      this.#toolkit = !front.hexTid;
    } else if (this.#layout === 'unknown') {
      this.#layout = 'bare';
    }
    // A successful execve is printed while its process has no address space, and counted to process 0.
    if (front.pid === 0) front.pid = this.#tasks.latestOn(thread);
    if (front.prefixed && front.pid === null) {
      this.#note(text, body, end);
      return;
    }
    const sign = this.#tasks.signOf(call, front.pid, thread);
    if (sign === 'start' && front.pid === null && this.#tasks.has(null)) this.#diagnose('processes-mixed', this.#line);
    const parentPid = sign === 'start' ? this.#tasks.lenderOf(front.pid, thread) : null;
    this.#tasks.see(front.pid, thread);
    switch (sign) {
      case 'start':
        this.#emitStart(front.pid, parentPid, viaOf(call, front.pid));
        break;
      case 'nothing-new':
        this.#note(text, body, end);
        break;
      case 'call': {
        this.#emitCall(call);
        const child = spawnedPid(call);
        if (child !== null) this.#emitStart(child, front.pid, 'fork');
        this.#tasks.wait(call, front.pid);
        this.#readWritten(call);
        break;
      }
      default:
        sign satisfies never;
    }
  }

  #emitCall(call: CallText): void {
    this.#sink.event({
      kind: 'syscall',
      dialect: DIALECT,
      input: this.#context.input,
      line: this.#line,
      endLine: this.#endLine,
      pid: this.#front.pid,
      tid: this.#front.tid,
      time: this.#front.time,
      atNs: null,
      name: call.name,
      args: call.args,
      result: call.result,
      detail: call.detail,
      errno: call.errno,
      durationNs: this.#front.durationNs,
      outcome: call.outcome,
    });
  }

  #emitStart(pid: number | null, parentPid: number | null, via: StartVia | null): void {
    const tid = pid === this.#front.pid ? this.#front.tid : null;
    this.#sink.event({ kind: 'process-start', ...this.#base(), pid, tid, parentPid, via });
  }

  /** A line that is no call: of dtrace, a frame, part of a table. */
  #message(text: string, from: number, end: number): void {
    const loss = readLoss(text, from);
    if (loss === null) {
      this.#note(text, from, end);
      return;
    }
    this.#sink.event({ kind: 'lost', ...this.#base(), ...loss, text: text.slice(from, end) });
    this.#diagnose('calls-lost', this.#line);
  }

  #note(text: string, from: number, end: number): void {
    this.#sink.event({ kind: 'note', ...this.#base(), text: text.slice(from, end) });
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
      atNs: null,
    };
  }

  #diagnose(code: DiagnosticCode, line: number | null): void {
    this.#sink.diagnostic({ code, input: this.#context.input, line });
  }
}

/** Whether more than the call itself may be in its line. */
function isNeverPlain(name: string): boolean {
  return isOfProcesses(name) || name === UNQUOTED_CALL || gluedName(name) !== null;
}

export const dtruss: LoadedFormat = {
  createParser: (sink, context) => new DtrussParser(sink, context),
};
