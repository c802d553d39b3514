import type { DiagnosticCode } from '../src/model/diagnostic.ts';
import type { Dialect } from '../src/model/dialect.ts';
import type { EventBase } from '../src/model/event.ts';
import type { ReturnText, SignalText } from './kdump-call.ts';
import type { RecordFront } from './kdump-front.ts';
import type { KtrussCall } from './kdump-ktruss.ts';
import type { OpenCall } from './kdump-open-calls.ts';
import { withPaths } from './kdump-paths.ts';
import type { EventSink } from './tracer-format.ts';

export const DIALECT: Dialect = 'kdump';

/** Puts what was read into the sink. Whose it is stands in the columns of the line that was read last. */
export class KdumpEvents {
  readonly #sink: EventSink;
  readonly #input: number;
  readonly #front: RecordFront;

  constructor(sink: EventSink, input: number, front: RecordFront) {
    this.#sink = sink;
    this.#input = input;
    this.#front = front;
  }

  /** The process began as a copy of one that the line does not name. */
  start(callName: string, line: number): void {
    const via = callName.includes('vfork') ? 'vfork' : 'fork';
    this.#sink.event({ kind: 'process-start', ...this.#base(line), parentPid: null, via });
  }

  /** A thread of this process began. */
  startThread(line: number): void {
    this.#sink.event({ kind: 'process-start', ...this.#base(line), parentPid: this.#front.pid, via: 'thread' });
  }

  /** The program this process runs. */
  program(line: number): void {
    this.#sink.event({ kind: 'program', ...this.#base(line), program: this.#front.program });
  }

  /** The kernel looked up a path for a call under way. */
  lookup(path: string, call: OpenCall, line: number): void {
    this.#sink.event({ kind: 'lookup', ...this.#base(line), callLine: call.line, path });
  }

  /**
   * The kernel looked up the core file of a process that this signal had just killed: it does so to write it, once
   * limits and set-uid have let it.
   */
  coreDumped(signal: string, line: number): void {
    this.#sink.event({ kind: 'killed', ...this.#base(line), signal, coreDumped: true });
  }

  signal({ signal, disposition, siginfo }: SignalText, line: number): void {
    this.#sink.event({ kind: 'signal', ...this.#base(line), signal, disposition, siginfo });
  }

  /** A call returned on this line. `call` is null where its entry is not in the log. */
  returned({ name, result, detail, errno, outcome }: ReturnText, call: OpenCall | null, line: number): void {
    const { pid, tid, time, atNs } = this.#front;
    const begunNs = call === null ? atNs : call.atNs;
    this.#sink.event({
      kind: 'syscall',
      dialect: DIALECT,
      input: this.#input,
      line: call === null ? line : call.line,
      endLine: line,
      pid,
      tid,
      time: call === null ? time : call.time,
      atNs: begunNs,
      name,
      args: call === null ? '' : argumentsOf(call),
      result,
      detail,
      errno,
      durationNs: call === null || begunNs === null || atNs === null ? null : Math.max(0, atNs - begunNs),
      outcome,
    });
  }

  /** A call that will never be seen to return. */
  unfinished(call: OpenCall): void {
    this.#sink.event({
      kind: 'syscall',
      dialect: DIALECT,
      input: this.#input,
      line: call.line,
      endLine: call.line,
      pid: call.pid,
      tid: call.tid,
      time: call.time,
      atNs: call.atNs,
      name: call.name,
      args: argumentsOf(call),
      result: null,
      detail: null,
      errno: null,
      durationNs: null,
      outcome: 'unfinished',
    });
  }

  /** A call of ktruss, which may take several lines. */
  ktruss({ name, args, result, detail, errno, outcome }: KtrussCall, line: number, endLine: number): void {
    const { pid, tid, time, atNs } = this.#front;
    this.#sink.event({
      kind: 'syscall',
      dialect: DIALECT,
      input: this.#input,
      line,
      endLine,
      pid,
      tid,
      time,
      atNs,
      name,
      args,
      result,
      detail,
      errno,
      durationNs: null,
      outcome,
    });
  }

  note(text: string, line: number): void {
    this.#sink.event({ kind: 'note', ...this.#base(line), text });
  }

  /** Records of the process were lost. */
  lost(text: string, line: number): void {
    this.#sink.event({ kind: 'lost', ...this.#base(line), call: null, text });
    this.diagnose('calls-lost', line);
  }

  unparsed(text: string, line: number): void {
    const nobody = { pid: null, tid: null, time: null, atNs: null };
    this.#sink.event({ kind: 'unparsed', ...this.#base(line), ...nobody, text });
    this.diagnose('unparsed-line', line);
  }

  diagnose(code: DiagnosticCode, line: number): void {
    this.#sink.diagnostic({ code, input: this.#input, line });
  }

  #base(line: number): EventBase {
    const { pid, tid, time, atNs } = this.#front;
    return { dialect: DIALECT, input: this.#input, line, endLine: line, pid, tid, time, atNs };
  }
}

function argumentsOf(call: OpenCall): string {
  return call.args === null ? '' : withPaths(call.name, call.args, call.paths, call.words);
}
