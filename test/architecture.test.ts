import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DIALECTS } from '../src/model/dialect.ts';

const ROOT = join(import.meta.dirname, '..');

interface Floor {
  /** Floors below that its files may import. */
  readonly imports: readonly string[];
  /** Floors of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages it may import; 'node' stands for Node's own modules. */
  readonly packages?: readonly string[];
}

/** The house: a folder imports only from lower floors. */
const FLOORS: Readonly<Record<string, Floor>> = {
  'src/scan': { imports: [] },
  'src/model': { imports: ['src/scan'] },
  parsers: { imports: ['src/model', 'src/scan'] },
  'src/analyze': { imports: ['src/model', 'src/scan'] },
  'src/ndjson': { imports: ['src/model'], packages: ['node', 'split2', 'zod'] },
  'src/read': {
    imports: ['parsers', 'src/ndjson', 'src/model', 'src/scan'],
    packages: ['node', 'split2', 'fzstd', 'xz-decompress'],
  },
  'src/render': { imports: ['src/model', 'src/scan'], types: ['src/analyze'] },
  'src/explore': {
    imports: ['src/read', 'src/ndjson', 'src/analyze', 'parsers', 'src/model', 'src/scan'],
    packages: ['node'],
  },
  'src/ui': {
    imports: ['src/explore', 'src/render', 'src/model', 'src/scan'],
    types: ['src/analyze'],
    packages: ['ink', 'react', 'string-width'],
  },
  'src/cli': {
    imports: [
      'src/ui',
      'src/explore',
      'src/render',
      'src/read',
      'src/ndjson',
      'src/analyze',
      'parsers',
      'src/model',
      'src/scan',
    ],
    packages: ['node', 'yargs', 'zod'],
  },
};

/** Packages that make up most of a start, so that they are loaded only where they are needed. */
const HEAVY = ['yargs', 'zod', 'ink', 'react'];

/** What sets, compressed logs, crashes, quoted lines, JSON, terminals and slips need. */
const SELDOM = [
  'src/read/set-plan.ts',
  'src/read/merge.ts',
  'src/read/decompress.ts',
  'node:zlib',
  'src/read/second-look.ts',
  'src/analyze/explain.ts',
  'src/read/printed-lines.ts',
  'src/render/json.ts',
  'src/render/json-text.ts',
  'src/cli/progress.ts',
  'src/cli/suggestion.ts',
  'src/cli/help.ts',
];

interface Import {
  readonly file: string;
  /** A file of the project, or a package. */
  readonly target: string;
  readonly isType: boolean;
  readonly isDynamic: boolean;
}

const files = ['src', 'parsers'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    // What is compiled to WebAssembly is another language.
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('assembly'))
    .map((name) => join(folder, name)),
);
const imports = files.flatMap((file) => importsOf(file, readFileSync(join(ROOT, file), 'utf8')));

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, isType: boolean, isDynamic: boolean) => {
    const target = specifier.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), specifier)) : specifier;
    found.push({ file, target, isType, isDynamic });
  };
  for (const [, clause = '', specifier = ''] of text.matchAll(/^(?:import|export)\b([^'";]*?)\bfrom '([^']+)'/gm)) {
    add(specifier, isTypeClause(clause), false);
  }
  for (const [, specifier = ''] of text.matchAll(/^import '([^']+)'/gm)) add(specifier, false, false);
  for (const [, specifier = ''] of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) add(specifier, false, true);
  return found;
}

// import type { A } …, import { type A, type B } …
function isTypeClause(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true;
  const names = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1];
  if (names === undefined) return false;
  return names.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
}

function floorOf(file: string): string | undefined {
  return Object.keys(FLOORS).find((floor) => file.startsWith(`${floor}/`));
}

function isAllowed({ file, target, isType }: Import): boolean {
  const floor = floorOf(file);
  if (floor === undefined) return true;
  const { imports: lower, types = [], packages = [] } = FLOORS[floor] ?? { imports: [] };
  if (!/\.tsx?$/.test(target)) return packages.includes(target.startsWith('node:') ? 'node' : target);
  const targetFloor = floorOf(target);
  if (targetFloor === undefined) return false;
  return targetFloor === floor || lower.includes(targetFloor) || (isType && types.includes(targetFloor));
}

describe('the house', () => {
  test('has a floor for every file but the public surface', () => {
    expect(files.filter((file) => floorOf(file) === undefined)).toEqual(['src/index.ts']);
  });

  test('imports downwards only, and packages only where they belong', () => {
    const upward = imports.filter((found) => !isAllowed(found)).map(({ file, target }) => `${file} → ${target}`);
    expect(upward).toEqual([]);
  });

  test('re-exports from its public surface, and does nothing else there', () => {
    const text = readFileSync(join(ROOT, 'src/index.ts'), 'utf8');
    const rest = text.replace(/^export (?:type )?\{[^}]*\} from '[^']+';\n/gm, '').trim();
    expect(rest).toBe('');
  });

  test('has no circle of imports', () => {
    expect(circles()).toEqual([]);
  });

  test('loads nothing heavy before it knows what is asked', () => {
    const atStart = reachable('src/cli/main.ts');
    const heavy = [...atStart].filter((target) => HEAVY.includes(target));
    expect(heavy).toEqual([]);
    expect(atStart.size).toBeLessThan(12);
  });

  test('loads for a log the parser of its own dialect alone, and nothing that few logs need', () => {
    const parsers = imports.filter(({ file, isDynamic }) => isDynamic && file === 'parsers/index.ts');
    expect(parsers).toHaveLength(DIALECTS.length);
    for (const { target: own } of parsers) {
      const loaded = loadedFor(own);
      expect(parsers.filter(({ target }) => loaded.has(target))).toMatchObject([{ target: own }]);
      expect(SELDOM.filter((target) => loaded.has(target))).toEqual([]);
      expect([...loaded].filter((target) => HEAVY.includes(target) || target.startsWith('src/ndjson/'))).toEqual([]);
      expect(loaded.size).toBeLessThan(125);
    }
  });
});

/** What `forklore LOG` loads for a log of that dialect, as long as nothing has crashed. */
function loadedFor(parser: string): Set<string> {
  const asked = ['src/cli/main.ts', 'src/cli/options.ts', 'src/cli/commands/blame.ts', parser];
  return new Set(asked.flatMap((file) => [...reachable(file)]));
}

/** Everything that importing the file loads at once. */
function reachable(file: string): Set<string> {
  const seen = new Set([file]);
  for (const target of seen) {
    for (const found of imports) {
      if (found.file === target && !found.isType && !found.isDynamic) seen.add(found.target);
    }
  }
  return seen;
}

function circles(): string[] {
  return files.filter((file) =>
    imports.some((found) => found.file === file && !found.isType && reachable(found.target).has(file)),
  );
}
