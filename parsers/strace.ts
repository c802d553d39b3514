import type { Diagnostic, DiagnosticCode } from '../src/model/diagnostic.ts';
import type { StartVia, TraceEvent } from '../src/model/event.ts';
import { syscallOf } from '../src/model/syscalls.ts';
import {
  closingQuote,
  GREATER,
  isDigit,
  LESS,
  OPEN_BRACKET,
  readDecimal,
  SPACE,
  skipDigits,
  skipName,
} from '../src/scan/cursor.ts';
import { type CallText, openingParen, readCall, readUnfinished, readWritten } from './strace-call.ts';
import { StraceFilter } from './strace-filter.ts';
import { Prefix } from './strace-prefix.ts';
import { LiveTasks, type TaskId } from './strace-tasks.ts';
import type { EventSink, LineParser, ParseContext, TracerFormat } from './tracer-format.ts';

// strace (Linux), 4.5 to 7.2. https://strace.io, `man strace`.
//
//   execve("/usr/bin/cc", ["cc", "main.c"], 0x7ffd4827 /* 35 vars */) = 0
//   [pid 14075] openat(AT_FDCWD, "main.c", O_RDONLY <unfinished ...>
//   [pid 14074] wait4(14075,  <unfinished ...>
//   [pid 14075] <... openat resumed>)        = 3
//   [pid 14075] --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---
//   [pid 14075] +++ killed by SIGSEGV (core dumped) +++
//
// A call is printed in two halves, at entry and at return. On standard error everything else may stand between them:
// lines of other tasks (then ` <unfinished ...>` closes the first half), strace's own messages and the program's
// text (then nothing does, and the second half starts a later physical line).
//
// strace-prefix.ts reads the columns, strace-call.ts a whole call, strace-tasks.ts says whose an unmarked line is,
// strace-filter.ts looks at the bytes of lines nobody may need. Here they are put together.

const UNFINISHED = '<unfinished ...>';
const DETACHED = '<detached ...>';

/** Foreign lines after which a call that never goes on is given up. */
const MAX_FOREIGN_LINES = 256;

