/**
 * truss of AIX. Reference: the truss command in IBM's documentation of AIX.
 *
 *   execve("./collectd", 0x2FF22C5C, 0x20013528)     argc: 1
 *   56361298: 83624347: kfcntl(0, F_GETFL, 0x000000011032BE98) = 67110914
 *   12845268: kfork()⇥⇥(returning as child ...)⇥= 0
 *   12845268:     Received signal #11, SIGSEGV [default]
 *
 * A relative of illumos truss: a call is printed when it completes, whole, on one line, and a death by signal is the
 * signal that is delivered with [default]. What a child prints of the fork that made it does not name its parent; the
 * parent's own line names the child.
 */

import type { DiagnosticCode } from '../src/model/diagnostic.ts';
import type { Dialect } from '../src/model/dialect.ts';
import type { EventBase, FaultEvent, SignalEvent } from '../src/model/event.ts';
import { isDeadlyByDefault } from '../src/model/signals.ts';
import { type Role, syscallOf } from '../src/model/syscalls.ts';
import { byteAt, decimalOfBytes, skipBlankBytes, skipDigitBytes } from '../src/scan/bytes.ts';
import { CLOSE_PAREN, COLON, OPEN_PAREN, skipSpaces, startsWithAny, trimmedEnd } from '../src/scan/cursor.ts';
import { NameTable } from '../src/scan/name-table.ts';
import type { EventSink, LineParser, LoadedFormat, ParseContext } from './tracer-format.ts';
import { readAixCall, readCutAixCall, rejoinedAix } from './truss-aix-call.ts';
import { AixFront, type Layout, MAX_ID_DIGITS } from './truss-aix-front.ts';
import { isAixCall } from './truss-aix-recognize.ts';
import { PlainCall } from './truss-aix-skip.ts';
import { type CallText, isWaiting, skipCallName } from './truss-illumos-call.ts';
import { isDelivery, readFault, readSignal } from './truss-illumos-delivery.ts';
import { gluedCallStart, gluedName, gluedPrefixStart } from './truss-illumos-glue.ts';

const DIALECT: Dialect = 'truss-aix';
const PLATFORM = 'aix';

/** Places in a line that are tried as the start of the trace's own text behind program output. */
const MAX_GLUE_TRIES = 8;
/** Processes remembered as seen. Most leave at their end; those killed unseen must not pile up for ever. */
const MAX_KNOWN = 65_536;
const MAX_DEAD = 1024;

const BASE = 'Base time stamp:';
const SIGINFO = 'siginfo: ';
/** Bodies that are understood and carry nothing. */
const NOTES = ['Stopped by signal #', 'Continued with signal #', 'Stopped by', SIGINFO, 'argv:', 'envp:', '->', '<-'];
const BANNERS = [
  'truss: ',
  'syscall    ',
  'signals ---',
  'faults ---',
  'Library:   ',
  'sys totals:',
  'usr time:',
  'elapsed:',
];
const RELEASES = ['cannot trace across exec()', 'lost control of process', 'process otherwise traced'];

class AixParser implements LineParser {
  readonly sieve = null;
  readonly selfContained = true;
  skippedEvents = 0;
  readonly #sink: EventSink;
  readonly #context: ParseContext;
  readonly #wanted: NameTable;
  readonly #plain = new PlainCall();
  readonly #front: AixFront;
  #layout: Layout = 'unknown';
  #line = 0;
  #endLine = 0;
  /** Whether the line before was understood: what it explains may follow. */
  #afterEvent = false;
  /** Processes of which a line was understood; null: the one without a number. */
  readonly #known = new Set<number | null>();
  /** Processes a signal ended that was told: what truss says of it afterwards is nothing new. */
  readonly #dead = new Set<number | null>();
  /** A signal or fault: the next line may be its siginfo. */
  #held: SignalEvent | FaultEvent | null = null;
  /** A call without a result: the next line may be the rest of it. */
  #cut: string | null = null;
  #cutLine = 0;

