import { makeRuns, type NamingOptions } from '../../../src/analyze/diff/make-runs.ts';
import type { RecordedRun } from '../../../src/analyze/diff/recorded-run.ts';
import type { Run, RunProcess, RunQuestion } from '../../../src/analyze/diff/run.ts';
import { RunRecorder } from '../../../src/analyze/diff/run-recorder.ts';
import type { Dialect } from '../../../src/model/dialect.ts';
import { headerOf, parse } from '../../forest/reading.ts';

export const FILES: RunQuestion = { level: 'files', all: false };
export const CALLS: RunQuestion = { level: 'calls', all: false };
export const RAW: RunQuestion = { level: 'raw', all: false };
export const BUILT_IN: NamingOptions = { maps: [], without: new Set() };

export function recordLog(lines: readonly string[], question = FILES, dialect: Dialect = 'strace'): RecordedRun {
  const recorder = new RunRecorder(headerOf(dialect), question);
  parse(`${lines.join('\n')}\n`, dialect, null, [], (event) => recorder.add(event));
  return recorder.finish();
}

/** What each process did, a line an act: 'open /etc/passwd ok'; a process begins with what it runs. */
export function tokensOf({ roots, vocabulary }: Run): string[] {
  const told = (process: RunProcess): string[] => [
    `[${process.argv?.join(' ') ?? process.symbol}]`,
    ...process.threads.flatMap(({ acts }) =>
      Array.from({ length: acts.length }, (_, index) => {
        const { operation, object, outcome } = vocabulary.act(acts.id(index));
        return [operation, object, outcome].filter((part) => part !== '').join(' ');
      }),
    ),
    ...process.children.flatMap(told),
  ];
  return roots.flatMap(told);
}

/** What stands for both logs in a comparison of them. */
export function bothTokens(
  a: readonly string[],
  b: readonly string[],
  question = FILES,
  dialects: readonly [Dialect, Dialect] = ['strace', 'strace'],
  options = BUILT_IN,
): readonly [string[], string[]] {
  const runs = makeRuns(recordLog(a, question, dialects[0]), recordLog(b, question, dialects[1]), options);
  return [tokensOf(runs[0]), tokensOf(runs[1])];
}

/** The tokens of a log that is compared with itself. */
export function tokensOfLog(lines: readonly string[], question = FILES): string[] {
  return bothTokens(lines, lines, question)[0];
}
