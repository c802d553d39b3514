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
  /** A call on one line that makes no descriptor; what it does and to what. */
  readonly call: RegExp;
  /** The call, if it had been refused. */
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
    call: /(read|write|unlink)\((\d+|"[^"]+").*\) += \d+$/,
    refused: (line) => line.replace(/= \d+$/, '= -1 EACCES (Permission denied)'),
    open: (path) => `openat(AT_FDCWD, "${path}", O_RDONLY) = 9`,
    barren: /<unfinished \.\.\.>$|exit_group|\+\+\+|fork|clone/,
  },
  {
    name: 'truss-illumos/hello-build.truss',
    dialect: 'truss-illumos',
    prefix: /^\d+:\t/,
    found: /open\("([^"]+)", .*\)\s+= \d+$/,
    call: /(read|write|unlink)\((\d+|"[^"]+").*\)\s+= \d+$/,
    refused: (line) => line.replace(/= \d+$/, 'Err#13 EACCES'),
    open: (path) => `open("${path}", O_RDONLY)\t\t= 9`,
    barren: /_exit|fault|ignal|siginfo|fork/,
  },
  {
    name: 'truss-freebsd/hello-build.truss',
    dialect: 'truss-freebsd',
    prefix: /^ *\d+: /,
    found: /open(?:at\(AT_FDCWD,|\()"([^"]+)",.*\)\s+= \d+ \(0x\d+\)$/,
    call: /(read|write|unlink)\((\d+|"[^"]+").*\)\s+= \d+ \(0x[0-9a-f]+\)$/,
    refused: (line) => line.replace(/= \d+ \(0x[0-9a-f]+\)$/, "ERR#13 'Permission denied'"),
    open: (path) => `openat(AT_FDCWD,"${path}",O_RDONLY,00)\t = 9 (0x9)`,
    barren: /exit|SIGNAL|fork|<new/,
  },
  {
    name: 'dtruss/hello-build.dtruss',
    dialect: 'dtruss',
    prefix: /^ *\d+\/0x[0-9a-f]+: {2}/,
    found: /open(?:_nocancel)?\("([^"]+?)\\0", .*\)\s+= \d+ 0$/,
    call: /(read|write|unlink)\((0x\d+|"[^"]+").*\)\s+= \d+ 0$/,
    refused: (line) => line.replace(/= \d+ 0$/, '= -1 Err#13'),
    open: (path) => `open("${path}\\0", 0x0, 0x0)\t\t = 9 0`,
    barren: /fork\(|posix_spawn|SYSCALL/,
  },
];

describe.each(FIELDS)('in $name', (field) => {
  const text = readFileSync(join(SAMPLES, field.name), 'latin1');
  const lines = text.split('\n').slice(0, -1);
  const { dialect } = field;

  test.each([FILES, CALLS])('finds files that were opened besides, at level $level', (question) => {
    const fertile = lines.flatMap((line, index) => (field.barren.test(line) ? [] : [index]));
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

  test('finds calls that were not made, at level calls', () => {
    holds(fc.constantFrom(...calls()), ({ index, does, isRepeated }, seed) => {
      const { differences } = compare({ text, dialect }, other(lines.toSpliced(index, 1), seed), CALLS);
      // How often it was done is no difference there.
      expect(differences).toEqual(isRepeated ? [] : [expect.stringMatching(`^A .*: ${does} .* ok( ×\\d+)?$`)]);
    });
  });

  test('finds calls that came out differently, at level calls', () => {
    holds(fc.constantFrom(...calls()), ({ index, does, isRepeated }, seed) => {
      const planted = lines.with(index, field.refused(lines[index] ?? ''));
      const { differences } = compare({ text, dialect }, other(planted, seed), CALLS);
      const refused = expect.stringMatching(`^B!? .*: ${does} .* EACCES$`);
      const madeInA = expect.stringMatching(`^A!? .*: ${does} .* ok( ×\\d+)?$`);
      const foundInA = expect.stringMatching(/^file .*: found \/ not found, EACCES$|^open .*: found \/ found, EACCES$/);
      if (isRepeated) expect(differences).toEqual([refused]);
      else expect(differences).toEqual(does === 'unlink' ? [foundInA, madeInA, refused] : [madeInA, refused]);
    });
  });

  function other(planted: readonly string[], seed: number) {
    return { text: permute(planted.map((line) => `${line}\n`).join(''), dialect, randomFrom(seed)), dialect };
  }

  /**
   * Calls that neither make nor close a descriptor, of a kind that is made elsewhere, too: else the log might have been
   * recorded without them. And whether their process does the same before or after.
   */
  function calls(): { readonly index: number; readonly does: string; readonly isRepeated: boolean }[] {
    return lines.flatMap((line, index) => {
      const [, does, what] = field.call.exec(line) ?? [];
      if (does === undefined || text.split(`${does}(`).length === 2) return [];
      const owner = field.prefix.exec(line)?.[0];
      const ofOwner = (one: string) => field.prefix.exec(one)?.[0] === owner;
      const neighbours = [lines.slice(0, index).findLast(ofOwner), lines.slice(index + 1).find(ofOwner)];
      const isRepeated = neighbours.some((one = '') => {
        const [, alsoDoes, also] = field.call.exec(one) ?? [];
        return alsoDoes === does && also === what;
      });
      return [{ index, does, isRepeated }];
    });
  }

  /** Indices of the lines that are the only ones about their file. */
  function opensOfOneFile(): number[] {
    return lines.flatMap((line, index) => {
      const path = field.found.exec(line)?.[1];
      return path !== undefined && text.split(`"${path}`).length === 2 ? [index] : [];
    });
  }
});

function pathOf(place: number): string {
  return `/planted/${place}`;
}

function holds<T>(planted: fc.Arbitrary<T>, property: (planted: T, seed: number) => void): void {
  fc.assert(fc.property(planted, fc.nat(), property), { numRuns: RUNS, seed: 1 });
}
