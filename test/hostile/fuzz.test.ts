import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strace } from '../../parsers/strace.ts';
import { Summary, type SummaryResult } from '../../src/analyze/summary.ts';
import { DIALECTS, type Dialect } from '../../src/model/dialect.ts';
import { renderBlame } from '../../src/render/text/blame.ts';
import { renderTree } from '../../src/render/text/tree.ts';
import { feeding } from '../feeding.ts';
import { type Reading, readBytes } from './reading.ts';

// Samples spoiled at random. FUZZ_SEED and FUZZ_RUNS give other logs and more of them.

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);
const SAMPLES = join(import.meta.dirname, '..', '..', 'samples');
const LARGEST_BYTES = 12_000;
const GOLDEN = /\.(?:ndjson|txt)$/;
const VIEW = { color: false, width: 100 };

function logsOf(dialect: Dialect): readonly string[] {
  return readdirSync(join(SAMPLES, dialect))
    .filter((name) => !GOLDEN.test(name))
    .map((name) => join(SAMPLES, dialect, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= LARGEST_BYTES)
    .map((path) => readFileSync(path, 'latin1'));
}

type Spoil = (log: string) => string;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const WORDS = [
  '"',
  '\\',
  ') = 3',
  ' <unfinished ...>',
  '<... read resumed>',
  '+++ killed by SIGSEGV +++',
  '[pid 7] ',
  '(',
];
const noise = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

const lineSpoil = (change: (lines: string[], at: number, other: number) => void) =>
  fc.tuple(place, place).map(
    ([at, other]): Spoil =>
      (log) => {
        const lines = log.split('\n');
        change(lines, Math.floor(at * lines.length), Math.floor(other * lines.length));
        return lines.join('\n');
      },
  );

/** Ways to spoil a log that leave its lines whole. */
const lineSpoils: fc.Arbitrary<Spoil> = fc.oneof(
  lineSpoil((lines, at) => lines.splice(at, 1)),
  lineSpoil((lines, at, to) => lines.splice(to, 0, lines[at] ?? '')),
  lineSpoil((lines, at, to) => {
    const [moved = ''] = lines.splice(at, 1);
    lines.splice(to, 0, moved);
  }),
  lineSpoil((lines, at, to) => {
    const pid = /\d+/.exec(lines[to] ?? '')?.[0] ?? '7';
    lines[at] = (lines[at] ?? '').replace(/\d+/, pid);
  }),
);

/** Ways that do not, given the logs that pieces may come from. */
const byteSpoils = (logs: readonly string[]): fc.Arbitrary<Spoil> =>
  fc.oneof(
    fc.tuple(place, place, fc.constantFrom(...logs)).map(([at, from, other]): Spoil => {
      const start = Math.floor(from * other.length);
      return (log) => insert(log, at, other.slice(start, start + 1000));
    }),
    lineSpoil((lines, at) => lines.splice(at, 2, (lines[at] ?? '') + (lines[at + 1] ?? ''))),
    place.map(
      (at): Spoil =>
        (log) =>
          log.slice(0, Math.floor(at * log.length)),
    ),
    place.map(
      (at): Spoil =>
        (log) =>
          log.slice(Math.floor(at * log.length)),
    ),
    fc.tuple(place, noise).map(
      ([at, text]): Spoil =>
        (log) =>
          insert(log, at, text),
    ),
  );

function insert(log: string, at: number, text: string): string {
  const index = Math.floor(at * log.length);
  return log.slice(0, index) + text + log.slice(index);
}

/** Holds for every spoiled log, or says for which not. */
function holds(dialect: Dialect, property: (bytes: Buffer) => void, wholeLines = false): void {
  const logs = logsOf(dialect);
  const spoil = wholeLines ? lineSpoils : fc.oneof(lineSpoils, byteSpoils(logs));
  const spoiled = fc
    .tuple(fc.constantFrom(...logs), fc.array(spoil, { minLength: 1, maxLength: 6 }))
    .map(([log, changes]) => changes.reduce((text, change) => change(text), log));
  fc.assert(
    fc.property(spoiled, (log) => property(Buffer.from(log, 'latin1'))),
    { seed: SEED, numRuns: RUNS },
  );
}

describe.each(DIALECTS)('a spoiled %s log', (dialect) => {
  test('loses no line', () => {
    holds(dialect, (bytes) => {
      expect(lostLines(bytes, readBytes(bytes, dialect))).toEqual([]);
    });
  });

  // Of a line that is damaged itself the bytes looked at may still be those of a whole call.
  test('gives the same answer when lines nobody needs are passed over', () => {
    const property = (bytes: Buffer) => {
      // A line that is passed over may have been the only one of its process.
      const { processes: all, ...full } = readBytes(bytes, dialect).blame;
      const { processes: some, ...filtered } = readBytes(bytes, dialect, bytes.length, true).blame;
      expect(filtered).toEqual(full);
      expect(some).toBeLessThanOrEqual(all);
    };
    holds(dialect, property, true);
  });

  test('gives the same events in chunks of any size', () => {
    holds(dialect, (bytes) => {
      const whole = readBytes(bytes, dialect);
      for (const size of [1, 7, 64]) {
        const cut = readBytes(bytes, dialect, size);
        expect(cut.events).toEqual(whole.events);
        expect(cut.diagnostics).toEqual(whole.diagnostics);
      }
    });
  });

  test('is told without control characters', () => {
    holds(dialect, (bytes) => {
      const { tree, blame, summary } = readBytes(bytes, dialect);
      const text = [renderBlame(blame, summary, VIEW), ...renderTree(tree, summary, VIEW)].join('');
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    });
  });
});

test('a spoiled strace log is counted the same when calls are told by numbers', () => {
  const header = { dialect: 'strace', inputs: ['log'], joined: true } as const;
  const summaryOf = (bytes: Buffer, byNumbers: boolean): SummaryResult => {
    const summary = new Summary(header, { order: null, process: null, slowest: 3 });
    const needs = byNumbers ? { call: () => true, watched: summary.watched, counting: summary } : null;
    const feed = feeding(strace, { event: (event) => summary.add(event), diagnostic() {} }, needs);
    feed.push(bytes);
    feed.end();
    return summary.finish();
  };
  const property = (bytes: Buffer) => {
    expect(summaryOf(bytes, true)).toEqual(summaryOf(bytes, false));
  };
  holds('strace', property, true);
});

/** Numbers of the lines that no event and no diagnostic stands for. */
function lostLines(bytes: Buffer, { events, diagnostics }: Reading): number[] {
  const covered = new Set<number | null>();
  for (const { line, endLine } of events) for (let at = line; at <= endLine; at++) covered.add(at);
  for (const { line } of diagnostics) covered.add(line);
  const lines = bytes.toString('latin1').split('\n');
  return lines.flatMap((text, index) => (/^[ \t\r]*$/.test(text) || covered.has(index + 1) ? [] : [index + 1]));
}
