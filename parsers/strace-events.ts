import type { CallRows } from '../src/model/call-rows.ts';
import type { DiagnosticCode } from '../src/model/diagnostic.ts';
import type { StartVia } from '../src/model/event.ts';
import type { CallText } from './strace-call.ts';
import type { Prefix } from './strace-prefix.ts';
import type { TaskId } from './strace-tasks.ts';
import type { EventSink, ParseContext } from './tracer-format.ts';

/** Where and when a call began. */
export interface Begun {
  readonly line: number;
  readonly time: string | null;
  readonly atNs: number | null;
}

/** Makes the events of one log. Those of the line at hand have its number and its stamps. */
export class Events {
  /** The physical line at hand. */
  line = 0;
  /** Calls given so far. */
  calls = 0;
  readonly #sink: EventSink;
  readonly #input: number;
  readonly #prefix: Prefix;

  constructor(sink: EventSink, context: ParseContext, prefix: Prefix) {
    this.#sink = sink;
    this.#input = context.input;
    this.#prefix = prefix;
  }

  call(call: CallText, task: TaskId, begun: Begun, endLine: number): void {
    this.calls++;
    this.#sink.event({
      kind: 'syscall',
      dialect: 'strace',
      input: this.#input,
      line: begun.line,
      endLine,
      pid: task,
      tid: null,
      time: begun.time,
      atNs: begun.atNs,
      name: call.name,
      args: call.args,
      result: call.result,
      detail: call.detail,
      errno: call.errno,
      durationNs: call.durationNs,
      outcome: call.outcome,
    });
  }

  /** Calls of plain lines. */
  plainCalls(rows: CallRows): void {
    this.calls += rows.count;
    if (this.#sink.calls !== undefined) this.#sink.calls(rows);
    else for (let row = 0; row < rows.count; row++) this.#sink.event(rows.event(row));
  }

  // What was broken over several lines is told with the first of them. What comes once or twice a process is written out:
  // V8 takes several times as long for a spread object.

  start(id: number, parentPid: TaskId, via: StartVia | null): void {
    const { time, atNs } = this.#prefix;
    this.#sink.event({
      dialect: 'strace',
      input: this.#input,
      line: this.line,
      endLine: this.line,
      pid: id,
      tid: null,
      time,
      atNs,
      kind: 'process-start',
      parentPid,
      via,
    });
  }

  identity(id: number): void {
    this.#sink.event({ ...this.#base(id), kind: 'identity' });
  }

  signal(task: TaskId, signal: string, siginfo: string | null, line: number): void {
    this.#sink.event({ ...this.#base(task), line, kind: 'signal', signal, disposition: null, siginfo });
  }

  exit(task: TaskId, status: number, line: number): void {
    const { time, atNs } = this.#prefix;
    this.#sink.event({
      dialect: 'strace',
      input: this.#input,
      line,
      endLine: this.line,
      pid: task,
      tid: null,
      time,
      atNs,
      kind: 'exit',
      status,
    });
  }

  killed(task: TaskId, signal: string | null, coreDumped: boolean | null, line: number): void {
    this.#sink.event({ ...this.#base(task), line, kind: 'killed', signal, coreDumped });
  }

  detach(task: TaskId): void {
    this.#sink.event({ ...this.#base(task), kind: 'detach' });
  }

  note(text: string, line = this.line): void {
    this.#sink.event({ ...this.#base(null), line, kind: 'note', text });
  }

  unparsed(text: string, line: number): void {
    this.report('unparsed-line', line);
    this.#sink.event({ ...this.#base(null), line, endLine: line, kind: 'unparsed', text });
  }

  report(code: DiagnosticCode, line: number | null): void {
    this.#sink.diagnostic({ code, input: this.#input, line });
  }

  #base(task: TaskId) {
    const { time, atNs } = this.#prefix;
    const { line } = this;
    return { dialect: 'strace', input: this.#input, line, endLine: line, pid: task, tid: null, time, atNs } as const;
  }
}
