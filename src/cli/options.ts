import type { PathMap } from '../analyze/diff/path-rules.ts';
import { LEVELS, type Level } from '../analyze/diff/run.ts';
import { FILE_ORDERS, type FileOrder, SUMMARY_ORDERS, type SummaryOrder } from '../analyze/orders.ts';
import { DIALECTS, type Dialect } from '../model/dialect.ts';
import { toBytes } from '../scan/unescape.ts';
import { UsageError } from './usage-error.ts';

const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
const SCHEMA_NAMES = ['blame', 'tree', 'summary', 'files', 'diff', 'events'] as const;

/** Colour of text: `auto` where it goes to a terminal and NO_COLOR is not set. */
export type ColorChoice = (typeof COLOR_CHOICES)[number];
/** Outputs that have a schema. */
export type SchemaName = (typeof SCHEMA_NAMES)[number];

/** What every command that reads a trace is given. */
export interface InputOptions {
  /** As named; none stands for standard input. */
  readonly inputs: readonly string[];
  /** Null: recognised from the content. */
  readonly from: Dialect | null;
  /** Whether a line that was not understood is trouble. */
  readonly strict: boolean;
}

/** What every command that gives an answer is given. */
export interface AnswerOptions extends InputOptions {
  readonly json: boolean;
  readonly color: ColorChoice;
}

/** What `blame` is given. */
export interface BlameOptions extends AnswerOptions {
  /** Whether crashes show in the exit status. */
  readonly exitCode: boolean;
  /** All that explains a crash, also what matters less often. */
  readonly full: boolean;
  /** Whether the command was named; otherwise the first input may be a slip of a command's name. */
  readonly named: boolean;
}

/** What `summary` is given. */
export interface SummaryOptions extends AnswerOptions {
  /** A pid or a program; null: all processes. */
  readonly process: string | null;
  /** Null: by time where there are durations, else by calls. */
  readonly sort: SummaryOrder | null;
  /** Processes and slow calls to list; null: as many as suit a reader. */
  readonly top: number | null;
}

/** What `files` is given. */
export interface FilesOptions extends AnswerOptions {
  readonly csv: boolean;
  /** Only paths that calls failed on. */
  readonly failed: boolean;
  /** Only files that were changed, or opened to be. */
  readonly written: boolean;
  readonly byProcess: boolean;
  /** A pid or a program; null: all processes. */
  readonly process: string | null;
  /** Null: by what was done with them. */
  readonly sort: FileOrder | null;
}

/** What `diff` is given. */
export interface DiffOptions extends AnswerOptions {
  /** Two, unless only the rules are asked for. */
  readonly inputs: readonly string[];
  /** Whether the rules for paths are to be listed, and nothing compared. */
  readonly rules: boolean;
  readonly level: Level;
  /** Housekeeping too. */
  readonly all: boolean;
  /** Every row of every list. */
  readonly full: boolean;
  /** Only processes with this pid in either run; null: all. */
  readonly pid: number | null;
  /** Only processes of this program, by its path or its short name; null: all. */
  readonly program: string | null;
  /** What stands for what in paths, in the order given. */
  readonly maps: readonly PathMap[];
  /** A file of more of them; null: none. */
  readonly config: string | null;
}

/** What `view` is given. */
export interface ViewOptions {
  /** As named; none stands for standard input. */
  readonly inputs: readonly string[];
  /** Null: recognised from the content. */
  readonly from: Dialect | null;
  readonly color: ColorChoice;
}

/** What the arguments ask for. */
export type Command =
  | { readonly name: 'blame'; readonly options: BlameOptions }
  | { readonly name: 'tree'; readonly options: AnswerOptions }
  | { readonly name: 'summary'; readonly options: SummaryOptions }
  | { readonly name: 'files'; readonly options: FilesOptions }
  | { readonly name: 'diff'; readonly options: DiffOptions }
  | { readonly name: 'events'; readonly options: InputOptions }
  | { readonly name: 'view'; readonly options: ViewOptions }
  | { readonly name: 'schema'; readonly schema: SchemaName };