  constructor(sink: EventSink, context: ParseContext) {
    this.#sink = sink;
    this.#context = context;
    this.#front = new AixFront(context.clock);
    const { needs } = context;
    this.#wanted = new NameTable(
      (name) => needs === null || needs.call(name) || mayBeGlued(name) || changesProcess(name),
    );
  }

  mayMatter(buffer: Buffer, start: number, end: number): boolean {
    const { needs } = this.#context;
    if (needs === null || this.#held !== null || this.#cut !== null) return true;
    const call = this.#plain;
    const second = secondNumber(buffer, start);
    if (!call.read(buffer, second < 0 ? start : second, end)) return true;
    if (call.stamps > 0 || this.#wanted.wants(buffer, call.nameStart, call.nameEnd)) return true;
    const pid = this.#plainPid(buffer, start, second, call.pid);
    if (!this.#known.has(pid) || needs.watched.has(pid)) return true;
    if (pid === null && this.#layout === 'processes') return true;
    this.#afterEvent = true;
    this.skippedEvents++;
    return false;
  }

  push(text: string, line: number): void {
    this.#line = line;
    this.#endLine = line;
    const end = trimmedEnd(text, text.length);
    if (this.#held !== null && this.#takeSiginfo(text, end, this.#held)) return;
    if (this.#cut !== null && this.#completeCut(text, end, this.#cut)) return;
    if (end > 0) this.#readLine(text, end);
  }

  end(): void {
    if (this.#held !== null) this.#sink.event(this.#held);
    this.#held = null;
    if (this.#cut !== null) {
      this.#emitCut(this.#cut);
      this.#diagnose('truncated-call', this.#cutLine);
    }
    this.#cut = null;
  }

  /** What the front would read as the process of a line that begins plainly. */
  #plainPid(buffer: Buffer, start: number, second: number, last: number | null): number | null {
    if (second >= 0) return decimalOfBytes(buffer, start, skipDigitBytes(buffer, start));
    return this.#layout === 'bare' ? null : last;
  }

  #readLine(text: string, end: number): void {
    const body = this.#front.read(text, 0, this.#layout);
    if (this.#readBody(text, body, end)) return;
    if (this.#readGlued(text, end)) return;
    const follows = this.#front.indent > (this.#front.numbers === 0 ? 0 : 1) && this.#afterEvent;
    if (follows) this.#note(text.slice(0, end));
    else this.#unparsed(text, this.#line);
  }

  /** Reads what stands behind the front. False where it is nothing of truss's. */
  #readBody(text: string, body: number, end: number): boolean {
    const front = this.#front;
    if (front.numbers === 0) {
      if (this.#readUnprefixed(text, end)) return true;
      // A line without a process in a log that has them is program output, whatever it says.
      if (this.#layout === 'processes') return false;
    }
    const nameEnd = skipCallName(text, body);
    if (nameEnd > body && text.charCodeAt(nameEnd) === OPEN_PAREN) return this.#readCallLine(text, body, nameEnd, end);
    if (isDelivery(text, body)) return this.#readDelivery(text, body, end);
    if (text.startsWith('*** ', body)) return this.#readNotice(text, body, end);
    if (!startsWithAny(text, body, NOTES)) return false;
    this.#note(text.slice(body, end));
    return true;
  }

  /** Lines that have no number in any log: the base of -d, truss's own messages, the table of -c. */
  #readUnprefixed(text: string, end: number): boolean {
    if (text.startsWith(BASE)) {
      const from = skipSpaces(text, BASE.length);
      const blank = text.indexOf(' ', from);
      this.#front.readBase(text.slice(from, blank < 0 ? end : blank));
    } else if (!startsWithAny(text, 0, BANNERS)) {
      return false;
    }
    this.#note(text.slice(0, end));
    return true;
  }

  #readCallLine(text: string, body: number, open: number, end: number): boolean {
    const call = readAixCall(text, body, end);
    if (this.#front.numbers === 0 && mayBeGlued(call?.name ?? text.slice(body, open))) {
      if (this.#readGluedCall(text, end)) return true;
    }
    if (call === null) {
      if (isWaiting(text, end)) this.#note(text.slice(body, end));
      else {
        this.#cut = text.slice(0, end);
        this.#cutLine = this.#line;
      }
      return true;
    }
    // kfork()⇥⇥(returning as child ...)⇥= 0
    //        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    if (text.charCodeAt(open + 1) === CLOSE_PAREN) {
      const remark = skipSpaces(text, open + 2);
      if (text.startsWith('(returning as child', remark)) {
        this.#remember();
        const via = call.name.includes('vfork') ? 'vfork' : 'fork';
        this.#sink.event({ kind: 'process-start', ...this.#base(), parentPid: null, via });
        return true;
      }
      if (text.startsWith('(returning as ', remark)) {
        this.#remember();
        this.#note(text.slice(body, end));
        return true;
      }
    }
    this.#emitCall(call);
    return true;
  }

  /** Holds a signal or fault until the next line has shown whether it is its siginfo. */
  #readDelivery(text: string, body: number, end: number): boolean {
    const signal = readSignal(text, body, end);
    const fault = signal === null ? readFault(text, body, end) : null;
    if (signal !== null) {
      this.#remember();
      const isDeath = signal.disposition === 'default' && isDeadlyByDefault(signal.signal, PLATFORM);
      if (isDeath) this.#bury();
      this.#held = { kind: 'signal', ...this.#base(), ...signal, siginfo: null };
    } else if (fault !== null) {
      this.#remember();
      this.#held = { kind: 'fault', ...this.#base(), ...fault, siginfo: null };
    }
    return this.#held !== null;
  }

  /** Gives the held event, with this line's siginfo where it has one. True where the line was used up. */
  #takeSiginfo(text: string, end: number, held: SignalEvent | FaultEvent): boolean {
    this.#held = null;
    const body = this.#front.read(text, 0, this.#layout);
    if (!text.startsWith(SIGINFO, body) || this.#front.pid !== held.pid || this.#front.tid !== held.tid) {
      this.#sink.event(held);
      return false;
    }
    this.#sink.event({ ...held, endLine: this.#line, siginfo: text.slice(body + SIGINFO.length, end) });
    this.#afterEvent = true;
    return true;
  }

  // 1234:⇥*** process killed ***
  //       ^^^^^^^^^^^^^^^^^^^^^^
  #readNotice(text: string, body: number, end: number): boolean {
    if (this.#front.numbers === 0 && this.#front.indent === 0) return false;
    const notice = body + '*** '.length;
    const killed = text.startsWith('process killed', notice);
    const isKnownDeath = killed && this.#dead.delete(this.#front.pid);
    if (isKnownDeath || (!killed && !startsWithAny(text, notice, RELEASES))) {
      this.#note(text.slice(body, end));
      return true;
    }
    this.#remember();
    this.#known.delete(this.#front.pid);
    const base = this.#base();
    this.#sink.event(
      killed ? { kind: 'killed', ...base, signal: null, coreDumped: null } : { kind: 'detach', ...base },
    );
    return true;
  }

  /** A line behind program output: the last prefix, or in a log without prefixes the first call, that reads well. */
  #readGlued(text: string, end: number): boolean {
    let at = gluedPrefixStart(text, end);
    for (let tries = 0; at > 0 && tries < MAX_GLUE_TRIES; tries++) {
      const body = this.#front.read(text, at, this.#layout);
      const whole = isDelivery(text, body) || readAixCall(text, body, end) !== null;
      const certain = this.#front.pid !== null && this.#known.has(this.#front.pid);
      if (certain && whole && this.#readBody(text, body, end)) {
        this.#diagnose('output-mixed-in', this.#line);
        return true;
      }
      at = gluedPrefixStart(text, at);
    }
    this.#front.read(text, 0, this.#layout);
    return this.#front.numbers === 0 && this.#layout !== 'processes' && this.#readGluedCall(text, end);
  }

  #readGluedCall(text: string, end: number): boolean {
    const found = gluedCallStart(text);
    // kopen and kwrite hold the names that are looked for.
    const start = text[found - 1] === 'k' ? found - 1 : found;
    const call = start <= 0 ? null : readAixCall(text, start, end);
    if (call === null) return false;
    this.#diagnose('output-mixed-in', this.#line);
    this.#emitCall(call);
    return true;
  }

  /** Ends the call that the line before left open. True where this line was the rest of it. */
  #completeCut(text: string, end: number, head: string): boolean {
    this.#cut = null;
    const body = this.#front.read(text, 0, this.#layout);
    const isOwn = this.#front.numbers > 0 || text.charCodeAt(skipCallName(text, body)) === OPEN_PAREN;
    if (end > 0 && !isOwn) {
      const whole = rejoinedAix(head, text.slice(0, end));
      const call = readAixCall(whole, this.#front.read(whole, 0, this.#layout), whole.length);
      if (call !== null) {
        this.#line = this.#cutLine;
        this.#emitCall(call);
        return true;
      }
    } else if (this.#front.numbers > 0 && text.startsWith('*** ', body)) {
      // The exec that truss cannot follow is printed without a result.
      this.#emitCut(head);
      return false;
    }
    this.#front.read(head, 0, this.#layout);
    this.#unparsed(head, this.#cutLine);
    return false;
  }

  #emitCut(head: string): void {
    const line = this.#line;
    this.#line = this.#cutLine;
    this.#endLine = this.#cutLine;
    const from = this.#front.read(head, 0, this.#layout);
    this.#emitCall(readCutAixCall(head, from, skipCallName(head, from)));
    this.#line = line;
    this.#endLine = line;
  }

  #emitCall(call: CallText): void {
    this.#remember();
    if (syscallOf(call.name, PLATFORM)?.role === 'exit') this.#known.delete(this.#front.pid);
    const { pid, tid, time, atNs } = this.#front;
    this.#sink.event({
      kind: 'syscall',
      dialect: DIALECT,
      input: this.#context.input,
      line: this.#line,
      endLine: this.#endLine,
      pid,
      tid,
      time,
      atNs,
      name: call.name,
      args: call.args,
      result: call.result,
      detail: call.detail,
      errno: call.errno,
      durationNs: null,
      outcome: call.outcome,
    });
  }

  #note(text: string): void {
    this.#afterEvent = true;
    this.#sink.event({ kind: 'note', ...this.#base(), text });
  }

  #unparsed(text: string, line: number): void {
    this.#afterEvent = false;
    const nobody = { pid: null, tid: null, time: null, atNs: null };
    this.#sink.event({ kind: 'unparsed', ...this.#base(), line, endLine: line, ...nobody, text });
    this.#diagnose('unparsed-line', line);
  }

  /** Fields of every event. Calls write theirs out: they are nearly all lines of a log. */
  #base(): EventBase {
    const { pid, tid, time, atNs } = this.#front;
    return {
      dialect: DIALECT,
      input: this.#context.input,
      line: this.#line,
      endLine: this.#endLine,
      pid,
      tid,
      time,
      atNs,
    };
  }

  #diagnose(code: DiagnosticCode, line: number): void {
    this.#sink.diagnostic({ code, input: this.#context.input, line });
  }

  #bury(): void {
    const { pid } = this.#front;
    this.#known.delete(pid);
    if (this.#dead.size >= MAX_DEAD) this.#dead.clear();
    this.#dead.add(pid);
  }

  /** Notes that a line of this process was understood. */
  #remember(): void {
    if (this.#layout === 'unknown') this.#layout = this.#front.pid === null ? 'bare' : 'processes';
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.add(this.#front.pid);
    this.#afterEvent = true;
  }
}

/** Whether the name may be another one with program text in front of it: 'svccfgwrite', but not 'kwrite'. */
function mayBeGlued(name: string): boolean {
  return !isAixCall(name) && gluedName(name) !== null;
}

const STATEFUL: ReadonlySet<Role> = new Set(['spawn', 'exec', 'exit']);

/** Whether a call makes or ends processes: the parser itself needs it. */
function changesProcess(name: string): boolean {
  const role = syscallOf(name, PLATFORM)?.role;
  return role !== undefined && STATEFUL.has(role);
}

/** Start of the second of two numbers in front of the bytes, which a colon and blanks part; -1 where there are not two. */
function secondNumber(buffer: Buffer, start: number): number {
  let at = skipDigitBytes(buffer, start);
  if (at === start || at - start > MAX_ID_DIGITS || byteAt(buffer, at) !== COLON) return -1;
  const second = skipBlankBytes(buffer, at + 1);
  if (second === at + 1) return -1;
  at = skipDigitBytes(buffer, second);
  return at > second && byteAt(buffer, at) === COLON ? second : -1;
}

export const trussAix: LoadedFormat = {
  createParser: (sink, context) => new AixParser(sink, context),
};
