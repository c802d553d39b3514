// Longer than other files: every form of line is read here beside the state that it changes.

import { syscallOf } from '../src/model/syscalls.ts';
import {
  COMMA,
  codeAt,
  LESS,
  MINUS,
  OPEN_BRACKET,
  PLUS,
  readDecimal,
  SPACE,
  skipDigits,
  skipName,
} from '../src/scan/cursor.ts';
import type { LinesHandler } from '../src/scan/lines.ts';
import type { KeptLine, Sieve } from './sieve.ts';
import {
  type CallText,
  endsUnfinished,
  isCall,
  mayHaveResult,
  openingParen,
  readCall,
  readUnfinished,
  readWritten,
  UNFINISHED,
} from './strace-call.ts';
import { type Begun, Events } from './strace-events.ts';
import { StraceFilter } from './strace-filter.ts';
import { type Head, Heads, isCreation, viaOf } from './strace-heads.ts';
import { type Broken, DETACHED, isWrapped, Joining } from './strace-joining.ts';
import {
  isDumpOrFrame,
  isNoise,
  mayHoldMessage,
  type ProcessMessage,
  processMessage,
  readEnd,
  readSignal,
  Tables,
  withoutNoise,
} from './strace-lines.ts';
import { PlainLines } from './strace-plain.ts';
import { Prefix } from './strace-prefix.ts';
import { LiveTasks, type TaskId } from './strace-tasks.ts';
import type { EventSink, LineParser, LoadedFormat, ParseContext } from './tracer-format.ts';

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
// A line's way: strace-joining.ts makes it whole, strace-prefix.ts reads its columns, strace-tasks.ts says whose it is
// where they do not, strace-call.ts takes a call apart, strace-lines.ts every other kind of line, strace-heads.ts keeps
// first halves, and strace-filter.ts looks at the bytes of lines nobody may need. Here they are put together.

const PID_CHANGED = / ?<pid changed to (\d+) \.\.\.>$/;
const OLD_EXIT_CUT = / ?<unfinished \.\.\. exit status (\d+)>$/;

/** Characters of a call cut again and again that are kept; nothing needs what comes later. */
const MAX_HEAD = 65_536;

class StraceParser implements LineParser {
  readonly #events: Events;
  readonly #defaultPid: number | null;
  readonly #prefix: Prefix;
  readonly #live: LiveTasks;
  readonly #joining: Joining;
  /** Null where every line is wanted. */
  readonly #filter: StraceFilter | null;
  readonly #heads = new Heads();
  readonly #tables = new Tables();
  /** Takes many lines at once where every line is wanted, and they tell whose they are. */
  readonly pushLines: LinesHandler | null;
  readonly #context: ParseContext;
  /** Made for the first of them. */
  #plain: PlainLines | null = null;
  /** The head that the last line cut off: strace 5.2-6.1 with -z goes on with it without `resumed`. */
  #lastHead: Head | null = null;

  constructor(sink: EventSink, context: ParseContext) {
    this.#defaultPid = context.defaultPid;
    this.#filter =
      context.needs === null || context.defaultPid !== null ? null : new StraceFilter(context.needs, context.clock);
    this.#live = new LiveTasks(this.sieve);
    this.#prefix = new Prefix(context.clock);
    this.#joining = new Joining(this.#prefix, this.#live);
    this.#events = new Events(sink, context, this.#prefix);
    this.#context = context;
    this.pushLines =
      this.#filter === null && context.defaultPid === null
        ? (buffer, start, end, linesBefore) => this.#pushLines(buffer, start, end, linesBefore)
        : null;
  }

  get selfContained(): boolean {
    return !this.#live.hasOmittedColumns;
  }

  get skippedEvents(): number {
    return this.#filter?.skippedEvents ?? 0;
  }

  get sieve(): Sieve | null {
    return this.#filter?.sieve ?? null;
  }

  mayMatter(): boolean {
    return true;
  }