/** The options of each command. */
export const OPTIONS_OF: Readonly<Record<Command['name'], readonly string[]>> = {
  blame: ['json', 'exit-code', 'full', 'strict', 'from', 'color', 'no-color'],
  tree: ['json', 'strict', 'from', 'color', 'no-color'],
  summary: ['json', 'process', 'sort', 'top', 'strict', 'from', 'color', 'no-color'],
  files: ['json', 'csv', 'failed', 'written', 'by-process', 'process', 'sort', 'strict', 'from', 'color', 'no-color'],
  diff: [
    'json',
    'level',
    'all',
    'full',
    'pid',
    'program',
    'map',
    'config',
    'rules',
    'strict',
    'from',
    'color',
    'no-color',
  ],
  events: ['strict', 'from'],
  view: ['from', 'color', 'no-color'],
  schema: [],
};
/** Options that are there or not. */
export const FLAGS = [
  'json',
  'csv',
  'failed',
  'written',
  'by-process',
  'exit-code',
  'full',
  'all',
  'rules',
  'strict',
  'no-color',
] as const;
/** Options with a value. */
export const VALUES = ['from', 'color', 'process', 'sort', 'top', 'level', 'pid', 'program', 'map', 'config'] as const;

/** Options with their values, and words by position: `_` is the command's name where one is given. */
export interface ArgumentValues {
  readonly [option: string]: unknown;
  readonly _: readonly unknown[];
  readonly words: readonly string[];
  /** Words behind a `--`. */
  readonly '--'?: readonly string[];
}

/** The command of this name with these arguments. Throws `UsageError`. */
export function commandOf(name: Command['name'], argv: ArgumentValues): Command {
  switch (name) {
    case 'blame':
      return { name, options: blameOptions(argv) };
    case 'tree':
      return { name, options: answerOptions(name, argv) };
    case 'summary':
      return { name, options: summaryOptions(argv) };
    case 'files':
      return { name, options: filesOptions(argv) };
    case 'diff':
      return { name, options: diffOptions(argv) };
    case 'events':
      return { name, options: inputOptions(name, argv) };
    case 'view':
      return { name, options: { ...inputOptions(name, argv), color: colorChoice(argv) } };
    case 'schema':
      requireOwnOptions(name, argv);
      return { name, schema: oneOf('the schema', SCHEMA_NAMES, argv.words.join(' ')) };
    default:
      return name satisfies never;
  }
}

/** The command that words without an option among them ask for; null where there is an option. Throws `UsageError`. */
export function plainCommand(args: readonly string[]): Command | null {
  if (args.some((word) => word.startsWith('-') && word !== '-')) return null;
  const [first, ...others] = args;
  return isCommandName(first)
    ? commandOf(first, { _: [first], words: others })
    : commandOf('blame', { _: [], words: args });
}

function isCommandName(word: string | undefined): word is Command['name'] {
  return word !== undefined && Object.hasOwn(OPTIONS_OF, word);
}

function blameOptions(argv: ArgumentValues): BlameOptions {
  return {
    ...answerOptions('blame', argv),
    exitCode: argv['exit-code'] === true,
    full: argv.full === true,
    named: argv._.length > 0,
  };
}

function answerOptions(command: Command['name'], argv: ArgumentValues): AnswerOptions {
  return {
    ...inputOptions(command, argv),
    json: argv.json === true,
    color: colorChoice(argv),
  };
}

function colorChoice(argv: ArgumentValues): ColorChoice {
  if (argv['no-color'] === true) return 'never';
  return argv.color === undefined ? 'auto' : oneOf('--color', COLOR_CHOICES, lastOf(argv.color));
}

