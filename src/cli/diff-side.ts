import type { RecordedRun } from '../analyze/diff/recorded-run.ts';
import type { Run } from '../analyze/diff/run.ts';
import { RunRecorder } from '../analyze/diff/run-recorder.ts';
import type { Texts } from '../analyze/diff/texts.ts';
import type { TraceSummary } from '../model/trace.ts';
import type { OpenTrace } from '../read/read-trace.ts';
import type { ComparedRun } from '../render/comparison.ts';
import type { Outcome } from './exit-codes.ts';
import { Folding } from './folding.ts';
import type { DiffOptions } from './options.ts';
import { QuotedLines } from './quoted-lines.ts';
import { runTrace } from './trace-run.ts';

/** One of the two inputs of a comparison, read to its end. */
export class DiffSide {
  readonly trace: TraceSummary;
  readonly recording: RecordedRun;
  /** Other than 'done' where a signal ended the reading: then there is nothing to compare. */
  readonly outcome: Outcome;
  readonly #opened: OpenTrace;
  readonly #quoted = new QuotedLines();

  constructor(opened: OpenTrace, trace: TraceSummary, recording: RecordedRun, outcome: Outcome) {
    this.trace = trace;
    this.recording = recording;
    this.outcome = outcome;
    this.#opened = opened;
  }

  /** Reads an input; the two sides of a comparison share `texts`. Throws `ForkloreError`. */
  static async read(name: string, options: DiffOptions, texts: Texts): Promise<DiffSide> {
    const folding = new Folding({
      needs: null,
      begin: (header) => new RunRecorder(header, options, texts),
      untraced: (recording: RecordedRun) => recording.untraced,
    });
    const { trace: opened, counts, outcome } = await runTrace({ ...options, inputs: [name] }, null, true, folding);
    const { result, trace } = folding.finish(counts);
    return new DiffSide(opened, trace, result, outcome);
  }

  /** The side as it is shown. */
  shown(run: Run): ComparedRun {
    return { run, trace: this.trace, printed: (place) => this.#quoted.text(place) };
  }

  /** Reads the lines that were asked for while they were not there. */
  async readQuoted(): Promise<void> {
    await this.#quoted.read(await this.#opened.printed());
  }
}
