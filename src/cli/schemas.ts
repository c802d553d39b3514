import { z } from 'zod';
import { diagnosticSchema, endSchema, eventSchema, headerSchema } from '../ndjson/schema.ts';
import type { SchemaName } from './options.ts';
import { blameSchema } from './schemas/blame.ts';
import { diffSchema } from './schemas/diff.ts';
import { filesSchema } from './schemas/files.ts';
import { summarySchema } from './schemas/summary.ts';
import { treeSchema } from './schemas/tree.ts';

const TITLES: Readonly<Record<SchemaName, string>> = {
  blame: 'forklore blame --json',
  tree: 'forklore tree --json',
  summary: 'forklore summary --json',
  files: 'forklore files --json',
  diff: 'forklore diff --json',
  events: 'One line of forklore events',
};

/** The JSON Schema (draft 2020-12) of an output. */
export function jsonSchemaOf(name: SchemaName): object {
  const schema = z.toJSONSchema(schemaOf(name), {
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // `readonly` is a matter of our types and says nothing about the document.
      delete jsonSchema.readOnly;
    },
  });
  return { title: TITLES[name], ...schema };
}

function schemaOf(name: SchemaName): z.ZodType {
  switch (name) {
    case 'blame':
      return blameSchema;
    case 'tree':
      return treeSchema;
    case 'summary':
      return summarySchema;
    case 'files':
      return filesSchema;
    case 'diff':
      return diffSchema;
    case 'events':
      return z.union([headerSchema, eventSchema, diagnosticSchema, endSchema]);
    default:
      return name satisfies never;
  }
}
