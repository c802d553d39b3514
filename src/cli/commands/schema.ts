import type { Outcome } from '../exit-codes.ts';
import type { SchemaName } from '../options.ts';
import { Output } from '../output.ts';
import { jsonSchemaOf } from '../schemas.ts';

/** `forklore schema`: the JSON Schema of an output. */
export function schema(name: SchemaName): Outcome {
  const stdout = new Output(1);
  stdout.write(`${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`);
  stdout.flush();
  return { kind: 'done' };
}
