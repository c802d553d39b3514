import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/cli/arguments.ts';
import { HELP, SHORT_HELP } from '../../src/cli/help.ts';
import { plainCommand } from '../../src/cli/options.ts';
import { nearest } from '../../src/cli/suggestion.ts';
import { CRASH_LOG, forklore, ROOT } from './program.ts';

const blameOptions = {
  inputs: [],
  from: null,
  strict: false,
  json: false,
  color: 'auto',
  exitCode: false,
  full: false,
  named: false,
};

describe('arguments', () => {
  test('mean blame where no command is named', () => {
    expect(parseArguments([])).toEqual({ name: 'blame', options: blameOptions });
    expect(parseArguments(['a.log', '--json'])).toEqual({
      name: 'blame',
      options: { ...blameOptions, inputs: ['a.log'], json: true },
    });
    expect(parseArguments(['blame', 'a'])).toMatchObject({ options: { inputs: ['a'], named: true } });
  });

  test('may stand before and after the command', () => {
    const expected = {
      name: 'tree',
      options: { inputs: ['a'], from: 'strace', strict: true, json: true, color: 'never' },
    };
    expect(parseArguments(['--json', '--strict', '--from=strace', '--color', 'never', 'tree', 'a'])).toEqual(expected);
    expect(parseArguments(['tree', 'a', '--json', '--strict', '--from', 'strace', '--color=never'])).toEqual(expected);
  });

  test('keep every input as it is given', () => {
    const inputs = ['007', '-', 'a b', '', '1e3', 'x', '-'];
    expect(parseArguments(inputs)).toMatchObject({ options: { inputs } });
    expect(parseArguments(['events', '--strict', ...inputs])).toMatchObject({ name: 'events', options: { inputs } });
  });

  test.each([
    [[]],
    [['a.log', '-', '']],
    [['tree']],
    [['blame', 'tree', '007']],
    [['nosuch', 'tree']],
    [['schema', 'blame']],
  ])('without options mean the same without yargs: %j', (args) => {
    expect(plainCommand(args)).toEqual(parseArguments(args));
  });

  test('with options are for yargs alone', () => {
    expect(plainCommand(['a', '--json'])).toBeNull();
    expect(plainCommand(['a', '--', 'b'])).toBeNull();
    expect(plainCommand(['-x'])).toBeNull();
  });

  test('after -- are inputs, whatever they look like', () => {
    expect(parseArguments(['a', '--', '--json', '-', 'tree'])).toMatchObject({
      options: { inputs: ['a', '--json', '-', 'tree'], json: false },
    });
  });

  test('given twice, the last one counts', () => {
    expect(parseArguments(['--from', 'strace', '--from', 'truss-illumos', '--json', '--json'])).toMatchObject({
      options: { from: 'truss-illumos', json: true },
    });
  });

  test('of --map are all kept, in order', () => {
    expect(parseArguments(['diff', 'a', '--map', '/x=/y', 'b', '--map=/z=/ä=1'])).toMatchObject({
      name: 'diff',
      options: {
        inputs: ['a', 'b'],
        maps: [
          { from: '/x', to: '/y' },
          { from: '/z', to: '/\xc3\xa4=1' },
        ],
        level: 'files',
      },
    });
  });

  test.each([
    [['--jsno'], 'unknown option --jsno; did you mean --json?'],
    [['--exitcode', 'x'], 'unknown option --exitcode; did you mean --exit-code?'],
    [['--toString'], 'unknown option --toString'],
    [['--__proto__=1'], 'unknown option --__proto__'],
    [['-x'], 'unknown option -x'],
    [['tree', '--exit-code'], 'tree has no option --exit-code'],
    [['tree', '--csv'], 'tree has no option --csv'],
    [['files', '--csv', '--json'], '--json and --csv ask for different outputs'],
    [['diff', 'a'], 'diff compares two inputs, A and B; 1 given'],
    [['diff'], 'diff compares two inputs, A and B; none given'],
    [['diff', 'a', 'b', 'c'], 'diff compares two inputs, A and B; 3 given'],
    [['diff', '-', '-'], 'standard input can be read only once'],
    [['diff', '--rules', 'a'], '--rules lists the rules for paths and takes no input'],
    [['diff', 'a', 'b', '--level', 'all'], '--level must be files, calls or raw, not "all"'],
    [['diff', 'a', 'b', '--pid', 'x'], '--pid must be a number, not "x"'],
    [['diff', 'a', 'b', '--map', '/a'], '--map must be FROM=TO, two paths, not "/a"'],
    [['events', '--json'], 'events has no option --json'],
    [['schema', 'blame', '--json'], 'schema has no option --json'],
    [['--from'], '--from must be strace, truss-illumos, truss-freebsd, truss-aix, dtruss or kdump'],
    [
      ['--from', 'dtrace'],
      '--from must be strace, truss-illumos, truss-freebsd, truss-aix, dtruss or kdump, not "dtrace"',
    ],
    [['--color', 'log'], '--color must be auto, always or never, not "log"'],
    [['schema'], 'the schema must be blame, tree, summary, files, diff or events'],
    [['schema', 'blame', 'tree'], 'the schema must be blame, tree, summary, files, diff or events, not "blame tree"'],
  ])('%j are refused in one sentence', (args, sentence) => {
    expect(() => parseArguments(args)).toThrow(expect.objectContaining({ message: sentence }));
  });
});

describe('the nearest name', () => {
  test('is one that differs by a slip or two', () => {
    expect(nearest('tere', ['blame', 'tree'])).toBe('tree');
    expect(nearest('evnets', ['events', 'tree'])).toBe('events');
    expect(nearest('diff', ['blame', 'tree', 'events', 'schema'])).toBeNull();
    expect(nearest('x', ['h'])).toBeNull();
  });
});

describe('the program', () => {
  test.concurrent('tells its version, also beside other arguments', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const expected = { stdout: `${version}\n`, stderr: '', status: 0 };
    expect(await forklore(['--version'])).toEqual(expected);
    expect(await forklore(['tree', 'no-such.log', '--version'])).toEqual(expected);
  });

  test.concurrent('helps in 80 columns', async () => {
    expect(await forklore(['schema', '--help'])).toEqual({ stdout: HELP, stderr: '', status: 0 });
    for (const line of `${HELP}${SHORT_HELP}`.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.concurrent('names bad usage on standard error and ends with 2', async () => {
    expect(await forklore(['--jsno', CRASH_LOG])).toEqual({
      stdout: '',
      stderr: 'forklore: unknown option --jsno; did you mean --json? (see forklore --help)\n',
      status: 2,
    });
  });

  test.concurrent('does not take a command of another version for an input', async () => {
    const stderr = 'forklore: profile: no such file, and no such command (see forklore --help)\n';
    expect(await forklore(['profile', CRASH_LOG, CRASH_LOG])).toEqual({ stdout: '', stderr, status: 2 });
    const { stderr: slip } = await forklore(['tre', CRASH_LOG]);
    expect(slip).toContain('did you mean tree?');
  });

  test.concurrent('says of a named command only that the file is missing', async () => {
    const stderr = 'forklore: profile: no such file\n';
    expect(await forklore(['blame', 'profile'])).toEqual({ stdout: '', stderr, status: 2 });
  });
});
