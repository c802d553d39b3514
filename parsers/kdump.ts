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
import { isCrashSignal, isDeadlyByDefault } from '../src/model/signals.ts';
import { syscallOf } from '../src/model/syscalls.ts';
import { QUOTE, trimmedEnd } from '../src/scan/cursor.ts';
import { detach } from '../src/scan/detach.ts';
import { Births } from './kdump-births.ts';
import { readCall, readReturn, readSignal, type SignalText } from './kdump-call.ts';
import { CommandWords } from './kdump-command.ts';
import { KdumpEvents } from './kdump-events.ts';
import { KdumpFilter } from './kdump-filter.ts';
import { endOfType, nextWord, RecordFront } from './kdump-front.ts';
import { readKtruss } from './kdump-ktruss.ts';
import { BrokenRecord, columnsBefore, isIndented } from './kdump-lines.ts';
import { isCoreFile, NameWriting, quoted, unvis } from './kdump-names.ts';
import { addPath, type OpenCall, OpenCalls } from './kdump-open-calls.ts';
import type { EventSink, LineParser, LoadedFormat, ParseContext } from './tracer-format.ts';

const PLATFORM = 'bsd';

/** As much of a line is searched for a record behind a program's own text. */
const MAX_GLUE_BYTES = 1024;

class KdumpParser implements LineParser {
  readonly sieve = null;
  readonly selfContained = true;
  readonly #front: RecordFront;
  readonly #events: KdumpEvents;
  readonly #calls = new OpenCalls((call) => this.#lost(call));
  readonly #births = new Births();
  readonly #names = new NameWriting();
  readonly #command = new CommandWords();
  /** Null where everything is needed. */
  readonly #filter: KdumpFilter | null;
  /** Calls that were passed over and never returned. */
  #skippedCalls = 0;
  #line = 0;
  #broken: BrokenRecord | null = null;
  /** Whether the line before was a record, or belonged to one. */
  #inRecord = false;
  /** Inside data of a log that lost its indents: up to the closing quote. */
  #inData = false;

  constructor(sink: EventSink, { clock, input, needs }: ParseContext) {
    this.#front = new RecordFront(clock);
    this.#events = new KdumpEvents(sink, input, this.#front);
    this.#filter = needs === null ? null : new KdumpFilter(needs, clock, this.#calls, this.#names);
  }

  get skippedEvents(): number {
    return this.#skippedCalls + (this.#filter?.skippedEvents ?? 0);
  }

  mayMatter(buffer: Buffer, start: number, end: number): boolean {
    if (this.#filter === null || this.#broken !== null || this.#inData || this.#command.isOpen) return true;
    if (!this.#filter.passesOver(buffer, start, end, this.#line + 1, this.#inRecord)) return true;
    this.#line++;
    this.#inRecord = true;
    return false;
  }

  push(text: string, line: number): void {
    this.#line = line;
    const end = trimmedEnd(text, text.length);
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

  // ---- from lines to records

  #readLine(text: string, end: number): void {
    if (this.#inRecord && isIndented(text)) {
      if (this.#command.isOpen) this.#command.addLine(text);
      this.#note(text.slice(0, end), this.#line);
      return;
    }
    this.#command.end();
    if (this.#readRecord(text, 0, end) || this.#readKtruss(text, end)) return;
    if (this.#inRecord && this.#isData(text, end)) {
      this.#note(text.slice(0, end), this.#line);
      return;
    }
    if (!this.#readGlued(text, end)) this.#unparsed(text, this.#line);
  }

  /** Whether the line is data of a log that lost its indents: from one that begins with a quote to one that ends so. */
  #isData(text: string, end: number): boolean {
    if (!this.#inData && text.charCodeAt(0) !== QUOTE) return false;
    this.#inData = text.charCodeAt(end - 1) !== QUOTE || (!this.#inData && end === 1);
    return true;
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
      case 'ARGS':
        this.#command.begin(this.#execUnderWay());
        this.#noteRecord(text.slice(from, end));
        return true;
      case 'ARG':
        this.#command.begin(this.#execUnderWay());
        this.#command.add(text, front.payload + 1);
        this.#noteRecord(text.slice(from, end));
        return true;
      default:
        this.#noteRecord(text.slice(from, end));
        return true;
    }
  }

  #execUnderWay(): OpenCall | null {
    const call = this.#calls.lookingUp(this.#front.pid, this.#front.tid);
    return call !== null && call.args !== null && syscallOf(call.name, PLATFORM)?.role === 'exec' ? call : null;
  }

  //    755 uul      Events dropped.
  /** FreeBSD lost records here: calls of this process that are open may have returned since. */
  #readDropped(text: string, from: number, end: number): boolean {
    const dropped = text.endsWith('Events dropped.', end) && this.#front.readNumbers(text, from) >= 0;
    if (dropped) this.#events.lost(text.slice(from, end), this.#line);
    this.#inRecord ||= dropped;
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
    this.#meet();
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
      words: null,
    };
    this.#births.called(pid, begun.name);
    const role = syscallOf(begun.name, PLATFORM)?.role;
    if (role === 'exit') this.#calls.end(pid, null);
    if (role === 'exit' || role === 'exit-thread') this.#events.unfinished(begun);
    else this.#calls.enter(begun);
    return true;
  }

  #readReturn(text: string, end: number): boolean {
    const front = this.#front;
    const returned = readReturn(text, front.payload, end);
    if (returned === null) return false;
    const { name, outcome } = returned;
    const { pid, tid } = front;
    const role = syscallOf(name, PLATFORM)?.role;
    const isZero = returned.result === '0';
    const call = isZero && this.#births.isThread(pid, name) ? null : this.#calls.take(pid, tid, name);
    if (call === null && isZero) {
      // What is alive does not begin again.
      const isThread = this.#births.begins(pid, name) || (name === 'fork' && this.#calls.knows(pid));
      if (isThread) this.#startThread();
      else if (role === 'spawn') this.#start(name);
      if (isThread || role === 'spawn') return true;
    }
    this.#meet();
    if (outcome === 'failed') this.#births.failed(pid, name);
    const isNewProgram = role === 'exec' && outcome === 'returned';
    // Its other threads end with the old program.
    if (isNewProgram) this.#calls.abandon(pid);
    // ktrace itself begins the log of the program it starts. Of a process that is over, other threads go on for a moment.
    if (call === null && name !== 'ktrace' && !this.#calls.isDead(pid)) {
      this.#events.diagnose('orphan-resumed', this.#line);
    }
    this.#events.returned(returned, call, this.#line);
    if (isNewProgram && (call === null || call.paths.length === 0)) this.#events.program(this.#line);
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
    this.#lookedUp(text.slice(name, end - 1), this.#names.isVis, text.slice(0, end));
  }

