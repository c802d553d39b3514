import yargs, { type Argv } from 'yargs';
import { SUMMARY_ORDERS, type SummaryOrder } from '../analyze/call-statistics.ts';
import { FILE_ORDERS, type FileOrder } from '../analyze/file-selection.ts';
import { DIALECTS, type Dialect } from '../model/dialect.ts';
import { nearest } from './suggestion.ts';
import { UsageError } from './usage-error.ts';

const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
const SCHEMA_NAMES = ['blame', 'tree', 'summary', 'files', 'events'] as const;

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
  | { readonly name: 'events'; readonly options: InputOptions }
  | { readonly name: 'view'; readonly options: ViewOptions }
  | { readonly name: 'schema'; readonly schema: SchemaName };

const OPTIONS_OF: Readonly<Record<Command['name'], readonly string[]>> = {
  blame: ['json', 'exit-code', 'full', 'strict', 'from', 'color', 'no-color'],
  tree: ['json', 'strict', 'from', 'color', 'no-color'],
  summary: ['json', 'process', 'sort', 'top', 'strict', 'from', 'color', 'no-color'],
  files: ['json', 'csv', 'failed', 'written', 'by-process', 'process', 'sort', 'strict', 'from', 'color', 'no-color'],
  events: ['strict', 'from'],
  view: ['from', 'color', 'no-color'],
  schema: [],
};
const FLAGS = ['json', 'csv', 'failed', 'written', 'by-process', 'exit-code', 'full', 'strict', 'no-color'] as const;
const VALUES = ['from', 'color', 'process', 'sort', 'top'] as const;
const ALL_OPTIONS: readonly string[] = [...FLAGS, ...VALUES, 'help', 'version'];

/** Stands for a lone dash, which yargs loses between inputs. No argument of a process can hold this character. */
const DASH = '\0';

/** Reads the arguments. Throws `UsageError`. */
export function parseArguments(args: readonly string[]): Command {
  const asked: { command: Command | null } = { command: null };
  const parser = yargs()
    // Known before the command is, so that `--json tree log` does not take 'tree' for the value of --json.
    .boolean(FLAGS)
    .string(VALUES)
    .command(['blame [inputs..]', '$0'], '', inputs, (argv) => {
      const exitCode = argv['exit-code'] === true;
      const full = argv.full === true;
      asked.command = {
        name: 'blame',
        options: { ...answerOptions('blame', argv), exitCode, full, named: argv._.length > 0 },
      };
    })
    .command('tree [inputs..]', '', inputs, (argv) => {
      asked.command = { name: 'tree', options: answerOptions('tree', argv) };
    })
    .command('summary [inputs..]', '', inputs, (argv) => {
      asked.command = { name: 'summary', options: summaryOptions(argv) };
    })
    .command('files [inputs..]', '', inputs, (argv) => {
      asked.command = { name: 'files', options: filesOptions(argv) };
    })
    .command('events [inputs..]', '', inputs, (argv) => {
      asked.command = { name: 'events', options: inputOptions('events', argv) };
    })
    .command('view [inputs..]', '', inputs, (argv) => {
      asked.command = { name: 'view', options: { ...inputOptions('view', argv), color: colorChoice(argv) } };
    })
    .command('schema [names..]', '', schemaNames, (argv) => {
      requireOwnOptions('schema', argv);
      asked.command = { name: 'schema', schema: oneOf('the schema', SCHEMA_NAMES, argv.names?.join(' ')) };
    })
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
    })
    .locale('en')
    .strict()
    .strictCommands()
    .recommendCommands()
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail((message: string, error: unknown) => {
      throw error instanceof UsageError ? error : new UsageError(unknownOption(args) ?? lowerFirst(message));
    });
  parser.parse(args.map((word) => (word === '-' ? DASH : word)));
  if (asked.command === null) throw new UsageError('the arguments name no command');
  return asked.command;
}

/** The command that a word is most likely a slip of, or null. */
export function nearestCommand(word: string): string | null {
  return nearest(word, Object.keys(OPTIONS_OF));
}

function inputs(builder: Argv) {
  return builder.positional('inputs', { type: 'string', array: true });
}

function schemaNames(builder: Argv) {
  return builder.positional('names', { type: 'string', array: true });
}

function answerOptions(command: Command['name'], argv: Readonly<Record<string, unknown>>): AnswerOptions {
  return {
    ...inputOptions(command, argv),
    json: argv.json === true,
    color: colorChoice(argv),
  };
}

function colorChoice(argv: Readonly<Record<string, unknown>>): ColorChoice {
  if (argv['no-color'] === true) return 'never';
  return argv.color === undefined ? 'auto' : oneOf('--color', COLOR_CHOICES, lastOf(argv.color));
}

function summaryOptions(argv: Readonly<Record<string, unknown>>): SummaryOptions {
  return {
    ...answerOptions('summary', argv),
    process: argv.process === undefined ? null : nonEmpty('--process', lastOf(argv.process)),
    sort: argv.sort === undefined ? null : oneOf('--sort', SUMMARY_ORDERS, lastOf(argv.sort)),
    top: argv.top === undefined ? null : wholeNumber('--top', lastOf(argv.top)),
  };
}

function filesOptions(argv: Readonly<Record<string, unknown>>): FilesOptions {
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

function inputOptions(command: Command['name'], argv: Readonly<Record<string, unknown>>): InputOptions {
  requireOwnOptions(command, argv);
  const words = [argv.inputs, argv['--']].flatMap((list) => (Array.isArray(list) ? list : []));
  return {
    inputs: words.map((word) => (word === DASH ? '-' : String(word))),
    from: argv.from === undefined ? null : oneOf('--from', DIALECTS, lastOf(argv.from)),
    strict: argv.strict === true,
  };
}

function requireOwnOptions(command: Command['name'], argv: Readonly<Record<string, unknown>>): void {
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

/** The sentence for the first option nobody knows, or null. */
function unknownOption(args: readonly string[]): string | null {
  for (const word of args) {
    if (word === '--') return null;
    if (!word.startsWith('-') || word === '-') continue;
    const name = /^--?([^=]*)/.exec(word)?.[1] ?? '';
    if (word.startsWith('--') && ALL_OPTIONS.includes(name)) continue;
    const meant = nearest(name, ALL_OPTIONS);
    return `unknown option ${word.split('=', 1)[0]}${meant === null ? '' : `; did you mean --${meant}?`}`;
  }
  return null;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
