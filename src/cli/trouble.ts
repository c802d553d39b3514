import { ForkloreError } from '../model/errors.ts';
import { printableText } from '../render/text/printable.ts';
import { SHORT_HELP } from './help.ts';
import { UnwritableOutput } from './output.ts';
import { UsageError } from './usage-error.ts';

/** What standard error says of an error: a sentence, unless the error is forklore's own. Ends with a newline. */
export function messageFor(error: unknown): string {
  if (error instanceof ForkloreError && error.code === 'no-input') return SHORT_HELP;
  if (error instanceof ForkloreError || error instanceof UnwritableOutput) return sentence(error.message);
  if (error instanceof UsageError) return sentence(`${error.message} (see forklore --help)`);
  if (error instanceof Error && 'syscall' in error) return sentence(error.message);
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `forklore: this is an error in forklore itself, please report it\n${printableLines(details)}\n`;
}

function sentence(text: string): string {
  return `forklore: ${printableText(text)}\n`;
}

function printableLines(text: string): string {
  return text.split('\n').map(printableText).join('\n');
}
