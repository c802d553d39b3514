import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { formats as allFormats } from '../../parsers/index.ts';
import { ChunkReader } from '../../src/read/chunk-reader.ts';
import { HEAD_BYTES, readVotes, Votes } from '../../src/read/detect.ts';
import { toyFormat } from './toy-format.ts';

const formats = [toyFormat('strace'), toyFormat('truss-illumos', 'other')];

function verdict(text: string, chunkBytes = 65_536): string {
  const votes = new Votes(formats);
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += chunkBytes) votes.add(bytes.subarray(at, at + chunkBytes));
  votes.finish();
  const detected = votes.verdict('build.log');
  return detected.kind === 'ndjson' ? 'ndjson' : detected.format.dialect;
}

describe('Votes', () => {
  it.each([1, 2, 3, 7, 65_536])('finds the format among other text, in chunks of %i bytes', (chunkBytes) => {
    const text = `make: noise\n\n${'cc -c x.c\n'.repeat(50)}call a\r\nother b\ncall c`;
    expect(verdict(text, chunkBytes)).toBe('strace');
  });

  it('looks at no more than the first 64 KiB', () => {
    const votes = new Votes(formats);
    votes.add(Buffer.from(`call a\n${'x\n'.repeat(HEAD_BYTES)}other b\nother c\n`));
    votes.finish();
    expect(votes.bytes).toBe(HEAD_BYTES);
    expect(votes.verdict('build.log')).toMatchObject({ format: { dialect: 'strace' } });
  });

  it('knows our own format by its first line that is not blank', () => {
    expect(verdict('\n{"format":"forklore/events","version":1}\ncall a\n')).toBe('ndjson');
  });

  it('shows the votes where two formats fit', () => {
    expect(() => verdict('call a\nother b\nother c\ncall d\nnoise\n')).toThrow(
      'build.log: more than one format fits: strace 2 lines, truss-illumos 2 lines of 5; choose with --from',
    );
  });

  it('says why there is no trace in it', () => {
    expect(() => verdict('')).toThrow('build.log: nothing in it');
    expect(() => verdict('\n\r\n')).toThrow('build.log: nothing in it');
    expect(() => verdict('a\0b\n')).toThrow('build.log: is a binary file, not the text of a tracer');
    expect(() => verdict('a\nb\n')).toThrow("build.log: no tracer's text was recognised in the first 2 lines");
    expect(() => verdict('a')).toThrow('in the first line;');
    expect(verdict('a\0b\ncall a\n')).toBe('strace');
  });
});

describe('the marks of a paste', () => {
  function marks(text: string) {
    const votes = new Votes(formats);
    votes.add(Buffer.from(text, 'latin1'));
    votes.finish();
    return votes.marks();
  }

  it('are found where lines are of a trace only without them', () => {
    expect(marks('> call a\n> call b\nprose\n')).toMatchObject({ quoting: true, indent: '' });
    expect(marks('    call a\n    call b\n      call c\n')).toMatchObject({ quoting: false, indent: '    ' });
    expect(marks('\x1b[1mcall\x1b[0m a\ncall b\ncall c\n')).toMatchObject({ colours: true });
  });

  it('are not found in a few lines that look alike, nor within names', () => {
    expect(marks(`${'call a\n'.repeat(20)}> call b\n`)).toMatchObject({ quoting: false });
    expect(marks(`${'call a\n'.repeat(20)}call \x1b[1mb\n`)).toMatchObject({ colours: false });
  });
});

describe('readVotes', () => {
  function live(): { pipe: PassThrough; reader: ChunkReader } {
    const pipe = new PassThrough();
    return { pipe, reader: new ChunkReader(pipe, null, () => pipe.destroy()) };
  }

  it('decides on a silent pipe once a line is recognised, and puts back what it read', async () => {
    const { pipe, reader } = live();
    const votes = new Votes(formats);
    pipe.write('call a\nhalf a li');
    await readVotes(reader, votes, false);
    expect(votes.verdict('-')).toMatchObject({ format: { dialect: 'strace' } });
    pipe.end('ne\n');
    expect((await reader.next())?.toString()).toBe('call a\nhalf a li');
    expect((await reader.next())?.toString()).toBe('ne\n');
    expect(await reader.next()).toBe(null);
  });

  it('waits on while nothing is recognised, or two formats are', async () => {
    const { pipe, reader } = live();
    const votes = new Votes(formats);
    let decided = false;
    pipe.write('noise\ncall a');
    const reading = readVotes(reader, votes, false).then(() => {
      decided = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(decided).toBe(false);
    pipe.write('\n');
    await reading;
    expect(votes.verdict('-')).toMatchObject({ format: { dialect: 'strace' } });
    reader.close();
  });
});

describe('the formats among themselves', () => {
  const SAMPLES = join(import.meta.dirname, '..', '..', 'samples');
  const lines = (path: string) => readFileSync(join(SAMPLES, path), 'latin1').split('\n');

  function detect(text: string): string {
    const votes = new Votes(allFormats);
    votes.add(Buffer.from(text, 'latin1'));
    votes.finish();
    const verdict = votes.verdict('build.log');
    return verdict.kind === 'tracer' ? verdict.format.dialect : verdict.kind;
  }

  it.each([
    ['strace', 'strace/rustc-crash.strace'],
    ['truss-illumos', 'truss-illumos/rustc-story.truss'],
    ['truss-freebsd', 'truss-freebsd/follow-fork.truss'],
    ['truss-aix', 'truss-aix/plain.truss'],
    ['dtruss', 'dtruss/plain.dtruss'],
    ['kdump', 'kdump/crash-openbsd.kdump'],
  ])('knows %s by the first lines of a log', (dialect, path) => {
    for (const count of [5, 10, 20]) expect(detect(lines(path).slice(0, count).join('\n'))).toBe(dialect);
  });

  it('refuses a log that two tracers wrote, with the place', () => {
    const [first, second] = ['strace/rustc-crash.strace', 'truss-illumos/follow-fork.truss'].map(lines);
    const mixed = `${first?.join('\n')}${second?.join('\n')}`;
    expect(() => detect(mixed)).toThrow(
      /^build\.log: \d+ lines are of truss-illumos, the first of them line 199, and not of strace: cut it in two/,
    );
  });
});
