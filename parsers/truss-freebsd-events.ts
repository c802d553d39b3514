import type { DiagnosticCode } from '../src/model/diagnostic.ts';
import type { Dialect } from '../src/model/dialect.ts';
import type { EventBase } from '../src/model/event.ts';
import type { EventSink, ParseContext } from './tracer-format.ts';
import type { CallText } from './truss-freebsd-call.ts';
import type { End } from './truss-freebsd-deaths.ts';
import type { LineFront } from './truss-freebsd-front.ts';

/** The dialect of every event. */
export const DIALECT: Dialect = 'truss-freebsd';

/** Makes the events of one log, each with the front of the line at hand. */
export class Events {
  /** First and last physical line of what is at hand. */
  line = 0;
  endLine = 0;
  readonly #sink: EventSink;
  readonly #input: number;
  readonly #front: LineFront;

  constructor(sink: EventSink, context: ParseContext, front: LineFront) {
    this.#sink = sink;
    this.#input = context.input;
    this.#front = front;
  }

  /** This line alone is at hand. */
  at(line: number): void {
    this.line = line;
    this.endLine = line;
  }

  call(call: CallText): void {
    this.#sink.event({
      kind: 'syscall',
      dialect: DIALECT,
      input: this.#input,
      line: this.line,
      endLine: this.endLine,
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

  birth(): void {
    this.#sink.event({ kind: 'process-start', ...this.#base(), parentPid: null, via: null });
  }

  /** A thread of this process began. */
  threadBirth(tid: number): void {
    this.#sink.event({ kind: 'process-start', ...this.#base(), tid, parentPid: this.#front.pid, via: 'thread' });
  }

  signal(signal: string, siginfo: string | null): void {
    this.#sink.event({ kind: 'signal', ...this.#base(), signal, disposition: null, siginfo });
  }

  end(end: End): void {
    const base = this.#base();
    if (end.kind === 'exit') this.#sink.event({ kind: 'exit', ...base, status: end.status });
    else this.#sink.event({ kind: 'killed', ...base, signal: end.signal, coreDumped: end.coreDumped });
  }

  note(text: string): void {
    this.#sink.event({ kind: 'note', ...this.#base(), text });
  }

  unparsed(text: string): void {
    this.#sink.event({ kind: 'unparsed', ...this.#base(), text });
    this.diagnose('unparsed-line', this.line);
  }

  /** `line`: null for what concerns the log as a whole. */
  diagnose(code: DiagnosticCode, line: number | null): void {
    this.#sink.diagnostic({ code, input: this.#input, line });
  }

  /** Fields of every event. Calls write theirs out: they are nearly all lines of a log. */
  #base(): EventBase {
    return {
      dialect: DIALECT,
      input: this.#input,
      line: this.line,
      endLine: this.endLine,
      pid: this.#front.pid,
      tid: this.#front.tid,
      time: this.#front.time,
      atNs: this.#front.atNs,
    };
  }
}
