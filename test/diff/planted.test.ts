import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/model/dialect.ts';
import { SAMPLES } from '../sample-list.ts';
import { CALLS, compare, FILES } from './comparing.ts';
import { permute, randomFrom } from './permute.ts';

// Differences are planted in a log, which then is permuted: those are found, and nothing else is.

const RUNS = Number(process.env.FORKLORE_DIFF_SEEDS ?? 8);

/** A log with opens on one line each, and how its tracer writes them. */
interface Field {
  readonly name: string;
  readonly dialect: Dialect;
  /** What stands in front of a call. */
  readonly prefix: RegExp;
  /** An open that found its file; its path. */
  readonly found: RegExp;
  /** What takes the place of its result where it is not found. */
  readonly refused: (line: string) => string;
  readonly open: (path: string) => string;
  /** Lines behind which the process does nothing more, or is not back from a call. */
  readonly barren: RegExp;
}

const FIELDS: readonly Field[] = [
  {
    name: 'strace/hello-build.strace',
    dialect: 'strace',
    prefix: /^\d+ +/,
    found: /openat\(AT_FDCWD, "([^"]+)", .*\) = \d+$/,
    refused: (line) => line.replace(/= \d+$/, '= -1 EACCES (Permission denied)'),
    open: (path) => `openat(AT_FDCWD, "${path}", O_RDONLY) = 9`,
    barren: /<unfinished \.\.\.>$|exit_group|\+\+\+|fork|clone/,
  },
  {
    name: 'truss-illumos/hello-build.truss',
    dialect: 'truss-illumos',
    prefix: /^\d+:\t/,
    found: /open\("([^"]+)", .*\)\s+= \d+$/,
    refused: (line) => line.replace(/= \d+$/, 'Err#13 EACCES'),
    open: (path) => `open("${path}", O_RDONLY)\t\t= 9`,
    barren: /_exit|fault|ignal|siginfo|fork/,
  },
  {
    name: 'truss-freebsd/hello-build.truss',
    dialect: 'truss-freebsd',
    prefix: /^ *\d+: /,
    found: /open(?:at\(AT_FDCWD,|\()"([^"]+)",.*\)\s+= \d+ \(0x\d+\)$/,
    refused: (line) => line.replace(/= \d+ \(0x\d+\)$/, "ERR#13 'Permission denied'"),
    open: (path) => `openat(AT_FDCWD,"${path}",O_RDONLY,00)\t = 9 (0x9)`,
    barren: /exit|SIGNAL|fork|<new/,
  },
];

describe.each(FIELDS)('in $name', (field) => {
  const text = readFileSync(join(SAMPLES, field.name), 'latin1');
  const lines = text.split('\n').slice(0, -1);
  const { dialect } = field;

  test.each([FILES, CALLS])('finds files that were opened besides, at level $level', (question) => {
    // Between two like calls a third makes two acts of what was one.
    const isFertile = (line: string) => !field.barren.test(line) && (question === FILES || field.found.test(line));
    const fertile = lines.flatMap((line, index) => (isFertile(line) ? [index] : []));
    const places = fc.uniqueArray(fc.constantFrom(...fertile), { minLength: 1, maxLength: 3 });
    holds(places, (chosen, seed) => {
      const planted = lines.flatMap((line, index) => {
        const at = chosen.indexOf(index);
        return at < 0 ? [line] : [line, (field.prefix.exec(line)?.[0] ?? '') + field.open(pathOf(at))];
      });
      const { differences, result } = compare({ text, dialect }, other(planted, seed), question);
      const files = chosen.map((_, at) => `file ${pathOf(at)}: not looked for / found`);
      expect(differences.filter((words) => words.startsWith('file ')).sort()).toEqual(files);
      const opens = differences
        .filter((words) => !words.startsWith('file '))
        .map((words) => words.replace(/:.*: /, ': '));
      expect(opens.map((words) => words.replace(/^B .*?: /, '')).sort()).toEqual(
        chosen.map((_, at) => `open ${pathOf(at)} ok`),
      );
      expect(result.alike).toBe(false);
    });
  });

  // At level calls what is done with the descriptor would differ, too: it is that of another file.
  test('finds files that were not opened', () => {
    holds(fc.constantFrom(...opensOfOneFile()), (index, seed) => {
      const { differences } = compare({ text, dialect }, other(lines.toSpliced(index, 1), seed), FILES);
      expect(differences).toEqual([
        expect.stringMatching(/^file .*: found \/ not looked for$/),
        expect.stringMatching(/^A .*: open .* ok$/),
      ]);
    });
  });

  test('finds opens that came out differently', () => {
    holds(fc.constantFrom(...opensOfOneFile()), (index, seed) => {
      const planted = lines.with(index, field.refused(lines[index] ?? ''));
      const { differences } = compare({ text, dialect }, other(planted, seed), FILES);
      expect(differences).toEqual([
        expect.stringMatching(/^file .*: found \/ not found, EACCES$/),
        expect.stringMatching(/^A! .*: open .* ok$/),
        expect.stringMatching(/^B! .*: open .* EACCES$/),
      ]);
    });
  });

  function other(planted: readonly string[], seed: number) {
    return { text: permute(planted.map((line) => `${line}\n`).join(''), dialect, randomFrom(seed)), dialect };
  }

  /** Indices of the lines that are the only ones about their file. */
  function opensOfOneFile(): number[] {
    return lines.flatMap((line, index) => {
      const path = field.found.exec(line)?.[1];
      return path !== undefined && text.split(`"${path}"`).length === 2 ? [index] : [];
    });
  }
});

function pathOf(place: number): string {
  return `/planted/${place}`;
}

function holds<T>(planted: fc.Arbitrary<T>, property: (planted: T, seed: number) => void): void {
  fc.assert(fc.property(planted, fc.nat(), property), { numRuns: RUNS, seed: 1 });
}