  push(text: string, line: number): void {
    if (text !== '') this.#pushLine(text, line);
    if (this.#filter === null) return;
    const everything = this.#joining.waits || this.#tables.inside || this.#prefix.relative;
    this.#filter.tell(everything, this.#live.expectedWithoutColumn());
  }

  #pushLines(buffer: Buffer, start: number, end: number, linesBefore: number): number {
    this.#plain ??= this.#beginPlain();
    const plain = this.#plain;
    plain.load(buffer, start, end, linesBefore);
    for (;;) {
      const isText = plain.next(this.#joining.waits || this.#tables.inside);
      const task = plain.takeLastTask();
      if (task !== null) this.#live.acted(task);
      if (!isText) return plain.line;
      this.push(plain.text, plain.line);
    }
  }

  #beginPlain(): PlainLines {
    const { input, clock } = this.#context;
    const plain = new PlainLines(input, clock, (rows) => this.#events.plainCalls(rows));
    this.#live.mark(plain);
    this.#heads.share(plain);
    return plain;
  }

  #pushLine(text: string, line: number): void {
    this.#events.line = line;
    this.#prefix.clear();
    let plain = text;
    if (mayHoldMessage(text)) {
      const message = processMessage(text);
      if (message !== null) {
        this.#pushMessage(text, message);
        return;
      }
      plain = withoutNoise(text);
      if (plain === '') {
        this.#events.note(text);
        return;
      }
    }
    const { broken } = this.#joining;
    if (broken !== null && this.#continueBroken(broken, plain)) return;
    this.#pushWhole(plain, plain === text);
  }

  end(): void {
    if (this.#joining.broken !== null) this.#giveUp(this.#joining.broken);
    for (const task of this.#live.all()) this.#recall(this.#filter?.recall(task) ?? null);
    for (const head of this.#heads.drain()) this.#emitUnfinished(head);
    this.#filter?.end();
    this.#plain?.release(this.#live.all());
    this.#plain = null;
    if (this.#tables.count > 0 && this.#events.calls === 0 && this.skippedEvents === 0)
      this.#events.report('summary-only', null);
  }

  // ---- from physical to logical lines

  // clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLDstrace: Process 41 attached
  // , child_tidptr=0x7f30b23fe9d0) = 41
  #pushMessage(text: string, message: ProcessMessage): void {
    const before = text.slice(0, message.index);
    if (before !== '') {
      if (this.#joining.broken === null) {
        this.#prefix.read(before);
        this.#break(before, 0);
      } else {
        this.#joining.append(before);
      }
    }
    const { id, parent } = message;
    switch (message.what) {
      case 'attached': {
        const creator = this.#live.has(id) ? null : this.#creatorOf(id);
        this.#live.add(id, true);
        if (creator === null) this.#events.start(id, null, 'attach');
        else this.#events.start(id, creator.task, viaOf(creator.text));
        break;
      }
      case 'resumed':
        if (parent === null) this.#events.note(text);
        else this.#events.start(id, parent, null);
        break;
      case 'detached':
        this.#flush(id);
        this.#live.remove(id);
        this.#events.detach(id);
        break;
      case 'suspended':
        this.#events.note(text);
        break;
      default:
        message.what satisfies never;
    }
  }

  /** Holds a line that ended early. False where nothing that a later line may end begins in it. */
  #break(text: string, missing: number): boolean {
    if (!this.#joining.begins(text)) return false;
    const { body, pid } = this.#prefix;
    this.#joining.hold(text, this.#taskOf(pid, text.startsWith('<... ', body)), this.#events.line, missing);
    return true;
  }

  /** Tries to go on with a broken line. False where this one is no part of it. */
  #continueBroken(broken: Broken, text: string): boolean {
    const continuation = this.#joining.continue(broken, text);
    switch (continuation.what) {
      case 'part':
        this.#events.note(text);
        return true;
      case 'end':
        this.#finish(broken, continuation.joined, text);
        return true;
      case 'apart':
        this.#giveUp(broken);
        return false;
    }
  }

  #finish(broken: Broken, joined: string, last: string): void {
    this.#joining.release();
    if (isWrapped(broken)) this.#events.report('wrapped', broken.line);
    this.#prefix.locate(joined);
    // Whose it was, and when, as it began: a message since may have told of a second task.
    this.#prefix.pid = broken.task;
    this.#prefix.time = broken.time;
    this.#prefix.atNs = broken.atNs;
    if (endsUnfinished(joined)) this.#events.note(last);
    if (this.#pushBody(joined, broken.line, true)) return;
    this.#events.unparsed(broken.columns + broken.text, broken.line);
    this.#events.unparsed(last, this.#events.line);
  }

  #giveUp(broken: Broken): void {
    this.#joining.release();
    const call = readUnfinished(broken.text, 0);
    // A program's own text may look like the beginning of a call; a name nobody knows is no evidence of one.
    if (call === null || (broken.columns === '' && syscallOf(call.name, 'linux') === null)) {
      this.#events.unparsed(broken.columns + broken.text, broken.line);
      return;
    }
    this.#events.report('truncated-call', broken.line);
    this.#emitCall(call, broken.task, broken, broken.line);
  }

  // ---- one logical line

  /** `isPhysical`: nothing was taken off the line. */
  #pushWhole(plain: string, isPhysical: boolean): void {
    const text = this.#joining.withHeldColumns(plain);
    if (isDumpOrFrame(text) || this.#tables.has(text)) {
      this.#events.note(text);
      return;
    }
    this.#prefix.read(text);
    if (isPhysical && text === plain && this.#meetsChild(text) && this.#filter?.looksAgain(this.#events.line) === true)
      return;
    if (this.#pushBody(text, this.#events.line, false) || this.#continueLastHead(text)) return;
    if (isNoise(text)) this.#events.note(text);
    else if (!this.#pushMixed(text) && !this.#pushGlued(text) && !this.#break(text, 0)) this.#pushUnknown(text);
  }

  #pushUnknown(text: string): void {
    if (this.#joining.holdColumns(text)) this.#events.note(text);
    else this.#events.unparsed(text, this.#events.line);
  }

  /** Reads the body behind the columns that were read. False where it is none that is complete. */
  #pushBody(text: string, line: number, lenient: boolean): boolean {
    const { body } = this.#prefix;
    switch (codeAt(text, body)) {
      case LESS:
        return this.#pushResumed(text, line);
      case MINUS:
        return this.#pushSignal(text, line);
      case PLUS:
        return this.#pushEnd(text, line);
      case OPEN_BRACKET:
        if (!isNoise(text.slice(body))) return false;
        this.#events.note(text);
        return true;
      default:
        return this.#pushCall(text, line, lenient);
    }
  }

  #pushCall(text: string, line: number, lenient: boolean): boolean {
    const { body, pid, time, atNs } = this.#prefix;
    const open = openingParen(text, body);
    if (open < 0) return false;
    const isHead = endsUnfinished(text);
    const call = isHead && !mayHaveResult(text, open) ? null : readCall(text, body, lenient);
    if (call !== null) {
      this.#noteLastHead(null);
      this.#emitCall(call, this.#taskOf(pid, false), { line, time, atNs }, this.#events.line);
      return true;
    }
    if (!isHead) return text.endsWith('>') && this.#pushCutOff(text, line);
    this.#hold(this.#taskOf(pid, false), text.slice(body, -UNFINISHED.length), line);
    return true;
  }

  // execve("/proc/self/exe", [...], 0x7ff… <pid changed to 14243 ...>
  // read(0,  <detached ...>
  // read(0,  <unfinished ... exit status 3>
  #pushCutOff(text: string, line: number): boolean {
    const { body, pid, time, atNs } = this.#prefix;
    const changed = PID_CHANGED.exec(text);
    if (changed !== null) {
      const task = this.#taskOf(pid, false);
      this.#hold(task, text.slice(body, changed.index), line);
      this.#takeOver(Number(changed[1]), task);
      return true;
    }
    const exit = OLD_EXIT_CUT.exec(text);
    const cut = exit?.index ?? (text.endsWith(DETACHED) ? text.length - DETACHED.length : -1);
    const call = cut < 0 ? null : readUnfinished(text.slice(0, cut), body);
    if (call === null) return false;
    const task = this.#taskOf(pid, false);
    this.#emitCall(call, task, { line, time, atNs }, this.#events.line);
    if (exit === null) this.#events.detach(task);
    else this.#events.exit(task, Number(exit[1]), line);
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
    const rest = text.slice(codeAt(text, restAt) === SPACE ? restAt + 1 : restAt);
    const task = this.#taskOf(pid, true);
    this.#recall(this.#filter?.recall(task) ?? null);
    const head = this.#heads.takeFor(task, name);
    const begun = head ?? { text: `${name}(`, line, time, atNs, child: null };
    if (endsUnfinished(rest)) {
      const more = begun.text.length > MAX_HEAD ? '' : rest.slice(0, -UNFINISHED.length);
      this.#heads.set({ ...begun, task, text: begun.text + more });
      this.#events.note(text);
      return true;
    }
    const whole = begun.text + rest;
    const call = readCall(whole, 0, false) ?? readCall(whole, 0, true);
    if (call === null) {
      if (head !== null) this.#heads.set(head);
      return false;
    }
    if (head === null && this.#filter?.resumes(task) !== true) this.#events.report('orphan-resumed', line);
    if (head !== null && call.outcome === 'unfinished') this.#heads.tear(head);
    this.#emitCall(call, task, begun, this.#events.line);
    return true;
  }

  #pushSignal(text: string, line: number): boolean {
    const { body, pid } = this.#prefix;
    const delivered = readSignal(text, body);
    if (delivered === null) return false;
    const task = this.#taskOf(pid, false);
    const { signal, siginfo } = delivered;
    if (signal === null) this.#events.note(text, line);
    else this.#events.signal(task, signal, siginfo, line);
    return true;
  }

  #pushEnd(text: string, line: number): boolean {
    const { body, pid } = this.#prefix;
    const end = readEnd(text, body);
    switch (end?.what) {
      case undefined:
        return false;
      case 'exited': {
        const task = this.#endTask(pid);
        this.#live.exited(task);
        this.#events.exit(task, end.status, line);
        return true;
      }
      case 'killed':
        this.#events.killed(this.#endTask(pid), end.signal, end.coreDumped, line);
        return true;
      case 'superseded':
        this.#takeOver(this.#taskOf(pid, false), end.by);
        this.#events.note(text, line);
        return true;
    }
  }

