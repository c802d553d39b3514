import { compareRuns } from '../../src/analyze/diff/compare-runs.ts';
import { makeRuns } from '../../src/analyze/diff/make-runs.ts';
import type { RecordedRun } from '../../src/analyze/diff/recorded-run.ts';
import type { DiffResult, FileFate, HunkKind, Parting } from '../../src/analyze/diff/result.ts';
import type { Level, Run, RunProcess, RunQuestion, Vocabulary } from '../../src/analyze/diff/run.ts';
import { RunRecorder } from '../../src/analyze/diff/run-recorder.ts';
import type { Dialect } from '../../src/model/dialect.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { headerOf, parse } from '../forest/reading.ts';

/** The text of a log, and who wrote it. */
export interface LogText {
  readonly text: string;
  readonly dialect: Dialect;
}

/** The default: what people ask for. */
export const FILES: RunQuestion = { level: 'files', all: false };
export const CALLS: RunQuestion = { level: 'calls', all: false };
export const RAW: RunQuestion = { level: 'raw', all: false };
export const EVERYTHING: RunQuestion = { level: 'raw', all: true };

/** A comparison, and all it found in words, a line each. */
export interface Compared {
  readonly result: DiffResult;
  readonly differences: readonly string[];
}

/** Compares two logs. */
export function compare(a: LogText, b: LogText, question: RunQuestion): Compared {
  return compareRecordings(record(a, question), record(b, question));
}

export function compareRecordings(a: RecordedRun, b: RecordedRun): Compared {
  const runs = makeRuns(a, b, { maps: [], without: new Set() });
  const result = compareRuns(...runs, () => true);
  return { result, differences: told(result, runs[0]) };
}

function record({ text, dialect }: LogText, question: RunQuestion): RecordedRun {
  const recorder = new RunRecorder(headerOf(dialect), question);
  parse(text, dialect, null, [], (event) => recorder.add(event));
  return recorder.finish();
}

/** Of a log, or of the files of one recording, on disk. */
export async function recordFile(path: string, question: RunQuestion): Promise<RecordedRun> {
  const recorders: RunRecorder[] = [];
  await readTrace(
    [path],
    {},
    {
      start: (header) => recorders.push(new RunRecorder(header, question)),
      event: (event) => recorders[0]?.add(event),
      diagnostic() {},
    },
  );
  const [recorder] = recorders;
  if (recorder === undefined) throw new Error('the reader gave no header');
  return recorder.finish();
}

/**
 * The acts of a pair are told as its hunks have them, with a sign that says whose they are and in what way. What was
 * done with files in another order is no difference.
 */
function told(result: DiffResult, { vocabulary, level }: Run): string[] {
  return [
    ...result.partings.map(partingWords),
    ...result.onlyA.map(({ root, processes }) => `only A: ${processWords(root)}, ${processes} in all`),
    ...result.onlyB.map(({ root, processes }) => `only B: ${processWords(root)}, ${processes} in all`),
    ...result.files.map(({ object, a, b }) => `file ${object}: ${fateWords(a)} / ${fateWords(b)}`),
    ...result.failedOpens.map(({ object, a, b }) => `open ${object}: ${fateWords(a)} / ${fateWords(b)}`),
    ...result.pairs
      .filter(({ reordered }) => reordered)
      .map(({ a, b }) => `order: ${processWords(a.symbol === '' ? b : a)}`),
    ...result.signals.map(({ side, at }) => `signal ${side}: ${actWords(at.process, at.thread, at.index, vocabulary)}`),
    ...actsApart(result, vocabulary, level),
  ];
}

function partingWords({ pair: { a, b } }: Parting): string {
  return `end of ${processWords(a.symbol === '' ? b : a)}: ${endWords(a)} / ${endWords(b)}`;
}

function processWords({ symbol, pid }: RunProcess): string {
  return symbol === '' ? `pid ${pid}` : symbol;
}

function endWords({ end: { how, status, signal } }: RunProcess): string {
  return [how, ...(status === null ? [] : [status]), ...(signal === null ? [] : [signal])].join(' ');
}

function fateWords(fate: FileFate | null): string {
  if (fate === null) return 'not looked for';
  return `${fate.found ? 'found' : 'not found'}${fate.failure === null ? '' : `, ${fate.failure}`}`;
}

const SIGNS: Readonly<Record<Exclude<HunkKind, 'same' | 'implied-a' | 'implied-b'>, string>> = {
  changed: '!',
  'only-a': '',
  'only-b': '',
  'moved-a': '~',
  'moved-b': '~',
  unordered: '?',
};

function* actsApart({ pairs }: DiffResult, vocabulary: Vocabulary, level: Level): Generator<string> {
  for (const { a, b, threads } of pairs) {
    const name = processWords(a.symbol === '' ? b : a);
    for (const thread of threads) {
      for (const hunk of thread.hunks) {
        const isMoved = hunk.kind === 'moved-a' || hunk.kind === 'moved-b';
        if (hunk.kind === 'same' || hunk.kind === 'implied-a' || hunk.kind === 'implied-b') continue;
        if (isMoved && level === 'files') continue;
        const sign = SIGNS[hunk.kind];
        for (let index = hunk.aFrom; index < hunk.aTo; index++)
          yield `A${sign} ${name}: ${actWords(a, thread.a ?? 0, index, vocabulary)}`;
        for (let index = hunk.bFrom; index < hunk.bTo; index++)
          yield `B${sign} ${name}: ${actWords(b, thread.b ?? 0, index, vocabulary)}`;
      }
    }
  }
}

function actWords({ threads }: RunProcess, thread: number, index: number, vocabulary: Vocabulary): string {
  const acts = threads[thread]?.acts;
  if (acts === undefined) throw new Error(`no thread ${thread}`);
  const { operation, object, outcome } = vocabulary.act(acts.id(index));
  const count = acts.count(index);
  return `${operation} ${object} ${outcome}${count === 1 ? '' : ` ×${count}`}`;
}
