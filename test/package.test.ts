import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ROOT } from './cli/program.ts';

const run = promisify(execFile);

/** The recording that the README shows, which comes with the package. */
const STORY = 'samples/strace/rustc-stack.strace';

const dependencies = z.record(z.string(), z.string());
const manifest = z
  .looseObject({
    name: z.literal('forklore'),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    license: z.literal('MIT'),
    type: z.literal('module'),
    engines: z.object({ node: z.literal('>=20.19') }),
    bin: z.object({ forklore: z.string() }),
    exports: z.looseObject({ '.': z.object({ types: z.string(), default: z.string() }) }),
    files: z.array(z.string()).min(1),
    dependencies,
    devDependencies: dependencies,
  })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

const sources = ['src', 'parsers', 'test', 'bin'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    // What is compiled to WebAssembly is another language.
    .filter((name) => /\.[jt]sx?$/.test(name) && !name.includes('assembly'))
    .map((name) => join(folder, name)),
);
const text = new Map(sources.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
const ours = sources.filter((file) => file.startsWith('src/') || file.startsWith('parsers/'));

/** Where the code has such a node, as `file:line: text`. */
function nodes(isFound: (node: ts.Node) => boolean, files: readonly string[] = sources): string[] {
  const found: string[] = [];
  for (const file of files) {
    const source = ts.createSourceFile(file, text.get(file) ?? '', ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (isFound(node)) {
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.push(`${file}:${line}: ${node.getText().slice(0, 80)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/** `as` and `<T>value`, but for `as const`. */
function isAssertion(node: ts.Node): boolean {
  if (ts.isTypeAssertionExpression(node)) return true;
  return ts.isAsExpression(node) && node.type.getText() !== 'const';
}

function isDefaultExport(node: ts.Node): boolean {
  return ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword;
}

describe('the code', () => {
  test('has no default export', () => {
    expect(nodes((node) => isDefaultExport(node) && !ts.isDefaultClause(node.parent))).toEqual([]);
  });

  test('has no file for odds and ends', () => {
    const odd = /(?:^|[/.-])(?:utils?|helpers?|common|misc|shared)(?:[/.-]|$)/;
    expect(sources.filter((file) => odd.test(file))).toEqual([]);
  });

  test('does not talk the compiler out of its types', () => {
    expect(nodes((node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
    expect(nodes(isAssertion)).toEqual([]);
    expect(nodes(ts.isNonNullExpression)).toEqual([]);
    expect(nodes((node) => ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node))).toEqual([]);
    const silenced = sources.filter((file) => /@ts-(?:ignore|nocheck|expect-error)\s/.test(text.get(file) ?? ''));
    expect(silenced).toEqual([]);
  });

  test('writes to the terminal only where that is its work', () => {
    const isConsole = (node: ts.Node) => ts.isPropertyAccessExpression(node) && node.expression.getText() === 'console';
    expect(nodes(isConsole, ours)).toEqual([]);
    const isTerminal = (node: ts.Node) =>
      ts.isPropertyAccessExpression(node) && /^process\.(?:exit|stdout|stderr)$/.test(node.getText());
    const elsewhere = ours.filter((file) => !file.startsWith('src/cli/'));
    expect(nodes(isTerminal, elsewhere)).toEqual([]);
  });

  test('keeps its files short, or says in their first line why not', () => {
    const long = ours.filter((file) => linesIn(file) > 480 && !text.get(file)?.startsWith('/'));
    expect(long.map((file) => `${file}: ${linesIn(file)} lines`)).toEqual([]);
  });

  test('keeps its commands short', () => {
    const commands = ours.filter((file) => file.startsWith('src/cli/commands/'));
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((file) => linesIn(file) > 60)).toEqual([]);
  });
});

function linesIn(file: string): number {
  return (text.get(file) ?? '').split('\n').length - 1;
}

describe('the manifest', () => {
  test('names files that exist', () => {
    const { types, default: main } = manifest.exports['.'];
    const named = [manifest.bin.forklore, types, main, 'LICENSE'];
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('has no dependency that nothing uses', () => {
    const used = new Set(ours.flatMap(packagesOf));
    const unused = Object.keys(manifest.dependencies).filter((name) => !used.has(name));
    expect(unused).toEqual([]);
  });

  test('has every package that is imported, and those of users among the dependencies', () => {
    const { dependencies: forUsers, devDependencies: forUs } = manifest;
    const imported = sources.flatMap((file) => packagesOf(file).map((name) => ({ file, name })));
    const missing = imported.filter(
      ({ file, name }) => !(name in forUsers) && (ours.includes(file) || !(name in forUs)),
    );
    expect(missing).toEqual([]);
  });
});

/** Names of the packages that the file imports. */
function packagesOf(file: string): string[] {
  const specifiers = (text.get(file) ?? '').matchAll(
    /^(?:import|export)\b[^'";]*?\bfrom '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm,
  );
  return [...specifiers]
    .map(([, fixed, dynamic]) => fixed ?? dynamic ?? '')
    .filter((specifier) => !specifier.startsWith('node:') && specifier !== 'forklore')
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forklore-package-'));
  const tarball = z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) });
  let packed: z.output<typeof tarball>;

  beforeAll(async () => {
    // Without scripts: those would build again while other tests use what is built.
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
    });
    packed = z.array(tarball).min(1).parse(JSON.parse(stdout))[0] ?? { filename: '', files: [] };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the program, the library, the licence and the samples, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    for (const path of [
      'package.json',
      'LICENSE',
      'bin/forklore.js',
      'dist/src/index.js',
      'dist/src/index.d.ts',
      STORY,
    ]) {
      expect(paths).toContain(path);
    }
    const others = paths.filter(
      (path) => !/^(?:bin|dist\/src|dist\/parsers|samples\/[a-z-]+)\/|^[A-Z]+(?:\.md)?$|^package\.json$/.test(path),
    );
    expect(others).toEqual([]);
    expect(paths.filter((path) => /\.test\.|\.map$|^dist\/test|^samples\/record/.test(path))).toEqual([]);
  });

  test('can be installed, run and imported', { timeout: 120_000 }, async () => {
    const home = mkdtempSync(join(folder, 'user-'));
    writeFileSync(join(home, 'package.json'), '{ "private": true, "type": "module" }\n');
    const options = { cwd: home, env: { ...process.env, NO_COLOR: '1' } };
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, packed.filename)];
    await run('npm', install, options);
    const sample = `node_modules/forklore/${STORY}`;
    const { stdout } = await run('npx', ['--no', 'forklore', sample], options);
    expect(stdout).toMatch(/^rustc \(pid 22403\) crashed: SIGSEGV/);
    writeFileSync(join(home, 'use.js'), LIBRARY_USE);
    const used = await run(process.execPath, ['use.js', sample], options);
    expect(used.stdout).toBe('strace 1 SIGSEGV\n');
  });
});

const LIBRARY_USE = `
import { Blame, readTrace } from 'forklore';
let header, blame;
await readTrace([process.argv[2]], {}, {
  start(begun) { header = begun; blame = new Blame(begun); },
  event(event) { blame.add(event); },
  diagnostic() {},
});
const { crashes } = blame.finish();
console.log(header.dialect, crashes.length, crashes[0].signal);
`;