  // PID openat(AT_FDCWD, "/x", O_RDONLY <unfinished ...>     strace 5.2-6.1 with -z
  // )   = 3
  #continueLastHead(text: string): boolean {
    this.#recall(this.#filter?.recallPrevious(this.#events.line) ?? null);
    const plain = this.#plain?.takeLastHead();
    if (plain != null) this.#heads.set(plain);
    const head = plain === undefined ? this.#lastHead : plain;
    this.#noteLastHead(head);
    if (head === null || !this.#heads.holds(head)) {
      return readCall(`_(${text}`, 0, false) !== null && this.#filter?.completesPrevious(this.#events.line) === true;
    }
    const call = readCall(head.text + text, 0, false);
    if (call === null) return false;
    this.#heads.take(head.task);
    this.#noteLastHead(null);
    this.#emitCall(call, head.task, head, this.#events.line);
    return true;
  }

  // write(2, "two\nlines", 9two
  // lines) = 9
  #pushMixed(text: string): boolean {
    const open = openingParen(text, this.#prefix.body);
    const written = open < 0 ? null : readWritten(text, open);
    if (written === null) return false;
    this.#events.report('output-mixed-in', this.#events.line);
    return this.#break(text.slice(0, written.argsEnd), written.missing);
  }

  // hello[pid  303] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3
  // hello+++ killed by SIGSEGV +++
  #pushGlued(text: string): boolean {
    // Behind the beginning of a call it would be a name or a text that imitates a line.
    if (openingParen(text, this.#prefix.body) >= 0) return false;
    let from = text.length;
    for (const mark of ['[pid ', '+++ ', '--- ', '<... ']) {
      const at = text.indexOf(mark, this.#prefix.body + 1);
      if (at > 0 && at < from) from = at;
    }
    const rest = text.slice(from);
    if (rest === '' || !this.#joining.isWhole(rest)) {
      this.#prefix.locate(text);
      return false;
    }
    this.#prefix.read(rest);
    if (!this.#pushBody(rest, this.#events.line, false)) return false;
    this.#events.report('output-mixed-in', this.#events.line);
    return true;
  }

  // ---- tasks and their calls in flight

  /** The task of a line with this column, made known where it is new. */
  #taskOf(column: TaskId, resumes: boolean): TaskId {
    if (column === null) return this.#defaultPid ?? this.#live.withoutColumn();
    if (!this.#live.has(column)) this.#introduce(column, resumes);
    this.#live.acted(column);
    return column;
  }

  /** Whether the line is a call by which a child is met: often that is all that matters of it. */
  #meetsChild(text: string): boolean {
    const { body, pid, relative } = this.#prefix;
    if (this.#filter === null || pid === null || relative || this.#live.has(pid) || !isCall(text, body)) return false;
    const isChild = this.#introduce(pid, false);
    this.#live.acted(pid);
    return isChild;
  }

  /** Whether it is a child whose birth is told with it. */
  #introduce(id: number, resumes: boolean): boolean {
    if (this.#live.unnamed && !this.#live.isExpected(id)) {
      // The first task goes on with a second half where it has a first one; a child cannot.
      const inCall = this.#heads.has(null) || this.#filter?.hasSkippedHead(null) === true;
      const isNoChild = this.#live.announces || (this.#live.showsCreations && !this.#heads.mayHaveMade(id));
      if (inCall ? resumes : isNoChild) {
        this.#live.name(id);
        this.#heads.rename(null, id);
        this.#filter?.rename(id);
        this.#events.identity(id);
        return false;
      }
    }
    const creator = resumes ? null : this.#creatorOf(id);
    this.#live.add(id, false);
    if (creator === null) return false;
    this.#live.made(id);
    this.#events.start(id, creator.task, viaOf(creator.text));
    return true;
  }

  #creatorOf(id: number): Head | null {
    return this.#live.isExpected(id) ? null : this.#heads.creatorOf(id, this.#joining.broken);
  }

  /** Ends a task, and the call it was in. */
  #endTask(column: TaskId): TaskId {
    const task = this.#taskOf(column, false);
    this.#flush(task);
    this.#live.remove(task);
    return task;
  }

  /** A thread's exec goes on under the leader's id: its call moves there, and the leader's own never returns. */
  #takeOver(leader: TaskId, thread: TaskId): void {
    if (leader === thread || !this.#heads.has(thread)) return;
    this.#flush(leader);
    this.#heads.rename(thread, leader);
    this.#live.remove(thread);
  }

  #hold(task: TaskId, begun: string, line: number): void {
    const { time, atNs } = this.#prefix;
    const trimmed = begun.trimEnd();
    // `wait4(75,  <unfinished ...>` of 6.15 and before has its separator already.
    const text = codeAt(trimmed, trimmed.length - 1) === COMMA ? `${trimmed} ` : trimmed;
    this.#flush(task);
    const head = { text, line, time, atNs, task, child: null };
    this.#noteLastHead(head);
    this.#heads.set(head);
  }

  /** A call begins: with a first half, or whole. */
  #noteLastHead(head: Head | null): void {
    this.#lastHead = head;
    this.#plain?.forgetLastHead();
  }

  /** Takes in a first half that was put off. */
  #recall(kept: KeptLine | null): void {
    if (kept === null) return;
    const { pid, body, time, atNs } = this.#prefix;
    this.#prefix.read(kept.text);
    this.#hold(
      this.#taskOf(this.#prefix.pid, false),
      kept.text.slice(this.#prefix.body, -UNFINISHED.length),
      kept.line,
    );
    Object.assign(this.#prefix, { pid, body, time, atNs });
  }

  /** The task's call in flight never returns. */
  #flush(task: TaskId): void {
    this.#recall(this.#filter?.recall(task) ?? null);
    const head = this.#heads.take(task);
    if (head !== null) {
      this.#heads.tear(head);
      this.#emitUnfinished(head);
    }
    this.#filter?.flush(task);
  }

  #emitCall(call: CallText, task: TaskId, begun: Begun, endLine: number): void {
    if (call.outcome === 'returned' && call.result !== null && isCreation(call.name)) {
      const digits = skipDigits(call.result, 0);
      if (digits > 0) this.#live.expect(readDecimal(call.result, 0, digits));
    }
    this.#events.call(call, task, begun, endLine);
  }

  #emitUnfinished(head: Head): void {
    const call = readUnfinished(head.text, 0);
    if (call !== null) this.#emitCall(call, head.task, head, head.line);
  }
}

export const strace: LoadedFormat = {
  createParser: (sink, context) => new StraceParser(sink, context),
};
