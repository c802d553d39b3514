import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { formats } from '../../parsers/index.ts';
import { Blame } from '../../src/analyze/blame.ts';
import type { Dialect } from '../../src/model/dialect.ts';
import { Votes } from '../../src/read/detect.ts';
import { readTrace } from '../../src/read/read-trace.ts';
import { type Sample, samples } from '../sample-list.ts';
import * as damages from './damages.ts';

// What a log suffers on its way, done to every sample. Of damage that can be undone nothing may be seen in the answer; of
// the rest it is told what survives.

/** Damaged already, in ways of their own. */
const ARRIVED_DAMAGED = /pasted|wrapped/;
const logs = samples.filter(({ isSet, name }) => !isSet && !ARRIVED_DAMAGED.test(name));

interface Answer {
  readonly dialect: Dialect | null;
  /** '4711 SIGSEGV killed /src/isle_opt.rs', in the order of the deaths. */
  readonly crashes: readonly string[];
  readonly unparsed: number;
  readonly lines: number;
}

async function answer(text: string): Promise<Answer> {
  let dialect: Dialect | null = null;
  let blame: Blame | null = null;
  const sink = {
    start: (header: ConstructorParameters<typeof Blame>[0]) => {
      dialect = header.dialect;
      blame = new Blame(header);
    },
    event: (event: Parameters<Blame['add']>[0]) => blame?.add(event),
    diagnostic() {},
  };
  const stdin = Readable.from([Buffer.from(text, 'latin1')]);
  const { lines, unparsed } = await readTrace([], { stdin }, sink);
  const crashes = finish(blame).map(
    ({ pid, signal, how, culprit }) => `${pid} ${signal} ${how} ${culprit?.path ?? null}`,
  );
  return { dialect, crashes, unparsed, lines };
}

function finish(blame: Blame | null) {
  return blame?.finish().crashes ?? [];
}

function textOf({ path }: Sample): string {
  return readFileSync(path, 'latin1');
}

interface Case {
  readonly damage: damages.Damage;
  /** Samples of which more is lost, because the damage took what tells two readings apart. */
  readonly except: readonly string[];
}

/** OpenBSD folds long names at a tab; raw names that hold whole records are told from records by their blanks. */
const KDUMP_BLANKS = ['kdump/crash-openbsd.kdump', 'kdump/hostile-names-freebsd.kdump'];
/** A name that a message of dtrace split goes on behind the indent; dtruss begins its lines with blanks of its own. */
const SPLIT_NAME = ['dtruss/mixed-output-pids.dtruss'];

const undone: Readonly<Record<string, Case>> = {
  'carriage returns': { damage: damages.crlf, except: [] },
  'a byte order mark': { damage: damages.byteOrderMark, except: [] },
  quoting: { damage: damages.quoted, except: [] },
  'quoting of a quotation': { damage: damages.quotedTwice, except: [] },
  colours: { damage: damages.coloured, except: [] },
  'an indent of four blanks': { damage: damages.indented, except: [...SPLIT_NAME, 'kdump/crash-openbsd.kdump'] },
  'an indent of a tab': { damage: damages.indentedByTab, except: [...SPLIT_NAME, 'kdump/crash-openbsd.kdump'] },
  'tabs turned into blanks': { damage: damages.tabsToBlanks, except: ['kdump/crash-openbsd.kdump'] },
  'leading blanks lost': { damage: damages.leadingBlanksLost, except: KDUMP_BLANKS },
  'lines filled up with blanks': { damage: damages.trailingBlanks, except: [] },
  'a code fence': { damage: damages.fenced, except: [] },
  'prose around': { damage: damages.proseAround, except: [] },
  'a prompt around': { damage: damages.promptAround, except: [] },
  'colours in a quotation with carriage returns': {
    damage: damages.all(damages.coloured, damages.quoted, damages.crlf),
    except: [],
  },
  'a quotation in prose': { damage: damages.all(damages.quoted, damages.proseAround), except: [] },
  'a fence in prose': { damage: damages.all(damages.fenced, damages.proseAround), except: [] },
  'what a terminal shows': {
    damage: damages.all(damages.tabsToBlanks, damages.leadingBlanksLost, damages.promptAround),
    except: KDUMP_BLANKS,
  },
};