const MESSAGE =
  /(?:\.{0,2}\/(?:[^\s/"]+\/)*)?(?:[\w.-]+: )?Process (\d+) (attached|detached|suspended|resumed)\b([^"]*)$/;
const ATTACHED_PARENT = /\(parent (\d+) ready\)/;
const TRACER_NOISE =
  /^(?:(?:\.{0,2}\/(?:[^\s/"]+\/)*)?strace: |PANIC: (?:attached|handle_group_exit)|(?:Exit of|Detached) unknown pid \d|upeek: |umoven: )/;
const GLUED_NOISE =
  /(?:\.{0,2}\/(?:[^\s/"]+\/)*)?strace: (?:Exit of unknown pid|Detached unknown pid|PANIC: |WARNING: |umoven: |upeek: |exec: |attach: |Can't stat |Cannot find executable |System call limit )[^"]*$/;
const CANNOT_RESTART = / <(?:Cannot restart pid \d+ with |)ptrace\([^<>]*\): ?[^<>]*>$/;
const DUMP_OR_FRAME =
  /^ (?:\| (?:[0-9a-f]{5,} |<Cannot fetch )|\* \d+ bytes in buffer \d+|> \S.*\[0x[0-9a-f]+\]|> \S.*\(.*\)|VCPU:\d+[<>])/;
const TABLE_HEADER =
  /^\s*(?:(?:% time|(?:min-|max-|avg-|wall-)?(?:time|seconds|total)|usecs\/call|shortest|longest|calls|errors|syscall|wall)(?:\s+|$)){3,}$/;
const TABLE_END = /\btotal$|^total\b/;
const PID_CHANGED = / ?<pid changed to (\d+) \.\.\.>$/;
const OLD_EXIT_CUT = / ?<unfinished \.\.\. exit status (\d+)>$/;
const SIGNAL_OLD = /^--- (SIG\w+|\d+) (\(.*\) @ [0-9a-f]+ \([0-9a-f]+\)) ---/;
const SIGNAL_46 = /^--- (\{si_signo=(\w+).*\}) \(.*\) ---/;
const STOPPED = /^--- (?:stopped by|Stopped \(.*\) by) \w+ ---/;
const COLOUR = /\x1b\[[0-9;]*m/g;

/** First half of a call that waits for its second. */
interface Head {
  text: string;
  readonly line: number;
  readonly time: string | null;
  readonly atNs: number | null;
  /** Column of the first half; null where it had none. */
  readonly task: TaskId;
  /** Set once a child was seen that this creation call must have made. */
  child: number | null;
}

/** A call's line that ended before the call did: the rest comes with a later physical line. */
interface Broken extends Head {
  readonly text: string;
  /** Bytes of the program's own text still to come; 0 where none or unknown. */
  missing: number;
  foreignLines: number;
}

class StraceParser implements LineParser {
  readonly #sink: EventSink;
  readonly #input: number;
  readonly #defaultPid: number | null;
  readonly #prefix: Prefix;
  readonly #live = new LiveTasks();
  readonly #filter: StraceFilter;
  /** Calls cut off by other tasks' lines, by task. */
  readonly #heads = new Map<TaskId, Head>();
  /** The head that the last line cut off: strace 5.2-6.1 with -z continues it without `resumed`. */
  #lastHead: Head | null = null;
  #broken: Broken | null = null;
  #inTable = false;
  #calls = 0;
  #tables = 0;
  #line = 0;

  constructor(sink: EventSink, context: ParseContext) {
    this.#sink = sink;
    this.#input = context.input;
    this.#defaultPid = context.defaultPid;
    this.#prefix = new Prefix(context.clock);
    this.#filter = new StraceFilter(context.needs, this.#live);
  }

  get skippedEvents(): number {
    return this.#filter.skippedEvents;
  }

  mayMatter(buffer: Buffer, start: number, end: number): boolean {
    if (this.#broken !== null || this.#inTable || this.#prefix.relative || this.#defaultPid !== null) return true;
    return this.#filter.mayMatter(buffer, start, end);
  }

  push(raw: string, line: number): void {
    if (raw === '') return;
    this.#line = line;
    this.#prefix.clear();
    let text = raw.indexOf('\x1b[') < 0 ? raw : raw.replace(COLOUR, '');
    if (text.charCodeAt(text.length - 1) === GREATER) text = text.replace(CANNOT_RESTART, '');
    const message = text.indexOf('Process ') < 0 ? null : MESSAGE.exec(text);
    if (message !== null && !insideString(text, message.index)) {
      this.#pushMessage(text, message);
      return;
    }
    const noise = text.indexOf('strace: ') > 0 ? GLUED_NOISE.exec(text) : null;
    if (noise !== null) text = text.slice(0, noise.index);
    if (this.#broken !== null && this.#continueBroken(this.#broken, text)) return;
    this.#pushWhole(text);
  }

  end(): void {
    if (this.#broken !== null) this.#giveUp(this.#broken);
    for (const head of this.#heads.values()) this.#emitUnfinished(head);
    this.#heads.clear();
    this.#filter.end();
    if (this.#tables > 0 && this.#calls === 0 && this.skippedEvents === 0) this.#report('summary-only', null);
  }

  // ---- from physical to logical lines

  // clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLDstrace: Process 41 attached
  // , child_tidptr=0x7f30b23fe9d0) = 41
  #pushMessage(text: string, message: RegExpExecArray): void {
    const before = text.slice(0, message.index);
    if (this.#broken !== null) {
      if (before !== '') this.#broken = { ...this.#broken, text: this.#broken.text + before };
    } else if (before !== '') {
      this.#prefix.read(before);
      this.#breakAt(before, 0);
    }
    const id = Number(message[1]);
    switch (message[2]) {
      case 'attached': {
        const parent = this.#live.has(id) ? null : this.#creatorOf(id);
        this.#live.add(id, true);
        if (parent === null) this.#emitStart(id, null, 'attach');
        else this.#emitStart(id, parent.task, viaOf(parent.text));
        break;
      }
      case 'resumed': {
        const parent = ATTACHED_PARENT.exec(message[3] ?? '');
        if (parent === null) this.#note(text);
        else this.#emitStart(id, Number(parent[1]), null);
        break;
      }
      case 'detached':
        this.#flushHead(id);
        this.#live.remove(id);
        this.#sink.event({ ...this.#base(id), kind: 'detach' });
        break;
      default:
        this.#note(text);
    }
  }

  /** Holds a call whose line ended early. False where the text does not begin a call. */
  #breakAt(text: string, missing: number): boolean {
    const { body, time, atNs } = this.#prefix;
    if (openingParen(text, body) < 0 && !text.startsWith('<... ', body)) return false;
    this.#broken = {
      text,
      line: this.#line,
      time,
      atNs,
      task: this.#taskOf(this.#prefix.pid, text.startsWith('<... ', body)),
      child: null,
      missing,
      foreignLines: 0,
    };
    return true;
  }

  /** Tries to go on with a broken call. False where this line is one of its own. */
  #continueBroken(broken: Broken, text: string): boolean {
    // The program's own text, whose length the call's arguments tell: whatever it says, it is no trace line.
    if (broken.missing > text.length) {
      broken.missing -= text.length + 1;
      this.#note(text);
      return true;
    }
    const rest = text.slice(broken.missing);
    broken.missing = 0;
    const joint = broken.text.endsWith('=') ? ' ' : '';
    const joined = broken.text + joint + rest;
    if (this.#completes(joined, false)) {
      this.#finishBroken(broken, joined);
      return true;
    }
    if (this.#isWhole(text)) {
      this.#giveUp(broken);
      return false;
    }
    if (this.#completes(joined, true)) {
      this.#finishBroken(broken, joined);
      return true;
    }
    broken.foreignLines++;
    if (broken.foreignLines > MAX_FOREIGN_LINES) {
      this.#giveUp(broken);
      return false;
    }
    this.#note(text);
    return true;
  }

  #completes(text: string, lenient: boolean): boolean {
    this.#prefix.locate(text);
    const { body } = this.#prefix;
    if (text.startsWith('<... ', body)) {
      const close = text.indexOf('resumed>', body);
      return close > 0 && text.indexOf(') = ', close) > 0;
    }
    return text.endsWith(UNFINISHED) || text.endsWith(DETACHED) || readCall(text, body, lenient) !== null;
  }

  #finishBroken(broken: Broken, text: string): void {
    this.#broken = null;
    const endLine = this.#line;
    this.#prefix.locate(text);
    // Whose it was when it began: a message since may have told of a second task.
    this.#prefix.pid = broken.task;
    this.#prefix.time = broken.time;
    this.#prefix.atNs = broken.atNs;
    this.#pushBody(text, broken.line, endLine, true);
  }

  #giveUp(broken: Broken): void {
    this.#broken = null;
    this.#prefix.locate(broken.text);
    const call = readUnfinished(broken.text, this.#prefix.body);
    // A program's own text may look like the beginning of a call; a name nobody knows is no evidence of one.
    if (call === null || (broken.task === null && syscallOf(call.name, 'linux') === null)) {
      this.#emitUnparsed(broken.text, broken.line);
      return;
    }
    this.#report('truncated-call', broken.line);
    this.#emitCall(call, broken.task, broken, broken.line);
  }

  /** Whether the line is a trace line of its own, complete. */
  #isWhole(text: string): boolean {
    this.#prefix.locate(text);
    const { body } = this.#prefix;
    const rest = text.slice(body, body + 5);
    if (rest === '<... ') return true;
    if (rest.startsWith('--- ')) return text.includes(' ---', body + 4);
    if (rest.startsWith('+++ ')) return text.includes(' +++', body + 4);
    if (openingParen(text, body) < 0) return false;
    return text.endsWith(UNFINISHED) || readCall(text, body, false) !== null;
  }

  // ---- one logical line

  #pushWhole(text: string): void {
    if (text.charCodeAt(0) === SPACE && DUMP_OR_FRAME.test(text)) {
      this.#note(text);
      return;
    }
    if (this.#pushTable(text)) return;
    this.#prefix.read(text);
    if (this.#pushBody(text, this.#line, this.#line, false)) return;
    if (this.#continueLastHead(text)) return;
    if (TRACER_NOISE.test(text)) this.#note(text);
    else if (!this.#pushMixed(text) && !this.#pushGlued(text) && !this.#pushBroken(text)) {
      this.#emitUnparsed(text, this.#line);
    }
  }

  /** Reads the body that the prefix was read for. False where it is none that is complete. */
  #pushBody(text: string, line: number, endLine: number, lenient: boolean): boolean {
    const { body } = this.#prefix;
    switch (text.charCodeAt(body)) {
      case LESS:
        return this.#pushResumed(text, line);
      case 45: // -
        return this.#pushSignal(text);
      case 43: // +
        return this.#pushEnd(text);
      case OPEN_BRACKET:
        this.#note(text);
        return true;
      default:
        return this.#pushCall(text, line, endLine, lenient);
    }
  }

  #pushCall(text: string, line: number, endLine: number, lenient: boolean): boolean {
    const { body, pid, time, atNs } = this.#prefix;
    const call = readCall(text, body, lenient);
    if (call !== null) {
      const task = this.#taskOf(pid, false);
      this.#lastHead = null;
      this.#emitCall(call, task, { line, time, atNs }, endLine);
      return true;
    }
    if (openingParen(text, body) < 0) return false;
    if (text.endsWith(UNFINISHED)) {
      this.#hold(this.#taskOf(pid, false), text.slice(body, -UNFINISHED.length), line);
      return true;
    }
    return text.charCodeAt(text.length - 1) === GREATER && this.#pushCutOff(text, line, endLine);
  }

  // execve("/proc/self/exe", [...], 0x7ff… <pid changed to 14243 ...>
  // read(0,  <detached ...>
  // read(0,  <unfinished ... exit status 3>
  #pushCutOff(text: string, line: number, endLine: number): boolean {
    const { body, pid, time, atNs } = this.#prefix;
    const changed = PID_CHANGED.exec(text);
    if (changed !== null) {
      const leader = Number(changed[1]);
      const task = this.#taskOf(pid, false);
      this.#hold(task, text.slice(body, changed.index), line);
      this.#takeOver(leader, task);
      return true;
    }
    const exit = OLD_EXIT_CUT.exec(text);
    const cut = exit?.index ?? (text.endsWith(DETACHED) ? text.length - DETACHED.length : -1);
    const call = cut < 0 ? null : readUnfinished(text.slice(0, cut), body);
    if (call === null) return false;
    const task = this.#taskOf(pid, false);
    this.#emitCall(call, task, { line, time, atNs }, endLine);
    if (exit === null) this.#sink.event({ ...this.#base(task), kind: 'detach' });
    else this.#sink.event({ ...this.#base(task), kind: 'exit', status: Number(exit[1]) });
    this.#live.remove(task);
    return true;
  }

  // <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 41
  // <... clone resumed> child_stack=0x5626…, flags=CLONE_VM|SIGCHLD) = 1901
  #pushResumed(text: string, line: number): boolean {
    const { body, pid, time, atNs } = this.#prefix;
    if (!text.startsWith('<... ', body)) return false;
    const nameEnd = skipName(text, body + 5);
    if (!text.startsWith(' resumed>', nameEnd)) return false;
    const name = text.slice(body + 5, nameEnd);
    const restAt = nameEnd + ' resumed>'.length;
    const rest = text.slice(text.charCodeAt(restAt) === SPACE ? restAt + 1 : restAt);
    const column = pid === null ? this.#taskResuming(name) : pid;
    const task = this.#taskOf(column, true);
    const head = this.#takeHead(task, name);
    if (rest.endsWith(UNFINISHED)) {
      this.#setHead(task, {
        text: (head?.text ?? `${name}(`) + rest.slice(0, -UNFINISHED.length),
        line: head?.line ?? line,
        time: head === null ? time : head.time,
        atNs: head === null ? atNs : head.atNs,
        task,
        child: head?.child ?? null,
      });
      return true;
    }
    const whole = (head?.text ?? `${name}(`) + rest;
    const call = readCall(whole, 0, false) ?? readCall(whole, 0, true);
    if (call === null) {
      if (head !== null) this.#setHead(task, head);
      return this.#breakAt(text, 0);
    }
    if (head === null && !this.#filter.resumes(task)) this.#report('orphan-resumed', line);
    this.#emitCall(call, task, head ?? { line, time, atNs }, this.#line);
    return true;
  }

  // --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---          4.7 and later
  // --- {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0} (Segmentation fault) ---   4.6
  // --- SIGSEGV (Segmentation fault) @ 0 (0) ---                                   4.5
  #pushSignal(text: string): boolean {
    const { body, pid } = this.#prefix;
    if (!text.startsWith('--- ', body)) return false;
    let signal: string;
    let siginfo: string | null;
    const nameEnd = skipName(text, body + 4);
    const close = text.indexOf('} ---', nameEnd);
    if (nameEnd > body + 4 && text.charCodeAt(nameEnd + 1) === 123 && close > 0) {
      signal = text.slice(body + 4, nameEnd);
      siginfo = text.slice(nameEnd + 1, close + 1);
    } else {
      const rest = text.slice(body);
      if (STOPPED.test(rest)) {
        this.#taskOf(pid, false);
        this.#note(text);
        return true;
      }
      const old = SIGNAL_OLD.exec(rest);
      const match = old ?? SIGNAL_46.exec(rest);
      if (match === null) return false;
      signal = (old === null ? match[2] : match[1]) ?? '';
      siginfo = (old === null ? match[1] : match[2]) ?? null;
    }
    const task = this.#taskOf(pid, false);
    this.#sink.event({ ...this.#base(task), kind: 'signal', signal, disposition: null, siginfo });
    return true;
  }

  // +++ exited with 7 +++
  // +++ killed by SIGSEGV (core dumped) +++
  // +++ superseded by execve in pid 14245 +++
  #pushEnd(text: string): boolean {
    const { body, pid } = this.#prefix;
    if (text.startsWith('+++ exited with ', body)) {
      const digits = body + '+++ exited with '.length;
      const end = skipDigits(text, digits);
      if (end === digits) return false;
      const task = this.#endTask(pid);
      this.#sink.event({ ...this.#base(task), kind: 'exit', status: readDecimal(text, digits, end) });
      return true;
    }
    if (text.startsWith('+++ killed by ', body)) {
      const nameAt = body + '+++ killed by '.length;
      const nameEnd = skipWord(text, nameAt);
      if (nameEnd === nameAt) return false;
      const task = this.#endTask(pid);
      // A log cut in the name tells of the death only.
      const signal = nameEnd === text.length ? null : text.slice(nameAt, nameEnd);
      const coreDumped = signal === null ? null : text.startsWith(' (core dumped)', nameEnd);
      this.#sink.event({ ...this.#base(task), kind: 'killed', signal, coreDumped });
      return true;
    }
    if (text.startsWith('+++ superseded by execve in pid ', body)) {
      const digits = body + '+++ superseded by execve in pid '.length;
      const leader = this.#taskOf(pid, false);
      this.#takeOver(leader, readDecimal(text, digits, skipDigits(text, digits)));
      this.#note(text);
      return true;
    }
    return false;
  }

  // % time     seconds  usecs/call     calls    errors syscall
  // ------ ----------- ----------- --------- --------- ----------------
  #pushTable(text: string): boolean {
    if (!this.#inTable) {
      if (TABLE_HEADER.test(text)) {
        this.#inTable = true;
        this.#tables++;
      } else if (!text.startsWith('System call usage summary')) {
        return false;
      }
    } else if (TABLE_END.test(text)) {
      this.#inTable = false;
    } else if (!/^[\s\d.%-]|^[\w]+\s+[\d.]/.test(text) || text.includes('(')) {
      this.#inTable = false;
      return false;
    }
    this.#note(text);
    return true;
  }

  // PID openat(AT_FDCWD, "/x", O_RDONLY <unfinished ...>     strace 5.2-6.1 with -z
  // )   = 3
  #continueLastHead(text: string): boolean {
    const head = this.#lastHead;
    if (head === null || this.#heads.get(head.task) !== head) {
      return readCall(`_(${text}`, 0, false) !== null && this.#filter.completesPrevious();
    }
    const call = readCall(head.text + text, 0, false);
    if (call === null) return false;
    this.#heads.delete(head.task);
    this.#lastHead = null;
    this.#emitCall(call, head.task, head, this.#line);
    return true;
  }

  // hello[pid  303] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3
  // hello+++ killed by SIGSEGV +++
  #pushGlued(text: string): boolean {
    let from = text.length;
    for (const mark of ['[pid ', '+++ ', '--- ', '<... ']) {
      const at = text.indexOf(mark, 1);
      if (at > 0 && at < from) from = at;
    }
    if (from === text.length) return false;
    const rest = text.slice(from);
    if (!this.#isWhole(rest)) return false;
    this.#prefix.read(rest);
    if (!this.#pushBody(rest, this.#line, this.#line, false)) return false;
    this.#report('output-mixed-in', this.#line);
    return true;
  }

  // write(2, "two\nlines", 9two
  // lines) = 9
  #pushMixed(text: string): boolean {
    this.#prefix.locate(text);
    const open = openingParen(text, this.#prefix.body);
    const written = open < 0 ? null : readWritten(text, open);
    if (written === null) return false;
    this.#report('output-mixed-in', this.#line);
    return this.#breakAt(text.slice(0, written.argsEnd), written.missing);
  }

  #pushBroken(text: string): boolean {
    this.#prefix.locate(text);
    return this.#breakAt(text, 0);
  }

  // ---- tasks and their open calls

  /** The task of a line with this column, made known where it is new. */
  #taskOf(column: TaskId, resumes: boolean): TaskId {
    if (column === null) return this.#defaultPid ?? this.#live.withoutColumn();
    if (!this.#live.has(column)) this.#introduce(column, resumes);
    this.#live.acted(column);
    return column;
  }

  #introduce(id: number, resumes: boolean): void {
    if (this.#live.unnamed && !this.#live.isExpected(id)) {
      // The first task goes on with a second half where it has a first one; a child cannot.
      const cut = this.#heads.has(null) || this.#filter.hasSkippedHead(null);
      if (cut ? resumes : this.#live.announces) {
        this.#live.name(id);
        const head = this.#heads.get(null);
        if (head !== undefined) {
          this.#heads.delete(null);
          this.#heads.set(id, { ...head, task: id });
        }
        this.#filter.rename(id);
        this.#sink.event({ ...this.#base(id), kind: 'identity' });
        return;
      }
    }
    const parent = resumes ? null : this.#creatorOf(id);
    this.#live.add(id, false);
    if (parent !== null) this.#emitStart(id, parent.task, viaOf(parent.text));
  }

  /** The creation call in flight that must have made this task: the only one that has made none. */
  #creatorOf(id: number): Head | null {
    if (this.#live.isExpected(id)) return null;
    let found: Head | null = null;
    const broken = this.#broken;
    if (broken !== null && isCreation(broken.text, bodyOf(broken)) && broken.child === null) found = broken;
    for (const head of this.#heads.values()) {
      if (!isCreation(head.text, 0) || head.child !== null) continue;
      if (found !== null) return null;
      found = head;
    }
    if (found !== null) found.child = id;
    return found;
  }

  /** Ends a task, and the call it was in. */
  #endTask(column: TaskId): TaskId {
    const task = this.#taskOf(column, false);
    this.#flushHead(task);
    this.#live.remove(task);
    return task;
  }

  /** A thread's exec goes on under the leader's id: its open call moves there. */
  #takeOver(leader: TaskId, thread: TaskId): void {
    const head = this.#heads.get(thread);
    if (head === undefined || leader === thread) return;
    this.#heads.delete(thread);
    this.#flushHead(leader);
    this.#heads.set(leader, { ...head, task: leader });
    this.#live.remove(thread);
  }

  #hold(task: TaskId, text: string, line: number): void {
    const { time, atNs } = this.#prefix;
    const head: Head = {
      text: text.trimEnd().endsWith(',') ? text : text.trimEnd(),
      line,
      time,
      atNs,
      task,
      child: null,
    };
    this.#flushHead(task);
    this.#setHead(task, head);
    this.#lastHead = head;
  }

  #setHead(task: TaskId, head: Head): void {
    this.#heads.set(task, head);
  }

  /** The first half that a second half of this name belongs to; it is no longer open then. */
  #takeHead(task: TaskId, name: string): Head | null {
    let head = this.#heads.get(task);
    if (head === undefined && name === 'execve') head = this.#execOfThread();
    if (head === undefined) return null;
    this.#heads.delete(head.task);
    return head;
  }

  /** With -qqq nothing says that a thread's execve goes on under the leader's id. */
  #execOfThread(): Head | undefined {
    let found: Head | undefined;
    for (const head of this.#heads.values()) {
      if (!head.text.startsWith('execve(')) continue;
      if (found !== undefined) return undefined;
      found = head;
    }
    return found;
  }

  /** Whose second half a line without a column is: of the sole survivor, or of the only one in such a call. */
  #taskResuming(name: string): TaskId {
    if (this.#defaultPid !== null) return null;
    const survivor = this.#live.withoutColumn();
    if (this.#heads.has(survivor) || this.#filter.hasSkippedHead(survivor)) return survivor;
    for (const head of this.#heads.values()) if (head.text.startsWith(`${name}(`)) return head.task;
    return survivor;
  }

  #flushHead(task: TaskId): void {
    const head = this.#heads.get(task);
    if (head !== undefined) {
      this.#heads.delete(task);
      this.#emitUnfinished(head);
    }
    this.#filter.flush(task);
  }

  // ---- events

  #base(task: TaskId) {
    const { time, atNs } = this.#prefix;
    const line = this.#line;
    return { dialect: 'strace', input: this.#input, line, endLine: line, pid: task, tid: null, time, atNs } as const;
  }

  #emitCall(
    call: CallText,
    task: TaskId,
    at: { readonly line: number; readonly time: string | null; readonly atNs: number | null },
    endLine: number,
  ): void {
    this.#calls++;
    const event: TraceEvent = {
      kind: 'syscall',
      dialect: 'strace',
      input: this.#input,
      line: at.line,
      endLine,
      pid: task,
      tid: null,
      time: at.time,
      atNs: at.atNs,
      name: call.name,
      args: call.args,
      result: call.result,
      detail: call.detail,
      errno: call.errno,
      durationNs: call.durationNs,
      outcome: call.outcome,
    };
    if (call.outcome === 'returned' && call.result !== null && isCreation(call.name, 0)) {
      const digits = skipDigits(call.result, 0);
      if (digits > 0 && isDigit(call.result.charCodeAt(0))) this.#live.expect(readDecimal(call.result, 0, digits));
    }
    this.#sink.event(event);
  }

  #emitUnfinished(head: Head): void {
    const call = readUnfinished(head.text, 0);
    if (call !== null) this.#emitCall(call, head.task, head, head.line);
  }

  #emitStart(id: number, parentPid: TaskId, via: StartVia | null): void {
    this.#sink.event({ ...this.#base(id), kind: 'process-start', parentPid, via });
  }

  #note(text: string): void {
    this.#sink.event({ ...this.#base(null), kind: 'note', text });
  }

  #emitUnparsed(text: string, line: number): void {
    this.#report('unparsed-line', line);
    this.#sink.event({ ...this.#base(null), line, endLine: line, kind: 'unparsed', text });
  }

  #report(code: DiagnosticCode, line: number | null): void {
    const diagnostic: Diagnostic = { code, input: this.#input, line };
    this.#sink.diagnostic(diagnostic);
  }
}

