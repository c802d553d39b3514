/**
 * kdump of FreeBSD, OpenBSD, NetBSD and DragonFly, which prints what ktrace recorded, and ktruss of NetBSD. Reference:
 * kdump(1), ktruss(1).
 *
 *      755 uul      CALL  openat(AT_FDCWD,0x20af08,0x100000<O_RDONLY|O_CLOEXEC>)
 *      755 uul      NAMI  "/etc/hosts"
 *      755 uul      RET   openat 3
 *      755 uul      PSIG  SIGSEGV SIG_DFL code=SEGV_MAPERR
 *      755 uul      NAMI  "uul.core"
 *
 * A call is several records: CALL at its entry, NAMI for each path the kernel looks up, RET at its return. They become
 * one event, with the name in the place of the address. No record says that a process was born or died: a child's
 * first is the RET of the call that made it, and a death is the signal that is delivered with SIG_DFL. What the kernel
 * looks up after that, or while no call is open, is the core file or its own affair: no program opened it.
 *
 * Lines that begin with a tab or more blanks than a pid column has are of the record before them: data imitates none.
 */
import { isDeadlyByDefault } from '../src/model/signals.ts';
import { type Role, syscallOf } from '../src/model/syscalls.ts';
import { COLON, QUOTE, TAB } from '../src/scan/cursor.ts';
import { detach } from '../src/scan/detach.ts';
import { NameTable } from '../src/scan/name-table.ts';
import { readCall, readReturn, readSignal, type SignalText } from './kdump-call.ts';
import { DIALECT, KdumpEvents } from './kdump-events.ts';
import { endOfType, MAX_INDENT, nextWord, RecordFront } from './kdump-front.ts';
import { readKtruss } from './kdump-ktruss.ts';
import { BrokenRecord, columnsBefore, skipHex, trimmedEnd, withoutColour, withoutMarks } from './kdump-lines.ts';
import { NameWriting, quoted, unvis } from './kdump-names.ts';
import { addPath, type OpenCall, OpenCalls } from './kdump-open-calls.ts';
import { recognizesKdump } from './kdump-recognize.ts';
import { PlainRecord } from './kdump-skip.ts';
import type { EventSink, LineParser, ParseContext, TracerFormat } from './tracer-format.ts';

const PLATFORM = 'bsd';

/** As much of a line is searched for a record behind a program's own text. */
const MAX_GLUE_BYTES = 1024;

class KdumpParser implements LineParser {
  readonly selfContained = true;
  skippedEvents = 0;
  readonly #context: ParseContext;
  readonly #wanted: NameTable;
  readonly #plain = new PlainRecord();
  readonly #front: RecordFront;
  readonly #events: KdumpEvents;
  readonly #calls = new OpenCalls((call) => this.#lost(call));
  readonly #names = new NameWriting();
  #line = 0;
  #broken: BrokenRecord | null = null;
  /** Whether the line before was a record, or belonged to one. */
  #inRecord = false;
  /** Inside data of a log that lost its indents: up to the closing quote. */
  #inData = false;

  constructor(sink: EventSink, context: ParseContext) {
    this.#context = context;
    this.#front = new RecordFront(context.clock);
    this.#events = new KdumpEvents(sink, context.input, this.#front);
    const { needs } = context;
    this.#wanted = new NameTable((name) => needs === null || needs.call(name) || changesProcess(name));
  }

