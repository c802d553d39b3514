import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PLAIN_KDUMP, printKdump } from '../forest/kdump-printer.ts';
import { FREEBSD, ILLUMOS, KTRACE, type Run, STRACE, type Watching } from '../forest/kernel.ts';
import { ALL_FEATURES, type Features, plans } from '../forest/plan.ts';
import { PLAIN, printStrace } from '../forest/strace-printer.ts';
import { PLAIN_FREEBSD, printFreebsdTruss } from '../forest/truss-freebsd-printer.ts';
import { PLAIN_TRUSS, printTruss } from '../forest/truss-printer.ts';
import { simulate } from '../forest/world.ts';
import { compare, FILES, type LogText } from './comparing.ts';

// One plan is carried out twice, in another order of turns and on another system: what the processes did is the same.

const RUNS = Number(process.env.FORKLORE_FOREST_RUNS ?? 60);
const SEED = Number(process.env.FORKLORE_FOREST_SEED ?? 1);

/** Without what the order of turns decides. */
const SETTLED: Features = { ...ALL_FEATURES, threads: false, races: false };

interface System {
  readonly name: string;
  readonly watching: Watching;
  print(run: Run): LogText;
}

const LINUX: System = {
  name: 'Linux',
  watching: STRACE,
  print: (run) => ({ text: printStrace(run, PLAIN).text, dialect: 'strace' }),
};
const SYSTEMS: readonly System[] = [
  LINUX,
  {
    name: 'Linux, with paths and times',
    watching: STRACE,
    print: (run) => ({
      text: printStrace(run, { ...PLAIN, paths: true, stamps: '-tt', durations: true }).text,
      dialect: 'strace',
    }),
  },
  {
    name: 'illumos',
    watching: ILLUMOS,
    print: (run) => ({ text: printTruss(run, PLAIN_TRUSS).text, dialect: 'truss-illumos' }),
  },
  {
    name: 'FreeBSD',
    watching: FREEBSD,
    print: (run) => ({ text: printFreebsdTruss(run, PLAIN_FREEBSD).text, dialect: 'truss-freebsd' }),
  },
  {
    name: 'FreeBSD, by ktrace',
    watching: KTRACE,
    print: (run) => ({ text: printKdump(run, PLAIN_KDUMP).text, dialect: 'kdump' }),
  },
];

const PAIRS = SYSTEMS.flatMap((a, index) => SYSTEMS.slice(index).map((b) => ({ a, b })));

describe('a plan carried out twice is alike', () => {
  test.each(PAIRS)('on $a.name and $b.name', ({ a, b }) => {
    fc.assert(
      fc.property(plans(SETTLED), fc.array(fc.nat(5), { maxLength: 300, size: 'max' }), (drawn, schedule) => {
        // Whose a pid is that is used again at once is a question to the tree.
        const plan = { ...drawn, reusesIds: false };
        const one = a.print(simulate(plan, a.watching));
        const other = b.print(simulate({ ...plan, schedule }, b.watching));
        const { result, differences } = compare(one, other, FILES);
        expect(differences, `${one.text}\n==\n${other.text}`).toEqual([]);
        expect(result.alike).toBe(true);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
