import { formats } from '../parsers/index.ts';
import type { LoadedFormat } from '../parsers/tracer-format.ts';
import type { Dialect } from '../src/model/dialect.ts';

/** All at once: a property that reads thousands of logs cannot wait for each. */
const loaded = new Map<Dialect, LoadedFormat>();
for (const { dialect, load } of formats) loaded.set(dialect, await load());

/** The format of that dialect, ready to read. */
export function loadedFormat(dialect: Dialect): LoadedFormat {
  const format = loaded.get(dialect);
  if (format === undefined) throw new Error(`no format for ${dialect}`);
  return format;
}
