import { createRequire } from 'node:module';
import { exitStatus, type Outcome } from './exit-codes.ts';
import { ClosedOutput, Output } from './output.ts';

// What is not needed to print the version is imported when it is: start-up is most of a short run.

/** Does what the arguments ask for. Throws for trouble, and `ClosedOutput`. */
async function run(args: readonly string[]): Promise<Outcome> {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) return print((await import('./help.ts')).HELP);
  if (options.includes('--version')) return print(`${version()}\n`);
  const { plainCommand } = await import('./options.ts');
  const command = plainCommand(args) ?? (await import('./arguments.ts')).parseArguments(args);
  switch (command.name) {
    case 'blame': {
      const { blame } = await import('./commands/blame.ts');
      return blame(command.options);
    }
    case 'tree': {
      const { tree } = await import('./commands/tree.ts');
      return tree(command.options);
    }
    case 'summary': {
      const { summary } = await import('./commands/summary.ts');
      return summary(command.options);
    }
    case 'files': {
      const { files } = await import('./commands/files.ts');
      return files(command.options);
    }
    case 'diff': {
      const { diff } = await import('./commands/diff.ts');
      return diff(command.options);
    }
    case 'events': {
      const { events } = await import('./commands/events.ts');
      return events(command.options);
    }
    case 'view': {
      const { view } = await import('./commands/view.ts');
      return view(command.options);
    }
    case 'schema': {
      const { schema } = await import('./commands/schema.ts');
      return schema(command.schema);
    }
    default:
      return command satisfies never;
  }
}

function print(text: string): Outcome {
  const stdout = new Output(1);
  stdout.write(text);
  stdout.flush();
  return { kind: 'done' };
}

function version(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)('forklore/package.json');
  return manifest.version;
}

/** Tells the trouble on standard error. A pipe that nobody reads any more is none. */
async function explain(error: unknown): Promise<Outcome> {
  if (error instanceof ClosedOutput) return { kind: 'done' };
  const { messageFor } = await import('./trouble.ts');
  const stderr = new Output(2);
  stderr.write(messageFor(error));
  stderr.flush();
  return { kind: 'trouble' };
}

/** The exit status. Nothing is thrown, whatever becomes of standard error. */
async function main(args: readonly string[]): Promise<number> {
  const outcome = await run(args)
    .catch(explain)
    .catch((): Outcome => ({ kind: 'trouble' }));
  return exitStatus(outcome);
}

// All output is written when it is known. What may still be waited for is a silent pipe, and in vain.
process.exit(await main(process.argv.slice(2)));