/** Whether the text at `from` begins a call that makes a task: clone, clone3, fork, vfork, or clone3 by number. */
function isCreation(text: string, from: number): boolean {
  const end = skipName(text, from);
  const name = text.slice(from, end);
  return syscallOf(name, 'linux')?.role === 'spawn';
}

/** What the flags in the first half of a creation call say of the task it makes. */
function viaOf(text: string): StartVia {
  if (text.includes('CLONE_THREAD')) return 'thread';
  if (text.includes('vfork(') || text.includes('CLONE_VFORK')) return 'vfork';
  if (text.includes('fork(')) return 'fork';
  return text.includes('flags=') ? 'fork' : 'clone';
}

/** Index after the word at `from`. */
function skipWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== SPACE) at++;
  return at;
}

/** Whether an odd number of quotes stands before `index`: then what is there is the program's text. */
function insideString(text: string, index: number): boolean {
  let quotes = 0;
  for (
    let at = text.indexOf('"');
    at >= 0 && at < index;
    at = closingQuote(text, at) + 1 === 0 ? text.length : text.indexOf('"', at + 1)
  )
    quotes++;
  return quotes % 2 === 1;
}

function bodyOf(broken: Broken): number {
  const open = broken.text.indexOf('(');
  const space = broken.text.lastIndexOf(' ', open);
  return space + 1;
}