function summaryOptions(argv: ArgumentValues): SummaryOptions {
  return {
    ...answerOptions('summary', argv),
    process: argv.process === undefined ? null : nonEmpty('--process', lastOf(argv.process)),
    sort: argv.sort === undefined ? null : oneOf('--sort', SUMMARY_ORDERS, lastOf(argv.sort)),
    top: argv.top === undefined ? null : wholeNumber('--top', lastOf(argv.top)),
  };
}

function filesOptions(argv: ArgumentValues): FilesOptions {
  if (argv.json === true && argv.csv === true) throw new UsageError('--json and --csv ask for different outputs');
  return {
    ...answerOptions('files', argv),
    csv: argv.csv === true,
    failed: argv.failed === true,
    written: argv.written === true,
    byProcess: argv['by-process'] === true,
    process: argv.process === undefined ? null : nonEmpty('--process', lastOf(argv.process)),
    sort: argv.sort === undefined ? null : oneOf('--sort', FILE_ORDERS, lastOf(argv.sort)),
  };
}

function diffOptions(argv: ArgumentValues): DiffOptions {
  const options = {
    ...answerOptions('diff', argv),
    rules: argv.rules === true,
    level: argv.level === undefined ? 'files' : oneOf('--level', LEVELS, lastOf(argv.level)),
    all: argv.all === true,
    full: argv.full === true,
    pid: argv.pid === undefined ? null : pidOf(lastOf(argv.pid)),
    program: argv.program === undefined ? null : nonEmpty('--program', lastOf(argv.program)),
    maps: [argv.map ?? []].flat().map(pathMap),
    config: argv.config === undefined ? null : nonEmpty('--config', lastOf(argv.config)),
  };
  const { inputs, rules } = options;
  if (rules && inputs.length > 0) throw new UsageError('--rules lists the rules for paths and takes no input');
  if (!rules && inputs.length !== 2) {
    throw new UsageError(`diff compares two inputs, A and B; ${inputs.length === 0 ? 'none' : inputs.length} given`);
  }
  if (inputs.every((name) => name === '-') && !rules) throw new UsageError('standard input can be read only once');
  return options;
}

/** '/home/a/proj=/export/b/proj'; latin1 bytes. */
function pathMap(value: unknown): PathMap {
  const [, from, to] = typeof value === 'string' ? (/^([^=]+)=(.+)$/s.exec(value) ?? []) : [];
  if (from === undefined || to === undefined) {
    throw new UsageError(`--map must be FROM=TO, two paths, not ${JSON.stringify(value)}`);
  }
  return { from: toBytes(from), to: toBytes(to) };
}

function inputOptions(command: Command['name'], argv: ArgumentValues): InputOptions {
  requireOwnOptions(command, argv);
  return {
    inputs: [...argv.words, ...(argv['--'] ?? [])],
    from: argv.from === undefined ? null : oneOf('--from', DIALECTS, lastOf(argv.from)),
    strict: argv.strict === true,
  };
}

function requireOwnOptions(command: Command['name'], argv: ArgumentValues): void {
  const foreign = [...FLAGS, ...VALUES].find((name) => argv[name] !== undefined && !OPTIONS_OF[command].includes(name));
  if (foreign !== undefined) throw new UsageError(`${command} has no option --${foreign}`);
}

/** Of an option that was given several times the last one counts. */
function lastOf(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

function oneOf<T extends string>(what: string, choices: readonly T[], value: unknown): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  const given = typeof value === 'string' && value !== '' ? `, not ${JSON.stringify(value)}` : '';
  throw new UsageError(`${what} must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}${given}`);
}

function nonEmpty(what: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError(`${what} must not be empty`);
}

function wholeNumber(what: string, value: unknown): number {
  if (typeof value === 'string' && /^\d{1,6}$/.test(value)) return Number(value);
  throw new UsageError(`${what} must be a whole number below a million, not ${JSON.stringify(value)}`);
}

function pidOf(value: unknown): number {
  if (typeof value === 'string' && /^\d{1,10}$/.test(value)) return Number(value);
  throw new UsageError(`--pid must be a number, not ${JSON.stringify(value)}`);
}