  mayMatter(buffer: Buffer, start: number, end: number): boolean {
    const { needs } = this.#context;
    if (needs === null || this.#broken !== null || this.#inData) return true;
    if (!this.#passesOver(buffer, start, end, needs.watched)) return true;
    this.#line++;
    this.#inRecord = true;
    return false;
  }

  push(raw: string, line: number): void {
    this.#line = line;
    const text = withoutMarks(raw);
    const end = trimmedEnd(text);
    if (this.#broken !== null) this.#continueBroken(this.#broken, text, end);
    else if (end > 0) this.#readLine(text, end);
  }

  end(): void {
    // Lines given up are read again, and may leave the last of them broken.
    for (let broken = this.#broken; broken !== null; broken = this.#broken) {
      this.#broken = null;
      if (broken.lines.length === 1) this.#readCut(broken);
      else this.#giveUp(broken);
    }
    this.#calls.drain();
  }

  // ---- lines nobody needs

  /** Whether the line is passed over. It then has had all its effect but its event. */
  #passesOver(buffer: Buffer, start: number, end: number, watched: ReadonlySet<number | null>): boolean {
    const plain = this.#plain;
    const kind = plain.read(buffer, start, end);
    const { pid, tid } = plain;
    if (kind === 'other') return false;
    if (kind === 'dump') {
      if (this.#inRecord) this.skippedEvents++;
      return this.#inRecord;
    }
    if (!this.#calls.knows(pid) || watched.has(pid)) return false;
    switch (kind) {
      case 'note':
      case 'name':
        if (kind === 'name' && (this.#calls.lookingUp(pid, tid)?.args ?? null) !== null) return false;
        this.skippedEvents++;
        return true;
      case 'call': {
        if (this.#wanted.wants(buffer, plain.nameStart, plain.nameEnd)) return false;
        if (plain.emptyParentheses !== null) this.#names.learn(plain.emptyParentheses ? 'vis' : 'raw');
        const name = buffer.toString('latin1', plain.nameStart, plain.nameEnd);
        const line = this.#line + 1;
        this.#calls.enter({ pid, tid, name, args: null, line, time: null, atNs: null, paths: [] });
        return true;
      }
      case 'return':
        if (this.#wanted.wants(buffer, plain.nameStart, plain.nameEnd)) return false;
        if (!this.#calls.takeUnneeded(pid, tid, buffer.toString('latin1', plain.nameStart, plain.nameEnd))) {
          return false;
        }
        this.skippedEvents++;
        return true;
      default:
        return kind satisfies never;
    }
  }

  // ---- from lines to records

  #readLine(text: string, end: number): void {
    if (this.#readRecord(text, 0, end) || this.#readKtruss(text, end)) return;
    if (this.#continuesRecord(text, end)) {
      this.#note(text.slice(0, end), this.#line);
      return;
    }
    const plain = withoutColour(text);
    if (plain !== text && this.#readRecord(plain, 0, trimmedEnd(plain))) return;
    if (!this.#readGlued(text, end)) this.#unparsed(text, this.#line);
  }

  /** Whether the line is data, a dump or a field of the record before it. */
  #continuesRecord(text: string, end: number): boolean {
    if (!this.#inRecord) return false;
    if (text.charCodeAt(0) === TAB || text.startsWith(' '.repeat(MAX_INDENT + 1))) return true;
    // A log that lost its indents: from a line that begins with a quote to one that ends with one.
    if (this.#inData || text.charCodeAt(0) === QUOTE) {
      this.#inData = text.charCodeAt(end - 1) !== QUOTE || (!this.#inData && end === 1);
      return true;
    }
    //    0000:  7f 45 4c 46 02 01 01 00
    return text.startsWith('   ') && text.charCodeAt(skipHex(text, 3)) === COLON;
  }

  /** Reads the record that begins at `from`. False where none does. */
  #readRecord(text: string, from: number, end: number): boolean {
    const front = this.#front;
    if (!front.read(text, from, end)) return this.#readDropped(text, from, end);
    this.#names.learnFrom(front.form, front.type);
    switch (front.type) {
      case 'CALL':
        return this.#readCall(text, end, true);
      case 'RET':
        return this.#readReturn(text, end);
      case 'NAMI':
        this.#readName(text, end);
        return true;
      case 'PSIG': {
        const signal = readSignal(text, front.payload, end);
        if (signal === null) return false;
        this.#signal(signal);
        return true;
      }
      default:
        this.#noteRecord(text.slice(from, end));
        return true;
    }
  }

  //    755 uul      Events dropped.
  /** FreeBSD lost records here: calls of this process that are open may have returned since. */
  #readDropped(text: string, from: number, end: number): boolean {
    const dropped = text.endsWith('Events dropped.', end) && this.#front.readNumbers(text, from) >= 0;
    if (dropped) this.#note(text.slice(from, end), this.#line);
    return dropped;
  }

  #readCall(text: string, end: number, mayContinue: boolean): boolean {
    const front = this.#front;
    const call = readCall(text, front.payload, end);
    if (call === null) return false;
    if (!call.whole && mayContinue) {
      this.#break('call', text);
      return true;
    }
    if (call.empty !== null) this.#names.learn(call.empty === 'parentheses' ? 'vis' : 'raw');
    if (!call.whole) this.#events.diagnose('truncated-call', this.#line);
    this.#inRecord = true;
    const { pid, tid, time, atNs } = front;
    const begun: OpenCall = {
      pid,
      tid,
      name: detach(call.name),
      args: detach(call.args),
      line: this.#line,
      time: time === null ? null : detach(time),
      atNs,
      paths: [],
    };
    const role = syscallOf(begun.name, PLATFORM)?.role;
    if (role === 'exit') {
      this.#calls.end(pid);
      this.#events.unfinished(begun);
    } else if (role === 'exit-thread') {
      this.#calls.remember(pid);
      this.#events.unfinished(begun);
    } else {
      this.#calls.enter(begun);
    }
    return true;
  }

  #readReturn(text: string, end: number): boolean {
    const front = this.#front;
    const returned = readReturn(text, front.payload, end);
    if (returned === null) return false;
    this.#inRecord = true;
    const role = syscallOf(returned.name, PLATFORM)?.role;
    const call = this.#calls.take(front.pid, front.tid, returned.name);
    this.#calls.remember(front.pid);
    if (call === null && role === 'spawn' && returned.result === '0') {
      this.#start(returned.name);
      return true;
    }
    // Its other threads end with the old program.
    if (role === 'exec' && returned.outcome === 'returned') this.#calls.abandon(front.pid);
    // ktrace itself begins the log of the program it starts.
    if (call === null && returned.name !== 'ktrace') this.#events.diagnose('orphan-resumed', this.#line);
    this.#events.returned(returned, call, this.#line);
    return true;
  }

  // 755 uul      NAMI  "/etc/hosts"
  //                     ^^^^^^^^^^
  #readName(text: string, end: number): void {
    const name = this.#front.payload + 1;
    if (end <= name || text.charCodeAt(end - 1) !== QUOTE) {
      this.#break('name', text);
      return;
    }
    this.#lookedUp(text.slice(name, end - 1), this.#names.isVis);
    this.#noteRecord(text.slice(0, end));
  }

  #lookedUp(name: string, isVis: boolean): void {
    const { pid, tid } = this.#front;
    const call = this.#calls.lookingUp(pid, tid);
    if (call !== null && call.args !== null) addPath(call, quoted(isVis ? unvis(name) : detach(name)));
  }

  // ---- lines that are not whole

  #break(what: BrokenRecord['what'], text: string): void {
    this.#inRecord = true;
    this.#broken = new BrokenRecord(what, text, this.#line);
  }

  #continueBroken(broken: BrokenRecord, text: string, end: number): void {
    if (broken.what === 'call') {
      this.#continueCall(broken, text, end);
      return;
    }
    broken.add(text);
    if (broken.isTooLong) {
      this.#broken = null;
      this.#giveUp(broken);
    } else if (broken.what === 'name') {
      this.#completeName(broken, text, end);
    } else {
      this.#completeKtruss(broken);
    }
  }

  /** A line that a mail program wrapped: no record of its own, and ends what the one before began. */
  #continueCall(broken: BrokenRecord, text: string, end: number): void {
    this.#broken = null;
    const { head } = broken;
    const own = this.#front.read(text, 0, end);
    const joined = head + text.slice(0, end);
    this.#front.read(head, 0, trimmedEnd(head));
    if (!own && joined.endsWith(')')) {
      this.#note(text, this.#line);
      const last = this.#line;
      this.#line = broken.line;
      this.#readCall(joined, joined.length, false);
      this.#line = last;
    } else {
      this.#readCut(broken);
      if (end > 0) this.#readLine(text, end);
    }
  }

  /** Ends a name that goes on behind a line feed, a fold or a wrap, at a line that ends with its quote. */
  #completeName(broken: BrokenRecord, last: string, end: number): void {
    if (end === 0 || last.charCodeAt(end - 1) !== QUOTE) return;
    this.#broken = null;
    this.#front.read(broken.head, 0, broken.head.length);
    const { text, isFolded } = broken.name(this.#front.payload + 1);
    this.#lookedUp(text, isFolded || this.#names.isVis);
    broken.lines.forEach((line, index) => {
      if (line !== '') this.#note(line, broken.line + index);
    });
  }

  /** Ends a call of ktruss whose name broke its line. */
  #completeKtruss(broken: BrokenRecord): void {
    const whole = broken.joined;
    const from = this.#front.readNumbers(whole, 0);
    const line = from < 0 ? null : readKtruss(whole, from, trimmedEnd(whole));
    if (line?.kind !== 'call') return;
    this.#broken = null;
    this.#front.readTimes(whole, from, line.at);
    this.#inRecord = true;
    this.#events.ktruss(line.call, broken.line, this.#line);
    broken.lines.slice(1, -1).forEach((text, index) => {
      if (text !== '') this.#note(text, broken.line + 1 + index);
    });
  }

