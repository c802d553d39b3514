import type { RecordedDeed, RecordedRun } from './recorded-run.ts';

/** What an act came to, in the words in which two runs are compared: at level raw with all that both tracers tell. */
export type OutcomeWords = (deed: RecordedDeed) => string;

/** Two logs of one tracer are compared by what it printed, those of two by what both show of an operation. */
export function outcomeWords(a: RecordedRun, b: RecordedRun): OutcomeWords {
  if (a.question.level !== 'raw') return ({ outcome }) => outcome;
  if (a.dialect === b.dialect) return ({ outcome, detail }) => `${outcome} ${detail}`.trimEnd();
  const left = new Set([...unshownMeasures(a), ...unshownMeasures(b)]);
  return ({ operation, outcome, measures }) => {
    const shown = measures.filter(({ name }) => !left.has(measureName(operation, name)));
    return [outcome, ...shown.map(({ name, value }) => `${name}=${value}`)].join(' ');
  };
}

/** What a log does not show of its operations every time, though it is compared where it is shown: 'read: bytes'. */
export function unshownMeasures({ acts }: RecordedRun): ReadonlySet<string> {
  const unshown = new Set<string>();
  for (const { operation, measures } of acts.deeds) {
    for (const { name, value } of measures) if (value === null) unshown.add(measureName(operation, name));
  }
  return unshown;
}

function measureName(operation: string, name: string): string {
  return `${operation}: ${name}`;
}
