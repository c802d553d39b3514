import { pathRules } from '../../analyze/diff/built-in-rules.ts';
import { renderRules } from '../../render/text/path-rules.ts';
import type { Outcome } from '../exit-codes.ts';
import type { ColorChoice } from '../options.ts';
import { Output } from '../output.ts';
import { outputView } from '../terminal.ts';

/** `forklore diff --rules`: what is done to paths before they are compared. */
export function printRules(color: ColorChoice): Outcome {
  const stdout = new Output(1);
  stdout.write(renderRules(pathRules, outputView(color)));
  stdout.flush();
  return { kind: 'done' };
}