  /** The log ends in this record, or another one follows it. */
  #readCut(broken: BrokenRecord): void {
    const { head } = broken;
    const last = this.#line;
    this.#line = broken.line;
    const end = trimmedEnd(head);
    if (broken.what === 'ktruss') {
      this.#unparsedOrCut(head, end);
    } else {
      this.#front.read(head, 0, end);
      if (broken.what === 'call') {
        this.#readCall(head, end, false);
      } else {
        this.#events.diagnose('truncated-call', this.#line);
        const call = this.#calls.lookingUp(this.#front.pid, this.#front.tid);
        // Without its closing quote: the name may go on.
        if (call !== null) addPath(call, quoted(head.slice(this.#front.payload + 1)).slice(0, -1));
        this.#note(head, this.#line);
      }
    }
    this.#line = last;
  }

  /** What looked like the beginning of a long name was none: the lines behind it speak for themselves. */
  #giveUp(broken: BrokenRecord): void {
    const last = this.#line;
    const [head = '', ...rest] = broken.lines;
    this.#unparsed(head, broken.line);
    rest.forEach((text, index) => {
      this.push(text, broken.line + 1 + index);
    });
    this.#line = last;
  }

  /** A record behind a program's own text: kdump -l on the terminal of the program. */
  #readGlued(text: string, end: number): boolean {
    const limit = Math.min(end, MAX_GLUE_BYTES);
    for (let at = nextWord(text, 0); at < limit; at = nextWord(text, at)) {
      if (endOfType(text, at) < 0) continue;
      const start = columnsBefore(text, at, this.#calls);
      if (start > 0 && this.#front.read(text, start, end) && this.#calls.knows(this.#front.pid)) {
        this.#events.diagnose('output-mixed-in', this.#line);
        return this.#readRecord(text, start, end);
      }
    }
    return false;
  }

  // ---- ktruss

  #readKtruss(text: string, end: number): boolean {
    const front = this.#front;
    const from = front.readNumbers(text, 0);
    const line = from < 0 ? null : readKtruss(text, from, end);
    if (line === null) return false;
    front.readTimes(text, from, line.at);
    this.#inRecord = true;
    this.#calls.remember(front.pid);
    switch (line.kind) {
      case 'call':
        this.#events.ktruss(line.call, this.#line, this.#line);
        break;
      case 'child':
        if (syscallOf(line.name, PLATFORM)?.role !== 'spawn') return false;
        this.#start(line.name);
        break;
      case 'signal':
        this.#signal(line.signal);
        break;
      case 'note':
        this.#note(text.slice(0, end), this.#line);
        break;
      case 'cut':
        this.#break('ktruss', text);
        break;
      default:
        line satisfies never;
    }
    return true;
  }

