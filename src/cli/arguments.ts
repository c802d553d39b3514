import yargs, { type Argv } from 'yargs';
import { type Command, commandOf, FLAGS, VALUES } from './options.ts';
import { nearest } from './suggestion.ts';
import { UsageError } from './usage-error.ts';

const ALL_OPTIONS: readonly string[] = [...FLAGS, ...VALUES, 'help', 'version'];

/** Stands for a lone dash, which yargs loses between inputs. No argument of a process can hold this character. */
const DASH = '\0';

/** What yargs makes of arguments. */
interface Parsed {
  readonly [option: string]: unknown;
  readonly _: readonly unknown[];
}

/** Reads arguments, options among them. Throws `UsageError`. */
export function parseArguments(args: readonly string[]): Command {
  const asked: { command: Command | null } = { command: null };
  const ask = (name: Command['name']) => (argv: Parsed) => {
    asked.command = commandOf(name, { ...argv, words: withDashes(argv.words), '--': withDashes(argv['--']) });
  };
  const parser = yargs()
    // Known before the command is, so that `--json tree log` does not take 'tree' for the value of --json.
    .boolean(FLAGS)
    .string(VALUES)
    .command(['blame [words..]', '$0'], '', words, ask('blame'))
    .command('tree [words..]', '', words, ask('tree'))
    .command('summary [words..]', '', words, ask('summary'))
    .command('files [words..]', '', words, ask('files'))
    .command('diff [words..]', '', words, ask('diff'))
    .command('events [words..]', '', words, ask('events'))
    .command('view [words..]', '', words, ask('view'))
    .command('schema [words..]', '', words, ask('schema'))
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

function words(builder: Argv) {
  return builder.positional('words', { type: 'string', array: true });
}

function withDashes(given: unknown): string[] {
  return Array.isArray(given) ? given.map((word) => (word === DASH ? '-' : String(word))) : [];
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