  /** The kernel looked up a path: for the call under way, or of its own accord. `text`: the first line of the record. */
  #lookedUp(name: string, isVis: boolean, text: string): void {
    const { pid, tid } = this.#front;
    const call = this.#calls.lookingUp(pid, tid);
    if (call !== null && call.args !== null) {
      const path = quoted(isVis ? unvis(name) : detach(name));
      addPath(call, path);
      this.#inRecord = true;
      this.#events.lookup(path, call, this.#line);
      return;
    }
    const signal = this.#calls.deathOf(pid);
    if (signal !== null && isCrashSignal(signal) && isCoreFile(name)) {
      this.#inRecord = true;
      this.#events.coreDumped(signal, this.#line);
    } else {
      this.#noteRecord(text);
    }
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
    this.#front.read(head, 0, trimmedEnd(head, head.length));
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
    this.#line = broken.line;
    this.#lookedUp(text, isFolded || this.#names.isVis, broken.head);
    this.#line = broken.line + broken.lines.length - 1;
    broken.lines.forEach((line, index) => {
      if (index > 0 && line !== '') this.#note(line, broken.line + index);
    });
  }

  /** Ends a call of ktruss whose name broke its line. */
  #completeKtruss(broken: BrokenRecord): void {
    const whole = broken.joined;
    const from = this.#front.readNumbers(whole, 0);
    const line = from < 0 ? null : readKtruss(whole, from, trimmedEnd(whole, whole.length));
    if (line?.kind !== 'call') return;
    this.#broken = null;
    this.#front.readTimes(whole, from, line.at);
    this.#meet();
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
    const end = trimmedEnd(head, head.length);
    if (broken.what === 'ktruss') {
      this.#unparsedOrCut(head, end);
    } else {
      this.#front.read(head, 0, end);
      if (broken.what === 'call') {
        this.#readCall(head, end, false);
      } else {
        this.#events.diagnose('truncated-call', this.#line);
        const call = this.#calls.lookingUp(this.#front.pid, this.#front.tid);
        // The name may go on.
        if (call !== null) addPath(call, `${quoted(head.slice(this.#front.payload + 1))}...`);
        this.#noteRecord(head);
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
    if (line.kind === 'child' && syscallOf(line.name, PLATFORM)?.role !== 'spawn') return false;
    front.readTimes(text, from, line.at);
    switch (line.kind) {
      case 'call':
        this.#meet();
        this.#events.ktruss(line.call, this.#line, this.#line);
        break;
      case 'child':
        this.#start(line.name);
        break;
      case 'signal':
        this.#signal(line.signal);
        break;
      case 'note':
        this.#noteRecord(text.slice(0, end));
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
    this.#front.readTimes(head, from, line.at);
    this.#meet();
    this.#events.diagnose('truncated-call', this.#line);
    this.#events.ktruss(line.call, this.#line, this.#line);
  }

  // ---- effects

  /** Notes that the process was seen. At its first sign of life its program is told. */
  #meet(): void {
    this.#inRecord = true;
    if (this.#calls.remember(this.#front.pid)) this.#events.program(this.#line);
  }

  #start(name: string): void {
    const { pid } = this.#front;
    this.#inRecord = true;
    // Whoever had this pid before died unseen.
    this.#calls.begin(pid);
    this.#births.forget(pid);
    this.#events.start(name, this.#line);
    this.#events.program(this.#line);
  }

  #startThread(): void {
    this.#meet();
    this.#events.startThread(this.#line);
  }

  #signal(signal: SignalText): void {
    this.#meet();
    const isDeath = signal.disposition === 'default' && isDeadlyByDefault(signal.signal, PLATFORM);
    // What it was doing is told before the line that ends it.
    if (isDeath) this.#calls.end(this.#front.pid, detach(signal.signal));
    this.#events.signal(signal, this.#line);
  }

  #lost(call: OpenCall): void {
    if (call.args === null) this.#skippedCalls++;
    else this.#events.unfinished(call);
  }

  /** A record that is no call's. */
  #noteRecord(text: string): void {
    this.#meet();
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

export const kdump: LoadedFormat = {
  createParser: (sink, context) => new KdumpParser(sink, context),
};