  #unparsedOrCut(head: string, end: number): void {
    const from = this.#front.readNumbers(head, 0);
    const line = from < 0 ? null : readKtruss(head, from, end);
    if (line?.kind !== 'cut') {
      this.#unparsed(head, this.#line);
      return;
    }
    this.#events.diagnose('truncated-call', this.#line);
    this.#events.ktruss(line.call, this.#line, this.#line);
  }

  // ---- effects

  #start(name: string): void {
    // Whoever had this pid before died unseen.
    this.#calls.end(this.#front.pid);
    this.#calls.remember(this.#front.pid);
    this.#events.start(name, this.#line);
  }

  #signal(signal: SignalText): void {
    const { pid } = this.#front;
    this.#inRecord = true;
    const isDeath = signal.disposition === 'default' && isDeadlyByDefault(signal.signal, PLATFORM);
    // What it was doing is told before the line that ends it.
    if (isDeath) this.#calls.end(pid);
    else this.#calls.remember(pid);
    this.#events.signal(signal, this.#line);
  }

  #lost(call: OpenCall): void {
    if (call.args === null) this.skippedEvents++;
    else this.#events.unfinished(call);
  }

  /** A record that is no call's. */
  #noteRecord(text: string): void {
    if (this.#calls.remember(this.#front.pid)) this.#events.firstSeen(this.#line);
    this.#note(text, this.#line);
  }

  #note(text: string, line: number): void {
    this.#inRecord = true;
    this.#events.note(text, line);
  }

  #unparsed(text: string, line: number): void {
    this.#inRecord = false;
    this.#inData = false;
    this.#events.unparsed(text, line);
  }
}

const STATEFUL: ReadonlySet<Role> = new Set(['spawn', 'exec', 'exit', 'exit-thread']);

/** Whether a call makes or ends processes or threads: the parser itself needs it. */
function changesProcess(name: string): boolean {
  const role = syscallOf(name, PLATFORM)?.role;
  return role !== undefined && STATEFUL.has(role);
}

export const kdump: TracerFormat = {
  dialect: DIALECT,
  title: 'kdump and ktruss (the BSDs)',
  reference: 'https://man.freebsd.org/cgi/man.cgi?query=kdump',
  recognizes: recognizesKdump,
  createParser: (sink, context) => new KdumpParser(sink, context),
};