const LINE = /^(?:\[pid +\d+(?:<[^<>]*>)?\] |\d+(?:<[^<>]*>)? +)?(?:[\d:.]+ +|\(\+ *[\d.]+\) |\[[^\]]*\] )*/;
const CALL_RESULT = /\) +(?:= -?\d+(?: E[A-Z0-9]+ \(|<| <[\d.]+>$|$)|= 0x[0-9a-f]+(?: |<|$)|= \? ?|= -?\d+ \()/;

/** Real strace, as against ltrace and the trusses: see the table of neighbours in the format's documentation. */
function recognizes(text: string): boolean {
  if (/^\+\+\+ (?:exited with \d+|killed by SIG\w+|superseded by) /.test(body(text))) return true;
  const rest = body(text);
  if (/^--- (?:SIG\w+ (?:\{|\(.*\) @ )|\{si_signo=|stopped by )/.test(rest)) return true;
  if (/^<\.\.\. \w+ resumed>/.test(rest)) return true;
  if (/^(?:strace: )?Process \d+ (?:attached|detached)/.test(rest)) return true;
  if (/^% time +seconds/.test(rest)) return true;
  if (!/^[a-z_]\w*(?:#\d+)?\(/.test(rest)) return false;
  return rest.endsWith(UNFINISHED) || CALL_RESULT.test(rest);
}

function body(text: string): string {
  const plain = text.indexOf('\x1b[') < 0 ? text : text.replace(COLOUR, '');
  return plain.slice(LINE.exec(plain)?.[0].length ?? 0);
}

export const strace: TracerFormat = {
  dialect: 'strace',
  title: 'strace (Linux)',
  reference: 'https://strace.io/',
  recognizes,
  createParser: (sink, context) => new StraceParser(sink, context),
};