/** The share of samples whose answer survives whole. */
const wrapped: Readonly<Record<string, { readonly damage: damages.Damage; readonly share: number }>> = {
  'at the blanks before a margin': { damage: damages.wrappedAtBlanks, share: 0.94 },
  'by a mail program, in a quotation': {
    damage: damages.all(damages.wrappedAtBlanks, damages.quoted, damages.crlf),
    share: 0.94,
  },
  'at the margin of a terminal': { damage: damages.wrappedAtMargin, share: 0.9 },
};

describe.each(Object.entries(undone))('%s', (_, { damage, except }) => {
  test('changes no answer', async () => {
    for (const log of logs) {
      if (except.includes(log.name)) continue;
      const clean = await answer(textOf(log));
      const damaged = await answer(damage(textOf(log)));
      expect(damaged.crashes, log.name).toEqual(clean.crashes);
      expect(damaged.dialect, log.name).toBe(log.dialect);
    }
  });

  test.skipIf(except.length === 0)('never hides which tracer it was', async () => {
    for (const log of logs.filter(({ name }) => except.includes(name))) {
      expect((await answer(damage(textOf(log)))).dialect, log.name).toBe(log.dialect);
    }
  });
});

describe.each(Object.entries(wrapped))('lines wrapped %s', (_, { damage, share }) => {
  test('are put together again in nearly all logs', async () => {
    const lost: string[] = [];
    for (const log of logs) {
      const clean = await answer(textOf(log));
      const damaged = await answer(damage(textOf(log))).catch(() => null);
      if (damaged?.crashes.join() !== clean.crashes.join()) lost.push(log.name);
    }
    expect(1 - lost.length / logs.length, lost.join(' ')).toBeGreaterThan(share);
  });
});

describe('a second capture of the same program', () => {
  test('loses nothing of the first', async () => {
    for (const log of logs) {
      const clean = await answer(textOf(log));
      const twice = await answer(damages.repeated(textOf(log)));
      expect(twice.dialect, log.name).toBe(log.dialect);
      expect(twice.crashes.length, log.name).toBeGreaterThanOrEqual(clean.crashes.length);
    }
  });
});

/**
 * What cannot be undone everywhere: the log is still known for what it is. No crash is made up where a prefix tells whose
 * a line is.
 */
describe.each(Object.entries({ 'glued to lines': damages.outputGlued, 'inside of lines': damages.outputInside }))(
  'output of the program %s',
  (_, damage) => {
    test('hides no tracer and makes up no crash', async () => {
      for (const log of logs) {
        const clean = await answer(textOf(log));
        const damaged = await answer(damage(textOf(log)));
        expect(damaged.dialect, log.name).toBe(log.dialect);
        if (log.dialect === 'strace') continue;
        expect(damaged.crashes.length, log.name).toBeLessThanOrEqual(clean.crashes.length);
      }
    });
  },
);

describe('dots on a line of their own', () => {
  test('change no answer', async () => {
    for (const log of logs) {
      const clean = await answer(textOf(log));
      expect((await answer(damages.dotted(textOf(log)))).crashes, log.name).toEqual(clean.crashes);
    }
  });
});

describe('a log whose middle was cut out', () => {
  test('is still read, and counts the mark of the cut', async () => {
    const { crashes, unparsed } = await answer(
      damages.elided(readFileSync(logs.find(({ name }) => name === 'strace/rustc-crash.strace')?.path ?? '', 'latin1')),
    );
    expect(unparsed).toBe(1);
    expect(crashes).toHaveLength(1);
  });
});

describe('the head of a log', () => {
  // The usage text and a refused run come first; the trace begins at line 30.
  const LATE = 'dtruss/refused.dtruss';

  test.each([20, 100, 1000])('of %i lines shows which tracer it was, and no paste', (count) => {
    for (const { path, name, dialect } of logs) {
      if (name === LATE && count === 20) continue;
      const votes = new Votes(formats);
      const lines = readFileSync(path, 'latin1').split('\n').slice(0, count);
      votes.add(Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
      votes.finish();
      expect(votes.verdict(name), name).toMatchObject({ kind: 'tracer', format: { dialect } });
      expect(votes.marks(), name).toMatchObject({ quoting: false, wideBlanks: false, indent: '', padding: false });
    }
  });
});
