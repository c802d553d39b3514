// Puts what `view` shows its screen with into one file, after the compiler: Ink and what it needs are 500 files, and node
// takes longer to find and to compile them one by one than a person waits for a first screen. `npm run build` runs it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const FOLDER = fileURLToPath(new URL('../../dist/src/ui/', import.meta.url));
const FILE = join(FOLDER, 'explore.js');

const bundle = await rolldown({
  input: FILE,
  platform: 'node',
  external: isExternal,
  plugins: [{ name: 'without-devtools', load: (id) => (id.endsWith('/ink/build/devtools.js') ? '' : null) }],
  transform: {
    define: {
      'process.env.NODE_ENV': '"production"',
      // Yoga's code is in the file: to fetch it from there makes node load all that it has for fetching.
      fetch: 'undefined',
    },
  },
});
const { output } = await bundle.generate({
  format: 'esm',
  codeSplitting: false,
  comments: { legal: true, annotation: false, jsdoc: false },
});
for (const { fileName, code } of output) writeFileSync(join(FOLDER, fileName), code);
const packages = new Set(output.flatMap(({ modules }) => Object.keys(modules).map(packageOf)));
packages.delete('');
writeFileSync(join(FOLDER, 'explore.licenses.txt'), [...packages].sort().map(licenseOf).join('\n\n'));

/** Files of other rooms are loaded by them too, and are to be the same there. */
function isExternal(id, importer) {
  return id.startsWith('.') && importer?.startsWith(FOLDER) === true && !join(dirname(importer), id).startsWith(FOLDER);
}

/** The folder of the package that a file is of; '' for a file of our own. */
function packageOf(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? '';
}

/** What a package wants to be told wherever it goes. */
function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? `License: ${license}` : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version}\n\n${text}\n`;
}
