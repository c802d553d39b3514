import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DIALECTS, type Dialect } from '../src/model/dialect.ts';

/** The folder of all samples. */
export const SAMPLES = join(import.meta.dirname, '..', 'samples');
const GOLDEN = /\.(?:events\.ndjson|tree\.txt|blame\.txt)$/;

/** A log, or a set of files, of `samples/<dialect>/`. */
export interface Sample {
  readonly dialect: Dialect;
  /** Without the extension. */
  readonly golden: string;
  readonly path: string;
  /** 'strace/rustc-crash.strace'. */
  readonly name: string;
  readonly isSet: boolean;
}

/** All of them. */
export const samples: readonly Sample[] = DIALECTS.flatMap((dialect) => {
  const folder = join(SAMPLES, dialect);
  return readdirSync(folder)
    .filter((name) => !GOLDEN.test(name))
    .map((file) => {
      const path = join(folder, file);
      const golden = path.replace(/\.[a-z]+$/, '');
      return { dialect, path, name: `${dialect}/${file}`, golden, isSet: statSync(path).isDirectory() };
    });
});
